namespace MeanFieldLimit.Validation.Studies.Coupling;

/// <summary>The gap of one finite network at one save time: network minus limit.</summary>
/// <param name="Time">The save time.</param>
/// <param name="Rms">sqrt(mean over points, by mass, and outputs of (yhat_N - yhat)^2).</param>
/// <param name="Max">max over points and outputs of |yhat_N - yhat|.</param>
/// <param name="Risk">Risk of the network minus risk of the limit, on the training points.</param>
internal readonly record struct Gap(double Time, double Rms, double Max, double Risk);

/// <summary>One finite network beside the limit; lists have an entry a save time.</summary>
/// <param name="Width">Neurons in each hidden layer.</param>
/// <param name="Replicate">Networks of one replicate and several widths are nested.</param>
/// <param name="Gaps">Its gaps.</param>
/// <param name="Train">Its performance on the training points.</param>
/// <param name="Test">The same on the test points, where there are any.</param>
/// <param name="Pathwise">Its pathwise gaps, where tracers were asked for.</param>
/// <param name="FinalGap">yhat_N - yhat on the watched points at the final time, [point, K].</param>
internal sealed record NetworkRun(int Width, int Replicate, IReadOnlyList<Gap> Gaps, IReadOnlyList<Performance> Train,
    IReadOnlyList<Performance> Test, IReadOnlyList<PathwiseGap> Pathwise, IReadOnlyList<double> FinalGap)
{
    /// <summary>What <c>record.probes</c> asks for, an entry a save time; empty where that is nothing.</summary>
    public IReadOnlyList<Curvature> Curvatures { get; init; } = [];

    /// <summary>The largest |sharpness - that of the limit| over save times; NaN where it was not recorded.</summary>
    public double SharpnessGap { get; init; } = double.NaN;

    /// <summary>Its steps along kinks without error control; null without any.</summary>
    public Sliding? Slid { get; init; }

    internal static NetworkRun Of(int width, int replicate, Trained network, Trained limit,
        IReadOnlyList<PathwiseGap> pathwise)
    {
        var (ours, theirs) = (network.Trajectory, limit.Trajectory);
        return new(width, replicate, [.. ours.Times.Select((t, k) => new Gap(t, ours.RmsDistance(theirs, k),
            ours.MaxDistance(theirs, k), ours.Train[k].Risk - theirs.Train[k].Risk))], ours.Train, ours.Test, pathwise,
            [.. ours.Predictions[^1].Zip(theirs.Predictions[^1], (a, b) => a - b)])
        {
            Slid = network.Result.Slid,
            Curvatures = ours.Curvatures,
            SharpnessGap = ours.Curvatures.Count > 0 ? ours.LargestSharpnessDistance(theirs) : double.NaN,
        };
    }
}
