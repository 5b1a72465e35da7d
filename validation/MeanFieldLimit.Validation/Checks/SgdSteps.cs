using MeanFieldLimit.Data;
using MeanFieldLimit.Diffusions;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Models;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Solvers.Diffusions;
using MeanFieldLimit.Solvers.Time;
using MeanFieldLimit.Validation.Chaos;
using MeanFieldLimit.Validation.Densities;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>Networks under SGD on single points, and under its diffusion, beside gradient descent.</summary>
internal sealed class SgdSteps(CheckSetting setting, double stepFactor)
{
    // Times after 0 at which states are compared.
    private const int Looks = 16;

    internal Model Model { get; } = DensityProblem.Plane(setting);

    /// <summary>
    /// gamma N^(beta - 1), gamma = 16^-beta: 1/16 at N = 16, and whole numbers of steps between the times looked
    /// at.
    /// </summary>
    internal static double Step(int width, double beta) => Math.Pow(width / 16.0, beta) / width;

    internal (double Real, double Diffused) Gaps(int width, double beta, int replicate)
    {
        var (seed, step) = (Streams.Replicate(setting.Seed, replicate), Step(width, beta));
        var (engine, data) = (setting.Engine(1), Model.Data.Train);
        var network = Model.Embedding.Sample([width], seed);
        double[] times = [.. Enumerable.Range(0, (int)Math.Round(1 / step) + 1).Select(k => k * step)];
        IStepper Euler(IExpectation expectation) => TimeMethod.Find("euler").Fixed(
            new MeanFieldVelocity(network, Model.Loss, expectation, engine), step).Stepper;
        var diffusion = new SgdDiffusion(network, Model.Loss, data, engine, SgdNoise.Shared,
            stepFactor * step);

        ChaosRun Begin(IStepper stepper) => new(network, stepper, times, setting.Cancellation);
        ChaosRun quiet = Begin(Euler(new FullExpectation(data))),
            real = Begin(Euler(new BatchExpectation(new EmpiricalSource(data), Streams.Batches(seed), step, 1,
                data))),
            diffused = Begin(new EulerMaruyama(diffusion,
                new BrownianPaths(Streams.Brownian(seed), diffusion.NoiseDimension, step)));
        SupremumGap NewGap() => new(network, 0, network, 0, width, 1);
        var (a, b, every) = (NewGap(), NewGap(), (times.Length - 1) / Looks);
        for (var k = 0; k < times.Length; k++)
        {
            foreach (var run in new[] { quiet, real, diffused }) run.Advance();
            if (k % every != 0) continue;
            a.See(real.State, quiet.State);
            b.See(diffused.State, quiet.State);
        }
        return (a.OfOne, b.OfOne);
    }
}
