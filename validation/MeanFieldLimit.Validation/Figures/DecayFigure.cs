using MeanFieldLimit.Validation.Checks;
using ScottPlot;

namespace MeanFieldLimit.Validation.Figures;

/// <summary>Quantities of finite networks against the width, with the theory's exponents as dashed lines.</summary>
internal static class DecayFigure
{
    internal static Figure Draw(string name, string caption, string measured,
        IReadOnlyList<(string Label, Decay Decay, double Theory)> series)
    {
        var panel = new Panel("", new("width N", true), new(measured, true));
        var legend = new List<LegendItem>();
        for (var i = 0; i < series.Count; i++)
        {
            var (label, decay, theory) = series[i];
            var color = FigureStyle.OfWidth(i, series.Count);
            double[] xs = [.. decay.Widths.Select(n => (double)n)];
            // Through the middle of the points, as geometric means.
            var (x, y) = (Middle(xs), Middle(decay.Means));
            panel.Curve(xs, xs.Select(n => y * Math.Pow(n / x, theory)), FigureStyle.Guide, FigureStyle.CurveWidth,
                LinePattern.Dashed);
            panel.Curve(xs, decay.Means, color, FigureStyle.CurveWidth);
            panel.Points(xs, decay.Means, color);
            legend.Add(FigureStyle.Entry(label, color, FigureStyle.LimitWidth));
        }
        legend.Add(FigureStyle.Entry("slope of theory", FigureStyle.Guide, FigureStyle.CurveWidth, LinePattern.Dashed));
        return Figure.Of(name, caption, [panel], legend);
    }

    private static double Middle(IEnumerable<double> values) => Math.Exp(values.Average(Math.Log));
}
