using MeanFieldLimit.Solvers.Measures;

namespace MeanFieldLimit.Solvers.Sparse;

/// <summary>
/// Angles modulo 2 pi. The oracle is branch and bound: on an arc of length h between breaks |V| is at most its larger
/// end + B h^2 / 8, B a bound of |V''|; arcs that could hold a larger value than the largest found are halved until
/// none is left.
/// </summary>
public sealed class Circle : ISupport
{
    // First arcs; the length of the last ones is then about 1e-8.
    private const int Arcs = 64;
    private const double Slack = 1e-16;

    // A variation that is flat to rounding would be halved everywhere.
    private const int MostArcs = 1 << 16;

    private readonly double[] ends;
    private readonly BoundAt bend;

    /// <summary>The circle, for first variations V with kinks at some angles.</summary>
    /// <param name="breaks">Where V' may jump, in any order.</param>
    /// <param name="bend">B with |V''| &lt;= B between them, at any measure.</param>
    public Circle(IEnumerable<double> breaks, BoundAt bend)
    {
        double[] inner = [.. breaks.Select(Wrap).Concat(Enumerable.Range(0, Arcs).Select(k => k * Math.Tau / Arcs))
            .Distinct().Order()];
        (ends, this.bend) = ([.. inner, inner[0] + Math.Tau], bend);
    }

    /// <inheritdoc/>
    public void Subtract(ReadOnlySpan<double> to, ReadOnlySpan<double> from, Span<double> difference) =>
        difference[0] = Math.IEEERemainder(to[0] - from[0], Math.Tau);

    /// <inheritdoc/>
    public Peak Highest(IFunctional functional, ReadOnlySpan<double> points, ReadOnlySpan<double> masses)
    {
        ArgumentNullException.ThrowIfNull(functional);
        var bound = bend(points, masses);
        var probe = new Probe(functional, points.ToArray(), masses.ToArray());
        var values = probe.At(ends);
        var best = 0;
        for (var k = 1; k < ends.Length; k++)
            if (Math.Abs(values[k]) > Math.Abs(values[best])) best = k;
        var (at, value) = (ends[best], values[best]);
        List<Arc> arcs = [.. Enumerable.Range(1, ends.Length - 1).Select(k =>
            new Arc(ends[k - 1], ends[k], Math.Abs(values[k - 1]), Math.Abs(values[k])))];
        while (true)
        {
            arcs.RemoveAll(arc => !(arc.Most(bound) > Math.Abs(value) + Slack * bound));
            if (arcs.Count == 0) return new([Wrap(at)], value, Math.Abs(value) + Slack * bound);
            if (arcs.Count > MostArcs) return new([Wrap(at)], value, arcs.Max(arc => arc.Most(bound)));
            double[] middles = [.. arcs.Select(arc => (arc.From + arc.To) / 2)];
            var found = probe.At(middles);
            for (var k = middles.Length - 1; k >= 0; k--)
            {
                if (Math.Abs(found[k]) > Math.Abs(value)) (at, value) = (middles[k], found[k]);
                var arc = arcs[k];
                arcs[k] = arc with { To = middles[k], AtTo = Math.Abs(found[k]) };
                arcs.Add(arc with { From = middles[k], AtFrom = Math.Abs(found[k]) });
            }
        }
    }

    private static double Wrap(double angle) => angle - Math.Tau * Math.Floor(angle / Math.Tau);

    private readonly record struct Arc(double From, double To, double AtFrom, double AtTo)
    {
        internal double Most(double bend) => Math.Max(AtFrom, AtTo) + bend * (To - From) * (To - From) / 8;
    }

    /// <summary>The first variation at points beside a measure: they are added to it without mass.</summary>
    private sealed class Probe(IFunctional functional, double[] points, double[] masses)
    {
        internal double[] At(double[] angles)
        {
            double[] all = [.. points, .. angles];
            var variation = new double[all.Length];
            functional.FirstVariation(all, [.. masses, .. new double[angles.Length]], variation);
            return variation[points.Length..];
        }
    }
}
