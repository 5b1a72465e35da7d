using System.Text.Json.Serialization;
using MeanFieldLimit.Propagation;

namespace MeanFieldLimit.Runs;

/// <summary>
/// What was recorded of an ensemble at the save times that it reached: risk and error rate on training and test points,
/// empty without these, and yhat on the watched points, [point, K].
/// </summary>
public sealed record Trajectory(IReadOnlyList<double> Times, IReadOnlyList<Performance> Train,
    IReadOnlyList<Performance> Test, IReadOnlyList<double[]> Predictions)
{
    /// <summary>The values of the conditions of <c>training.until</c>, where there are any.</summary>
    [JsonInclude]
    internal IReadOnlyList<double[]> Conditions { get; init; } = [];

    /// <summary>Root of the share of each entry of <see cref="Predictions"/> in means over points, times their number;
    /// empty where all count the same.</summary>
    [JsonInclude]
    internal double[] Roots { get; init; } = [];

    /// <summary>What <c>record.probes</c> asks for; empty where that is nothing.</summary>
    public IReadOnlyList<Curvature> Curvatures { get; init; } = [];

    /// <summary>The largest difference of the sharpness over save times; NaN where it is not known.</summary>
    public double LargestSharpnessDistance(Trajectory other) => Curvatures.Zip(other.Curvatures,
        (a, b) => Math.Abs(a.Sharpness - b.Sharpness)).Aggregate(0.0, Math.Max);

    /// <summary>sqrt(mean over outputs and, by mass, points of (yhat - yhat_other)^2) at save time number k.</summary>
    public double RmsDistance(Trajectory other, int k) => Rms(Predictions[k], other.Predictions[k]);

    /// <summary>The same of yhat at the last and at the first save time.</summary>
    public double RmsChange => Rms(Predictions[^1], Predictions[0]);

    /// <summary>The same of yhat at the last save time and given ones, [point, K].</summary>
    public double RmsFrom(double[] yhat) => Rms(Predictions[^1], yhat);

    private double Rms(double[] ours, double[] theirs)
    {
        if (Roots.Length > 0) (ours, theirs) = (ByMass(ours), ByMass(theirs));
        return MathNet.Numerics.Distance.Euclidean(ours, theirs) / Math.Sqrt(ours.Length);

        double[] ByMass(double[] yhat) => [.. yhat.Select((v, i) => v * Roots[i])];
    }

    /// <summary>max over points, of any mass, and outputs of |yhat - yhat_other| at save time number k.</summary>
    public double MaxDistance(Trajectory other, int k) =>
        MathNet.Numerics.Distance.Chebyshev(Predictions[k], other.Predictions[k]);

    /// <summary>The larger difference, at the last two save times of this one, of the condition stopped at.</summary>
    internal double LastDifference(Trajectory other, Stop stop) => Enumerable.Range(0, Times.Count).TakeLast(2)
        .Select(k => Math.Abs(Conditions[k][stop.Number] - other.Conditions[k][stop.Number])).Aggregate(0.0, Math.Max);

    /// <summary>The largest <see cref="RmsDistance"/> over save times that both have reached; NaN if one is.</summary>
    public double LargestRmsDistance(Trajectory other) => LargestRmsDistances(other) is [.., var last] ? last : 0;

    /// <summary>The same over the save times up to each one of this trajectory.</summary>
    internal double[] LargestRmsDistances(Trajectory other)
    {
        var largest = 0.0;
        return [.. Times.Select((t, k) => largest = k < other.Times.Count && t == other.Times[k]
            ? Math.Max(largest, RmsDistance(other, k)) : largest)];
    }
}
