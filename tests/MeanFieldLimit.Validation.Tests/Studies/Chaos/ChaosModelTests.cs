using MathNet.Numerics.Statistics;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;
using MeanFieldLimit.Validation.Studies.Chaos;

namespace MeanFieldLimit.Validation.Tests.Studies.Chaos;

/// <summary>
/// Linear neurons of outgoing weight 1 that stands still: H_x = (m x - y) x with m the mean weight, the same for all
/// neurons. In the limit at beta = 1 Euler's method has m_{n+1} = m_n - h E[(m_n x - y) x], and independent normal
/// neurons, of variance var w(0) + gamma h sum_n Var[(m_n x - y) x].
/// </summary>
public class ChaosModelTests
{
    private const int Steps = 20, Draws = 4000;
    private const double Gamma = 0.8, Time = 1.5, Z = 4;
    private static readonly double[] X = [-1, 0.5, 2], Y = [1, 1, -0.5];

    private static readonly Model Linear = Small.Build($$"""
        { "data": { "kind": "points", "x": [[-1], [0.5], [2]], "y": [[1], [1], [-0.5]] },
          "network": { "layers": [
            { "weights": { "law": "gaussian", "mean": 0.3, "std": 0.7 }, "activation": "identity" },
            { "weights": { "law": "constant", "value": 1 }, "rate": { "schedule": "constant", "value": 0 } } ] },
          "training": { "loss": "half-squared", "time": 1.5 },
          "limit": { "types": [{ "rule": "gauss", "nodes": 6 }] },
          "chaos": { "steps": {{Steps}}, "gamma": 0.8, "paths": 4 } }
        """);

    private static (double Mean, double Variance) Expected()
    {
        double mean = 0.3, variance = 0.49;
        for (var n = 0; n < Steps; n++)
        {
            double[] h = [.. X.Zip(Y, (x, y) => (mean * x - y) * x)];
            variance += Gamma * Time / Steps * (h.Average(v => v * v) - h.Average() * h.Average());
            mean -= Time / Steps * h.Average();
        }
        return (mean, variance);
    }

    [Fact]
    public void The_limit_of_noise_per_particle_has_the_law_of_the_closed_form()
    {
        var system = new ChaosModel(Linear);
        var limits = system.NewRun(new());
        var run = system.Limit(limits, system.Sample(Draws, 5), 5, ChaosNoise.PerParticle, system.StepOfSgd(1, 7));
        limits.Complete();
        var (mean, variance) = Expected();
        var (w, massive) = (run.Ensemble.Weights(run.State, 1).Data.ToArray(), run.Ensemble.Massive(1));
        // Noise that is added cancels within pairs of opposite paths, whatever their number: the host's mean is exact.
        Assert.Equal(mean, Enumerable.Range(0, massive).Sum(c => run.Ensemble.Masses(1)[c] * w[c]), 1e-12);
        double[] tracers = w[massive..];
        Assert.InRange(tracers.Mean() - mean, -Z * Math.Sqrt(variance / Draws), Z * Math.Sqrt(variance / Draws));
        Assert.InRange(tracers.Variance() / variance - 1, -Z * Math.Sqrt(2.0 / Draws), Z * Math.Sqrt(2.0 / Draws));
    }

    [Fact]
    public void Every_replicate_has_a_host_on_paths_of_its_own()
    {
        // A host errs by what its paths make of the law: replicates must not share that.
        double[] Host(ulong seed, bool other = false)
        {
            var system = new ChaosModel(Linear);
            var limits = system.NewRun(new());
            var run = system.Limit(limits, system.Sample(2, seed), seed, ChaosNoise.PerParticle, 0.8, other);
            for (var n = 0; n < 3; n++) limits.Advance();
            return run.Ensemble.Weights(run.State, 1).Data[..run.Ensemble.Massive(1)].ToArray();
        }
        Assert.Equal(Host(5), Host(5));
        Assert.All(Host(5).Zip(Host(6)), p => Assert.NotEqual(p.First, p.Second));
        Assert.NotEqual(Host(5), Host(5, other: true));
    }

    [Fact]
    public void A_network_sees_the_paths_of_the_tracers_that_stand_for_it()
    {
        // Langevin noise does not depend on the state: after a step neurons differ from their tracers by one number,
        // which the gap of the means makes. (That of SGD depends on it, through the predictions.)
        var system = new ChaosModel(Linear);
        var run = system.NewRun(new());
        var network = system.Network(run, system.Sample(10, 5), 5, ChaosNoise.Langevin, 0);
        var limit = system.Limit(run, system.Sample(30, 5), 5, ChaosNoise.Langevin, 0);
        for (var n = 0; n < 2; n++) run.Advance();
        var (w, v) = (network.Ensemble.Weights(network.State, 1).Data.ToArray(),
            limit.Ensemble.Weights(limit.State, 1).Data[limit.Ensemble.Massive(1)..].ToArray());
        var gaps = w.Zip(v, (a, b) => a - b).ToArray();
        var start = system.Sample(10, 5).Weights(1).Data.ToArray();
        var expected = -(start.Average() - 0.3) * X.Average(x => x * x) * Time / Steps;
        Assert.All(gaps, g => Assert.Equal(expected, g, 1e-13));
        Assert.Contains(w.Zip(start), p => Math.Abs(p.First - p.Second) > 0.05);
    }

    /// <summary>With a step of SGD of 0 they are one; a step across the jump in one alone would part them.</summary>
    [Fact]
    public void Networks_with_and_without_noise_stop_at_the_same_jumps_of_rates()
    {
        var layers = Linear.Problem.Network.Layers;
        var rate = new PiecewiseRate { Times = [0.4], Values = [1, 0.1] };
        var system = new ChaosModel(Linear.With(Linear.Problem with
        {
            Network = Linear.Problem.Network with { Layers = [layers[0] with { Rate = rate }, layers[1]] },
        }));
        var run = system.NewRun(new());
        Mover[] both = [.. new ChaosNoise?[] { null, ChaosNoise.PerParticle }.Select(noise =>
            system.Network(run, system.Sample(10, 5), 5, noise, 0))];
        run.Complete();
        Assert.Equal(both[0].State.ToArray(), both[1].State.ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
    }
}
