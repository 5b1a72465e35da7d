using System.Diagnostics;
using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Propagation;

namespace MeanFieldLimit.Benchmarks.Speed;

/// <summary>
/// The velocity of a two-layer tanh network at all its data, half-squared loss, one output. Numbers: points, d, neurons,
/// how often. Input: x [point, d], y [point], w_1 [d, neuron], w_2 [neuron].
/// </summary>
internal static class ParticleVelocity
{
    /// <summary>Seconds an evaluation, and alternating sums of both layers' velocities.</summary>
    internal static (double Seconds, double[] Results) Run(double[] input, int[] numbers, IMatrixEngine engine)
    {
        var (points, d, neurons, repeats) = (numbers[0], numbers[1], numbers[2], numbers[3]);
        var network = Ensemble.Uniform(new(d, 1, [Catalogue.Find<IActivation>("tanh"), Catalogue.Find<IActivation>("identity")],
            BiasMode.None), [neurons]);
        var (data, rest) = Inputs.OfBoth(input, points, d, 1);
        rest.Span[..(d * neurons)].CopyTo(network.Weights(1).Data);
        rest.Span[(d * neurons)..].CopyTo(network.Weights(2).Data);
        var velocity = new MeanFieldVelocity(network, Catalogue.Find<ILoss>("half-squared"), new FullExpectation(data), engine);
        var v = new double[network.State.Length];
        var watch = Stopwatch.StartNew();
        for (var k = 0; k < repeats; k++) velocity.Evaluate(0, network.State, v);
        var seconds = watch.Elapsed.TotalSeconds / repeats;
        return (seconds, [Inputs.Alternating(network.Weights((ReadOnlySpan<double>)v, 1).Data),
            Inputs.Alternating(network.Weights((ReadOnlySpan<double>)v, 2).Data)]);
    }
}
