using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Solvers.Time;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Validation.Chaos;

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
        : m.Noise == ChaosNoise.Shared ? new([.. m.LimitCoordinates.SelectMany(c => c)], double.NaN)
        : Diffusions[m.Noise];

    internal static LimitLaws Of(Model model, ChaosModel system, IReadOnlyList<ChaosMeasurement> all,
        Workbench bench)
    {
        var chaos = model.Problem.Chaos!;
        (ChaosNoise? Noise, double Step) Further(double gamma) => (ChaosNoise.PerParticle, gamma);
        (ChaosNoise? Noise, double Step)[] asked =
        [
            .. chaos.Gammas.Count > 0 || all.Any(m => !m.IsStochastic)
                ? [(null, 0.0)] : Array.Empty<(ChaosNoise?, double)>(),
            .. all.Where(m => m.IsStochastic && m.Noise != ChaosNoise.Shared)
                .Select(m => ((ChaosNoise?)m.Noise, system.StepOfSgd(1, 1))).Union(chaos.Gammas.Select(Further)),
        ];
        // Of each law the draws with the limit, then with the one to compare with.
        var draws = new double[2 * asked.Length][];
        bench.Each(draws.Length, "laws of limits", n =>
        {
            var (noise, step) = asked[n / 2];
            var (seed, limits) = (Streams.Draws(model.Seed), system.NewRun());
            var run = system.Limit(limits, system.Sample(chaos.Draws, seed), seed, noise, step, other: n % 2 > 0);
            if (limits.Complete().Failed is { } failed) throw new RunFailedException(failed.Result);
            draws[n] = run.Ensemble.Weights(run.State, 1).Row(chaos.Coordinate)[run.Ensemble.Massive(1)..].ToArray();
            return null;
        });
        Law Of((ChaosNoise?, double) what) => Array.IndexOf(asked, what) is var n and >= 0
            ? new(draws[2 * n], SampleDistance.Between(draws[2 * n], draws[2 * n + 1]))
            : new([], double.NaN);
        return new(Of((null, 0)),
            Enum.GetValues<ChaosNoise>().ToDictionary(n => n, n => Of((n, system.StepOfSgd(1, 1)))),
            [.. chaos.Gammas.Select(gamma => (gamma, Of(Further(gamma))))]);
    }
}
