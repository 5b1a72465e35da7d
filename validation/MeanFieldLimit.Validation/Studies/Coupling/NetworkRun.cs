using MeanFieldLimit.Propagation;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Validation.Studies.Coupling;

/// <summary>The gap of one finite network at one save time: network minus limit.</summary>
/// <param name="Time">The save time.</param>
/// <param name="Rms">sqrt(mean over points, by mass, and outputs of (yhat_N - yhat)^2).</param>
/// <param name="Max">max over points and outputs of |yhat_N - yhat|.</param>
/// <param name="Risk">Risk of the network minus risk of the limit, on the training points.</param>
public readonly record struct Gap(double Time, double Rms, double Max, double Risk);

/// <summary>One finite network beside the limit.</summary>
/// <param name="Width">Neurons in each hidden layer.</param>
/// <param name="Replicate">Number of the replicate, from 0: networks of one replicate and several widths are
/// nested.</param>
/// <param name="Gaps">Its gaps, one a save time.</param>
/// <param name="Train">Its performance on the training points, one a save time.</param>
/// <param name="Test">Its performance on the test points; empty without test points.</param>
/// <param name="Pathwise">Its pathwise gaps, one a save time; empty where no tracers were asked for.</param>
/// <param name="FinalGap">yhat_N - yhat on the watched points at the final time, [point, K].</param>
/// <param name="Steps">Steps taken.</param>
public sealed record NetworkRun(int Width, int Replicate, IReadOnlyList<Gap> Gaps, IReadOnlyList<Performance> Train,
    IReadOnlyList<Performance> Test, IReadOnlyList<PathwiseGap> Pathwise, IReadOnlyList<double> FinalGap,
    long Steps)
{
    /// <summary>Its steps along kinks without error control; null without any.</summary>
    public Sliding? Slid { get; init; }

    internal static NetworkRun Of(int width, int replicate, Trained network, Trained limit,
        IReadOnlyList<PathwiseGap> pathwise)
    {
        var (ours, theirs) = (network.Trajectory, limit.Trajectory);
        Gap[] gaps = [.. ours.Times.Select((t, k) => new Gap(t, ours.RmsDistance(theirs, k),
            ours.MaxDistance(theirs, k),
            ours.Train[k].Risk - theirs.Train[k].Risk))];
        return new(width, replicate, gaps, ours.Train, ours.Test, pathwise,
            [.. ours.Predictions[^1].Zip(theirs.Predictions[^1], (a, b) => a - b)], network.Run.Steps)
        { Slid = network.Run.Slid };
    }
}
