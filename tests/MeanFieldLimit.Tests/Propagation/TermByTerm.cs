using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Geometries;

namespace MeanFieldLimit.Tests.Propagation;

/// <summary>
/// A layer on images: windows of a size in strides over an image with so many positions around it, zeros or the image
/// again, and pooling in windows of 2 x 2.
/// </summary>
internal sealed record ImageLayer(Extent Size, int Stride = 1, int Padding = 0, bool IsCircular = false, PoolKind? Pool = null)
{
    /// <summary>Extent of H over values of an extent.</summary>
    internal Extent Over(Extent below) => new((below.Rows + 2 * Padding - Size.Rows) / Stride + 1,
        (below.Columns + 2 * Padding - Size.Columns) / Stride + 1);

    internal Extent Pooled(Extent over) => Pool is null ? over : new(over.Rows / 2, over.Columns / 2);

    /// <summary>The same for networks.</summary>
    internal LayerGeometry Of(Extent below) => LayerGeometry.Convolution(below,
        new(Size, new(Stride, Stride), Padding, IsCircular ? Border.Circular : Border.Zeros),
        Pool is { } kind ? over => new(kind, new(new(2, 2), new(2, 2)), over) : null);

    /// <summary>The terms of sums over taps: position of H, tap, position below.</summary>
    internal List<(int Position, int Tap, int Source)> Terms(Extent below)
    {
        var (over, terms) = (Over(below), new List<(int, int, int)>());
        for (var row = 0; row < over.Rows; row++)
            for (var column = 0; column < over.Columns; column++)
                for (var down = 0; down < Size.Rows; down++)
                    for (var right = 0; right < Size.Columns; right++)
                    {
                        var (y, x) = (row * Stride + down - Padding, column * Stride + right - Padding);
                        if (IsCircular) (y, x) = ((y + below.Rows) % below.Rows, (x + below.Columns) % below.Columns);
                        else if (y < 0 || x < 0 || y >= below.Rows || x >= below.Columns) continue;
                        terms.Add((row * over.Columns + column, down * Size.Columns + right, y * below.Columns + x));
                    }
        return terms;
    }
}

/// <summary>
/// The velocity of a network of tanh layers on images under the half-squared loss, from the definition by loops over all terms:
/// H_i(c', u) = b_i(c') + sum_c p(c) sum_d w_i(c, c', d) Z_{i-1}(c, v), v under tap d at u; Z_i = pool(tanh(H_i)),
/// yhat = H_L. Values are [neuron, position].
/// </summary>
internal sealed class TermByTerm
{
    private readonly Ensemble network;
    private readonly ImageLayer[] layers;
    private readonly Extent[] below, over;
    private readonly List<(int Position, int Tap, int Source)>[] terms;
    private readonly double[] velocity;

    internal TermByTerm(Ensemble network, Extent image, ImageLayer[] layers)
    {
        (this.network, this.layers) = (network, layers);
        (below, over) = (new Extent[layers.Length + 1], new Extent[layers.Length]);
        below[0] = image;
        for (var i = 0; i < layers.Length; i++)
        {
            over[i] = layers[i].Over(below[i]);
            below[i + 1] = layers[i].Pooled(over[i]);
        }
        terms = [.. layers.Select((layer, i) => layer.Terms(below[i]))];
        velocity = new double[network.State.Length];
    }

    /// <summary>-xi_i (gradient + decay w_i) of all layers.</summary>
    internal double[] Velocity(Dataset data, double[] rates, double decay)
    {
        for (var n = 0; n < data.Count; n++) AddGradient(data, n);
        for (var i = 1; i <= layers.Length; i++)
        {
            var dw = network.Weights(velocity.AsSpan(), i).Data;
            for (var k = 0; k < dw.Length; k++) dw[k] = -rates[i - 1] * (dw[k] + decay * network.Weights(i).Data[k]);
            foreach (ref var db in network.Biases(velocity.AsSpan(), i)) db *= -rates[i - 1];
        }
        return velocity;
    }

    private void AddGradient(Dataset data, int n)
    {
        var x = new double[network.Size(0), below[0].Positions];
        for (var k = 0; k < x.Length; k++) x[k / below[0].Positions, k % below[0].Positions] = data.Input(n)[k];
        double[][,] z = [x, .. layers.Select(_ => x)], s = [.. layers.Select(_ => x)];
        for (var i = 0; i < layers.Length; i++)
        {
            s[i] = Preactivations(i, z[i]);
            if (i < layers.Length - 1) Each(s[i], (c, u) => s[i][c, u] = Math.Tanh(s[i][c, u]));
            z[i + 1] = Pool(i, s[i]);
        }
        var d = new double[network.Size(layers.Length), 1];
        Each(d, (k, _) => d[k, 0] = data.Masses[n] * (z[^1][k, 0] - data.Label(n)[k]));
        for (var i = layers.Length - 1; i >= 0; i--)
        {
            var byZ = AddLayer(i, z[i], d);
            if (i == 0) return;
            d = Return(i - 1, s[i - 1], byZ);
            Each(d, (c, u) => d[c, u] *= 1 - s[i - 1][c, u] * s[i - 1][c, u]);
        }
    }

    private double[,] Preactivations(int i, double[,] z)
    {
        var h = new double[network.Size(i + 1), over[i].Positions];
        Each(h, (c, u) => h[c, u] = network.Biases(i + 1)[c]);
        var w = network.Weights(i + 1);
        var p = network.Masses(i);
        foreach (var (u, tap, v) in terms[i])
            for (var c = 0; c < z.GetLength(0); c++)
                for (var to = 0; to < h.GetLength(0); to++)
                    h[to, u] += (i == 0 ? 1 : p[c]) * w.Data[(c * layers[i].Size.Positions + tap) * w.Columns + to] * z[c, v];
        return h;
    }

    /// <summary>Adds the derivatives by w and b; gives those by Z below, by unit of mass.</summary>
    private double[,] AddLayer(int i, double[,] z, double[,] d)
    {
        var byZ = new double[z.GetLength(0), z.GetLength(1)];
        var w = network.Weights(i + 1);
        var p = network.Masses(i + 1);
        var dw = network.Weights(velocity.AsSpan(), i + 1).Data;
        foreach (var (u, tap, v) in terms[i])
            for (var c = 0; c < z.GetLength(0); c++)
                for (var to = 0; to < d.GetLength(0); to++)
                {
                    var k = (c * layers[i].Size.Positions + tap) * w.Columns + to;
                    dw[k] += d[to, u] * z[c, v];
                    byZ[c, v] += (i == layers.Length - 1 ? 1 : p[to]) * d[to, u] * w.Data[k];
                }
        Each(d, (to, u) => network.Biases(velocity.AsSpan(), i + 1)[to] += d[to, u]);
        return byZ;
    }

    private double[,] Pool(int i, double[,] s)
    {
        if (layers[i].Pool is not { } kind) return s;
        var z = new double[s.GetLength(0), below[i + 1].Positions];
        Each(z, (c, v) => z[c, v] = kind == PoolKind.Max ? Window(i, v).Max(u => s[c, u]) : Window(i, v).Average(u => s[c, u]));
        return z;
    }

    private double[,] Return(int i, double[,] s, double[,] byZ)
    {
        if (layers[i].Pool is not { } kind) return byZ;
        var byS = new double[s.GetLength(0), s.GetLength(1)];
        Each(byZ, (c, v) =>
        {
            if (kind == PoolKind.Max) byS[c, Window(i, v).MaxBy(u => s[c, u])] += byZ[c, v];
            else foreach (var u in Window(i, v)) byS[c, u] += byZ[c, v] / 4;
        });
        return byS;
    }

    private int[] Window(int i, int v)
    {
        var first = v / below[i + 1].Columns * 2 * over[i].Columns + v % below[i + 1].Columns * 2;
        return [first, first + 1, first + over[i].Columns, first + over[i].Columns + 1];
    }

    private static void Each(double[,] values, Action<int, int> act)
    {
        for (var c = 0; c < values.GetLength(0); c++)
            for (var u = 0; u < values.GetLength(1); u++) act(c, u);
    }
}
