using System.Diagnostics;
using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Propagation;

namespace MeanFieldLimit.Benchmarks.Speed;

/// <summary>
/// Steps of SGD of a ReLU network in the mean-field scaling, half-squared loss, without biases. Numbers: points of the
/// data, of a batch, steps, then d, N_1..N_(L-1), K. Input: x [point, d], y [point, K], W_1..W_L row by row, the points of
/// each batch.
/// </summary>
internal static class SgdSteps
{
    private const double Step = 0.001;

    /// <summary>Seconds a step, and the sum of what each layer's weights moved by, times alternating signs.</summary>
    internal static (double Seconds, double[] Results) Run(double[] input, int[] numbers, IMatrixEngine engine)
    {
        var (points, count, steps, sizes) = (numbers[0], numbers[1], numbers[2], numbers[3..]);
        var relu = Catalogue.Find<IActivation>("relu");
        var network = Ensemble.Uniform(new(sizes[0], sizes[^1],
            [.. Enumerable.Repeat(relu, sizes.Length - 2), Catalogue.Find<IActivation>("identity")], BiasMode.None),
            sizes[1..^1]);
        var (data, rest) = Inputs.OfBoth(input, points, sizes[0], sizes[^1]);
        for (var i = 1; i <= network.Depth; i++)
        {
            var w = network.Weights(i).Data;
            rest.Span[..w.Length].CopyTo(w);
            rest = rest[w.Length..];
        }
        var batches = new Batches(data, [.. rest.ToArray().Select(n => (int)n)], count, Step);
        var velocity = new MeanFieldVelocity(network, Catalogue.Find<ILoss>("half-squared"), batches, engine);
        var (stepper, control) = TimeMethod.Find("euler").Fixed(velocity, Step);
        var watch = Stopwatch.StartNew();
        var run = new TimeLoop { Stepper = stepper, Control = control }.Run(network.State, new(0, steps * Step));
        var seconds = watch.Elapsed.TotalSeconds / steps;
        TensorPrimitives.Subtract(run.State, network.State, network.State);
        return (seconds, [.. Enumerable.Range(1, network.Depth).Select(i => Inputs.Alternating(network.Weights(i).Data))]);
    }

    /// <summary>Batches of points that are listed.</summary>
    private sealed class Batches(Dataset data, int[] listed, int count, double step) : IExpectation
    {
        private readonly Dataset batch = new(data.Inputs, data.Outputs, new double[count * data.Inputs],
            new double[count * data.Outputs], data.Labels);

        public Dataset At(double t, ReadOnlySpan<double> state)
        {
            var first = (int)Math.Round(t / step) * count % listed.Length;
            for (var n = 0; n < count; n++)
            {
                var from = listed[first + n];
                data.X.AsSpan(from * data.Inputs, data.Inputs).CopyTo(batch.X.AsSpan(n * data.Inputs));
                data.Label(from).CopyTo(batch.Y.AsSpan(n * data.Outputs));
            }
            return batch;
        }
    }
}
