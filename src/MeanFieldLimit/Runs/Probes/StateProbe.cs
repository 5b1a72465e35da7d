namespace MeanFieldLimit.Runs.Probes;

/// <summary>Keeps the state of a mover at some of the save times, in their order.</summary>
internal sealed class StateProbe(Mover mover, IReadOnlyList<double> times) : IProbe
{
    private readonly List<double[]> states = [];

    internal IReadOnlyList<KeptState> Kept => [.. states.Select((state, k) => new KeptState(times[k], state))];

    public void Look(Run run)
    {
        if (states.Count < times.Count && mover.Time == times[states.Count]) states.Add(mover.State.ToArray());
    }

    public void Carry(Snapshot snapshot) => snapshot.Carry(states);
}
