using System.Runtime.InteropServices;

namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>
/// Doubles that begin with a cache line and stay where they are: vectors at multiples of their length then lie in one line
/// each. They hold anything at first.
/// </summary>
public sealed class LineBuffer
{
    /// <summary>Doubles of a cache line.</summary>
    public const int Line = 8;

    private readonly double[] data;
    private readonly int start;

    /// <summary>Room for so many.</summary>
    public LineBuffer(int count)
    {
        data = GC.AllocateUninitializedArray<double>(count + Line, pinned: true);
        // Doubles up to the next line.
        start = (int)((-Marshal.UnsafeAddrOfPinnedArrayElement(data, 0) / sizeof(double)) & (Line - 1));
    }

    /// <summary>How many there are.</summary>
    public int Length => data.Length - Line;

    /// <summary>All of them.</summary>
    public Span<double> Span => data.AsSpan(start, Length);

    /// <summary>Where they begin, as long as this lives.</summary>
    internal nint Address => Marshal.UnsafeAddrOfPinnedArrayElement(data, start);
}
