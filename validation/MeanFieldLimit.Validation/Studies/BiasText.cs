using MeanFieldLimit.Limits.Particles;

namespace MeanFieldLimit.Validation.Studies;

/// <summary>The predicted mean of gaps in words.</summary>
internal static class BiasText
{
    // It does not matter where it is this share of the standard deviation.
    private const double Small = 0.1;

    /// <summary>A line beside the gap; empty where it is not asked for.</summary>
    internal static string Line(PredictedGap gap, bool bySteps)
    {
        if (gap.WithoutBias is { } reason) return $"\nthe mean of the gap is not predicted: {reason}";
        if (gap.Bias is not { } bias) return "";
        var from = Math.Pow(bias.Rms / (Small * gap.Gap), 2);
        return $"\nthe mean of {(bySteps ? "what widths make of the" : "their")} gap is predicted " +
            $"{LimitText.Short(bias.Rms)} / N (rms; standard error {LimitText.Short(bias.StandardError)}, nodes " +
            $"{LimitText.Short(bias.NodesError)}), of masses {LimitText.Short(bias.MassPart)}, of the noise of middle " +
            $"weights {LimitText.Short(bias.NoisePart)}" +
            (from < 1e9 ? $"; below a tenth of its standard deviation from N = {Math.Max(1, Math.Ceiling(from)):0} on" : "");
    }

    /// <summary>What is in summary.json.</summary>
    internal static object? Part(PredictedBias? bias) => bias is null ? null : new
    {
        bias.Rms,
        bias.StandardError,
        bias.MassPart,
        bias.NoisePart,
        bias.NodesError,
    };
}
