using MeanFieldLimit.Validation.Figures;
using ScottPlot;

namespace MeanFieldLimit.Validation.Studies.Sharpness;

/// <summary>The figures of sharpness.</summary>
internal static class SharpnessFigures
{
    private static readonly Scale Sharp = new("sharpness a", true);

    /// <summary>Sharpness against the step.</summary>
    internal static Figure Steps(StepRow[] rows)
    {
        var panel = new Panel("", new("step \u03b7", true), Sharp);
        double[] steps = [.. rows.Select(r => r.Step)];
        panel.Curve(steps, steps.Select(s => 2 / s), FigureStyle.Guide, FigureStyle.CurveWidth, LinePattern.Dashed);
        panel.Bars(steps, rows.Select(r => r.Mean - r.HalfLength), rows.Select(r => r.Mean + r.HalfLength),
            FigureStyle.Data);
        panel.Points(steps, rows.Select(r => r.Mean), FigureStyle.Data);
        panel.Points(steps, rows.Select(r => r.OfLimit), FigureStyle.Limit, shape: MarkerShape.OpenSquare);
        return Figure.Of("sharpness-steps", "The sharpness at which gradient descent of step \u03b7 ends, mean over seeds " +
            "with 95 % intervals, and that of the limit under the same steps; dashed: 2/\u03b7, above which it is not " +
            "stable.", [panel],
            [
                FigureStyle.PointEntry("networks", FigureStyle.Data), .. rows.All(r => double.IsNaN(r.OfLimit)) ? []
                    : new[] { FigureStyle.PointEntry("limit", FigureStyle.Limit, MarkerShape.OpenSquare) },
                FigureStyle.GuideEntry("2/\u03b7"),
            ]);
    }

    /// <summary>Sharpness along gradient descent.</summary>
    internal static Figure Times(Model model, Descent[] networks, Descent[] limits)
    {
        var steps = model.Problem.Sharpness!.Steps;
        var time = new Scale("time t", model.Problem.Record.Spacing == Spacing.Logarithmic);
        Panel sharp = new("sharpness in time", time, Sharp), risk = new("risk in time", time,
            new("risk E[l(\u0177, y)]", true));
        foreach (var (i, step) in steps.Index())
        {
            var color = FigureStyle.OfWidth(i, steps.Count);
            sharp.Curve([0, model.Problem.Training.Time], [2 / step, 2 / step], color, FigureStyle.CurveWidth,
                LinePattern.Dotted);
            foreach (var d in networks.Where(d => d.Step == step && d.Batch is null)) Draw(d, color, LinePattern.Solid);
            foreach (var d in limits.Where(d => d.Step == step)) Draw(d, color, LinePattern.Dashed);
        }
        return Figure.Of("sharpness-times", "Sharpness and risk along gradient descent of step \u03b7, one line a seed; " +
            "dotted: 2/\u03b7 of the same colour" + (limits.Length > 0 ? "; dashed: the limit." : "."), [sharp, risk],
            FigureStyle.Legend(steps.Select(s => $"\u03b7 = {LimitText.Short(s)}")));

        void Draw(Descent d, Color color, LinePattern pattern)
        {
            sharp.Curve(d.Times, d.Sharpness, color, FigureStyle.CurveWidth, pattern);
            risk.Curve(d.Times, d.Risks, color, FigureStyle.CurveWidth, pattern);
        }
    }

    /// <summary>Non-uniformity against sharpness of all minima, as they are and over the bounds of stability.</summary>
    internal static Figure Diagram(Descent[] ended)
    {
        Panel raw = new("", Sharp, new("non-uniformity s", true)),
            over = new("", new("sharpness over 2/\u03b7", true), new("s over its bound", true));
        int?[] batches = [.. ended.Select(d => d.Batch).Distinct().OrderBy(b => b ?? int.MaxValue)];
        var left = Least(d => d.Final.Sharpness / d.Edge);
        var bottom = Least(d => d.Final.NonUniformity / d.Bound);
        over.Curve([left, 1, 1], [1, 1, bottom], FigureStyle.Guide, FigureStyle.CurveWidth, LinePattern.Dashed);
        foreach (var (i, batch) in batches.Index())
        {
            var (color, shape) = (FigureStyle.OfWidth(i, batches.Length), FigureStyle.ShapeOf(i));
            Descent[] those = [.. ended.Where(d => d.Batch == batch)];
            raw.Points(those.Select(d => d.Final.Sharpness), those.Select(d => d.Final.NonUniformity), color,
                shape: shape);
            over.Points(those.Select(d => d.Final.Sharpness / d.Edge),
                those.Select(d => d.Final.NonUniformity / d.Bound), color, shape: shape);
        }
        return Figure.Of("sharpness-diagram", "Non-uniformity against sharpness of all minima, one colour a " +
            "batch; right: over \u221aB/\u03b7 and over 2/\u03b7, the dashed sides of what the condition of one step " +
            "allows.", [raw, over], [.. batches.Select((b, i) => FigureStyle.PointEntry(
                b is { } batch ? $"SGD, B = {batch}" : "gradient descent", FigureStyle.OfWidth(i, batches.Length),
                FigureStyle.ShapeOf(i)))]);

        double Least(Func<Descent, double> of) => ended.Select(of).Where(v => v > 0).DefaultIfEmpty(1).Min();
    }
}
