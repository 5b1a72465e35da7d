using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Validation.Figures;
using ScottPlot;

namespace MeanFieldLimit.Validation.Studies.Coupling;

/// <summary>The gap against the width, both on logarithmic axes, with the fitted rate and the guide N^(-1/2).</summary>
internal static class GapRateFigure
{
    // An error of the limit further below the gaps than this is named in the legend only: drawn, it would
    // stretch the axis until the bars of the gaps are too short to see.
    internal const double DrawnFrom = 0.03;

    // A fitted line this steep has no place beside the others.
    private const double Steepest = 1e3;

    // Lines reach beyond the outermost widths, by this factor at least.
    private const double Reach = 1.25;

    // Of a curve that is no line.
    private const int Places = 40;

    private static readonly Color Shade = FigureStyle.Warning.WithAlpha(0.13);

    /// <summary>The figure, or null where there is no rate or no positive gap; with the predicted one.</summary>
    internal static Figure? Draw(CouplingResult result, PredictedGap? predicted = null)
    {
        if (result.Rate is not { } rate) return null;
        // Through gaps that are all less than ten times the error no line is to be believed.
        if (!(Math.Abs(rate.Fitted.Slope) <= Steepest) || rate.Fitted.Rms.All(result.IsBlurred))
            rate = rate with { Fitted = rate.Fitted with { Slope = double.NaN } };
        int[] shown = [.. Enumerable.Range(0, rate.Widths.Count)
            .Where(i => rate.Fitted.Rms[i] is > 0 and < double.PositiveInfinity)];
        if (shown.Length == 0) return null;
        int[] widths = [.. shown.Select(i => rate.Widths[i])];
        var points = new Series("", widths, [.. shown.Select(i => rate.Fitted.Rms[i])]);
        var reach = Math.Max(Reach, Math.Pow(points.Xs[^1] / points.Xs[0], 0.06));
        double[] ends = [points.Xs[0] / reach, points.Xs[^1] * reach];
        var error = result.Limit.Error.Total;
        var drawn = double.IsFinite(error) && error > DrawnFrom * points.Ys.Min();

        var panel = new Panel(Title(rate), Scale.Widths(widths), new("rms prediction gap, largest over t", true));
        List<LegendItem> legend = [FigureStyle.GuideEntry("guide N^(-1/2)")];
        if (drawn) panel.Below(error / CouplingResult.TrustedFraction, Shade);
        panel.Curve(ends, points.Line(Rate.Theory, ends), FigureStyle.Guide, FigureStyle.CurveWidth,
            LinePattern.Dashed);
        if (double.IsFinite(rate.Fitted.Slope))
        {
            panel.Curve(ends, points.Line(rate.Fitted.Slope, ends), FigureStyle.Data, FigureStyle.CurveWidth);
            legend.Add(FigureStyle.Entry($"fit N^({rate.Fitted.Slope:0.000})", FigureStyle.Data,
                FigureStyle.CurveWidth));
        }
        if (predicted is not null)
        {
            double[] along = [.. Enumerable.Range(0, Places + 1)
                .Select(k => ends[0] * Math.Pow(ends[1] / ends[0], (double)k / Places))];
            panel.Curve(along, [.. along.Select(predicted.LargestAt)], FigureStyle.Predicted, FigureStyle.CurveWidth);
            legend.Add(FigureStyle.Entry(predicted.Steps is null ? $"predicted, {predicted.LargestOfNetworks:G3} N^(-1/2)"
                : "predicted, with SGD's steps", FigureStyle.Predicted, FigureStyle.CurveWidth));
        }
        if (rate.Replicates > 1)
            panel.Bars(points.Xs, Ends(rate.Fitted.RmsLow), Ends(rate.Fitted.RmsHigh), FigureStyle.Limit);
        panel.Points(points.Xs, points.Ys, FigureStyle.Limit, 10);
        legend.Add(FigureStyle.PointEntry(
            rate.Replicates > 1 ? $"networks, rms of {rate.Replicates} seeds" : "network", FigureStyle.Limit));
        if (drawn)
        {
            panel.Curve(ends, [error, error], FigureStyle.Warning, FigureStyle.CurveWidth, LinePattern.Dotted);
            legend.Add(FigureStyle.Entry($"error of the limit: {Scripts.Number(error, 2)}", FigureStyle.Warning,
                FigureStyle.CurveWidth, LinePattern.Dotted));
            var shade = FigureStyle.PointEntry("gap below ten times the error", Shade, MarkerShape.FilledSquare);
            shade.MarkerSize = 14;
            legend.Add(shade);
        }
        else if (double.IsFinite(error))
            legend.Add(FigureStyle.Entry($"error of the limit: {Scripts.Number(error, 2)} (below)",
                Colors.Transparent, 0));
        return Figure.Of("gap-rate", Caption(rate, error, drawn, predicted), [panel], legend);

        // An end without a place on the axis is the point itself.
        IEnumerable<double> Ends(IReadOnlyList<double> of) => shown.Select((i, n) =>
            of[i] is > 0 and < double.PositiveInfinity ? of[i] : points.Ys[n]);
    }

    private static string Title(Rate rate) => !double.IsFinite(rate.Fitted.Slope) ? "prediction gap"
        : double.IsFinite(rate.Fitted.Low) && double.IsFinite(rate.Fitted.High)
            ? $"slope {rate.Fitted.Slope:0.000}, 95 % interval [{rate.Fitted.Low:0.000}, {rate.Fitted.High:0.000}]"
        : $"slope {rate.Fitted.Slope:0.000}";

    private static string Caption(Rate rate, double error, bool drawn, PredictedGap? predicted) =>
        "Root mean square of the difference of the predictions of finite networks and the limit, " +
        "the largest over the save times, " +
        "against the width N, on logarithmic axes" +
        (rate.Replicates > 1
            ? $"; points: root mean square over {rate.Replicates} seeds, bars: 95 % bootstrap intervals" : "") +
        (double.IsFinite(rate.Fitted.Slope) ? "; solid: least-squares line" : "") +
        "; dashed: N^(-1/2) through the middle of the points. " +
        (predicted is null ? "" : "Green: the same predicted by the limit alone, " +
            "to first order in N^(-1/2)" + (predicted.Steps is { } steps
                ? $" and, with the noise of SGD's steps, in eps^(1/2), eps being {Scripts.Number(steps.Step, 3)}" : "") +
            ". ") +
        (drawn ? "Dotted: estimated error of the limit; in the shaded part a gap is less than ten times that error."
            : double.IsFinite(error)
                ? $"The estimated error of the limit, {Scripts.Number(error, 2)}, lies below the axis."
            : "The error of the limit is not known.");
}
