using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MeanFieldLimit.Solvers.Randomness;

/// <summary>The four words of a Philox block, packed: <c>Low = x0 + 2^32 x1</c>, <c>High = x2 + 2^32 x3</c>.</summary>
/// <param name="Low">Words 0 and 1.</param>
/// <param name="High">Words 2 and 3.</param>
internal readonly record struct PhiloxBlock(ulong Low, ulong High);

/// <summary>
/// The counter-based generator Philox 4x32-10: ten rounds of
/// <c>(x0, x1, x2, x3) -> (hi(M1 x2) ^ x1 ^ k0, lo(M1 x2), hi(M0 x0) ^ x3 ^ k1, lo(M0 x0))</c>, the key growing by
/// <c>(W0, W1)</c> after each. J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, Parallel random numbers: as easy
/// as 1, 2, 3, SC 2011.
/// </summary>
internal static class Philox
{
    private const int Rounds = 10;
    private const uint M0 = 0xD2511F53, M1 = 0xCD9E8D57;
    private const uint W0 = 0x9E3779B9, W1 = 0xBB67AE85;

    /// <summary>The block of counter <c>c0 + 2^32 c1 + 2^64 c2 + 2^96 c3</c> under key <c>k0 + 2^32 k1</c>.</summary>
    /// <param name="counterLow">Counter words 0 and 1.</param>
    /// <param name="counterHigh">Counter words 2 and 3.</param>
    /// <param name="key">Key words 0 and 1.</param>
    public static PhiloxBlock Block(ulong counterLow, ulong counterHigh, ulong key)
    {
        uint x0 = (uint)counterLow, x1 = (uint)(counterLow >> 32);
        uint x2 = (uint)counterHigh, x3 = (uint)(counterHigh >> 32);
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (var round = 0; round < Rounds; round++, k0 += W0, k1 += W1)
        {
            ulong p0 = (ulong)M0 * x0, p1 = (ulong)M1 * x2;
            x0 = (uint)(p1 >> 32) ^ x1 ^ k0;
            x1 = (uint)p1;
            x2 = (uint)(p0 >> 32) ^ x3 ^ k1;
            x3 = (uint)p0;
        }

        return new PhiloxBlock(x0 | (ulong)x1 << 32, x2 | (ulong)x3 << 32);
    }

    /// <summary>The blocks of the eight counters that begin at <paramref name="counterLow"/>, one per lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void EightBlocks(
        ulong counterLow, ulong counterHigh, ulong key, out Vector512<ulong> low, out Vector512<ulong> high)
    {
        // Each word sits in its own 64-bit lane, so that a product needs no shuffling.
        var word = Vector512.Create((ulong)uint.MaxValue);
        var counters = Vector512.Create(counterLow) + Vector512<ulong>.Indices;
        Vector512<ulong> x0 = counters & word, x1 = counters >>> 32;
        Vector512<ulong> x2 = Vector512.Create(counterHigh & uint.MaxValue), x3 = Vector512.Create(counterHigh >> 32);
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (var round = 0; round < Rounds; round++, k0 += W0, k1 += W1)
        {
            Vector512<ulong> p0 = x0 * M0, p1 = x2 * M1;
            x0 = (p1 >>> 32) ^ x1 ^ Vector512.Create((ulong)k0);
            x1 = p1 & word;
            x2 = (p0 >>> 32) ^ x3 ^ Vector512.Create((ulong)k1);
            x3 = p0 & word;
        }

        low = x0 | (x1 << 32);
        high = x2 | (x3 << 32);
    }
}
