using MathNet.Numerics.Statistics;
using MeanFieldLimit.Limits.Grids;
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

    public CheckResult Run(CheckSetting setting) => setting.UntilCancelled(() => Measure(setting));

    private CheckResult Measure(CheckSetting setting)
    {
        int[] cells = setting.Small ? [64, 128, 256, 512] : [64, 128, 256, 512, 1024], nodes = [32, 128, 512, 2048];
        var seeds = setting.Small ? 8 : 32;
        var laws = new Laws(setting, Factor * Gamma);
        NeuronLaw[] onGrids = [.. cells.Select(laws.OnGrid)];
        double[] grids = [.. onGrids.Zip(onGrids.Skip(1), (a, b) => a.Distance(b))];
        var fine = onGrids[^1];
        var clouds = setting.Networks(nodes, seeds, laws.Particles);
        int[] particles = [.. nodes.Select(n => n * Laws.Paths)];
        var w2 = Decay.Of("W2 of M particles to the density", particles, clouds, c => c.Line.Distance(fine));
        var largest = clouds[^seeds..];

        int[] widths = [16, 64, 256];
        var runs = setting.Small ? 300 : 2000;
        var sgd = new SgdSteps(setting, StepFactor);
        var gaps = new[] { 0, 0.5 }.Select(beta => (Beta: beta, Of: setting.Networks(widths, runs,
            (n, replicate) => sgd.Gaps(n, beta, replicate)))).ToArray();

        return new(
        [
            new("grid to one of half the cells, order in h", Math.Log2(grids[^2] / grids[^1]), "2", 1.65, 2.35,
                "from the last two refinements; their ratio is still on its way to the limit"),
            w2.Against(Math.Round(Descriptions.SlopeOfNormalSamples(particles), 3)),
            Agrees("mean", laws.Mean, largest.Select(c => c.Mean)),
            Agrees("standard deviation", laws.Deviation, largest.Select(c => c.Deviation)),
            .. gaps.Select(g => Exponent(g.Beta, widths, g.Of)),
            .. gaps.Select(g => Ratio(g.Beta, widths[^1], g.Of[^runs..])),
        ],
        [
            SeriesFigure.Draw(Name, "W2 at t = 1 of cells to half of them, and of particles to the finest cells, " +
                "against their number, of the limit of SGD at beta = 1 with noise per particle; dashed: the orders " +
                "of theory.", new("cells or particles", true), new("W2", true),
                [
                    new("grid", [.. cells.SkipLast(1).Select(n => (double)n)], grids) { Theory = -2 },
                    new("particles", [.. particles.Select(n => (double)n)], w2.Means) { Theory = -0.5 },
                ]),
            SeriesFigure.Draw("sgd-diffusion-steps", "E sup over t of |W^SGD - W|^2 between SGD and gradient descent " +
                "of one network, against its width; dashed: N^(beta - 1).", Scale.Widths(widths),
                new("E sup |W^SGD - W|^2", true), [.. gaps.Select(g => new Series($"\u03b2 = {g.Beta}",
                    [.. widths.Select(n => (double)n)], Means(widths, g.Of)) { Theory = g.Beta - 1 })]),
        ], [laws.Model, sgd.Model]);
    }

    private static Measurement Ratio(double beta, int width, (double Real, double Diffused)[] gaps)
    {
        double[] real = [.. gaps.Select(g => g.Real)], diffused = [.. gaps.Select(g => g.Diffused)];
        double Relative(double[] values) => values.StandardDeviation() / values.Average() / Math.Sqrt(values.Length);
        var (noise, bias) = (Math.Sqrt(Math.Pow(Relative(real), 2) + Math.Pow(Relative(diffused), 2)),
            4 * SgdSteps.Step(width, beta));
        return new($"E sup of SGD over that of its diffusion, beta = {beta}, N = {width}",
            real.Average() / diffused.Average(), "1", 1 - Z * noise - bias, 1 + Z * noise + bias,
            $"z = {Z} standard deviations {noise:G2}, and four steps {bias:G2}");
    }

    private static double[] Means(int[] widths, (double Real, double Diffused)[] gaps) =>
        [.. widths.Select((_, w) => gaps.Skip(w * gaps.Length / widths.Length).Take(gaps.Length / widths.Length)
            .Average(g => g.Real))];

    private static Measurement Exponent(double beta, int[] widths, (double Real, double Diffused)[] gaps)
    {
        double[] logs = [.. widths.Select(n => Math.Log(n))];
        return new($"exponent in N of E sup |.|^2 of SGD to gradient descent, beta = {beta}", MathNet.Numerics.Fit.Line(
            logs, [.. Means(widths, gaps).Select(m => Math.Log(m))]).B, $"{beta - 1}", beta - 1 - 0.1, beta - 1 + 0.1,
            "the tolerance of the claim");
    }

    private static Measurement Agrees(string quantity, double onGrid, IEnumerable<double> particles)
    {
        double[] values = [.. particles];
        var error = values.StandardDeviation() / Math.Sqrt(values.Length);
        // Euler's method has weak order 1: so many steps make the mean 0.0004 and the deviation 0.0022 too large, as
        // a NumPy program has it with two and four times as many.
        var allowed = Z * error + 1.0 / Steps;
        return new($"{quantity} of the law, particles", values.Average(), $"{onGrid:0.0000}, the grid's",
            onGrid - allowed, onGrid + allowed, $"z = {Z} standard deviations {error:G2}, and a step of Euler's " +
            "method");
    }

    /// <summary>The limit at beta = 1 of neurons of one parameter.</summary>
    private sealed class Laws
    {
        internal const int Paths = 2;

        private readonly CheckSetting setting;
        private readonly Model noisy;
        private readonly NeuronCoordinates coordinates;
        private readonly DiscreteMeasure finest;

        internal Laws(CheckSetting setting, double gammaOfGrid)
        {
            var line = DensityProblem.Line(setting, 0);
            var problem = line.Problem;
            Model = line.With(problem with
            {
                Chaos = new() { Gamma = Gamma, Steps = Steps, Paths = Paths },
            });
            noisy = line.With(problem with
            {
                Training = problem.Training with
                {
                    Dynamics = DynamicsKind.SgdDiffusion,
                    Step = gammaOfGrid,
                    Batch = 1,
                },
            });
            (this.setting, coordinates) = (setting, NeuronCoordinates.Of(noisy));
            var fine = OnGrid(512);
            finest = fine.At(fine.Masses.Count - 1);
        }

        internal Model Model { get; }

        internal double Mean => Of(finest).Mean;

        internal double Deviation => Of(finest).Deviation;

        internal NeuronLaw OnGrid(int cells) =>
            new GridLimit(noisy) { Grid = coordinates.Grid(cells), Step = 1.0 / cells }.Law(setting);

        /// <summary>The law that carries tracers in the propagation of chaos: Sobol' types, paths in pairs.</summary>
        internal (NeuronLaw Line, double Mean, double Deviation) Particles(int nodes, int replicate)
        {
            var seed = Streams.Replicate(setting.Seed, replicate);
            var model = Model.With(Model.Problem with
            {
                Seed = (long)(seed >> 1),
                Limit = Model.Problem.Limit with { Types = [new SobolSpec { Nodes = nodes }] },
            });
            var chaos = new ChaosModel(model);
            var limits = chaos.NewRun(setting.Machine);
            var run = chaos.Limit(limits, chaos.Sample(1, seed), seed, ChaosNoise.PerParticle, chaos.StepOfSgd(1, nodes));
            if (limits.Complete().Failed is { } failed) throw new RunFailedException(failed.Result);
            var count = run.Ensemble.Massive(1);
            var law = new DiscreteMeasure(1, coordinates.Points(run.Ensemble, run.State)[..count],
                run.Ensemble.Masses(1)[..count].ToArray());
            return (new(1, [law.Points], [law.Masses], [double.NaN]), Of(law).Mean, Of(law).Deviation);
        }

        private static (double Mean, double Deviation) Of(DiscreteMeasure law)
        {
            var mean = law.Points.Zip(law.Masses, (x, m) => m * x).Sum();
            return (mean, Math.Sqrt(law.Points.Zip(law.Masses, (x, m) => m * (x - mean) * (x - mean)).Sum()));
        }
    }
}
