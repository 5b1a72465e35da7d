using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Experiments;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Validation.Chaos;

/// <summary>
/// Draws of the coordinate at the final time from the law of the limit process: tracers with initial values and paths of
/// their own, independent of each other given the limit that carries them.
/// </summary>
/// <param name="Flow">Those of the deterministic limit; empty where it is not asked for.</param>
/// <param name="Diffusions">Those of each kind of noise at beta = 1; shared noise has no law of its own, only one given
/// the noise.</param>
/// <param name="Gammas">Those of noise per particle for further values of gamma.</param>
internal sealed record LimitLaws(double[] Flow, IReadOnlyDictionary<ChaosNoise, double[]> Diffusions,
    IReadOnlyList<(double Gamma, double[] Draws)> Gammas)
{
    internal static LimitLaws Of(Experiment experiment, ChaosModel model, IReadOnlyList<ChaosMeasurement> all,
        Workbench bench)
    {
        var chaos = experiment.Problem.Chaos!;
        List<(ChaosNoise? Noise, double Step)> asked = [];
        if (chaos.Gammas.Count > 0 || all.Any(m => !m.IsStochastic)) asked.Add((null, 0));
        foreach (var m in all.Where(m => m.IsStochastic && m.Noise != ChaosNoise.Shared))
            asked.Add((m.Noise, model.StepOfSgd(1, 1)));
        foreach (var gamma in chaos.Gammas) asked.Add((ChaosNoise.PerParticle, gamma));
        var draws = new double[asked.Count][];
        bench.Each(asked.Count, "laws of limits", n =>
        {
            var seed = Streams.Replicate(experiment.Seed, -3);
            var run = model.Limit(model.Sample(chaos.Draws, seed), seed, asked[n].Noise, asked[n].Step,
                bench.Engine(1));
            foreach (var _ in model.Times) run.Advance();
            draws[n] = run.Ensemble.Weights(run.State, 1).Row(chaos.Coordinate)[run.Ensemble.Massive(1)..].ToArray();
            return null;
        });
        var first = asked.Count - chaos.Gammas.Count;
        return new(asked.Count > 0 && asked[0].Noise is null ? draws[0] : [],
            asked.Take(first).Select((a, n) => (a.Noise, draws[n])).Where(p => p.Noise is not null)
                .ToDictionary(p => p.Noise!.Value, p => p.Item2),
            [.. chaos.Gammas.Select((gamma, n) => (gamma, draws[first + n]))]);
    }
}
