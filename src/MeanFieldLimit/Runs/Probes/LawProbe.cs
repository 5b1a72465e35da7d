using MeanFieldLimit.Solvers.Densities;
using MeanFieldLimit.Solvers.Measures;
using MeanFieldLimit.Solvers.Proximal;

namespace MeanFieldLimit.Runs.Probes;

/// <summary>The law of neurons that a state stands for.</summary>
internal delegate DiscreteMeasure LawOf(ReadOnlySpan<double> state);

/// <summary>Records the law of the neurons of a mover and its energy.</summary>
internal sealed class LawProbe(Mover mover, LawOf law, Func<DiscreteMeasure, double> energy) : IProbe
{
    private readonly List<DiscreteMeasure> laws = [];
    private readonly List<double> energies = [];

    /// <summary>What was recorded. Arrays that are the same at all times are one.</summary>
    internal NeuronLaw Law => new(laws.Count == 0 ? 1 : laws[0].Dimension,
        [.. laws.Select(l => l.Points).Distinct()], [.. laws.Select(l => l.Masses).Distinct()], [.. energies])
    {
        Axes = Axes,
        Steps = [.. Steps],
    };

    /// <summary>The axes of a grid.</summary>
    internal IReadOnlyList<Axis> Axes { get; init; } = [];

    /// <summary>The steps so far, of minimizing movements.</summary>
    internal IReadOnlyList<ProximalStep> Steps { get; init; } = [];

    /// <inheritdoc/>
    public void Look(Run run)
    {
        laws.Add(law(mover.State));
        energies.Add(energy(laws[^1]));
    }
}
