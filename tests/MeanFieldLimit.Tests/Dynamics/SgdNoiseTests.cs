using MeanFieldLimit.Data;
using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Dynamics;

/// <summary>
/// Which of the two noises is that of SGD: the variance of the predictions of one network over the noise.
/// </summary>
public class SgdNoiseTests
{
    private const int Width = 100, Runs = 600, Steps = 40;
    private const double Step = 0.01;
    private static readonly HalfSquared Loss = new();
    private static readonly Dataset Points = Sampled.Data(6, inputs: 2, outputs: 1);

    private static readonly Ensemble Network =
        Sampled.Embedding(Sampled.Architecture(2, new Tanh(), BiasMode.None, 2, 1)).Sample([Width], 3);

    [Fact]
    public void Predictions_of_SGD_vary_as_those_of_shared_noise_and_far_more_than_those_of_noise_per_particle()
    {
        double sgd = Variance(Sgd), shared = Variance(seed => Diffusion(SgdNoise.Shared, seed)),
            own = Variance(seed => Diffusion(SgdNoise.PerParticle, seed));
        // Variances of six predictions that move together: at worst one number, known to sqrt(2 / Runs) of itself,
        // each; and the weak error of order eps, about the step over the time.
        var error = 4 * Math.Sqrt(2 * 2.0 / Runs) + 1.0 / Steps;
        Assert.InRange(sgd / shared - 1, -error, error);
        // Own noise averages out over neurons.
        Assert.InRange(own / shared, 0.1 / Width, 10.0 / Width);
    }

    private static double[] Sgd(int run) => Predictions(TimeMethod.Find("euler").Fixed(new MeanFieldVelocity(
        Network, Loss,
        new BatchExpectation(new EmpiricalSource(Points), new RandomStream(11, (ulong)run), Step, 1, Points),
        Sampled.Engine), Step).Stepper);

    private static double[] Diffusion(SgdNoise noise, int run)
    {
        var diffusion = new SgdDiffusion(Network, Sampled.Objective(Loss, Points), Sampled.Engine, noise, Step);
        return Predictions(new EulerMaruyama(diffusion,
            new BrownianPaths(new(12, (ulong)run), diffusion.NoiseDimension, Step)));
    }

    private static double[] Predictions(IStepper stepper)
    {
        var state = new TimeLoop { Stepper = stepper, Control = new FixedStep(Step) }
            .Run(Network.State, new(0, Steps * Step)).OrThrow().State;
        var predictor = new Predictor(Network, Points, Sampled.Engine);
        predictor.Predict(state);
        return predictor.Predictions;
    }

    /// <summary>The sum over points of the variance over runs.</summary>
    private static double Variance(Func<int, double[]> predictions)
    {
        var all = Enumerable.Range(0, Runs).Select(predictions).ToArray();
        return Enumerable.Range(0, Points.Count).Sum(n =>
        {
            var mean = all.Average(y => y[n]);
            return all.Sum(y => Math.Pow(y[n] - mean, 2)) / (Runs - 1);
        });
    }
}
