namespace MeanFieldLimit.Runs;

/// <summary>
/// A finished run of one ensemble or law: what was recorded, how it ended, neurons of layers 0..L of an ensemble, and
/// the layer whose parameters stopped being finite, 0 where none did.
/// </summary>
public sealed record Trained(Trajectory Trajectory, RunResult Result, IReadOnlyList<int> Sizes, int DivergedLayer)
{
    /// <summary>Where it stopped before its final time; null where it did not.</summary>
    public Stop? Stop { get; init; }

    /// <summary>States between start and end that were asked for, in the order of their times.</summary>
    public IReadOnlyList<KeptState> Kept { get; init; } = [];

    /// <summary>The law of its neurons, where that was recorded.</summary>
    public NeuronLaw? Law { get; init; }

    /// <summary>Whether it ended where it was to, with numbers.</summary>
    internal bool IsComplete => Result.Status == RunStatus.Completed;

    internal double Parameters => Result.State.Length;

    internal static Trained Of(Mover mover)
    {
        var (result, law) = (mover.Result, mover.Laws?.Law);
        var trained = new Trained(mover.Recorder!.Trajectory, result, [], 0)
        {
            Law = law,
            Kept = mover.States?.Kept ?? [],
        };
        return mover.IsEnsemble ? trained with
        {
            Sizes = [.. Enumerable.Range(0, mover.Ensemble.Depth + 1).Select(mover.Ensemble.Size)],
            DivergedLayer = result.NonFiniteIndex >= 0 ? mover.Ensemble.LayerOf(result.NonFiniteIndex) : 0,
        } : trained;
    }
}

/// <summary>The state of a mover at a time.</summary>
public sealed record KeptState(double Time, double[] State);
