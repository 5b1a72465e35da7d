using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Experiments;
using MeanFieldLimit.Problems;
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
internal sealed record LimitLaws(double[] Flow, IReadOnlyDictionary<ChaosNoise, double[]> Diffusions,
    IReadOnlyList<(double Gamma, double[] Draws)> Gammas)
{
    /// <summary>
    /// Those that networks of a measurement approach; under shared noise at beta = 1 the tracers of all its replicates.
    /// </summary>
    internal double[] Of(ChaosMeasurement m) => !m.IsStochastic ? Flow
        : m.Noise == ChaosNoise.Shared ? [.. m.LimitCoordinates.SelectMany(c => c)]
        : Diffusions[m.Noise];

    internal static LimitLaws Of(Experiment experiment, ChaosModel model, IReadOnlyList<ChaosMeasurement> all,
        Workbench bench)
    {
        var chaos = experiment.Problem.Chaos!;
        (ChaosNoise? Noise, double Step) Further(double gamma) => (ChaosNoise.PerParticle, gamma);
        (ChaosNoise? Noise, double Step)[] asked =
        [
            .. chaos.Gammas.Count > 0 || all.Any(m => !m.IsStochastic)
                ? [(null, 0.0)] : Array.Empty<(ChaosNoise?, double)>(),
            .. all.Where(m => m.IsStochastic && m.Noise != ChaosNoise.Shared)
                .Select(m => ((ChaosNoise?)m.Noise, model.StepOfSgd(1, 1))).Union(chaos.Gammas.Select(Further)),
        ];
        var draws = new double[asked.Length][];
        bench.Each(asked.Length, "laws of limits", n =>
        {
            var seed = Streams.Replicate(experiment.Seed, -3);
            var run = model.Limit(model.Sample(chaos.Draws, seed), seed, asked[n].Noise, asked[n].Step,
                bench.Engine(1));
            foreach (var _ in model.Times) run.Advance();
            draws[n] = run.Ensemble.Weights(run.State, 1).Row(chaos.Coordinate)[run.Ensemble.Massive(1)..].ToArray();
            return null;
        });
        double[] Of((ChaosNoise?, double) what) =>
            Array.IndexOf(asked, what) is var n and >= 0 ? draws[n] : [];
        return new(Of((null, 0)),
            Enum.GetValues<ChaosNoise>().ToDictionary(n => n, n => Of((n, model.StepOfSgd(1, 1)))),
            [.. chaos.Gammas.Select(gamma => (gamma, Of(Further(gamma))))]);
    }
}
