using MeanFieldLimit.Limits.Kernels;
using MeanFieldLimit.Limits.Particles;

namespace MeanFieldLimit.Validation.Studies.Coupling;

/// <summary>The tables of limits and couplings.</summary>
internal static class Tables
{
    // Rows of a table that a page is read with.
    private const int MostShown = 100;

    /// <summary>trajectory and predictions of a limit; these with the standard deviations of sqrt(N) times their gap
    /// where that is predicted, of that under SGD over sqrt(eps), and the mean of N times it.</summary>
    internal static IEnumerable<StudyTable> OfLimit(LimitSolution solution, PredictedGap? predicted = null)
    {
        var (trajectory, outputs) = (solution.Trajectory, solution.Model.Watched.Outputs);
        var probed = trajectory.Curvatures.Count > 0;
        yield return new("trajectory", ["t", "risk", "testRisk", "errorRate", "testErrorRate", "limitError",
            .. probed ? CurvatureColumns : []],
            trajectory.Times.Select((t, k) => (object[])
                [t, .. Fields(trajectory.Train[k], At(trajectory.Test, k)), solution.ErrorUntil(k),
                    .. probed ? Fields(trajectory.Curvatures[k]) : []]));
        Func<int, double[]>? deviations = solution.Limit is KernelLimit { IsLaw: true } law
            ? k => [.. law.Deviation(trajectory.Times[k]).SelectMany(sd => Enumerable.Repeat(sd, outputs))]
            : predicted is null ? null : predicted.Deviations;
        var (steps, bias) = (predicted?.Steps, predicted?.Bias);
        yield return new("predictions", ["t", "point", "output", "value", .. deviations is null ? [] : (IEnumerable<string>)["sd"],
            .. steps is null ? [] : (IEnumerable<string>)["sdStep"],
            .. bias is null ? [] : (IEnumerable<string>)["bias"]],
            trajectory.Times.SelectMany((t, k) =>
            {
                double[]? sd = deviations?.Invoke(k), ofSteps = steps?.Deviations(k), mean = bias?.At(k);
                return trajectory.Predictions[k].Select((yhat, n) => (object[])
                    [t, n / outputs, n % outputs, yhat, .. sd is null ? [] : new object[] { sd[n] },
                        .. ofSteps is null ? [] : new object[] { ofSteps[n] },
                        .. mean is null ? [] : new object[] { mean[n] }]);
            }));
    }

    /// <summary>The gaps of networks at the save times.</summary>
    internal static StudyTable Gaps(CouplingResult result)
    {
        var layers = result.Networks is [{ Pathwise: [var first, ..] }, ..] ? first.Layers.Count : 0;
        return new("gaps", ["width", "seed", "t", "rms", "max", "risk", "blurred", .. Enumerable.Range(1, layers)
            .SelectMany(i => new[] { $"w{i}Max", $"w{i}L2", $"b{i}Max", $"b{i}L2", $"h{i}Max", $"h{i}L2" })],
            result.Networks.SelectMany(run => run.Gaps.Select((gap, k) => (object[])
            [
                run.Width, run.Replicate, gap.Time, gap.Rms, gap.Max, gap.Risk,
                result.IsBlurred(gap.Rms, k) ? "true" : "false",
                .. layers == 0 ? [] : run.Pathwise[k].Layers
                    .SelectMany(l => new[] { l.Weights, l.Biases, l.Preactivations })
                    .SelectMany(norms => new object[] { norms.Max, norms.L2 }),
            ])));
    }

    /// <summary>The performance of networks at the save times.</summary>
    internal static StudyTable Networks(CouplingResult result)
    {
        var probed = result.Networks.Any(run => run.Curvatures.Count > 0);
        return new("networks", ["width", "seed", "t", "risk", "testRisk", "errorRate", "testErrorRate",
            .. probed ? CurvatureColumns : []],
            result.Networks.SelectMany(run => run.Gaps.Select((gap, k) => (object[])
                [run.Width, run.Replicate, gap.Time, .. Fields(run.Train[k], At(run.Test, k)),
                    .. probed ? Fields(run.Curvatures[k]) : []])));
    }

    /// <summary>The prediction gap by width.</summary>
    internal static StudyTable Widths(Rate rate, CouplingResult result)
    {
        NetworkRun[] slid = [.. result.Networks.Where(n => n.Slid is not null)];
        return new("widths", ["widthN", "seeds", "failed", "rmsGap", "low", "high", "gapTimesSqrtN",
            "limitErrorOverGap", "blurred"], rate.Widths.Zip(rate.Fitted.Rms).Select((of, i) => (object[])
            [
                of.First, rate.Replicates, result.Failures.Count(f => f.Width == of.First), of.Second,
                rate.Fitted.RmsLow[i], rate.Fitted.RmsHigh[i], of.Second * Math.Sqrt(of.First),
                result.Limit.Error.Total / of.Second, result.IsBlurred(of.Second) ? "!blurred" : "",
            ]), "The gap of a network is the root mean square, over the watched training points and outputs, " +
            "of the difference of its predictions and the limit's, the largest over the save times; " +
            "the table has the root mean square over seeds, with 95 % intervals. " +
            "Blurred: the limit's own error exceeds a tenth of the gap." +
            (result.Failures.Count == 0 ? "" : " Seeds of which a network did not reach the final time are left out.") +
            (slid.Length == 0 ? "" : $" {slid.Length} of {result.Networks.Count} networks slid along kinks of the " +
                $"activation, in steps of at most {LimitText.Short(slid.Max(n => n.Slid!.Step))} without error " +
                "control: their error is of that order, and not estimated."))
        {
            Heading = "Gaps by width",
        };
    }

    /// <summary>The prediction gap by time, with the rate at each.</summary>
    internal static StudyTable Times(Rate rate, CouplingResult result)
    {
        object[][] rows = [.. result.Networks[0].Gaps.Select((gap, k) =>
        {
            var law = result.At(k);
            var blurred = law.Rms.Count(rms => result.IsBlurred(rms, k));
            double[] slope = blurred == law.Rms.Length ? [double.NaN, double.NaN, double.NaN]
                : [law.Slope, law.Low, law.High];
            return (object[])[gap.Time, result.Limit.ErrorUntil(k), .. law.Rms, .. slope,
                blurred > 0 ? $"!{blurred} of {law.Rms.Length}" : ""];
        })];
        return new("times",
            ["t", "limitError", .. rate.Widths.Select(n => $"rms{n}"), "slope", "low", "high", "blurred"],
            rows, rows.Length > MostShown ? null
                : "Up to each save time: the estimated error of the limit; at it: the rms prediction gap at every " +
                "width, the fitted exponent of N with its 95 % interval, and how many of the gaps are blurred, less " +
                "than ten times that error. Where all are there is no rate.")
        {
            Heading = "Gaps by time",
        };
    }

    /// <summary>Performance at the last save time that was reached; NaN where there is none.</summary>
    internal static (Performance Train, Performance Test) Last(Trajectory trajectory) =>
        (At(trajectory.Train, trajectory.Times.Count - 1), At(trajectory.Test, trajectory.Times.Count - 1));

    private static Performance At(IReadOnlyList<Performance> performance, int k) =>
        k >= 0 && k < performance.Count ? performance[k] : new(double.NaN, double.NaN);

    /// <summary>The columns of what <c>record.probes</c> asks for.</summary>
    internal static string[] CurvatureColumns { get; } =
        ["sharpness", "sharpnessResidual", "nonUniformity", "nonUniformityResidual"];

    /// <summary>Its fields.</summary>
    internal static object[] Fields(Curvature c) =>
        [c.Sharpness, c.SharpnessResidual, c.NonUniformity, c.NonUniformityResidual];

    private static object[] Fields(Performance train, Performance test) =>
        [train.Risk, test.Risk, train.ErrorRate, test.ErrorRate];
}
