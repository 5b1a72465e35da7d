using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Studies;

/// <summary>The law of the gap of networks, from a limit alone.</summary>
internal sealed class PredictionCell
{
    private readonly Cell<Prediction> cell;

    /// <summary>That of a limit.</summary>
    internal PredictionCell(LimitCell limit) => cell = new("prediction", 0, [limit.Cell], context =>
        PredictedGap.For(limit.Of(context), context.Machine) is var (gap, reason) ? new(gap, reason) : new(null, null))
    {
        WholeMachine = true,
    };

    /// <summary>To be among the cells of a study.</summary>
    internal ICell Cell => cell;

    internal Prediction Of(Done done) => done.Get(cell);
}

/// <summary>The law of the gap, or why there is none.</summary>
internal sealed record Prediction(PredictedGap? Gap, string? Reason)
{
    // A network is near its limit where its gap is this share of the root of the risk.
    private const double Near = 0.1;

    /// <summary>What is in summary.json.</summary>
    internal Dictionary<string, object> Parts => Gap is null ? [] : new Dictionary<string, object>
    {
        ["predicted"] = new { Gap.Gap, Gap.Largest, Gap.PerLayer, Gap.StandardError, Gap.Directions },
    };

    /// <summary>The measured gaps at the final time beside it.</summary>
    internal IEnumerable<StudyTable> Beside(CouplingResult result)
    {
        if (Gap is null || result.Rates.FirstOrDefault(r => r.Quantity.Name == "prediction-final") is not { } final)
            yield break;
        yield return new("predicted", ["widthN", "rmsGap", "low", "high", "predicted", "ratio", "ratioLow", "ratioHigh"],
            final.Widths.Select((n, i) =>
            {
                var (predicted, law) = (Gap.Gap / Math.Sqrt(n), final.Fitted);
                return (object[])[n, law.Rms[i], law.RmsLow[i], law.RmsHigh[i], predicted,
                    law.Rms[i] / predicted, law.RmsLow[i] / predicted, law.RmsHigh[i] / predicted];
            }), "The rms prediction gap at the final time, measured with its 95 % interval, beside what the limit alone " +
            "predicts to first order in 1/sqrt(N), and their ratio. Networks under SGD have the noise of their steps besides.")
        {
            Heading = "Gaps predicted",
        };
    }

    /// <summary>One line.</summary>
    internal string Line(LimitSolution solution)
    {
        if (Gap is null) return $"no gap of networks is predicted: {Reason}";
        var risk = Tables.Last(solution.Trajectory).Train.Risk;
        var width = Math.Pow(Gap.Gap / Near, 2) / risk;
        return $"networks of width N are predicted {LimitText.Short(Gap.Gap)} / sqrt(N) (rms) from it" +
            (Gap.StandardError > 0 ? $" (standard error {LimitText.Short(Gap.StandardError)})" : "") +
            (Gap.PerLayer.Count < 2 ? "" : ", of layers " + string.Join(", ",
                Gap.PerLayer.Select((c, i) => $"{i + 1}: {LimitText.Short(c)}"))) +
            (double.IsFinite(width) && width < 1e9
                ? $"; below {100 * Near:0} % of the root of its risk from N = {Math.Ceiling(width):0} on" : "");
    }
}
