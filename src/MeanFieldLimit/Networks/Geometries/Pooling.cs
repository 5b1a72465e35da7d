using System.Buffers;

namespace MeanFieldLimit.Networks.Geometries;

/// <summary>How windows become one value.</summary>
public enum PoolKind
{
    /// <summary>The largest.</summary>
    Max,

    /// <summary>Their mean.</summary>
    Average,
}

/// <summary>Z(v) = max or mean of s(H(u)) over the positions u of window v.</summary>
public sealed class Pooling
{
    private readonly PoolKind kind;
    private readonly int size;

    // [window, place]; windows do not reach outside.
    private readonly int[] sources;
    private readonly int positions;

    /// <summary>Windows over positions.</summary>
    /// <exception cref="ArgumentException">None fits.</exception>
    public Pooling(PoolKind kind, Windows windows, Extent over)
    {
        ArgumentNullException.ThrowIfNull(windows);
        Extent = windows.Over(over);
        if (Extent.Positions == 0 || windows.Padding > 0)
            throw new ArgumentException($"a window of {windows.Size} must fit into {over}", nameof(windows));
        (this.kind, size, sources, positions) = (kind, windows.Size.Positions, windows.Sources(over), over.Positions);
    }

    /// <summary>Positions of Z.</summary>
    public Extent Extent { get; }

    /// <summary>Whether Z has kinks as a function of what it pools.</summary>
    public bool HasKinks => kind == PoolKind.Max && size > 1;

    /// <summary>Z [position v, neuron] of <paramref name="points"/> of s [position u, neuron].</summary>
    internal void Apply(ReadOnlySpan<double> s, int points, int neurons, Span<double> z)
    {
        for (var n = 0; n < points; n++)
            for (var v = 0; v < Extent.Positions; v++)
            {
                var to = z.Slice((n * Extent.Positions + v) * neurons, neurons);
                for (var d = 0; d < size; d++)
                {
                    var from = s.Slice((n * positions + sources[v * size + d]) * neurons, neurons);
                    if (d == 0) from.CopyTo(to);
                    else if (kind == PoolKind.Max) TensorPrimitives.Max(to, from, to);
                    else TensorPrimitives.Add(to, from, to);
                }
                if (kind == PoolKind.Average) TensorPrimitives.Multiply(to, 1.0 / size, to);
            }
    }

    /// <summary>
    /// Sets the derivative by s from that by Z; of several largest values the first one of a window has it.
    /// </summary>
    internal void Return(ReadOnlySpan<double> s, ReadOnlySpan<double> z, ReadOnlySpan<double> byZ, int points,
        int neurons, Span<double> byS)
    {
        byS[..(points * positions * neurons)].Clear();
        var rented = ArrayPool<double>.Shared.Rent(neurons);
        var left = rented.AsSpan(0, neurons);
        for (var n = 0; n < points; n++)
            for (var v = 0; v < Extent.Positions; v++)
            {
                var window = (n * Extent.Positions + v) * neurons;
                byZ.Slice(window, neurons).CopyTo(left);
                if (kind == PoolKind.Average) TensorPrimitives.Multiply(left, 1.0 / size, left);
                for (var d = 0; d < size; d++)
                {
                    var from = (n * positions + sources[v * size + d]) * neurons;
                    if (kind == PoolKind.Average)
                        TensorPrimitives.Add(byS.Slice(from, neurons), left, byS.Slice(from, neurons));
                    else
                        for (var c = 0; c < neurons; c++)
                        {
                            if (s[from + c] != z[window + c]) continue;
                            byS[from + c] += left[c];
                            left[c] = 0;
                        }
                }
            }
        ArrayPool<double>.Shared.Return(rented);
    }
}
