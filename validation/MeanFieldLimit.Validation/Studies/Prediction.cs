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

    /// <summary>The measured gaps at the final time beside it.</summary>
    internal IEnumerable<StudyTable> Beside(CouplingResult result)
    {
        if (Gap is null || result.Rates.FirstOrDefault(r => r.Quantity.Name == "prediction-final") is not { } final)
            yield break;
        yield return new("predicted", ["widthN", "rmsGap", "low", "high", "predicted", "ratio", "ratioLow", "ratioHigh"],
            final.Widths.Select((n, i) =>
            {
                var (predicted, law) = (Gap.At(n), final.Fitted);
                return (object[])[n, law.Rms[i], law.RmsLow[i], law.RmsHigh[i], predicted,
                    law.Rms[i] / predicted, law.RmsLow[i] / predicted, law.RmsHigh[i] / predicted];
            }), "The rms prediction gap at the final time, measured with its 95 % interval, beside what the limit alone " +
            "predicts to first order in 1/sqrt(N), and their ratio." + (Gap.Steps is { } steps
                ? $" The noise of SGD's steps is in it: {LimitText.Short(steps.Gap * Math.Sqrt(steps.Step))} at every width."
                : " Networks under SGD have the noise of their steps besides."))
        {
            Heading = "Gaps predicted",
        };
    }

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
        return $"networks of {(ratios is null ? "width N" : $"widths {string.Join(" x ", ratios.Select(r => r == 1 ? "N" : $"{r} N"))}")} " +
            $"are predicted {LimitText.Short(Gap.Gap)} / sqrt(N) (rms) from it (" +
            string.Join(", ", errors) + ")" + (Gap.PerLayer.Count < 2 ? "" : ", of layers " +
                string.Join(", ", Gap.PerLayer.Select((c, i) => $"{i + 1}: {LimitText.Short(c)}"))) +
            (width < 1e9 ? $"; a tenth of the rms of its predictions at N = {Math.Ceiling(width):0}" : "") +
            (solution.Model.Problem.Training.Dynamics == DynamicsKind.Sgd ? StepsLine(Gap) : "");
    }

    private static string StepsLine(PredictedGap gap) => gap.Steps is not { } s
        ? "; the noise of SGD's steps comes on top" + (gap.WithoutSteps is { } reason ? $": {reason}" : "")
        : $"\nunder steps eps on batches of {s.Batch} they are predicted sqrt({LimitText.Short(gap.Gap)}^2 / N + " +
            $"{LimitText.Short(s.Gap)}^2 eps) (standard error {LimitText.Short(s.StandardError)}, intervals " +
            $"{LimitText.Short(s.IntervalsError)}, nodes {LimitText.Short(s.NodesError)}); at eps = " +
            $"{LimitText.Short(s.Step)} steps make as much as the width at N = " +
            $"{LimitText.Short(Math.Pow(gap.Gap / s.Gap, 2) / s.Step)}";
}
