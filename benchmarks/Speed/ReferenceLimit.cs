using System.Diagnostics;
using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Propagation;

namespace MeanFieldLimit.Benchmarks.Speed;

/// <summary>
/// The limit of a three-layer tanh network to t = 3, half-squared loss, one output, relative and absolute tolerance 1e-10.
/// Numbers: points, d, types of layers 1 and 2. Input: x [point, d], y [point], masses p_1, p_2, w_1 [d, type],
/// w_2 [type, type], w_3 [type].
/// </summary>
internal static class ReferenceLimit
{
    private const double Tolerance = 1e-10, Time = 3;

    /// <summary>Seconds of the run, and the predictions at its end.</summary>
    internal static (double Seconds, double[] Results) Run(double[] input, int[] numbers, IMatrixEngine engine)
    {
        var (points, d, first, second) = (numbers[0], numbers[1], numbers[2], numbers[3]);
        var (data, rest) = Inputs.OfBoth(input, points, d, 1);
        var masses = rest.Span[..(first + second)].ToArray();
        var tanh = Catalogue.Find<IActivation>("tanh");
        var limit = new Ensemble(new(d, 1, [tanh, tanh, Catalogue.Find<IActivation>("identity")], BiasMode.None),
            [masses[..first], masses[first..]]);
        rest.Span[masses.Length..].CopyTo(limit.State);
        var velocity = new MeanFieldVelocity(limit, Catalogue.Find<ILoss>("half-squared"), new FullExpectation(data), engine);
        var watch = Stopwatch.StartNew();
        var (stepper, control) = TimeMethod.Find("dormand-prince-8").Adaptive(velocity, new(Tolerance, Tolerance),
            new MassNorm(limit));
        var run = new TimeLoop { Stepper = stepper, Control = control }.Run(limit.State, new(0, Time));
        var seconds = watch.Elapsed.TotalSeconds;
        var predictor = new Predictor(limit, data, engine);
        predictor.Predict(run.State);
        return (seconds, [.. predictor.Predictions]);
    }
}
