using MathNet.Numerics.Statistics;
using MeanFieldLimit.Limits.Particles;

namespace MeanFieldLimit.Validation.Studies.Coupling;

/// <summary>
/// The mean over networks of N (yhat_N - yhat) at the final time beside the predicted one b: its component along b over
/// the length of b, which is 1 + O(1/N), and a single number with a standard error where the mean of a point has none
/// to speak of.
/// </summary>
internal sealed class MeasuredBias
{
    private readonly List<OfWidth> widths = [];

    /// <summary>That of a coupling under the flow.</summary>
    internal MeasuredBias(PredictedBias bias, CouplingResult result)
    {
        // Steps and noise have means of their own.
        var (training, limit) = (result.Limit.Model.Problem.Training, result.Limit.Model.Problem.Limit);
        var isOfSteps = training.Method == "euler" && (limit.Method, limit.Step) != (training.Method, training.Step);
        if (training.Dynamics != DynamicsKind.Flow || isOfSteps || bias.Rms == 0) return;
        foreach (var of in result.Networks.GroupBy(r => r.Width).OrderBy(g => g.Key).Where(g => g.Count() > 1))
        {
            double[] shares = [.. of.Select(r => of.Key * bias.Share(r.FinalGap))];
            widths.Add(new(of.Key, shares.Length, shares.Average(), Math.Sqrt(shares.Variance() / shares.Length),
                of.Key * result.Limit.Error.Total / bias.Rms));
        }
    }

    /// <summary>A width, its networks, their component with its standard error, and how much of it the limit's own error
    /// may be.</summary>
    private sealed record OfWidth(int Width, int Networks, double Ratio, double StandardError, double LimitError);

    internal IEnumerable<StudyTable> Tables()
    {
        if (widths.Count == 0) yield break;
        yield return new("predicted-bias", ["widthN", "networks", "ratio", "standardError", "limitError"],
            widths.Select(w => (object[])[w.Width, w.Networks, w.Ratio, w.StandardError, w.LimitError]),
            "The mean over networks of N times the gap at the final time, in units of the predicted one: its component " +
            "along it over points and outputs, with its standard error, and how much of it the limit's own error may be.")
        {
            Heading = "Means of gaps predicted",
        };
    }

    /// <summary>Of the width that knows it best; null where there is nothing measured.</summary>
    internal string? Sentence() => widths.MinBy(w => w.StandardError) is not { } best ? null
        : $"measured, that mean is {LimitText.Short(best.Ratio)} +- {LimitText.Short(best.StandardError)} of the predicted " +
            $"one along it, where 1 + O(1/N) is expected, of {best.Networks} networks of width {best.Width} (the limit's own " +
            $"error: up to {LimitText.Short(best.LimitError)})";
}
