using MathNet.Numerics.Statistics;
using MeanFieldLimit.Validation.Statistics;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Studies.Sharpness;

/// <summary>What gradient descents and SGD of several steps end at.</summary>
internal static class SharpnessResult
{
    // Within it of the edge a minimum is at the edge.
    private const double Near = 0.1;

    internal static StudyResult Of(Model model, Descent[] networks, Descent[] limits, EscapeBranch[] branches)
    {
        var spec = model.Problem.Sharpness!;
        Descent[] ended = [.. networks.Where(d => d.IsMinimum(spec.Risk))];
        StepRow[] rows = [.. spec.Steps.Select(step => StepRow.Of(step, spec.Risk,
            [.. networks.Where(d => d.Step == step && d.Batch is null)],
            limits.FirstOrDefault(d => d.Step == step && d.IsMinimum(spec.Risk))))];
        var correlation = Correlation(ended, model);
        var sgd = ended.Where(d => d.Batch is not null).ToArray();
        var inside = sgd.Count(d => d.Final.NonUniformity <= d.Bound && d.Final.Sharpness <= d.Edge);
        var atEdge = rows.Where(r => Math.Abs(r.OverEdge - 1) <= Near).ToArray();
        var escape = spec.Escape is null ? null : new EscapeResult(model, networks, branches);
        return new(Headline(rows, atEdge, correlation, inside, sgd.Length) + (escape is null ? "" : " " +
            escape.Sentence),
            [
                .. rows.Select(r => new Finding(FormattableString.Invariant($"over-edge-{r.Step:R}"), r.OverEdge,
                    r.OverEdge - r.HalfLength * r.Step / 2, r.OverEdge + r.HalfLength * r.Step / 2,
                    FormattableString.Invariant($"sharpness at the end of gradient descent of step {r.Step:G6} over 2/eta"))),
                new("correlation", correlation.Value, correlation.Value - correlation.HalfLength,
                    Math.Min(1, correlation.Value + correlation.HalfLength),
                    "of the logarithms of sharpness and non-uniformity over all minima"),
                Finding.Of("inside", (double)inside / sgd.Length, "share of the minima of SGD within the bounds of " +
                    "linear stability"),
                .. escape?.Findings ?? [],
            ],
            [
                new("study", ["step", "edge", "seeds", "others", "sharpness", "low", "high", "overEdge", "risk",
                    "limitSharpness", "limitRisk"], rows.Select(r => (object[])[r.Step, 2 / r.Step, r.Ended, r.Others,
                        r.Mean, r.Mean - r.HalfLength, r.Mean + r.HalfLength, r.OverEdge, r.Risk, r.OfLimit,
                        r.LimitRisk]),
                    "Gradient descent: the sharpness at the end, mean over seeds with 95 % intervals, beside 2/eta, the " +
                    "risk, and both of the limit. Others are trainings that ended at no minimum: diverged, or with a " +
                    $"risk above {(spec.Risk is { } risk ? LimitText.Short(risk) : "a thousandth of that at the start")}. The Hessian is {SharpnessStudy.Kind(model)}."),
                new("study-minima", ["step", "batch", "seed", "minimum", "risk", .. Tables.CurvatureColumns, "edge",
                    "bound"], networks.Concat(limits).Select(d => (object[])[d.Step, BatchOf(d), SeedOf(d),
                        d.IsMinimum(spec.Risk) ? "true" : "false", d.Risk, .. Tables.Fields(d.Final), d.Edge, d.Bound])),
                new("study-times", ["step", "batch", "seed", "t", "risk", "sharpness"], networks.Concat(limits)
                    .SelectMany(d => d.Times.Select((t, k) => (object[])
                        [d.Step, BatchOf(d), SeedOf(d), t, d.Risks[k], d.Sharpness[k]]))),
                .. escape?.Tables ?? [],
            ])
        {
            Figures =
            [
                SharpnessFigures.Steps(rows), SharpnessFigures.Times(model, networks, limits),
                SharpnessFigures.Diagram(ended), .. escape?.Figures ?? [],
            ],
        };
    }

    private static string Headline(StepRow[] rows, StepRow[] atEdge, (double Value, double HalfLength) correlation,
        int inside, int sgd) =>
        (rows.All(r => r.Ended == 0) ? "Gradient descent comes to no minimum" : "Gradient descent ends at a sharpness of " +
            string.Join(", ", rows.Where(r => r.Ended > 0).Select(r =>
                $"{LimitText.Short(r.Mean)} ({r.OverEdge:P0} of 2/eta) for eta = {LimitText.Short(r.Step)}")) +
            (rows.Any(r => r.Ended == 0) ? ", and comes to no minimum for eta = " + string.Join(", ",
                rows.Where(r => r.Ended == 0).Select(r => LimitText.Short(r.Step))) : "")) +
        $": at the edge, within 10 %, for {atEdge.Length} of {rows.Length} steps. The correlation of the logarithms of " +
        $"sharpness and non-uniformity is {correlation.Value:F2}" + (double.IsFinite(correlation.HalfLength)
            ? $" +- {correlation.HalfLength:F2}." : ".") +
        (sgd == 0 ? "" : $" {inside} of {sgd} minima of SGD are within the bounds of linear stability.");

    private static object BatchOf(Descent d) => EscapeResult.Text(d.Batch);

    private static object SeedOf(Descent d) => d.Replicate is { } replicate ? replicate : "limit";

    /// <summary>Of the logarithms; half the length of the interval is told by replicates.</summary>
    private static (double Value, double HalfLength) Correlation(Descent[] ended, Model model)
    {
        var groups = ended.Where(d => d.Final is { Sharpness: > 0, NonUniformity: > 0 }).GroupBy(d => d.Replicate)
            .Select(g => g.ToArray()).ToArray();
        if (groups.Sum(g => g.Length) < 3) return (double.NaN, double.NaN);
        return (Of([.. groups.SelectMany(g => g)]), Bootstrap.HalfLengths(groups.Length, model.Seed,
            draw => [Of([.. draw.SelectMany(i => groups[i])])])[0]);

        static double Of(Descent[] some) => MathNet.Numerics.Statistics.Correlation.Pearson(
            some.Select(d => Math.Log(d.Final.Sharpness)), some.Select(d => Math.Log(d.Final.NonUniformity)));
    }
}

/// <summary>Gradient descent of one step.</summary>
/// <param name="Step">eta.</param>
/// <param name="Ended">Networks that ended at a minimum.</param>
/// <param name="Others">Those that did not.</param>
/// <param name="Mean">Their mean sharpness.</param>
/// <param name="HalfLength">Half the length of its 95 % interval.</param>
/// <param name="Risk">Their mean risk.</param>
internal sealed record StepRow(double Step, int Ended, int Others, double Mean, double HalfLength, double Risk)
{
    /// <summary>The sharpness of the limit; NaN where there is none.</summary>
    internal required double OfLimit { get; init; }

    /// <summary>Its risk.</summary>
    internal required double LimitRisk { get; init; }

    internal double OverEdge => Mean * Step / 2;

    internal static StepRow Of(double step, double? most, Descent[] networks, Descent? limit)
    {
        Descent[] ended = [.. networks.Where(d => d.IsMinimum(most))];
        double[] values = [.. ended.Select(d => d.Final.Sharpness)];
        return new(step, ended.Length, networks.Length - ended.Length, values.Mean(), values.Length < 2 ? double.NaN
            : Bootstrap.Student(values.Length) * values.StandardDeviation() / Math.Sqrt(values.Length),
            ended.Select(d => d.Risk).Mean())
        {
            OfLimit = limit?.Final.Sharpness ?? double.NaN,
            LimitRisk = limit?.Risk ?? double.NaN,
        };
    }
}
