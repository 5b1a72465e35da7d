using MeanFieldLimit.Validation.Figures;
using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;
using Coordinates = ScottPlot.Coordinates;

namespace MeanFieldLimit.Validation.Studies.Coupling;

/// <summary>The gap against the width, both on logarithmic axes, with the fitted rate and the guide N^(-1/2).</summary>
internal static class GapRateFigure
{
    // An error of the limit further below the gaps than this is named in the legend only: drawn, it would
    // stretch the axis until the bars of the gaps are too short to see.
    private const double DrawnFrom = 0.03;

    // A fitted line this steep has no place beside the others.
    private const double Steepest = 1e3;

    private const double LegendFrom = 0.58, LegendHeight = 0.3;

    /// <summary>The figure, or null where there is no rate or no positive gap.</summary>
    internal static Figure? Draw(CouplingResult result)
    {
        if (result.Rate is not { } rate) return null;
        if (!(Math.Abs(rate.Fitted.Slope) <= Steepest))
            rate = rate with { Fitted = rate.Fitted with { Slope = double.NaN } };
        int[] shown = [.. Enumerable.Range(0, rate.Widths.Count)
            .Where(i => rate.Fitted.Rms[i] is > 0 and < double.PositiveInfinity)];
        if (shown.Length == 0) return null;
        double[] xs = [.. shown.Select(i => Math.Log10(rate.Widths[i]))],
            ys = [.. shown.Select(i => Math.Log10(rate.Fitted.Rms[i]))];
        double[] Ends(IReadOnlyList<double> of) => [.. shown.Select((i, n) =>
            of[i] is > 0 and < double.PositiveInfinity ? Math.Log10(of[i]) : ys[n])];
        var (lows, highs) = (Ends(rate.Fitted.RmsLow), Ends(rate.Fitted.RmsHigh));

        var plot = FigureStyle.NewPlot(Title(rate), "width N", "rms prediction gap, largest over t");
        var middle = new Coordinates(xs.Average(), ys.Average());
        var reach = Math.Max(0.1, 0.06 * (xs[^1] - xs[0]));
        var (left, right) = (xs[0] - reach, xs[^1] + reach);
        var error = result.Limit.Error.Total;
        var drawn = double.IsFinite(error) && error > DrawnFrom * Math.Pow(10, ys.Min());
        var bottom = Math.Min(lows.Min(), drawn ? Math.Log10(error) : double.PositiveInfinity) - 0.1;
        // The legend takes the upper right: what is drawn there stays below it.
        var corner = left + LegendFrom * (right - left);
        var rise = double.IsFinite(rate.Fitted.Slope) ? Math.Max(Rate.Theory, rate.Fitted.Slope) : Rate.Theory;
        var beneath = highs.Where((_, n) => xs[n] > corner)
            .Append(middle.Y + rise * ((rise > 0 ? right : corner) - middle.X)).Max();
        var top = Math.Max(highs.Max() + 0.1, bottom + (beneath - bottom) / (1 - LegendHeight));

        if (drawn) Blur(plot, left, right, bottom, error);
        var guide = Straight(plot, middle, Rate.Theory, left, right, FigureStyle.Guide, LinePattern.Dashed);
        guide.LegendText = "guide N^(-1/2)";
        if (double.IsFinite(rate.Fitted.Slope))
        {
            var fit = Straight(plot, middle, rate.Fitted.Slope, left, right, FigureStyle.Data, LinePattern.Solid);
            fit.LegendText = $"fit N^({rate.Fitted.Slope:0.000})";
        }
        if (rate.Replicates > 1)
        {
            double[] down = [.. ys.Zip(lows, (y, l) => Math.Max(0, y - l))],
                up = [.. ys.Zip(highs, (y, h) => Math.Max(0, h - y))];
            plot.PlottableList.Add(
                new ErrorBar(xs, ys, null, null, down, up) { Color = FigureStyle.Limit, LineWidth = 2, CapSize = 7 });
        }
        var points = plot.Add.ScatterPoints(xs, ys);
        (points.Color, points.MarkerSize) = (FigureStyle.Limit, 10);
        points.LegendText = rate.Replicates > 1 ? $"networks, rms of {rate.Replicates} seeds" : "network";
        if (!drawn && double.IsFinite(error))
            plot.Legend.ManualItems.Add(
                FigureStyle.Entry($"error of the limit: {error:0.0e0} (below)", Colors.Transparent, 0));

        plot.Axes.SetLimits(left, right, bottom, top);
        plot.Axes.Bottom.TickGenerator = new NumericManual(
            LogTicks.At(shown.Select(i => (double)rate.Widths[i]), left, right));
        plot.Axes.Left.TickGenerator = new NumericManual(LogTicks.Between(bottom, top));
        plot.ShowLegend(Alignment.UpperRight);
        return Figure.Of("gap-rate", Caption(rate, error, drawn), plot);
    }

    private static Scatter Straight(Plot plot, Coordinates through, double slope, double left, double right,
        Color color, LinePattern pattern)
    {
        var line = plot.Add.ScatterLine([left, right],
            (double[])[through.Y + slope * (left - through.X), through.Y + slope * (right - through.X)]);
        (line.Color, line.LineWidth, line.LinePattern) = (color, FigureStyle.CurveWidth, pattern);
        return line;
    }

    private static void Blur(Plot plot, double left, double right, double bottom, double error)
    {
        var band = plot.Add.Rectangle(left, right, bottom, Math.Log10(error / CouplingResult.TrustedFraction));
        band.FillColor = FigureStyle.Warning.WithAlpha(0.10);
        band.LineWidth = 0;
        band.LegendText = "gap below ten times the error";
        var line = plot.Add.HorizontalLine(Math.Log10(error), FigureStyle.CurveWidth, FigureStyle.Warning,
            LinePattern.Dotted);
        line.LegendText = $"error of the limit: {error:0.0e0}";
    }

    private static string Title(Rate rate) => !double.IsFinite(rate.Fitted.Slope) ? "prediction gap"
        : double.IsFinite(rate.Fitted.Low) && double.IsFinite(rate.Fitted.High)
            ? $"slope {rate.Fitted.Slope:0.000}, 95 % interval [{rate.Fitted.Low:0.000}, {rate.Fitted.High:0.000}]"
        : $"slope {rate.Fitted.Slope:0.000}";

    private static string Caption(Rate rate, double error, bool drawn) =>
        "Root mean square of the difference of the predictions of finite networks and the limit, " +
        "the largest over the save times, " +
        "against the width N, on logarithmic axes" +
        (rate.Replicates > 1
            ? $"; points: root mean square over {rate.Replicates} seeds, bars: 95 % bootstrap intervals" : "") +
        (double.IsFinite(rate.Fitted.Slope) ? "; solid: least-squares line" : "") +
        "; dashed: N^(-1/2) through the middle of the points. " +
        (drawn ? "Dotted: estimated error of the limit; in the shaded part a gap is less than ten times that error."
            : double.IsFinite(error) ? $"The estimated error of the limit, {error:0.0e0}, lies below the axis."
            : "The error of the limit is not known.");
}
