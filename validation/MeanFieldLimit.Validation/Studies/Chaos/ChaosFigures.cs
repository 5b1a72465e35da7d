using MeanFieldLimit.Validation.Figures;
using ScottPlot;

namespace MeanFieldLimit.Validation.Studies.Chaos;

/// <summary>The figures of the propagation of chaos.</summary>
internal static class ChaosFigures
{
    private const int Bins = 40;
    private const double Tail = 0.002;

    internal static IEnumerable<Figure> All(Model model, IReadOnlyList<ChaosResult.Fitted> fits, LimitLaws laws)
    {
        var widths = model.Problem.Couple.Widths;
        ChaosResult.Fitted[][] kinds = [.. fits.GroupBy(f => f.Kind).Select(g => g.ToArray())];
        foreach (var kind in kinds) yield return Rates(widths, kind);
        yield return Correlations(widths, kinds);
        foreach (var kind in kinds) yield return Histograms(model, kind, laws);
        if (laws.Gammas.Count > 0) yield return Gammas(laws, model.Problem.Chaos!.Coordinate);
    }

    private static Figure Rates(IReadOnlyList<int> widths, ChaosResult.Fitted[] fits)
    {
        (string Part, Color Color, MarkerShape Shape)[] parts =
        [
            ("total", FigureStyle.Limit, MarkerShape.OpenCircle),
            ("noise", FigureStyle.Data, MarkerShape.FilledDiamond),
            ("interaction", FigureStyle.Warning, MarkerShape.FilledTriangleUp),
        ];
        double[] xs = [.. widths.Select(n => (double)n)];
        return Figure.Of($"chaos-rate-{fits[0].Kind}", $"Mean over neurons and replicates of sup over time of " +
            $"|W^N - W*|^2, noise {fits[0].Kind}, against the width, with 95 % intervals; dashed: slopes of the " +
            "theory through the middle. Noise: network against itself without noise; interaction: that against the " +
            "limit.", [.. fits.Select(Part)],
            [.. parts.Select(p => FigureStyle.PointEntry(p.Part, p.Color, p.Shape)), FigureStyle.GuideEntry("theory")]);

        Panel Part(ChaosResult.Fitted f)
        {
            var total = f.Total.Law;
            var slope = double.IsFinite(total.Slope) ? $", slope {total.Slope:0.00}" : "";
            var panel = new Panel($"{Beta(f)}{slope}", Scale.Widths(widths), new("E sup |W^N - W*|^2", true));
            foreach (var (part, color, shape) in parts)
            {
                if (f.Parts.FirstOrDefault(p => p.Part == part) is not { Law: var law, Theory: var theory }) continue;
                panel.Curve(xs, new Series("", xs, law.Rms).Line(theory), FigureStyle.Guide, FigureStyle.CurveWidth,
                    LinePattern.Dashed);
                panel.Bars(xs, law.RmsLow, law.RmsHigh, color);
                panel.Points(xs, law.Rms, color, part == "total" ? 11 : 7, shape);
            }
            return panel;
        }
    }

    private static Figure Correlations(IReadOnlyList<int> widths, ChaosResult.Fitted[][] kinds)
    {
        double[] xs = [.. widths.Select(n => (double)n)];
        return Figure.Of("correlations", "Correlation over replicates of the contributions of two neurons to the " +
            "predictions at the final time against the width. With noise of their own it is negative " +
            "and goes as 1/N; noise in common adds a positive part of order N^(\u03b2 - 1), which stays at \u03b2 = 1.",
            [.. kinds.Select(OfKind)],
            [
                .. FigureStyle.SeriesLegend([.. kinds.MaxBy(k => k.Length)!.Select(Beta)]),
                FigureStyle.GuideEntry("guide 1/N"),
            ]);

        Panel OfKind(ChaosResult.Fitted[] fits)
        {
            // A logarithmic axis has no place for a change of sign.
            double[] values = [.. fits.SelectMany(f => f.Dependence.Values).Where(double.IsFinite)];
            var isOneSign = values.All(v => v < 0) || values.All(v => v > 0);
            double Shown(double value) => isOneSign ? Math.Abs(value) : value;
            var panel = new Panel($"noise {fits[0].Kind}", Scale.Widths(widths),
                new(isOneSign ? "|correlation of two neurons|" : "correlation of two neurons", isOneSign));
            foreach (var (i, fit) in fits.Index())
            {
                double[] ys = [.. fit.Dependence.Values.Select(Shown)];
                panel.Curve(xs, ys, FigureStyle.OfWidth(i, fits.Length), FigureStyle.CurveWidth);
                panel.Points(xs, ys, FigureStyle.OfWidth(i, fits.Length), shape: FigureStyle.ShapeOf(i));
            }
            panel.Curve(xs, xs.Select(n => Shown(fits[0].Dependence.Values[0]) * xs[0] / n), FigureStyle.Guide,
                FigureStyle.CurveWidth, LinePattern.Dashed);
            return panel;
        }
    }

    private static Figure Histograms(Model model, ChaosResult.Fitted[] fits, LimitLaws laws) =>
        Figure.Of($"histograms-{fits[0].Kind}", "Weights of input " +
            $"{model.Problem.Chaos!.Coordinate} at t = {model.SaveTimes[^1]:G4} of all neurons and " +
            $"replicates, noise {fits[0].Kind}, and the law of the solved limit (density of " +
            $"{model.Problem.Chaos!.Draws} draws from it).",
            [.. fits.Select(f => Weights(Beta(f), f.Of.Pooled, [(laws.Of(f.Of).Draws, FigureStyle.Limit)]))],
            [.. FigureStyle.Legend(model.Problem.Couple.Widths.Select(n => $"N = {n}")),
                FigureStyle.Entry("limit", FigureStyle.Limit, FigureStyle.LimitWidth)]);

    private static Figure Gammas(LimitLaws laws, int coordinate) =>
        Figure.Of("gammas", $"The law of the weight of input {coordinate} of the limit at \u03b2 = 1 " +
            "for several \u03b3, and that of the deterministic limit: as \u03b3 goes to 0 the first " +
            "approaches the second.",
            [Weights("", [],
                [.. laws.Gammas.Select((g, i) => (g.Sample.Draws, FigureStyle.OfWidth(i, laws.Gammas.Count))),
                (laws.Deterministic.Draws, FigureStyle.Limit)])],
            [.. FigureStyle.Legend(laws.Gammas.Select(g => $"\u03b3 = {g.Gamma:G3}")),
                FigureStyle.Entry("deterministic", FigureStyle.Limit, FigureStyle.LimitWidth)]);

    /// <summary>Histograms of networks, one a width, and densities of draws from limits.</summary>
    private static Panel Weights(string title, double[][] networks, (double[] Draws, Color Color)[] limits)
    {
        var panel = new Panel(title, new("first-layer weight", false), new("density", false)) { FromZero = true };
        var (low, high) = Range([.. networks, .. limits.Select(l => l.Draws)]);
        foreach (var (w, sample) in networks.Index())
        {
            var (xs, ys) = SampleDensity.Histogram(sample, low, high, Bins);
            panel.Curve(xs, ys, FigureStyle.OfWidth(w, networks.Length), FigureStyle.CurveWidth);
        }
        foreach (var (draws, color) in limits.Where(l => l.Draws.Length > 0))
        {
            var (xs, ys) = SampleDensity.Smooth(draws, low, high);
            panel.Curve(xs, ys, color, FigureStyle.LimitWidth);
        }
        return panel;
    }

    /// <summary>From the lowest quantile of 0.2 % to the highest of 99.8 %.</summary>
    private static (double Low, double High) Range(IEnumerable<double[]> samples)
    {
        double[][] filled = [.. samples.Where(s => s.Length > 0).Select(s => s.Order().ToArray())];
        if (filled.Length == 0) return (-0.5, 0.5);
        var (low, high) = (filled.Min(s => s[(int)(Tail * (s.Length - 1))]),
            filled.Max(s => s[(int)((1 - Tail) * (s.Length - 1))]));
        return high > low ? (low, high) : (low - 0.5, high + 0.5);
    }

    private static string Beta(ChaosResult.Fitted fit) => $"\u03b2 = {fit.Of.Beta:0.##}";
}
