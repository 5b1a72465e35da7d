using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Statistics;

namespace MeanFieldLimit.Validation.Studies.Stability;

/// <summary>The figures of stability.</summary>
internal static class StabilityFigures
{
    private const int MostPanels = 4;

    /// <summary>Steps against the batch.</summary>
    internal static Figure Steps(IReadOnlyList<BatchMeasurement> batches)
    {
        int[] sizes = [.. batches.Select(b => b.Batch)];
        Series Of(string label, Func<BatchMeasurement, double> step) =>
            new(label, sizes, [.. batches.Select(b => step(b) / b.LargestStep)]);
        return SeriesFigure.Draw("steps", "Steps of SGD over the largest one that is stable in mean square, against " +
            "the batch: up to which every step lowers the mean square; of the direction that allows least; up to " +
            "which almost every path stays, with 95 % intervals; of sharpness and non-uniformity.",
            new("batch B", true) { Labelled = sizes }, new("step over the largest stable one", false),
            [
                Of("one step, sufficient", b => b.OneStep),
                Of("one direction, necessary", b => b.AlongDirections),
                Of("almost sure", b => b.AlmostSure.Value) with
                {
                    Bars = ([.. batches.Select(b => b.AlmostSure.Low / b.LargestStep)],
                        [.. batches.Select(b => b.AlmostSure.High / b.LargestStep)]),
                },
                Of("sharpness and non-uniformity", b => b.TwoConditions),
            ]);
    }

    /// <summary>Growth in mean square and of almost every path against the step.</summary>
    internal static Figure Growth(IReadOnlyList<BatchMeasurement> batches)
    {
        Panel[] panels = [.. batches.Take(MostPanels).Select(b =>
        {
            var panel = new Panel($"B = {b.Batch}", new("step over the largest stable one", false),
                new("growth a step", false));
            double[] xs = BatchMeasurement.Factors;
            panel.Curve([xs[0], xs[^1]], [0, 0], FigureStyle.Guide, FigureStyle.CurveWidth,
                ScottPlot.LinePattern.Dashed);
            panel.Curve(xs, b.Growth.Select(g => Math.Log(g.Radius) / 2), FigureStyle.Data, FigureStyle.LimitWidth);
            panel.Bars(xs, b.Growth.Select(g => g.Exponent.Low), b.Growth.Select(g => g.Exponent.High),
                FigureStyle.Warning);
            panel.Points(xs, b.Growth.Select(g => g.Exponent.Value), FigureStyle.Warning);
            return panel;
        })];
        return Figure.Of("growth", "Growth of the distance to the minimum a step, against the step: half the " +
            "logarithm of that of its mean square, and the exponent of almost every path.", panels,
            [
                FigureStyle.Entry("mean square", FigureStyle.Data, FigureStyle.LimitWidth),
                FigureStyle.PointEntry("almost sure", FigureStyle.Warning),
            ]);
    }

    /// <summary>Networks beside the limit.</summary>
    internal static Figure Widths(IReadOnlyList<int> widths, IReadOnlyList<BatchMeasurement> batches,
        IReadOnlyList<PowerLaw> rates) => SeriesFigure.Draw("widths", "Relative gap of the largest stable step of " +
            "networks to that of the limit, against the width, rms over seeds with 95 % intervals.",
            Scale.Widths(widths), new("relative gap", true), [.. new[] { 0, batches.Count - 1 }.Distinct().Select(i =>
                new Series($"B = {batches[i].Batch}", widths, rates[i].Rms)
                {
                    Bars = (rates[i].RmsLow, rates[i].RmsHigh),
                    Theory = -0.5,
                })]);
}
