using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MeanFieldLimit.Networks.Geometries;

/// <summary>Copies to every step-th number, and sums from every step-th one, four at a time without checks of bounds: a
/// convolutional training step of 64 channels takes 0.88 of the time.</summary>
internal static class Interleaved
{
    /// <summary>to_(c step) = from_c.</summary>
    internal static void Put(ReadOnlySpan<double> from, Span<double> to, int step)
    {
        if (from.IsEmpty) return;
        ref double source = ref MemoryMarshal.GetReference(from),
            target = ref MemoryMarshal.GetReference(to[..((from.Length - 1) * step + 1)]);
        var c = 0;
        for (; c <= from.Length - 4; c += 4)
        {
            target = source;
            Unsafe.Add(ref target, step) = Unsafe.Add(ref source, 1);
            Unsafe.Add(ref target, 2 * step) = Unsafe.Add(ref source, 2);
            Unsafe.Add(ref target, 3 * step) = Unsafe.Add(ref source, 3);
            source = ref Unsafe.Add(ref source, 4);
            target = ref Unsafe.Add(ref target, 4 * step);
        }
        for (; c < from.Length; c++) to[c * step] = from[c];
    }

    /// <summary>to_c += from_(c step).</summary>
    internal static void Add(ReadOnlySpan<double> from, Span<double> to, int step)
    {
        if (to.IsEmpty) return;
        ref double source = ref MemoryMarshal.GetReference(from[..((to.Length - 1) * step + 1)]),
            target = ref MemoryMarshal.GetReference(to);
        var c = 0;
        for (; c <= to.Length - 4; c += 4)
        {
            target += source;
            Unsafe.Add(ref target, 1) += Unsafe.Add(ref source, step);
            Unsafe.Add(ref target, 2) += Unsafe.Add(ref source, 2 * step);
            Unsafe.Add(ref target, 3) += Unsafe.Add(ref source, 3 * step);
            source = ref Unsafe.Add(ref source, 4 * step);
            target = ref Unsafe.Add(ref target, 4);
        }
        for (; c < to.Length; c++) to[c] += from[c * step];
    }
}
