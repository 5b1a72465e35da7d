using MathNet.Numerics.Statistics;
using MeanFieldLimit.Limits.Laws;
using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Studies.Chaos;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>
/// SGD, step by step, beside the diffusion that stands for it; and the diffusion's limit as particles and as a partial
/// differential equation.
/// </summary>
internal sealed class SgdAsDiffusion : ITheoryCheck
{
    private const double Gamma = 1, Z = 4;
    private const int Steps = 200;

    public string Name => "sgd-diffusion";

    public string Claim => "Below beta = 1 the neurons of SGD of step gamma N^(beta - 1) are N^(-(1 - beta)/2) from " +
        "those of gradient descent, as far as those of its diffusion with noise in common. At beta = 1 the limit " +
        "with noise per particle has the law of d_t rho = (h rho)' + gamma/2 (Sigma rho)'': M particles are sqrt(log " +
        "log M / M) from it, cells h^2.";

    public string Source => "De Bortoli, Durmus, Fontaine and Simsekli (arXiv:2007.06352); W2 of M normal samples: " +
        "Bobkov and Ledoux, Memoirs AMS 261 (2019)";

    /// <summary>The gamma of the grid over that of the particles; 1 where they solve one equation.</summary>
    internal double Factor { get; init; } = 1;

    /// <summary>The step of the diffusion over that of the SGD it stands for; 1 in theory.</summary>
    internal double StepFactor { get; init; } = 1;

    public CheckResult Run(CheckSetting setting)
    {
        int[] cells = setting.Small ? [64, 128, 256, 512] : [64, 128, 256, 512, 1024], nodes = [32, 128, 512, 2048];
        var laws = new Laws(setting, DensityProblem.Line(setting, 0), Factor * Gamma);
        NeuronLaw[] onGrids = [.. cells.Select(laws.OnGrid)];
        double[] grids = [.. onGrids.Zip(onGrids.Skip(1), (a, b) => a.Distance(b))];
        int[] particles = [.. nodes.Select(n => n * Laws.Paths)];
        var clouds = setting.Each(nodes, setting.Small ? 8 : 32, laws.Particles) with { Widths = particles };
        var w2 = clouds.Decay("W2 of M particles to the density",
            Math.Round(ThreeWays.SlopeOfNormalSamples(particles), 3), c => c.Distance(onGrids[^1]));
        var (moments, exact) = (clouds.ByWidth[^1].Select(Laws.Moments).ToArray(), Laws.Moments(onGrids[3]));

        int[] widths = [16, 64, 256];
        var sgd = new Sgd(setting, StepFactor);
        var gaps = new[] { 0, 0.5 }.Select(beta =>
        {
            var all = setting.Each(widths, setting.Small ? 300 : 2000, (n, r) => sgd.Gaps(n, beta, r)).ByWidth;
            double[] means = [.. all.Select(of => of.Average(r => r.Real))];
            return (Beta: beta, Widest: all[^1],
                Series: new Series($"\u03b2 = {beta}", widths, means) { Theory = beta - 1 });
        }).ToArray();

        return new(
        [
            Measurement.Order("grid to one of half the cells, order in h", grids, 2, 0.35),
            w2.Verdict,
            Agrees("mean", exact.Mean, [.. moments.Select(m => m.Mean)]),
            Agrees("standard deviation", exact.Deviation, [.. moments.Select(m => m.Deviation)]),
            .. gaps.Select(g => Measurement.Power(
                $"exponent in N of E sup |.|^2 of SGD to gradient descent, beta = {g.Beta}", g.Series)),
            .. gaps.Select(g => Ratio(g.Beta, widths[^1], g.Widest)),
        ],
        [
            SeriesFigure.Draw(Name, "W2 at t = 1 of cells to half of them, and of particles to the finest cells, " +
                "against their number, of the limit of SGD at beta = 1 with noise per particle; dashed: the orders " +
                "of theory.", new("cells or particles", true), new("W2", true),
                [new("grid", cells[..^1], grids) { Theory = -2 }, w2.Series("particles") with { Theory = -0.5 }]),
            SeriesFigure.Draw("sgd-diffusion-steps", "E sup over t of |W(SGD) - W|^2 between SGD and gradient " +
                "descent of one network, against its width; dashed: N^(beta - 1).", Scale.Widths(widths),
                new("E sup |W(SGD) - W|^2", true), [.. gaps.Select(g => g.Series)]),
        ], [laws.Model, sgd.Model]);
    }

    private static Measurement Ratio(double beta, int width, (double Real, double Diffused)[] gaps)
    {
        double[] real = [.. gaps.Select(g => g.Real)], diffused = [.. gaps.Select(g => g.Diffused)];
        double Relative(double[] values) => values.StandardDeviation() / values.Average() / Math.Sqrt(values.Length);
        var (noise, bias) = (Math.Sqrt(Math.Pow(Relative(real), 2) + Math.Pow(Relative(diffused), 2)),
            4 * Sgd.Step(width, beta));
        return new($"E sup of SGD over that of its diffusion, beta = {beta}, N = {width}",
            real.Average() / diffused.Average(), "1", 1 - Z * noise - bias, 1 + Z * noise + bias,
            $"z = {Z} standard deviations {noise:G2}, and four steps {bias:G2}");
    }

    private static Measurement Agrees(string quantity, double onGrid, double[] values)
    {
        var error = values.StandardDeviation() / Math.Sqrt(values.Length);
        // Euler's method has weak order 1: so many steps make the mean 0.0004 and the deviation 0.0022 too large, as
        // a NumPy program has it with two and four times as many.
        return Measurement.Near($"{quantity} of the law, particles", values.Average(), onGrid, Z * error + 1.0 / Steps,
            $"z = {Z} standard deviations {error:G2}, and a step of Euler's method", $"{onGrid:0.0000}, the grid's");
    }

    /// <summary>Networks under SGD on single points, and under its diffusion, beside gradient descent.</summary>
    private sealed class Sgd(CheckSetting setting, double stepFactor)
    {
        // Times after 0 at which states are compared.
        private const int Looks = 16;

        internal Model Model { get; } = DensityProblem.Plane(setting);

        /// <summary>gamma N^(beta - 1), gamma = 16^-beta: 1/16 at N = 16, a whole number between looks.</summary>
        internal static double Step(int width, double beta) => Math.Pow(width / 16.0, beta) / width;

        internal (double Real, double Diffused) Gaps(int width, double beta, int replicate)
        {
            var (seed, step) = (Streams.SeedOf(setting.Seed, replicate), Step(width, beta));
            var network = Model.Embedding.Sample([width], seed);
            var run = new Run(Model, setting.Machine with { Threads = 1 })
            {
                SaveTimes = [.. Enumerable.Range(0, Looks + 1).Select(k => (double)k / Looks)],
            };
            var quiet = run.Add(network, new GradientFlow("euler", Step: step), new(seed));
            SupremumGap Watch(IDynamics dynamics)
            {
                var gap = new SupremumGap(run.Add(network, dynamics, new(seed)), quiet, 1);
                run.Watch(gap);
                return gap;
            }
            var (real, diffused) = (Watch(new StochasticGradientDescent(step, 1)),
                Watch(new SgdDiffusionDynamics(SgdNoise.Shared, stepFactor * step, 1, step)));
            CheckSetting.Complete(run);
            return (real.OfOne, diffused.OfOne);
        }
    }

    /// <summary>The limit at beta = 1 of neurons of one parameter.</summary>
    private sealed class Laws(CheckSetting setting, Model line, double gammaOfGrid)
    {
        internal const int Paths = 2;

        private readonly Model noisy = line.With(line.Problem with
        {
            Training = line.Problem.Training with
            {
                Dynamics = DynamicsKind.SgdDiffusion,
                Step = gammaOfGrid,
                Batch = 1,
            },
        });

        internal Model Model { get; } =
            line.With(line.Problem with { Chaos = new() { Gamma = Gamma, Steps = Steps, Paths = Paths } });

        internal NeuronLaw OnGrid(int cells) => setting.Law(DensityProblem.OnGrid(noisy, cells, steps: cells));

        /// <summary>The law that carries tracers in the propagation of chaos: Sobol' types, paths in pairs.</summary>
        internal NeuronLaw Particles(int nodes, int replicate)
        {
            var seed = Streams.SeedOf(setting.Seed, replicate);
            var model = Model.With(Model.Problem with
            {
                Seed = (long)(seed >> 1),
                Limit = Model.Problem.Limit with { Types = [new SobolSpec { Nodes = nodes }] },
            });
            var chaos = new ChaosModel(model);
            var limits = chaos.NewRun(setting.Machine);
            var run = chaos.Limit(limits, chaos.Sample(1, seed), seed, ChaosNoise.PerParticle, Gamma);
            CheckSetting.Complete(limits);
            var count = run.Ensemble.Massive(1);
            return DensityProblem.Law(NeuronCoordinates.Of(noisy).Points(run.Ensemble, run.State)[..count],
                run.Ensemble.Masses(1)[..count].ToArray());
        }

        /// <summary>Of the law at its end.</summary>
        internal static (double Mean, double Deviation) Moments(NeuronLaw law)
        {
            var end = law.At(law.Masses.Count - 1);
            var mean = end.Points.Zip(end.Masses, (x, m) => m * x).Sum();
            return (mean, Math.Sqrt(end.Points.Zip(end.Masses, (x, m) => m * (x - mean) * (x - mean)).Sum()));
        }
    }
}
