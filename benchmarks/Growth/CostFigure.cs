using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Benchmarks.Growth;

/// <summary>Times and bytes of some works on logarithmic axes: what is measured, fitted lines, dashed slopes expected.
/// </summary>
internal static class CostFigure
{
    internal static void Write(string path, IReadOnlyList<Measured> works)
    {
        Panel time = new("time", new("size", true), new("seconds", true)),
            space = new("memory", new("size", true), new("bytes", true));
        foreach (var (i, m) in works.Index())
        {
            Draw(time, m, i, works.Count, m.Seconds, m.Time, Expected(m));
            Draw(space, m, i, works.Count, m.Bytes, m.Space, m.SpacePlanned.Slope);
        }
        var figure = Figure.Of(Path.GetFileNameWithoutExtension(path), "", [time, space],
        [
            .. FigureStyle.SeriesLegend([.. works.Select(m => FormattableString.Invariant(
                $"{m.Work.Name}, {m.Work.Size}: time {m.Time.Slope:0.00}, expected {Expected(m):0.00}"))]),
            FigureStyle.GuideEntry("slope expected at these sizes"),
        ]);
        using var stream = File.Create(path);
        figure.WritePng(stream);
    }

    private static double Expected(Measured m) => m.TimePlanned?.Slope ?? m.Work.Expected;

    private static void Draw(Panel panel, Measured m, int index, int count, double[] values, Exponent fitted, double expected)
    {
        var (color, xs) = (FigureStyle.OfWidth(index, count), m.Sizes[m.Largest]);
        panel.Curve(xs, fitted.Line(xs), color, FigureStyle.CurveWidth);
        panel.Points(m.Sizes, values, color, shape: FigureStyle.ShapeOf(index));
        var (x, y) = (xs.Average(Math.Log), values[m.Largest].Average(Math.Log));
        panel.Curve(xs, xs.Select(v => Math.Exp(y + expected * (Math.Log(v) - x))), FigureStyle.Guide, FigureStyle.CurveWidth,
            ScottPlot.LinePattern.Dashed);
    }
}
