using ScottPlot;

namespace MeanFieldLimit.Validation.Figures;

/// <summary>
/// Values against x on logarithmic axes, with their intervals and a line of a slope through their middle.
/// </summary>
/// <param name="Label">The entry of the legend.</param>
/// <param name="Xs">x.</param>
/// <param name="Ys">Values.</param>
/// <param name="Lows">Lower ends of their intervals; NaN where there is none.</param>
/// <param name="Highs">Upper ends.</param>
/// <param name="Slope">The slope of the line; NaN for the values joined up.</param>
internal sealed record LogLogSeries(string Label, IReadOnlyList<double> Xs, IReadOnlyList<double> Ys,
    IReadOnlyList<double> Lows, IReadOnlyList<double> Highs, double Slope);

/// <summary>Power laws on logarithmic axes.</summary>
internal static class LogLogFigure
{
    /// <summary>The figure of some series, one colour each.</summary>
    internal static Figure Draw(string name, string caption, string title, string x, string y,
        IReadOnlyList<LogLogSeries> series)
    {
        var panel = new Panel(title, new(x, true), new(y, true));
        for (var i = 0; i < series.Count; i++)
        {
            var (s, color) = (series[i], FigureStyle.OfWidth(i, series.Count));
            panel.Bars(s.Xs, s.Lows, s.Highs, color);
            panel.Points(s.Xs, s.Ys, color);
            panel.Curve(s.Xs, double.IsFinite(s.Slope) ? Line(s) : s.Ys, color, FigureStyle.CurveWidth);
        }
        return Figure.Of(name, caption, [panel], Legend(series.Select(s => s.Label)));
    }

    /// <summary>A legend of lines, one colour each.</summary>
    internal static LegendItem[] Legend(IEnumerable<string> labels)
    {
        string[] all = [.. labels];
        return [.. all.Select((l, i) => FigureStyle.Entry(l, FigureStyle.OfWidth(i, all.Length),
            FigureStyle.LimitWidth))];
    }

    private static IEnumerable<double> Line(LogLogSeries series)
    {
        var (x, y) = (series.Xs.Average(v => Math.Log(v)), series.Ys.Average(v => Math.Log(v)));
        return series.Xs.Select(v => Math.Exp(y + series.Slope * (Math.Log(v) - x)));
    }
}
