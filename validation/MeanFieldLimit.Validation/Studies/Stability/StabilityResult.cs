using MeanFieldLimit.Validation.Statistics;

namespace MeanFieldLimit.Validation.Studies.Stability;

/// <summary>What is made of the steps of each batch size, and of networks beside the limit.</summary>
internal static class StabilityResult
{
    /// <summary>From here on, over what is to be fitted, a fit is said not to be exact.</summary>
    internal const double Misfit = 1e-3;

    // Standard errors between paths and the operator from which on they are said to differ.
    private const double Z = 4;

    // Relative errors of steps from which on they are told.
    private const double Known = 0.05;

    internal static StudyResult Of(LimitSolution solution, EndOfTraining end, LimitEnd of,
        IReadOnlyList<BatchMeasurement> batches, IReadOnlyList<NetworkEnd> networks)
    {
        var (model, risk) = (solution.Model, solution.Trajectory.Train[^1].Risk);
        var (couple, quadratic) = (model.Problem.Couple, end.Quadratic(of.Gram));
        PowerLaw[] rates = [.. batches.Select((batch, b) =>
        {
            var gaps = networks.ToDictionary(n => (n.Width, n.Replicate),
                n => n.LargestSteps[b] / batch.LargestStep - 1);
            return PowerLaw.OfWidths(couple.Widths, couple.Seeds, (i, r) => gaps[(couple.Widths[i], r)], model.Seed);
        })];
        var misfits = networks.GroupBy(n => n.Width).ToDictionary(g => g.Key, g => g.Max(n => n.Misfit));
        return new(string.Join(" ", Sentences(batches, of, end.Misfit(risk), misfits)),
            [
                Finding.Of("sharpness", quadratic.Curvatures[0], "the largest eigenvalue of H at the end of training"),
                Finding.Of("non-uniformity", quadratic.NonUniformity, "the root of the largest eigenvalue of the " +
                    "covariance of the Hessians of points"),
                Finding.Of("risk", risk, "of the limit at the end of training"),
                Finding.Of("misfit", end.Misfit(risk), "its mean square error over the variance of the labels: 0 of " +
                    "an exact fit"),
                .. batches.SelectMany((b, i) => new[]
                {
                    new Finding($"largest-step-{b.Batch}", b.LargestStep, b.LargestStep - of.Errors[i],
                        b.LargestStep + of.Errors[i], $"below it SGD on batches of {b.Batch} is stable in mean " +
                        "square; the interval is twice the larger difference to two limits on other nodes, without " +
                        "the error of time"),
                    new Finding($"almost-sure-step-{b.Batch}", b.AlmostSure.Value, b.AlmostSure.Low, b.AlmostSure.High,
                        "below it almost every path goes to the minimum"),
                    Finding.Of($"width-{b.Batch}", rates[i], "exponent of N in the relative gap of the largest step " +
                        "of networks to that of the limit"),
                }),
            ],
            [
                new("study", ["batch", "largestStep", "almostSureStep", "almostSureLow", "almostSureHigh", "oneStep",
                    "alongDirections", "twoConditions", "withReplacement"], batches.Select(b => (object[])
                        [b.Batch, b.LargestStep, b.AlmostSure.Value, b.AlmostSure.Low, b.AlmostSure.High, b.OneStep,
                            b.AlongDirections, b.TwoConditions, b.WithReplacement]),
                    "Steps of SGD by batch: the largest stable one in mean square; where almost every path leaves; " +
                    "the largest with which the mean square falls each step, sufficient; the least one-dimensional " +
                    "threshold, necessary; the two conditions of sharpness and non-uniformity, which are neither; " +
                    "and the largest stable one for points drawn with replacement, as in training."),
                new("study-paths", ["batch", "step", "exact", "simulated", "low", "high"], batches.SelectMany(b =>
                    new[] { b.Below, b.Above }.Select(m => (object[])[b.Batch, m.Step, m.Exact, m.Simulated.Value,
                        m.Simulated.Low, m.Simulated.High])),
                    $"Growth of the mean square over 16 steps of SGD, {BatchMeasurement.Side:P0} below and above the " +
                    "largest step: by the operator of second moments, and over paths with a 95 % interval."),
                new("study-growth", Columns, batches.SelectMany(b => b.Growth.Select(g => Row(b, g)))),
                .. batches.Any(b => b.Asked.Count > 0) ? [new StudyTable("study-steps", Columns,
                    batches.SelectMany(b => b.Asked.Select(g => Row(b, g))),
                    "The steps that are asked for: whether they are stable in mean square, the radius, by which E " +
                    "|e|^2 grows a step, and the residual that it is known to; almost surely they are where the " +
                    "exponent is negative.")]
                    : Array.Empty<StudyTable>(),
                new("study-networks", ["batch", "width", "rms", "low", "high", "limitError", "misfit"],
                    batches.SelectMany((b, i) => couple.Widths.Select((n, w) => (object[])
                        [b.Batch, n, rates[i].Rms[w], rates[i].RmsLow[w], rates[i].RmsHigh[w],
                            of.Errors[i] / b.LargestStep, misfits[n]])),
                    "Relative gap of the largest stable step of networks to that of the limit, rms over seeds, the " +
                    "relative error of the latter, and the largest mean square error over the variance of the " +
                    "labels."),
            ])
        {
            Limit = solution,
            Parts = new Dictionary<string, object> { ["stability"] = batches },
            Figures =
            [
                StabilityFigures.Steps(batches),
                StabilityFigures.Growth(batches),
                StabilityFigures.Widths(couple.Widths, batches, rates),
            ],
        };
    }

    private static readonly string[] Columns =
        ["batch", "step", "stable", "radius", "residual", "exponent", "low", "high"];

    private static object[] Row(BatchMeasurement b, Growth g) => [b.Batch, g.Step, g.IsStable ? "yes" : "no", g.Radius,
        g.Residual, g.Exponent.Value, g.Exponent.Low, g.Exponent.High];

    /// <summary>The headline: steps, whether paths confirm them, and what is to be kept in mind.</summary>
    internal static IEnumerable<string> Sentences(IReadOnlyList<BatchMeasurement> batches, LimitEnd of, double misfit,
        IReadOnlyDictionary<int, double> misfits)
    {
        var (first, last) = (batches[0], batches[^1]);
        yield return $"SGD on batches of {first.Batch} stays at the minimum in mean square up to the step " +
            LimitText.Short(first.LargestStep) + (batches.Count == 1 ? "" : $", on batches of {last.Batch} up to " +
            LimitText.Short(last.LargestStep)) + $"; almost every path on batches of {first.Batch} stays up to " +
            $"{LimitText.Short(first.AlmostSure.Value)}.";
        yield return batches.All(b => b.Below.Simulated.High < 1 && b.Above.Simulated.Low > 1)
            ? $"Paths shrink at {1 - BatchMeasurement.Side:P0} of each of these steps in mean square and grow at " +
                $"{1 + BatchMeasurement.Side:P0}."
            : "Paths are too few to show each of these steps within 5 %.";
        int[] others = [.. batches.Where(b => new[] { b.Below, b.Above }.Any(m => m.Simulated.Distance(m.Exact) > Z))
            .Select(b => b.Batch)];
        if (others.Length > 0)
            yield return $"On batches of {List(others)} they grow otherwise than the operator has it, by more than " +
                $"{Z} standard errors: rare paths may carry the mean.";
        int[] beyond = [.. batches.Where(b => b.LargestStep > b.TwoConditions * (1 + 1e-9)).Select(b => b.Batch)];
        if (beyond.Length > 0)
            yield return $"Sharpness and non-uniformity alone would forbid stable steps on batches of {List(beyond)}.";
        var error = of.Errors.Zip(batches, (e, b) => e / b.LargestStep).Max();
        if (of.Untold is { } untold)
            yield return $"The error of the steps is not known: the limit on other nodes {untold}.";
        else if (error > Known)
            yield return $"The steps are known to {error:P1} by limits on other nodes: use more nodes.";
        if (misfit > Misfit)
            yield return $"The fit is not exact, its mean square error is {misfit:P1} of the variance of the labels: " +
                "SGD has noise of its own there, and H another part; this is of the linearised network alone.";
        int[] poor = [.. misfits.Where(m => m.Value > Misfit).Select(m => m.Key)];
        if (poor.Length > 0)
            yield return $"Not all networks of width {List(poor)} fit, with mean square errors of up to " +
                $"{misfits.Values.Max():P1} of the variance of the labels: rates are of the linearised networks.";

        static string List(int[] numbers) => string.Join(", ", numbers);
    }
}
