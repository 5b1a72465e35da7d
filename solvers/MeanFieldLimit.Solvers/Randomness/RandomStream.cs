using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MeanFieldLimit.Solvers.Randomness;

/// <summary>
/// An endless list of independent random draws, each a pure function of (seed, stream, index): draw <c>i</c> is half
/// <c>i mod 2</c> of the Philox block with key <c>Seed</c> and counter <c>(i / 2, Stream)</c>. There is no state:
/// draws can be taken in any order, on any thread, alone or in bulk, with the same bits.
/// </summary>
/// <param name="Seed">The seed of the whole experiment.</param>
/// <param name="Stream">Which list of draws under that seed.</param>
[SuppressMessage("Naming", "CA1711", Justification = "A stream of random numbers is the field's word for it.")]
public readonly record struct RandomStream(ulong Seed, ulong Stream)
{
    private const int DrawsPerEightBlocks = 16;
    private const int CacheChunk = 1024;

    // 52 bits and a half step, not the usual 53: the largest value, 1 - 2^-53, is then still a double, and the
    // smallest is 2^-53, so a quantile function never sees 0 or 1.
    private const int DroppedBits = 12;
    private const double Step = 1.0 / (1L << 52);

    /// <summary>
    /// A list of draws of its own for every index: its seed and stream are the two halves of block
    /// <paramref name="index"/>, 128 random bits, so that two of n such lists coincide with probability below n^2 /
    /// 2^129. A list is either drawn from or divided, not both.
    /// </summary>
    public RandomStream Substream(ulong index)
    {
        var block = Philox.Block(index, Stream, Seed);
        return new(block.Low, block.High);
    }

    /// <summary>64 uniform random bits.</summary>
    public ulong Bits(ulong index)
    {
        var block = Philox.Block(index >> 1, Stream, Seed);
        return (index & 1) == 0 ? block.Low : block.High;
    }

    /// <summary>Uniform on (0, 1), both ends excluded: <c>(k + 1/2) 2^-52</c>, k the top 52 bits.</summary>
    public double Uniform(ulong index) => ToUniform(Bits(index));

    /// <summary>Standard normal: the normal quantile of <see cref="Uniform"/>, hence never beyond 8.3.</summary>
    public double Normal(ulong index) => NormalDistribution.Quantile(Uniform(index));

    /// <summary>
    /// Uniform on 0, ..., n - 1: <c>floor(n bits / 2^64)</c>. Every probability is 1/n within 2^-64, so no rejection
    /// loop: one index is one draw.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="n"/> is below 1.</exception>
    public int Below(ulong index, int n)
    {
        if (n < 1)
            throw new ArgumentOutOfRangeException(
                nameof(n), n, $"n must be at least 1, got {n}: give the number of values to draw from");
        return (int)Math.BigMul(Bits(index), (ulong)n, out _);
    }

    /// <summary><c>destination[j] = Uniform(firstIndex + j)</c>, bit for bit, two draws per block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void FillUniform(ulong firstIndex, Span<double> destination)
    {
        var j = 0;
        if ((firstIndex & 1) == 1 && destination.Length > 0)
            destination[j++] = Uniform(firstIndex);

        for (; j <= destination.Length - DrawsPerEightBlocks; j += DrawsPerEightBlocks)
        {
            Philox.EightBlocks((firstIndex + (ulong)j) >> 1, Stream, Seed, out var low, out var high);
            var even = ToUniform(low);
            var odd = ToUniform(high);
            Interleave(even, odd, 0).CopyTo(destination[j..]);
            Interleave(even, odd, 4).CopyTo(destination[(j + 8)..]);
        }

        for (; j < destination.Length; j += 2)
        {
            var block = Philox.Block((firstIndex + (ulong)j) >> 1, Stream, Seed);
            destination[j] = ToUniform(block.Low);
            if (j + 1 < destination.Length)
                destination[j + 1] = ToUniform(block.High);
        }
    }

    /// <summary><c>destination[j] = Normal(firstIndex + j)</c>, bit for bit, two draws per block.</summary>
    public void FillNormal(ulong firstIndex, Span<double> destination)
    {
        for (var start = 0; start < destination.Length; start += CacheChunk)
        {
            var chunk = destination.Slice(start, Math.Min(CacheChunk, destination.Length - start));
            FillUniform(firstIndex + (ulong)start, chunk);
            NormalDistribution.Quantile(chunk, chunk);
        }
    }

    private static double ToUniform(ulong bits) => ((bits >> DroppedBits) + 0.5) * Step;

    private static Vector512<double> ToUniform(Vector512<ulong> bits) =>
        (Vector512.ConvertToDouble((bits >>> DroppedBits).AsInt64()) + Vector512.Create(0.5)) * Step;

    private static Vector512<double> Interleave(Vector512<double> even, Vector512<double> odd, long from)
    {
        var twice = Vector512.Create(0L, 0, 1, 1, 2, 2, 3, 3) + Vector512.Create(from);
        var evenLane = Vector512.Create(-1L, 0, -1, 0, -1, 0, -1, 0).AsDouble();
        return Vector512.ConditionalSelect(evenLane, Vector512.Shuffle(even, twice), Vector512.Shuffle(odd, twice));
    }
}
