namespace MeanFieldLimit.Limits.Laws;

/// <summary>
/// The penalised risk of neurons (a, w) = (R sin alpha, r u(phi)) with masses, over the angles (alpha, phi), which know
/// no bounds: F + lambda r E|a|. Local minima of finite networks are found in them.
/// </summary>
/// <param name="risk">The risk over (w(1), w(2), a).</param>
/// <param name="bound">R.</param>
/// <param name="length">r.</param>
/// <param name="price">lambda r.</param>
public sealed class BoundedNeurons(TwoLayerRisk risk, double bound, double length, double price) : IFunctional
{
    /// <summary>2: a point is (alpha, phi).</summary>
    public int Dimension => 2;

    /// <inheritdoc/>
    public double Value(ReadOnlySpan<double> points, ReadOnlySpan<double> masses)
    {
        var sum = risk.Value(Places(points), masses);
        for (var i = 0; price > 0 && i < masses.Length; i++)
            sum += price * bound * masses[i] * Math.Abs(Math.Sin(points[2 * i]));
        return sum;
    }

    /// <inheritdoc/>
    public void FirstVariation(ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> variation)
    {
        risk.FirstVariation(Places(points), masses, variation);
        for (var i = 0; i < masses.Length; i++) variation[i] += price * bound * Math.Abs(Math.Sin(points[2 * i]));
    }

    /// <inheritdoc/>
    public void Gradient(ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> gradient)
    {
        var of = new double[3 * masses.Length];
        risk.Gradient(Places(points), masses, of);
        for (var i = 0; i < masses.Length; i++)
        {
            var ((sinA, cosA), (sin, cos)) = (Math.SinCos(points[2 * i]), Math.SinCos(points[2 * i + 1]));
            gradient[2 * i] = bound * cosA * (of[3 * i + 2] + price * Math.Sign(sinA));
            gradient[2 * i + 1] = length * (cos * of[3 * i + 1] - sin * of[3 * i]);
        }
    }

    /// <summary>The neurons (w(1), w(2), a) at angles.</summary>
    public double[] Places(ReadOnlySpan<double> points)
    {
        var places = new double[points.Length / 2 * 3];
        for (var i = 0; i < points.Length / 2; i++)
        {
            var (sin, cos) = Math.SinCos(points[2 * i + 1]);
            (places[3 * i], places[3 * i + 1], places[3 * i + 2]) =
                (length * cos, length * sin, bound * Math.Sin(points[2 * i]));
        }
        return places;
    }
}
