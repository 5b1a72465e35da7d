using MeanFieldLimit.Validation.Figures;
using ScottPlot;

namespace MeanFieldLimit.Validation.Studies.Statics;

/// <summary>The figures of the infimum.</summary>
internal static class StaticsFigures
{
    private const int Angles = 720;

    private static readonly Scale Risk = new("risk E[l(\u0177, y)]", false);

    /// <summary>The first variation over directions, between its levels, which it touches at the atoms.</summary>
    internal static Figure Variation(LawsOfNeurons laws, SparseMinimum infimum)
    {
        var panel = new Panel("", new("direction \u03c6 of w", false), new("first variation V(\u03c6)", false));
        double[] angles = [.. Enumerable.Range(0, Angles + 1).Select(k => k * Math.Tau / Angles)];
        double[] all = [.. infimum.Points, .. angles], values = new double[all.Length];
        laws.NewRisk().FirstVariation(all, [.. infimum.Masses, .. new double[angles.Length]], values);
        var level = infimum.Level;
        foreach (var height in new[] { level, -level })
            panel.Curve([0, Math.Tau], [height, height], FigureStyle.Guide, FigureStyle.CurveWidth, LinePattern.Dashed);
        panel.Curve(angles, values[infimum.Masses.Length..], FigureStyle.Limit, FigureStyle.CurveWidth);
        foreach (var (sign, color, shape) in new[]
            { (1, FigureStyle.Warning, MarkerShape.FilledTriangleUp), (-1, FigureStyle.Data, MarkerShape.OpenSquare) })
        {
            int[] of = [.. Enumerable.Range(0, infimum.Masses.Length).Where(i => Math.Sign(infimum.Masses[i]) == sign)];
            panel.Points(of.Select(i => infimum.Points[i]), of.Select(i => values[i]), color, shape: shape);
        }
        return Figure.Of("variation", "The first variation of the risk at the minimiser, over the directions of " +
            "incoming weights: within the dashed levels everywhere, and at them where the minimiser has neurons, " +
            "which is what makes it one.", [panel],
            [
                FigureStyle.PointEntry("neurons, a > 0", FigureStyle.Warning, MarkerShape.FilledTriangleUp),
                FigureStyle.PointEntry("neurons, a < 0", FigureStyle.Data, MarkerShape.OpenSquare),
            ]);
    }

    /// <summary>How far above the infimum networks are, against their width.</summary>
    internal static Figure Widths(IReadOnlyList<StaticsWidth> widths, Func<StaticsWidth, double> above, double constant)
    {
        int[] ns = [.. widths.Select(w => w.Width)];
        double[] xs = [.. ns.Select(n => (double)n)];
        var panel = new Panel("", Scale.Widths(ns), new("risk above the infimum", true));
        double[] best = [.. widths.Select(above)];
        panel.Curve(xs, xs.Select(n => constant / n), FigureStyle.Guide, FigureStyle.CurveWidth, LinePattern.Dashed);
        panel.Points(xs, widths.Select(w => w.Sampled.Mean), FigureStyle.OfWidth(0, 2));
        panel.Curve(xs, best, FigureStyle.OfWidth(1, 2), FigureStyle.CurveWidth);
        panel.Points(xs, best, FigureStyle.OfWidth(1, 2), shape: FigureStyle.ShapeOf(1));
        return Figure.Of("widths", "The risk of networks of N neurons above the infimum over laws of neurons: the " +
            "mean of networks drawn from the minimiser, and the best networks that were found.", [panel],
            [
                FigureStyle.PointEntry("drawn from the minimiser", FigureStyle.OfWidth(0, 2)),
                FigureStyle.PointEntry("best found", FigureStyle.OfWidth(1, 2), FigureStyle.ShapeOf(1),
                    FigureStyle.CurveWidth),
                .. double.IsNaN(constant) ? [] : new[] { FigureStyle.GuideEntry("C / N") },
            ]);
    }

    /// <summary>The risk between two laws.</summary>
    internal static Figure Paths(Interpolation path)
    {
        double[] ts = [.. Enumerable.Range(0, Interpolation.Steps + 1).Select(k => (double)k / Interpolation.Steps)];
        var panel = new Panel("", new("t", false), Risk);
        panel.Curve([0, 1], [path.Mixture[0], path.Mixture[^1]], FigureStyle.Guide, FigureStyle.CurveWidth,
            LinePattern.Dashed);
        panel.Curve(ts, path.Displacement, FigureStyle.Warning, FigureStyle.LimitWidth);
        panel.Curve(ts, path.Mixture, FigureStyle.Data, FigureStyle.LimitWidth);
        return Figure.Of("interpolation", "The risk between two laws of neurons: along mixtures, and along " +
            "displacement, on which each neuron goes straight to its partner in the optimal coupling.", [panel],
            [
                FigureStyle.Entry("mixture", FigureStyle.Data, FigureStyle.LimitWidth),
                FigureStyle.Entry("displacement", FigureStyle.Warning, FigureStyle.LimitWidth),
                FigureStyle.GuideEntry("chord"),
            ]);
    }
}
