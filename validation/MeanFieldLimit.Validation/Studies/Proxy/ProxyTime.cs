using MeanFieldLimit.Validation.Statistics;

namespace MeanFieldLimit.Validation.Studies.Proxy;

/// <summary>All limits beside the networks at one save time.</summary>
/// <param name="Time">When.</param>
/// <param name="Logits">D_logits of each limit.</param>
/// <param name="Wasserstein">E_x W2^2 of each.</param>
/// <param name="Noise">D_logits between two halves of the networks.</param>
/// <param name="WassersteinNoise">E_x W2^2 between them.</param>
internal sealed record ProxyTime(double Time, IReadOnlyList<Jackknife> Logits, IReadOnlyList<Jackknife> Wasserstein,
    double Noise, double WassersteinNoise)
{
    /// <summary>The limit of the smallest D_logits; -1 where all are infinite.</summary>
    internal int Best { get; } = Enumerable.Range(0, Logits.Count).Where(i => Logits[i].IsFinite)
        .OrderBy(i => Logits[i].Value).FirstOrDefault(-1);

    /// <summary>What networks in groups say of limits.</summary>
    internal static ProxyTime Of(double time, IReadOnlyList<SampleMoments> networks, IReadOnlyList<GroupedLaws> limits,
        double[] weights)
    {
        var all = GroupedLaws.Of(networks);
        var halves = Enumerable.Range(0, 2).Select(half =>
            GroupedLaws.Together(networks.Where((_, g) => g % 2 == half)).Normal).ToArray();
        double Logits(NormalLaws a, NormalLaws b) => a.Divergence(b, weights);
        double Wasserstein(NormalLaws a, NormalLaws b) => a.SquaredWasserstein(b, weights);
        return new(time, [.. limits.Select(l => l.To(all, networks.Count, Logits))],
            [.. limits.Select(l => l.To(all, networks.Count, Wasserstein))],
            Logits(halves[0], halves[1]), Wasserstein(halves[0], halves[1]));
    }

    /// <summary>
    /// D_logits of a limit less the smallest one; its error is of the difference, both having networks and draws in
    /// common.
    /// </summary>
    internal Jackknife AboveBest(int limit) => Logits[limit] - Logits[Best];

    /// <summary>The limits whose D_logits cannot be told apart from the smallest, which is the first.</summary>
    internal IReadOnlyList<int> Closest => Best < 0 ? []
        : [Best, .. Enumerable.Range(0, Logits.Count).Where(i => i != Best && Logits[i].IsFinite
            && AboveBest(i) is var d && !(d.Value > d.HalfLength))];
}
