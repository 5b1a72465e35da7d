using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Figures;
using ScottPlot;

namespace MeanFieldLimit.Validation.Studies.Chaos;

/// <summary>The figures of the propagation of chaos.</summary>
internal static class ChaosFigures
{
    private const int Bins = 40;
    private const double Tail = 0.002;

    internal static IEnumerable<Figure> All(Model model, IReadOnlyList<ChaosResult.Fitted> fits,
        LimitLaws laws)
    {
        var widths = model.Problem.Couple.Widths;
        foreach (var group in fits.GroupBy(f => f.Kind)) yield return Rates(widths, [.. group]);
        yield return Correlations(widths, [.. fits.GroupBy(f => f.Kind).Select(g => g.ToArray())]);
        foreach (var group in fits.GroupBy(f => f.Kind))
            yield return Histograms(model, [.. group], laws);
        if (laws.Gammas.Count > 0) yield return Gammas(laws, model.Problem.Chaos!);
    }

    private static Figure Rates(IReadOnlyList<int> widths, ChaosResult.Fitted[] fits)
    {
        (string Part, Color Color)[] parts =
            [("total", FigureStyle.Limit), ("noise", FigureStyle.Data), ("interaction", FigureStyle.Warning)];
        double[] xs = [.. widths.Select(n => (double)n)];
        var panels = fits.Select(f =>
        {
            var slope = f.Parts[0].Reason is null && double.IsFinite(f.Parts[0].Slope)
                ? $", slope {f.Parts[0].Slope:0.00}" : "";
            var panel = new Panel($"\u03b2 = {f.Of.Beta:0.##}{slope}", Scale.Widths(widths),
                new("E sup |W^N - W*|\u00b2", true));
            foreach (var (part, color) in parts)
            {
                if (f.Parts.FirstOrDefault(p => p.Part == part) is not { } law) continue;
                var series = new Series("", xs, law.Means);
                panel.Curve(xs, series.Line(law.Theory), FigureStyle.Guide, FigureStyle.CurveWidth, LinePattern.Dashed);
                panel.Bars(xs, law.Lows, law.Highs, color);
                panel.Points(xs, law.Means, color);
            }
            return panel;
        }).ToArray();
        return Figure.Of($"chaos-rate-{fits[0].Kind}", $"Mean over neurons and replicates of sup over time of " +
            $"|W^N - W*|^2, noise {fits[0].Kind}, against the width, with 95 % intervals; dashed: slopes of the " +
            "theory through the middle. Noise: network against itself without noise; interaction: that against the " +
            "limit.", panels,
            [.. parts.Select(p => FigureStyle.PointEntry(p.Part, p.Color)), FigureStyle.GuideEntry("theory")]);
    }

    private static Figure Correlations(IReadOnlyList<int> widths, ChaosResult.Fitted[][] kinds)
    {
        double[] xs = [.. widths.Select(n => (double)n)];
        var panels = kinds.Select(fits =>
        {
            // A logarithmic axis has no place for a change of sign.
            var values = fits.SelectMany(f => f.Dependence.Values).ToArray();
            var one = values.All(v => v < 0) || values.All(v => v > 0);
            double Shown(double value) => one ? Math.Abs(value) : value;
            var panel = new Panel($"noise {fits[0].Kind}", Scale.Widths(widths),
                new(one ? "|correlation of two neurons|" : "correlation of two neurons", one));
            for (var i = 0; i < fits.Length; i++)
            {
                double[] ys = [.. fits[i].Dependence.Values.Select(Shown)];
                var color = FigureStyle.OfWidth(i, fits.Length);
                panel.Curve(xs, ys, color, FigureStyle.CurveWidth);
                panel.Points(xs, ys, color);
            }
            panel.Curve(xs, xs.Select(n => Shown(fits[0].Dependence.Values[0]) * xs[0] / n), FigureStyle.Guide,
                FigureStyle.CurveWidth, LinePattern.Dashed);
            return panel;
        }).ToArray();
        return Figure.Of("correlations", "Correlation over replicates of the contributions of two neurons to the " +
            "predictions at the final time against the width. With noise of their own it is negative " +
            "and goes as 1/N; noise in common adds a positive part of order N^(\u03b2 - 1), which stays at \u03b2 = 1.",
            panels, [.. FigureStyle.Legend(kinds.MaxBy(k => k.Length)!.Select(f => $"\u03b2 = {f.Of.Beta:0.##}")),
                FigureStyle.GuideEntry("guide 1/N")]);
    }

    private static Figure Histograms(Model model, ChaosResult.Fitted[] fits, LimitLaws laws)
    {
        var widths = model.Problem.Couple.Widths;
        var panels = fits.Select(f =>
        {
            var (draws, networks) = (laws.Of(f.Of).Draws, f.Of.Pooled);
            var panel = new Panel($"\u03b2 = {f.Of.Beta:0.##}", new("first-layer weight", false), new("density", false))
            {
                FromZero = true,
            };
            var (low, high) = Range([.. networks, draws]);
            for (var w = 0; w < widths.Count; w++)
            {
                var (xs, ys) = SampleDensity.Histogram(networks[w], low, high, Bins);
                panel.Curve(xs, ys, FigureStyle.OfWidth(w, widths.Count), FigureStyle.CurveWidth);
            }
            Draw(panel, draws, low, high, FigureStyle.Limit);
            return panel;
        }).ToArray();
        return Figure.Of($"histograms-{fits[0].Kind}", "Weights of input " +
            $"{model.Problem.Chaos!.Coordinate} at t = {model.SaveTimes[^1]:G4} of all neurons and " +
            $"replicates, noise {fits[0].Kind}, and the law of the solved limit (density of " +
            $"{model.Problem.Chaos!.Draws} draws from it).", panels,
            [.. FigureStyle.Legend(widths.Select(n => $"N = {n}")),
                FigureStyle.Entry("limit", FigureStyle.Limit, FigureStyle.LimitWidth)]);
    }

    private static Figure Gammas(LimitLaws laws, ChaosSpec chaos)
    {
        var panel = new Panel("", new("first-layer weight", false), new("density", false)) { FromZero = true };
        var (low, high) = Range([.. laws.Gammas.Select(g => g.Law.Draws), laws.Flow.Draws]);
        for (var i = 0; i < laws.Gammas.Count; i++)
            Draw(panel, laws.Gammas[i].Law.Draws, low, high, FigureStyle.OfWidth(i, laws.Gammas.Count));
        Draw(panel, laws.Flow.Draws, low, high, FigureStyle.Limit);
        return Figure.Of("gammas", $"The law of the weight of input {chaos.Coordinate} of the limit at \u03b2 = 1 " +
            "for several \u03b3, and that of the deterministic limit: as \u03b3 goes to 0 the first " +
            "approaches the second.",
            [panel], [.. FigureStyle.Legend(laws.Gammas.Select(g => $"\u03b3 = {g.Gamma:G3}")),
                FigureStyle.Entry("deterministic", FigureStyle.Limit, FigureStyle.LimitWidth)]);
    }

    private static void Draw(Panel panel, double[] draws, double low, double high, Color color)
    {
        if (draws.Length == 0) return;
        var (xs, ys) = SampleDensity.Smooth(draws, low, high);
        panel.Curve(xs, ys, color, FigureStyle.LimitWidth);
    }

    /// <summary>From the lowest quantile of 0.2 % to the highest of 99.8 %.</summary>
    private static (double Low, double High) Range(IReadOnlyList<double[]> samples)
    {
        var filled = samples.Where(s => s.Length > 0).Select(s => s.Order().ToArray()).ToArray();
        if (filled.Length == 0) return (-0.5, 0.5);
        var (low, high) = (filled.Min(s => s[(int)(Tail * (s.Length - 1))]),
            filled.Max(s => s[(int)((1 - Tail) * (s.Length - 1))]));
        return high > low ? (low, high) : (low - 0.5, high + 0.5);
    }
}
