namespace MeanFieldLimit.Propagation;

/// <summary>
/// A state, a direction v of the parameters, learning rates, and perhaps a direction of the masses of hidden layers,
/// which interactions other than weighted sums do not take.
/// </summary>
internal readonly ref struct Direction(ReadOnlySpan<double> state, ReadOnlySpan<double> v, ReadOnlySpan<double> rates,
    IReadOnlyList<double[]>? masses = null)
{
    internal ReadOnlySpan<double> State { get; } = state;
    internal ReadOnlySpan<double> V { get; } = v;
    internal ReadOnlySpan<double> Rates { get; } = rates;

    /// <summary>That of the masses of a layer; empty where they do not move.</summary>
    internal double[] MassesOf(int layer) => masses is null || layer == 0 || layer > masses.Count ? [] : masses[layer - 1];
}
