using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Statistics;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>
/// The two halves of the equality of infima with two hidden layers: a network makes a law of the same risk, and
/// networks drawn from a law have about its risk. Which law is lowest is not known there: the risk is not convex in it.
/// </summary>
internal sealed class LimitOfInfima : ITheoryCheck
{
    private const int Narrow = 6, Copies = 4;
    private const double Rounding = 1e-14;

    public string Name => "limit-of-infima";

    public string Claim => "The infimum of the risk over networks of N neurons a layer goes to that over the laws of " +
        "neurons of the limit, from above: each network is a law of the same risk, and networks of N neurons drawn " +
        "from a law have its risk in the mean up to O(N^(-1/2)).";

    public string Source => "Nguyen, arXiv:1902.02880, section 4.1 and appendix B";

    /// <summary>The time for which networks go down to what stands for a minimiser.</summary>
    internal double Time { get; init; } = 200;

    /// <summary>How many of the neurons of a layer are drawn from, all being the theorem.</summary>
    internal int Sources { get; init; } = Narrow;

    public CheckResult Run(CheckSetting setting)
    {
        var model = new DeepProblem(Name, 3) { Time = Time }.Build(setting);
        var trained = setting.Networks(model, [Narrow], setting.Small ? 4 : 24, network =>
        {
            var end = network.FollowNetwork().Result.State;
            return (network.Ensemble, State: end, network.Outputs(end).Risk);
        }).All.MinBy(n => n.Risk);
        var best = trained.Ensemble;
        trained.State.CopyTo(best.State, 0);
        double RiskOf(Ensemble ensemble) => new Subject(model, ensemble, setting).Outputs(ensemble.State).Risk;

        int[] widths = setting.Small ? [8, 32, 128, 512] : [8, 16, 32, 64, 128, 256, 512, 1024];
        var drawn = setting.Each(widths, setting.Small ? 400 : 4000, (n, r) => RiskOf(Drawn(best, n,
            new RandomStream(Streams.Draws(setting.Seed), (ulong)n).Substream((ulong)r))) - trained.Risk);
        double[] means = [.. drawn.ByWidth.Select(gaps => gaps.Average())];
        var series = new Series("mean over draws", widths, means) { Theory = -1 };
        return new(
        [
            Measurement.Zero($"risk of the law of {Narrow} x {Narrow} neurons in {Copies} copies each, less that of " +
                "the network", Math.Abs(RiskOf(best.Split(Copies)) - trained.Risk), Rounding, "rounding"),
            Measurement.AtMost("exponent in N of the mean risk of drawn networks less that of the law",
                PowerLaw.LogSlope([.. widths.Select(n => Math.Log(n))], means), -0.5, "-1/2 or less",
                "the theorem's bound; for a large N it is -1"),
            Measurement.AtMost($"the same at N = {widths[^1]}, over that at N = {widths[0]}", means[^1] / means[0],
                Math.Sqrt((double)widths[0] / widths[^1]), "(N_0 / N)^(1/2) or less", "the theorem's bound"),
        ],
        [
            SeriesFigure.Draw(Name, "Networks of N neurons a layer drawn from the law of the best network of " +
                $"{Narrow} that was found, two hidden layers, tanh: the mean of their risk less that of the law, against N; " +
                "dashed: 1 / N.", Scale.Widths(widths), new("risk above that of the law", true), [series]),
        ], [model]);
    }

    /// <summary>
    /// The network of n neurons a layer drawn independently from the law of an ensemble: equal neurons are one, with
    /// the mass of all of them, which changes no output.
    /// </summary>
    private Ensemble Drawn(Ensemble law, int n, RandomStream draws)
    {
        double[][] masses = [.. Enumerable.Range(1, law.Depth - 1).Select(_ => new double[law.Size(1)])];
        for (var i = 0; i < masses.Length; i++)
            for (var j = 0; j < n; j++)
                masses[i][draws.Below((ulong)(i * (long)n + j), Sources)] += 1.0 / n;
        var drawn = new Ensemble(law.Architecture, masses);
        law.State.CopyTo(drawn.State, 0);
        return drawn;
    }
}
