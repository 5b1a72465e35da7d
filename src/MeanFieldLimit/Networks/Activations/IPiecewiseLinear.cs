using System.Numerics;
using System.Runtime.InteropServices;

namespace MeanFieldLimit.Networks.Activations;

/// <summary>s(h) = h for h > 0, k h otherwise: a kink at 0, where quadrature over data should break.</summary>
internal interface IPiecewiseLinear : IClosedPairs
{
    /// <summary>k.</summary>
    double SlopeBelow { get; }

    double? IActivation.Curvature(double reach) => 0;

    void IActivation.Apply(ReadOnlySpan<double> h, Span<double> s)
    {
        var below = SlopeBelow;
        for (var j = 0; j < h.Length; j++) s[j] = h[j] > 0 ? h[j] : below * h[j];
    }

    void IActivation.Derivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> derivative)
    {
        var below = new Vector<double>(SlopeBelow);
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(h);
        var results = MemoryMarshal.Cast<double, Vector<double>>(derivative);
        for (var j = 0; j < vectors.Length; j++)
            results[j] = Vector.ConditionalSelect(Vector.GreaterThan(vectors[j], Vector<double>.Zero), Vector<double>.One, below);
        for (var j = vectors.Length * Vector<double>.Count; j < h.Length; j++) derivative[j] = h[j] > 0 ? 1 : SlopeBelow;
    }

    // s = k h + (1 - k) max(0, h), whose own moments are those of the arc-cosine kernel (Cho and Saul 2009) at the
    // angle between the pair. A determinant within rounding of 0 is 0: its root would make an error of 5e-9 of it on
    // collinear inputs.
    PairMoments IClosedPairs.Over(double uu, double vv, double uv)
    {
        var below = SlopeBelow;
        var determinant = uu * vv - uv * uv;
        var area = determinant <= 8e-16 * uu * vv ? 0 : Math.Sqrt(determinant);
        var turn = (Math.PI - Math.Atan2(area, uv)) / (2 * Math.PI);
        var ramp = area / (2 * Math.PI) + turn * uv;
        var kink = (1 - below) * (1 - below);
        return new(below * uv + kink * ramp, below + kink * turn);
    }
}
