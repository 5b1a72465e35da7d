using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MeanFieldLimit.Networks.Activations;

/// <summary>s(h) = h for h > 0, k h otherwise: a kink at 0, where quadrature over data should break.</summary>
internal interface IPiecewiseLinear : IClosedPairs
{
    private const int Chunk = 256;

    /// <summary>k.</summary>
    double SlopeBelow { get; }

    double? IActivation.Curvature(double reach) => 0;

    void IActivation.Apply(ReadOnlySpan<double> h, Span<double> s)
    {
        var below = SlopeBelow;
        for (var j = 0; j < h.Length; j++) s[j] = h[j] > 0 ? h[j] : below * h[j];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void IActivation.Derivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> derivative)
    {
        var below = new Vector<double>(SlopeBelow);
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(h);
        var results = MemoryMarshal.Cast<double, Vector<double>>(derivative);
        for (var j = 0; j < vectors.Length; j++)
            results[j] = Vector.ConditionalSelect(Vector.GreaterThan(vectors[j], Vector<double>.Zero), Vector<double>.One, below);
        for (var j = vectors.Length * Vector<double>.Count; j < h.Length; j++) derivative[j] = h[j] > 0 ? 1 : SlopeBelow;
    }

    PairMoments IClosedPairs.Over(double uu, double vv, double uv)
    {
        var (product, slope) = (uv, 0.0);
        ((IClosedPairs)this).Over(uu, new(in vv), new(ref product), new(ref slope));
        return new(product, slope);
    }

    // s = k h + (1 - k) max(0, h), whose own moments are those of the arc-cosine kernel (Cho and Saul 2009) at the
    // angle between the pair: E u+ v+ = (area + (pi - angle) E u v) / 2 pi, area the root of the determinant, and
    // (pi - angle) / 2 pi of the slopes.
    void IClosedPairs.Over(double uu, ReadOnlySpan<double> vv, Span<double> products, Span<double> slopes)
    {
        var (below, kink) = (SlopeBelow, (1 - SlopeBelow) * (1 - SlopeBelow));
        Span<double> areas = stackalloc double[Math.Min(Chunk, products.Length)];
        for (var start = 0; start < products.Length; start += Chunk)
        {
            var count = Math.Min(Chunk, products.Length - start);
            Span<double> uv = products.Slice(start, count), turn = slopes.Slice(start, count), area = areas[..count];
            Areas(uu, vv.Slice(start, count), uv, turn, area);
            Elementwise.Angle(area, uv, turn);
            // Divided by 2 pi, not multiplied by its inverse: equal vectors then have 1/2.
            TensorPrimitives.Subtract(Math.PI, turn, turn);
            TensorPrimitives.Divide(turn, 2 * Math.PI, turn);
            // k uv + kink (area / 2 pi + turn uv), and k + kink turn.
            TensorPrimitives.Multiply(turn, kink, turn);
            TensorPrimitives.Add(turn, below, turn);
            TensorPrimitives.Multiply(area, kink / (2 * Math.PI), area);
            TensorPrimitives.MultiplyAdd(turn, uv, area, uv);
        }
    }

    /// <summary>The roots of uu vv - uv^2; <paramref name="squares"/> is for uu vv.</summary>
    private static void Areas(double uu, ReadOnlySpan<double> vv, ReadOnlySpan<double> uv, Span<double> squares,
        Span<double> areas)
    {
        TensorPrimitives.Multiply(vv, uu, squares);
        TensorPrimitives.Multiply(uv, uv, areas);
        TensorPrimitives.Subtract(squares, areas, areas);
        // A determinant within rounding of 0 is 0: its root would make an error of 5e-9 of it on collinear inputs. One
        // that overflowed stays infinite.
        for (var j = 0; j < areas.Length; j++)
            if (areas[j] < 8e-16 * squares[j]) areas[j] = 0;
        TensorPrimitives.Sqrt(areas, areas);
    }
}
