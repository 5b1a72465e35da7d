using MathNet.Numerics.LinearAlgebra;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Studies;

/// <summary>The law of the gap, or why there is none.</summary>
internal sealed record Prediction(PredictedGap? Gap, string? Reason)
{
    // A network is near its limit where its gap is this share of the limit's predictions.
    private const double Near = 0.1;

    /// <summary>What is in summary.json.</summary>
    internal Dictionary<string, object> Parts => Gap is null ? [] : new Dictionary<string, object>
    {
        ["predicted"] = new
        {
            Gap.Gap,
            Gap.Largest,
            Gap.PerLayer,
            Gap.StandardError,
            Gap.NodesError,
            Gap.Directions,
            Gap.Method,
            Gap.MovedWidth,
            Parameters = Gap.Parameters is not { } pathwise ? null : new
            {
                pathwise.Gap,
                pathwise.Largest,
                pathwise.StandardError,
                pathwise.NodesError,
                pathwise.Directions,
            },
            Bias = BiasText.Part(Gap.Bias),
            PerStep = Gap.Steps?.Gap,
            Steps = Gap.Steps is not { } steps ? null : new
            {
                steps.Step,
                steps.Batch,
                steps.Largest,
                steps.StandardError,
                steps.IntervalsError,
                steps.NodesError,
                steps.Draws,
                steps.Intervals,
            },
        },
    };

    /// <summary>
    /// The covariance of sqrt(N) times the gap of entries [point, K] at the final time, points counting by mass; null
    /// where there is none.
    /// </summary>
    internal Matrix<double>? Covariance(IReadOnlyList<int> entries, Dataset points)
    {
        if (Gap is not { Covariances: [var first, ..] covariances } || first.Length != entries.Count * entries.Count)
            return null;
        double Root(int n) => points.RootOfMass(entries[n] / points.Outputs);
        return Matrix<double>.Build.Dense(entries.Count, entries.Count, (n, m) =>
            Root(n) * Root(m) * covariances.Sum(c => c[n * entries.Count + m]));
    }

    /// <summary>The measured gaps beside it: of predictions at the final time, of parameters the largest over time.</summary>
    internal IEnumerable<StudyTable> Beside(CouplingResult result)
    {
        if (Gap is null) yield break;
        if (Beside(result, "predicted", "prediction-final", Gap.At) is { } rows)
            yield return rows with
            {
                Heading = "Gaps predicted",
                Note = "The rms prediction gap at the final time, measured with its 95 % interval, beside what the limit alone " +
                    "predicts to first order in 1/sqrt(N), and their ratio." + (Gap.Steps is { } steps
                        ? $" The noise of SGD's steps is in it: {LimitText.Short(steps.Gap * Math.Sqrt(steps.Step))} at every width."
                        : " Networks under SGD have the noise of their steps besides."),
            };
        if (Gap.Parameters is { } pathwise
            && Beside(result, "predicted-parameters", "parameters-l2", n => pathwise.Largest / Math.Sqrt(n)) is { } parameters)
            yield return parameters with
            {
                Heading = "Gaps of parameters predicted",
                Note = "The pathwise gap of parameters between networks and their neurons riding along with the limit, root " +
                    "of the sum over layers of mean squares, the largest over the save times: rms over seeds with its 95 % " +
                    "interval, beside what the limit alone predicts to first order in 1/sqrt(N), and their ratio. Networks " +
                    "under SGD have the noise of their steps besides.",
            };
    }

    private static StudyTable? Beside(CouplingResult result, string name, string quantity, Func<double, double> predicted) =>
        result.Rates.FirstOrDefault(r => r.Quantity.Name == quantity) is not { Fitted: var law } rate ? null
        : new(name, ["widthN", "rmsGap", "low", "high", "predicted", "ratio", "ratioLow", "ratioHigh"],
            rate.Widths.Select((n, i) => (object[])[n, law.Rms[i], law.RmsLow[i], law.RmsHigh[i], predicted(n),
                law.Rms[i] / predicted(n), law.RmsLow[i] / predicted(n), law.RmsHigh[i] / predicted(n)]));

    /// <summary>One line.</summary>
    internal string Line(LimitSolution solution)
    {
        if (Gap is null) return $"no gap of networks is predicted: {Reason}";
        var size = TensorPrimitives.Norm<double>(solution.Trajectory.Predictions[^1])
            / Math.Sqrt(solution.Trajectory.Predictions[^1].Length);
        var width = Math.Pow(Gap.Gap / (Near * size), 2);
        string[] errors =
        [
            .. Gap.StandardError > 0 ? new[] { $"standard error {LimitText.Short(Gap.StandardError)}" } : [],
            $"nodes {LimitText.Short(Gap.NodesError)}",
            .. Gap.MovedWidth is { } moved ? new[] { $"by perturbed masses of N = {moved}" } : [],
        ];
        var ratios = solution.Model.Problem.Couple.Ratios;
        var isSgd = solution.Model.Problem.Training.Dynamics == DynamicsKind.Sgd;
        return $"networks of {(ratios is null ? "width N" : $"widths {string.Join(" x ", ratios.Select(r => r == 1 ? "N" : $"{r} N"))}")} " +
            $"are predicted {LimitText.Short(Gap.Gap)} / sqrt(N) (rms) from it (" +
            string.Join(", ", errors) + ")" + (Gap.PerLayer.Count < 2 ? "" : ", of layers " +
                string.Join(", ", Gap.PerLayer.Select((c, i) => $"{i + 1}: {LimitText.Short(c)}"))) +
            (width < 1e9 ? $"; a tenth of the rms of its predictions at N = {Math.Ceiling(width):0}" : "") +
            (isSgd ? StepsLine(Gap) : "") + ParametersLine(Gap) + BiasText.Line(Gap, isSgd);
    }

    private static string ParametersLine(PredictedGap gap) => gap switch
    {
        { Parameters: { } p } => $"\ntheir parameters are predicted {LimitText.Short(p.Largest)} / sqrt(N) (L2, largest over " +
            "time) from the same neurons in the limit (" + (p.StandardError > 0
                ? $"standard error {LimitText.Short(p.StandardError)}, " : "") + $"nodes {LimitText.Short(p.NodesError)})",
        { WithoutParameters: { } reason } => $"\nno gap of parameters is predicted: {reason}",
        _ => "",
    };

    private static string StepsLine(PredictedGap gap) => gap.Steps is not { } s
        ? "; the noise of SGD's steps comes on top" + (gap.WithoutSteps is { } reason ? $": {reason}" : "")
        : $"\nunder steps eps on batches of {s.Batch} they are predicted sqrt({LimitText.Short(gap.Gap)}^2 / N + " +
            $"{LimitText.Short(s.Gap)}^2 eps) (standard error {LimitText.Short(s.StandardError)}, intervals " +
            $"{LimitText.Short(s.IntervalsError)}, nodes {LimitText.Short(s.NodesError)}); at eps = " +
            $"{LimitText.Short(s.Step)} steps make as much as the width at N = " +
            $"{LimitText.Short(Math.Pow(gap.Gap / s.Gap, 2) / s.Step)}";
}
