namespace MeanFieldLimit.Networks.Geometries;

/// <summary>
/// Where the values of a layer's neurons (channels) stand, and which values of the layer below a connection reads: with
/// positions u and taps d, H_i(x, c', u) = b_i(c') + sum_c p(c) sum_d w_i(c, c', d) Z_{i-1}(x, c, source(u, d)), and
/// Z_i = pool(s_i(H_i)). A dense layer on single values has one position and one tap; one on images has a tap for each
/// of their positions. Positions have no mass. (Nguyen, arXiv:1902.02880, appendix C.)
/// </summary>
public sealed class LayerGeometry
{
    private LayerGeometry(Extent below, Extent taps, Extent positions, int[] sources, Pooling? pooling)
    {
        (Below, TapGrid, Extent, Pooling) = (below, taps, positions, pooling);
        Table = new(Positions, Taps, below.Positions, sources);
        IsPlain = Taps == 1 && positions == Extent.Point && below == Extent.Point && pooling is null;
    }

    /// <summary>A dense layer on images of an extent: one tap for each of their positions.</summary>
    public static LayerGeometry Dense(Extent below) =>
        new(below, below, Extent.Point, [.. Enumerable.Range(0, below.Positions)], null);

    /// <summary>Windows that share their weights, and pooling of what is activated in them.</summary>
    /// <exception cref="ArgumentException">No window fits.</exception>
    public static LayerGeometry Convolution(Extent below, Windows windows, Func<Extent, Pooling>? pooling = null)
    {
        ArgumentNullException.ThrowIfNull(windows);
        var positions = windows.Over(below);
        if (positions.Positions == 0)
            throw new ArgumentException($"a window of {windows.Size} must fit into {below}", nameof(windows));
        return new(below, windows.Size, positions, windows.Sources(below), pooling?.Invoke(positions));
    }

    /// <summary>Positions of the values below.</summary>
    public Extent Below { get; }

    /// <summary>Taps, as they stand in the window.</summary>
    public Extent TapGrid { get; }

    /// <summary>Positions of H.</summary>
    public Extent Extent { get; }

    /// <summary>Positions of Z, after pooling.</summary>
    public Extent Pooled => Pooling?.Extent ?? Extent;

    /// <summary>Pooling; null for none.</summary>
    public Pooling? Pooling { get; }

    /// <summary>Number of taps.</summary>
    public int Taps => TapGrid.Positions;

    /// <summary>Number of positions of H.</summary>
    public int Positions => Extent.Positions;

    /// <summary>One value a neuron, here and below: sums over neurons alone.</summary>
    public bool IsPlain { get; }

    /// <summary>source(u, d); -1 for a zero.</summary>
    internal TapTable Table { get; }
}
