using MathNet.Numerics.Statistics;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Statistics;

namespace MeanFieldLimit.Validation.Studies.Coupling;

/// <summary>
/// Standard deviations over replicates of sqrt(N) (yhat_N - yhat) at the final time, one a watched point and output,
/// beside the predicted ones. They are about the mean of the replicates: an error of the limit does not enter.
/// </summary>
internal sealed class PredictedPoints
{
    // Of more points and outputs so many are taken, evenly.
    private const int Most = 256;

    private readonly int[] entries;
    private readonly int outputs;
    private readonly List<OfWidth> widths = [];

    /// <summary>Those of the whole replicates of a coupling.</summary>
    internal PredictedPoints(PredictedGap gap, CouplingResult result)
    {
        var (model, sizes) = (result.Limit.Model, result.Limit.Model.Problem.Couple.Widths);
        outputs = model.Watched.Outputs;
        entries = PredictedGap.Evenly(gap.PointShares.Length, Most);
        var whole = Rate.Whole(result.Networks, sizes.Count);
        // Under SGD whose steps are not predicted there is nothing to compare.
        if (whole.Length < 2 || (model.Problem.Training.Dynamics == DynamicsKind.Sgd && gap.Steps is null)) return;
        foreach (var (i, n) in sizes.Index())
        {
            double[][] gaps = [.. whole.Select(r => entries.Select(e => Math.Sqrt(n) * r[i].FinalGap[e]).ToArray())];
            double[] measured = Deviations(gaps, [.. Enumerable.Range(0, gaps.Length)]), all = gap.DeviationsAt(n),
                predicted = [.. entries.Select(e => Math.Sqrt(n) * all[e])];
            var half = Bootstrap.HalfLengths(gaps.Length, model.Seed, drawn => Deviations(gaps, drawn) is var sd
                ? [Correlation.Pearson(predicted, sd), Math.Log(Ratio(sd, predicted))] : []);
            widths.Add(new(n, gaps.Length, measured, predicted, half[0], half[1]));
        }
    }

    /// <summary>A width, and what was measured at it.</summary>
    /// <param name="Width">N.</param>
    /// <param name="Replicates">How many networks.</param>
    /// <param name="Measured">Standard deviations.</param>
    /// <param name="Predicted">The predicted ones, with those of the steps of SGD.</param>
    /// <param name="OfCorrelation">Half the length of the 95 % interval of their correlation with the predicted ones over
    /// points and outputs.</param>
    /// <param name="OfRatio">The same of the logarithm of the ratio of their rms to that of the predicted ones.</param>
    internal sealed record OfWidth(int Width, int Replicates, double[] Measured, double[] Predicted, double OfCorrelation,
        double OfRatio);

    /// <summary>One a width; none of fewer than two replicates.</summary>
    internal IReadOnlyList<OfWidth> Widths => widths;

    /// <summary>Correlations and ratios.</summary>
    internal IEnumerable<StudyTable> Tables()
    {
        if (widths.Count == 0) yield break;
        yield return new("predicted-deviations", ["widthN", "ratio", "ratioLow", "ratioHigh", "correlation", "low", "high",
            "leastRatio", "largestRatio", "samplingOfRatio"], widths.Select(w =>
            {
                var (all, ratio, correlation) = (Ratios(w), Ratio(w.Measured, w.Predicted), Correlated(w));
                return (object[])[w.Width, ratio, ratio * Math.Exp(-w.OfRatio), ratio * Math.Exp(w.OfRatio), correlation,
                    correlation - w.OfCorrelation, Math.Min(1, correlation + w.OfCorrelation), all.Min(), all.Max(),
                    Sampling(w.Replicates)];
            }), "Standard deviations over seeds of the gap at the final time, which an error of the limit does not " +
            "change, measured over predicted: the ratio of their rms over points and outputs, their correlation over " +
            "these, both with 95 % intervals, and the least and the largest ratio of a point. Sampling alone makes that of a " +
            "point err by 1/sqrt(2 (S - 1)), of S seeds.")
        {
            Heading = "Gaps predicted, point by point",
        };
        yield return new("predicted-points", ["widthN", "point", "output", "predicted", "measured", "ratio"],
            widths.SelectMany(w => entries.Select((e, n) => (object[])[w.Width, e / outputs, e % outputs, w.Predicted[n],
                w.Measured[n], w.Measured[n] / w.Predicted[n]])));
    }

    /// <summary>Measured against predicted; null where there is nothing measured.</summary>
    internal Figure? Draw()
    {
        if (widths.Count == 0) return null;
        var panel = new Panel("", new("predicted sd of \u221aN \u00d7 gap", false),
            new("measured sd", false));
        double[] ends = [widths.Min(w => w.Predicted.Min()), widths.Max(w => w.Predicted.Max())];
        panel.Curve(ends, ends, FigureStyle.Guide, FigureStyle.CurveWidth, ScottPlot.LinePattern.Dashed);
        List<ScottPlot.LegendItem> legend = [FigureStyle.GuideEntry("as predicted")];
        foreach (var (i, w) in widths.Index())
        {
            var (color, shape) = (FigureStyle.OfWidth(i, widths.Count), FigureStyle.ShapeOf(i));
            var error = Sampling(w.Replicates);
            if (i == widths.Count - 1)
                panel.Bars(w.Predicted, w.Measured.Select(sd => sd * (1 - error)), w.Measured.Select(sd => sd * (1 + error)),
                    color);
            panel.Points(w.Predicted, w.Measured, color, w.Predicted.Length <= 64 ? 9 : 5, shape);
            // Where nothing moves there is none.
            var correlation = Correlated(w) is var r && double.IsNaN(r) ? "" : $", correlation {r:0.000}";
            legend.Add(FigureStyle.PointEntry($"N = {w.Width}, {w.Replicates} seeds{correlation}", color, shape));
        }
        return Figure.Of("predicted-points", "Standard deviations over seeds of sqrt(N) times the gap at the final " +
            "time, one a watched point and output, against those that the limit alone predicts; bars, of the largest " +
            "width: the standard error that sampling makes. On the dashed line they agree.", [panel], legend);
    }

    /// <summary>The relative standard error of a standard deviation of so many normal samples.</summary>
    internal static double Sampling(int replicates) => 1 / Math.Sqrt(2.0 * (replicates - 1));

    private static double Correlated(OfWidth width) => Correlation.Pearson(width.Predicted, width.Measured);

    private static double Ratio(double[] measured, double[] predicted) =>
        TensorPrimitives.Norm<double>(measured) / TensorPrimitives.Norm<double>(predicted);

    // Where the gap is 0 for certain there is none.
    private static double[] Ratios(OfWidth width) => [.. width.Measured.Zip(width.Predicted, (m, p) => m / p)
        .Where(double.IsFinite).DefaultIfEmpty(double.NaN)];

    private static double[] Deviations(double[][] gaps, int[] drawn) => [.. Enumerable.Range(0, gaps[0].Length)
        .Select(e => drawn.Select(s => gaps[s][e]).StandardDeviation())];
}
