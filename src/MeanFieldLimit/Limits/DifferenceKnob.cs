namespace MeanFieldLimit.Limits;

/// <summary>A part of the error told by coarser, finer or other limits: the largest difference by a factor.</summary>
internal sealed class DifferenceKnob<T>(ErrorPart part, string name, double factor, params Func<T, ILimit>[] others)
    : IKnob where T : ILimit
{
    public ErrorPart Part => part;

    public string Name => name;

    public IReadOnlyList<int> Layers => part == ErrorPart.Types ? [1] : [];

    public bool OnSmallest { get; init; }

    /// <summary>The next size up, where the problem does not fix it.</summary>
    internal Func<T, ILimit>? Next { get; init; }

    public IEnumerable<ILimit?> Others(ILimit limit) => others.Select(other => other((T)limit));

    public double Estimate(IReadOnlyList<Comparison> comparisons) =>
        factor * comparisons.Select(c => c.Difference).Aggregate(0.0, Math.Max);

    public (ILimit? Limit, string Obstacle) Finer(ILimit limit, double error, double share) =>
        Next is { } next ? (next((T)limit), "") : (null, $"the {name} of laws must be what the problem asks for");
}
