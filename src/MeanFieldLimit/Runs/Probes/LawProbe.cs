namespace MeanFieldLimit.Runs.Probes;

/// <summary>The law of neurons that a state stands for.</summary>
internal delegate DiscreteMeasure LawOf(ReadOnlySpan<double> state);

/// <summary>Records the law of the neurons of a mover and its energy.</summary>
internal sealed class LawProbe(Mover mover, LawOf law, Func<DiscreteMeasure, double> energy) : IProbe
{
    private readonly List<double[]> points = [], masses = [];
    private readonly List<double> energies = [];
    private int dimension = 1;

    /// <summary>What was recorded. Arrays that are the same at all times are one.</summary>
    internal NeuronLaw Law => new(dimension, Once(points), Once(masses), [.. energies])
    {
        Axes = Axes,
        Steps = [.. Steps],
    };

    internal IReadOnlyList<Axis> Axes { get; init; } = [];

    internal IReadOnlyList<ProximalStep> Steps { get; init; } = [];

    public void Look(Run run)
    {
        var now = law(mover.State);
        dimension = now.Dimension;
        points.Add(now.Points);
        masses.Add(now.Masses);
        energies.Add(energy(now));
    }

    public void Carry(Snapshot snapshot)
    {
        snapshot.Carry(ref dimension);
        snapshot.Carry(energies);
        foreach (var arrays in new[] { points, masses })
        {
            List<double[]> once = [.. Once(arrays)];
            snapshot.Carry(once);
            arrays.Clear();
            for (var k = 0; k < energies.Count; k++) arrays.Add(once[Math.Min(k, once.Count - 1)]);
        }
    }

    private static IReadOnlyList<double[]> Once(List<double[]> arrays) =>
        arrays.TrueForAll(a => a.AsSpan().SequenceEqual(arrays[0])) ? [.. arrays.Take(1)] : [.. arrays];
}
