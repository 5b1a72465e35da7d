namespace MeanFieldLimit.Limits.Laws;

/// <summary>
/// A part of the error of a law that is told by one coarser, finer or otherwise different one: their difference, times
/// a factor.
/// </summary>
internal sealed class LawKnob<T>(ErrorPart part, string name, Func<T, ILimit> other, double factor = 1) : IKnob
    where T : ILimit
{
    public ErrorPart Part => part;

    public string Name => name;

    public IEnumerable<ILimit?> Others(ILimit limit) => [other((T)limit)];

    public double Estimate(IReadOnlyList<Comparison> comparisons) => factor * comparisons[0].Difference;

    public (ILimit? Limit, string Obstacle) Finer(ILimit limit, double error, double share) =>
        (null, $"the {name} of a law are the problem's");
}
