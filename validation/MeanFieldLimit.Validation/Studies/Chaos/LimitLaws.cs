using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Statistics;

namespace MeanFieldLimit.Validation.Studies.Chaos;

/// <summary>
/// Draws of the coordinate at the final time from the law of the limit process: tracers with initial values and paths
/// of their own, independent of each other given the limit that carries them.
/// </summary>
/// <param name="Flow">Those of the deterministic limit; empty where it is not asked for.</param>
/// <param name="Diffusions">Those of each kind of noise at beta = 1, empty where not asked for; under shared noise
/// there is no law of the limit, only one given the noise.</param>
/// <param name="Gammas">Those of noise per particle for further values of gamma.</param>
internal sealed record LimitLaws(LimitLaws.Law Flow, IReadOnlyDictionary<ChaosNoise, LimitLaws.Law> Diffusions,
    IReadOnlyList<(double Gamma, LimitLaws.Law Law)> Gammas)
{
    /// <summary>Draws from a law.</summary>
    /// <param name="Draws">The draws.</param>
    /// <param name="Error">Their Wasserstein distance to those of the same tracers with a limit on other nodes and
    /// other paths; NaN where there is none.</param>
    internal sealed record Law(double[] Draws, double Error);

    /// <summary>
    /// Those that networks of a measurement approach; under shared noise at beta = 1 the tracers of all its replicates.
    /// </summary>
    internal Law Of(ChaosMeasurement m) => !m.IsStochastic ? Flow
        : m.Noise == ChaosNoise.Shared ? new([.. m.Replicates.SelectMany(r => r.LimitCoordinates)], double.NaN)
        : Diffusions[m.Noise];
}

/// <summary>The cells of <see cref="LimitLaws"/>.</summary>
internal sealed class LimitLawCells
{
    private readonly ChaosModel system;
    private readonly (ChaosNoise? Noise, double Step)[] asked;
    private readonly Cell<Drawn>[] cells;     // of each law the draws with the limit, then with the one to compare with

    internal LimitLawCells(ChaosModel system, IReadOnlyList<(ChaosNoise Noise, double Beta)> kinds)
    {
        (this.system, var gammas) = (system, system.Model.Problem.Chaos!.Gammas);
        asked =
        [
            .. gammas.Count > 0 || kinds.Any(k => k.Beta < 1) ? [(null, 0.0)] : Array.Empty<(ChaosNoise?, double)>(),
            .. kinds.Where(k => k.Beta == 1 && k.Noise != ChaosNoise.Shared)
                .Select(k => ((ChaosNoise?)k.Noise, system.StepOfSgd(1, 1))).Union(gammas.Select(Further)),
        ];
        cells = [.. Enumerable.Range(0, 2 * asked.Length).Select(n => new Cell<Drawn>(
            $"law/{n / 2}/{(n % 2 > 0 ? "other" : "limit")}", 1, [], context => Draw(asked[n / 2], n % 2 > 0, context)))];
    }

    internal IEnumerable<ICell> Cells => cells;

    internal LimitLaws Of(Done done)
    {
        LimitLaws.Law Of((ChaosNoise?, double) what) => Array.IndexOf(asked, what) is var n and >= 0
            && (done.Get(cells[2 * n]).Values, done.Get(cells[2 * n + 1]).Values) is var (ours, other)
            ? new(ours, SampleDistance.Between(ours, other))
            : new([], double.NaN);
        return new(Of((null, 0)),
            Enum.GetValues<ChaosNoise>().ToDictionary(n => n, n => Of((n, system.StepOfSgd(1, 1)))),
            [.. system.Model.Problem.Chaos!.Gammas.Select(gamma => (gamma, Of(Further(gamma))))]);
    }

    private static (ChaosNoise?, double) Further(double gamma) => (ChaosNoise.PerParticle, gamma);

    private Drawn Draw((ChaosNoise? Noise, double Step) law, bool other, CellContext context)
    {
        var (chaos, seed) = (system.Model.Problem.Chaos!, Streams.Draws(system.Model.Seed));
        var run = system.NewRun(context.Machine);
        var limit = system.Limit(run, system.Sample(chaos.Draws, seed), seed, law.Noise, law.Step, other);
        if (run.Complete().Failed is { } failed) throw new RunFailedException(failed.Result);
        return new(limit.Ensemble.Weights(limit.State, 1).Row(chaos.Coordinate)[limit.Ensemble.Massive(1)..].ToArray());
    }

    private sealed record Drawn(double[] Values);
}
