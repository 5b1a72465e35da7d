using MeanFieldLimit.Validation.Studies.Chaos;

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
        var network = Model.Embedding.Sample([width], seed);
        double[] times = [.. Enumerable.Range(0, (int)Math.Round(1 / step) + 1).Select(k => k * step)];
        var run = new Run(Model, setting.Machine with { Threads = 1 }) { SaveTimes = times };
        Mover Begin(IDynamics dynamics) => run.Add(network, dynamics, new(seed));
        Mover quiet = Begin(new GradientFlow("euler", Step: step)),
            real = Begin(new StochasticGradientDescent(step, 1)),
            diffused = Begin(new SgdDiffusionDynamics(SgdNoise.Shared, stepFactor * step, 1, step));
        var (a, b, every) = (SupremumGap.Of(real, quiet, 1), SupremumGap.Of(diffused, quiet, 1),
            (times.Length - 1) / Looks);
        for (var k = 0; run.Advance(); k++)
        {
            if (k % every != 0) continue;
            a.Look(run);
            b.Look(run);
        }
        if (run.Failed is { } failed) throw new RunFailedException(failed.Result);
        return (a.OfOne, b.OfOne);
    }
}
