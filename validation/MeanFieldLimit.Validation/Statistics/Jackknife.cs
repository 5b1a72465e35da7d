namespace MeanFieldLimit.Validation.Statistics;

/// <summary>
/// A statistic of one or more independent sets of samples, and the same without each of the groups of a set in turn.
/// </summary>
/// <param name="All">Of all samples.</param>
/// <param name="Without">[set][group]: without that group.</param>
internal sealed record Jackknife(double All, IReadOnlyList<double[]> Without)
{
    /// <summary>
    /// The statistic less its bias of order 1/n: G T - (G - 1) mean_g T_-g for one set of G groups (Quenouille 1956).
    /// </summary>
    internal double Value => All - Without.Sum(w => (w.Length - 1) * (w.Average() - All));

    /// <summary>Its standard error: squares (G - 1)/G sum_g (T_-g - mean)^2 of the sets add up (Tukey 1958).</summary>
    internal double Error => Math.Sqrt(Without.Sum(w => w.Average() is var mean
        ? (w.Length - 1.0) / w.Length * w.Sum(t => (t - mean) * (t - mean)) : 0));

    /// <summary>
    /// Half its 95 % interval, t_{0.975, G-1} times the error, G the groups of the smallest set: of two sets of G this
    /// has too few degrees of freedom, between G - 1 and 2 (G - 1), and is on the safe side.
    /// </summary>
    internal double HalfLength => Bootstrap.Student(Without.Min(w => w.Length)) * Error;

    internal bool IsFinite => double.IsFinite(All);

    /// <summary>A difference of two statistics of the same sets.</summary>
    public static Jackknife operator -(Jackknife a, Jackknife b) => new(a.All - b.All,
        [.. a.Without.Zip(b.Without, (x, y) => x.Zip(y, (s, t) => s - t).ToArray())]);
}

/// <summary>Laws told by groups of samples, or known: those of all, and those without each group.</summary>
internal sealed record GroupedLaws(NormalLaws All, IReadOnlyList<NormalLaws> Without)
{
    /// <summary>Those of samples in groups.</summary>
    internal static GroupedLaws Of(IReadOnlyList<SampleMoments> groups) => new(Together(groups).Normal,
        [.. groups.Select((_, left) => Together(groups.Where((_, g) => g != left)).Normal)]);

    /// <summary>Those of all samples of some groups.</summary>
    internal static SampleMoments Together(IEnumerable<SampleMoments> groups) => groups.Aggregate((a, b) => a.With(b));

    /// <summary>A distance to others, sets of samples being theirs and these.</summary>
    /// <param name="others">The others.</param>
    /// <param name="groups">In how many groups these were told; known laws change with none of them.</param>
    /// <param name="distance">The distance.</param>
    internal Jackknife To(GroupedLaws others, int groups, Func<NormalLaws, NormalLaws, double> distance)
    {
        var all = distance(All, others.All);
        return new(all,
        [
            [.. others.Without.Select(w => distance(All, w))],
            [.. Enumerable.Range(0, groups).Select(g => Without.Count > 0 ? distance(Without[g], others.All) : all)],
        ]);
    }
}
