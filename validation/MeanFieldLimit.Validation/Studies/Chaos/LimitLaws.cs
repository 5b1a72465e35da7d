using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Statistics;

namespace MeanFieldLimit.Validation.Studies.Chaos;

/// <summary>
/// Draws of the coordinate at the final time from the law of the limit process: tracers with initial values and paths
/// of their own, independent of each other given the limit that carries them.
/// </summary>
/// <param name="Deterministic">Those of the deterministic limit; empty where it is not asked for.</param>
/// <param name="Diffusions">Those of each noise at beta = 1 but for the shared one, given which alone there is a law.
/// </param>
/// <param name="Gammas">Those of noise per particle for further values of gamma.</param>
internal sealed record LimitLaws(LimitLaws.Sample Deterministic,
    IReadOnlyDictionary<ChaosNoise, LimitLaws.Sample> Diffusions,
    IReadOnlyList<(double Gamma, LimitLaws.Sample Sample)> Gammas)
{
    /// <param name="Draws">Draws from a law.</param>
    /// <param name="Error">Their Wasserstein distance to those of the same tracers with a limit on other nodes and
    /// other paths; NaN where there is none.</param>
    internal sealed record Sample(double[] Draws, double Error);

    /// <summary>What networks approach; under shared noise at beta = 1 the tracers of all replicates.</summary>
    internal Sample Of(ChaosMeasurement m) => !m.IsStochastic ? Deterministic
        : m.Noise == ChaosNoise.Shared ? new([.. m.Replicates.SelectMany(r => r.LimitCoordinates)], double.NaN)
        : Diffusions[m.Noise];
}

/// <summary>The cells of <see cref="LimitLaws"/>.</summary>
internal sealed class LimitLawCells
{
    private readonly ChaosModel system;
    // Of each law, by its noise and step, the draws with the limit, then with the one to compare with.
    private readonly Dictionary<(ChaosNoise?, double), Cell<Drawn>[]> laws;

    internal LimitLawCells(ChaosModel system, IReadOnlyList<(ChaosNoise Noise, double Beta)> kinds)
    {
        (this.system, var gammas) = (system, system.Model.Problem.Chaos!.Gammas);
        IEnumerable<(ChaosNoise?, double)> asked = [.. kinds.Where(k => k.Beta == 1 && k.Noise != ChaosNoise.Shared)
            .Select(k => Diffusion(k.Noise)).Union(gammas.Select(Further))];
        if (gammas.Count > 0 || kinds.Any(k => k.Beta < 1)) asked = asked.Prepend((null, 0));
        laws = asked.Index().ToDictionary(a => a.Item, a => (Cell<Drawn>[])
        [
            new($"law/{a.Index}/limit", 1, [], context => Draw(a.Item, other: false, context)),
            new($"law/{a.Index}/other", 1, [], context => Draw(a.Item, other: true, context)),
        ]);
    }

    internal IEnumerable<Cell<Drawn>> Cells => laws.Values.SelectMany(pair => pair);

    internal LimitLaws Of(Done done)
    {
        LimitLaws.Sample Of((ChaosNoise?, double) what)
        {
            if (!laws.TryGetValue(what, out var pair)) return new([], double.NaN);
            var (ours, other) = (done.Get(pair[0]).Values, done.Get(pair[1]).Values);
            return new(ours, SampleDistance.Between(ours, other));
        }
        return new(Of((null, 0)), Enum.GetValues<ChaosNoise>().ToDictionary(n => n, n => Of(Diffusion(n))),
            [.. system.Model.Problem.Chaos!.Gammas.Select(gamma => (gamma, Of(Further(gamma))))]);
    }

    private (ChaosNoise?, double) Diffusion(ChaosNoise noise) => (noise, system.StepOfSgd(1, 1));

    private static (ChaosNoise?, double) Further(double gamma) => (ChaosNoise.PerParticle, gamma);

    private Drawn Draw((ChaosNoise? Noise, double Step) law, bool other, CellContext context)
    {
        var (chaos, seed) = (system.Model.Problem.Chaos!, Streams.Draws(system.Model.Seed));
        var run = system.NewRun(context.Machine);
        var limit = system.Limit(run, system.Sample(chaos.Draws, seed), seed, law.Noise, law.Step, other);
        if (run.Complete().Failed is { } failed) throw new RunFailedException(failed.Result);
        return new(limit.Ensemble.Weights(limit.State, 1).Row(chaos.Coordinate)[limit.Ensemble.Massive(1)..].ToArray());
    }

    internal sealed record Drawn(double[] Values);
}
