namespace MeanFieldLimit.Solvers.Time;

/// <summary>Keeps the states at the save times.</summary>
public sealed class SavedStates : IRecorder
{
    private readonly List<double> times = [];
    private readonly List<double[]> states = [];

    /// <summary>The times so far.</summary>
    public IReadOnlyList<double> Times => times;

    /// <summary>The states then.</summary>
    public IReadOnlyList<double[]> States => states;

    /// <inheritdoc/>
    public void Record(double t, ReadOnlySpan<double> state)
    {
        times.Add(t);
        states.Add([.. state]);
    }

    /// <inheritdoc/>
    public void Carry(Snapshot snapshot)
    {
        snapshot.Carry(times);
        snapshot.Carry(states);
    }
}
