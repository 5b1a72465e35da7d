using MeanFieldLimit.Limits.Laws;
using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>One limit as particles, as a partial differential equation and as minimizing movements.</summary>
internal sealed class ThreeWays : ITheoryCheck
{
    public string Name => "descriptions";

    public string Claim => "Particles, the Fokker-Planck equation and the minimizing-movement scheme have one " +
        "solution: W2 between any two goes to 0 as each is refined, as the square of the cells of a grid and of the " +
        "distance of particles, as tau, and as sqrt(log log N / N) for networks of N neurons with normal weights.";

    public string Source => "Jordan, Kinderlehrer and Otto (SIAM J. Math. Anal. 29, 1998); the orders are those of " +
        "the schemes; on the line E W2^2 of N samples is of order 1/N (Bobkov and Ledoux 2019), log log N / N for " +
        "normal ones";

    /// <summary>The temperature of the minimizing movements over that of the grid; 1 in theory.</summary>
    internal double Factor { get; init; } = 1;

    public CheckResult Run(CheckSetting setting)
    {
        var flow = new Line(DensityProblem.Line(setting, 0), setting);
        var noisy = new Line(DensityProblem.Line(setting, DensityProblem.Temperature), setting);
        int[] cells = setting.Small ? [64, 128, 256] : [64, 128, 256, 512];
        int[] steps = setting.Small ? [20, 40, 80] : [20, 40, 80, 160];

        var particles = flow.Particles(4096);
        double[] grids = [.. cells.Select(n => flow.OnGrid(n).Distance(particles))];
        double[] coarser = [.. cells.Select(n => flow.Particles(n).Distance(particles))];
        // On the same points: what remains is tau's.
        var same = flow.Particles(512);
        double[] movements = [.. steps.Select(n => flow.Proximal(512, n).Distance(same))];

        var (fine, finest) = (setting.Small ? 512 : 1024, setting.Small ? 512 : 2048);
        var density = noisy.OnGrid(fine);
        double[] noisyGrids = [.. cells.SkipLast(1).Select(n => noisy.OnGrid(n).Distance(density))];
        double[] noisyMovements = [.. steps.Select(n => noisy.Proximal(fine, n, Factor).Distance(density))];

        int[] widths = setting.Small ? [50, 200, 800] : [50, 200, 800, 3200];
        var slope = SlopeOfNormalSamples(widths);
        var samples = setting.Networks(flow.Model, widths, setting.Small ? 20 : 60, flow.Law)
            .Decay("W2 of the neurons of networks to the density", Math.Round(slope, 3), q => q.Distance(particles));

        return new(
        [
            Measurement.Order("grid to particles, order in h", grids, 2, 0.35,
                ", and limiters cut off the tops of peaks"),
            Measurement.Order("particles to finer ones, order in their distance", coarser, 2, 0.2),
            Measurement.Order("minimizing movements to particles, order in tau", movements, 1, 0.15),
            Measurement.Order("grid to a finer one, temperature 0.05, order in h", noisyGrids, 2, 0.35),
            Measurement.Order("minimizing movements to the grid, temperature 0.05, order in tau", noisyMovements, 1,
                0.15),
            Measurement.AtMost("all three, finest: largest W2",
                new[] { grids[^1], movements[^1], flow.Proximal(finest, steps[^1]).Distance(flow.OnGrid(fine)) }.Max(),
                0.01, "0", "tau = 1/80 at least, of a motion of length 1"),
            samples.Verdict,
        ],
        [
            SeriesFigure.Draw(Name, "W2 between ways of solving one limit at t = 1, against the number of cells, " +
                "particles, steps or neurons; dashed: the orders of theory.", new("cells, particles, steps or N", true),
                new("W2", true),
                [
                    new("grid, particles", cells, grids) { Theory = -2 },
                    new("particles, finer ones", cells, coarser) { Theory = -2 },
                    new("jko, particles", steps, movements) { Theory = -1 },
                    new("jko, grid (temperature)", steps, noisyMovements) { Theory = -1 },
                    samples.Series("networks, particles") with { Theory = slope },
                ]),
        ], [flow.Model, noisy.Model]);
    }

    /// <summary>
    /// The slope in log N of sqrt(log log N / N): the tails of normal samples cost a little more than 1/N, which at
    /// these widths shows.
    /// </summary>
    internal static double SlopeOfNormalSamples(int[] widths)
    {
        double[] logs = [.. widths.Select(n => Math.Log(n))];
        return MathNet.Numerics.Fit.Line(logs, [.. logs.Select(l => 0.5 * (Math.Log(Math.Log(l)) - l))]).B;
    }

    /// <summary>Ways of solving a limit on the line, to the law at its end.</summary>
    private sealed class Line(Model model, CheckSetting setting)
    {
        private readonly NeuronCoordinates coordinates = NeuronCoordinates.Of(model);

        internal Model Model => model;

        private double End => model.SaveTimes[^1];

        internal NeuronLaw OnGrid(int cells) => setting.Law(DensityProblem.OnGrid(model, cells, steps: cells));

        /// <summary>Particles from the centres of cells, dx_i/dt = -grad (delta F / delta mu)(x_i).</summary>
        internal NeuronLaw Particles(int count) => Moved(count, start =>
        {
            var risk = coordinates.NewRisk();
            var flow = new Field(start.Points.Length, (_, points, velocity) =>
            {
                risk.Gradient(points, start.Masses, velocity);
                TensorPrimitives.Negate(velocity, velocity);
            });
            return TimeMethod.Find("dormand-prince").Adaptive(flow, new(1e-10, 1e-10), new RootMeanSquareNorm());
        });

        internal NeuronLaw Proximal(int count, int steps, double factor = 1) => Moved(count, start =>
            (new ProximalQuantiles(coordinates.NewRisk(), start.Masses, factor * coordinates.Temperature),
                new FixedStep(End / steps)));

        private NeuronLaw Moved(int count, Func<DiscreteMeasure, (IStepper, IStepControl)> method)
        {
            var start = DensityProblem.Particles(coordinates, count);
            var (stepper, control) = method(start);
            return DensityProblem.Law(setting.End(stepper, control, start.Points, End), start.Masses);
        }

        /// <summary>The neurons of a network, moved by its own passes.</summary>
        internal NeuronLaw Law(Subject network) => DensityProblem.Law(coordinates.Points(network.Ensemble,
            network.FollowNetwork().Result.State), network.Ensemble.Masses(1).ToArray());
    }
}
