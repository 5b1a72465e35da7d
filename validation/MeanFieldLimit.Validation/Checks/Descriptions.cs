using MeanFieldLimit.Limits.Grids;
using MeanFieldLimit.Limits.Laws;
using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>One limit as particles, as a partial differential equation and as minimizing movements.</summary>
internal sealed class Descriptions : ITheoryCheck
{
    private const double Temperature = 0.05, LeastMass = 1e-14;

    public string Name => "descriptions";

    public string Claim => "Particles, the Fokker-Planck equation and the minimizing-movement scheme have one " +
        "solution: W2 between any two goes to 0 as each is refined, as the square of the cells of a grid and of the " +
        "distance of particles, as tau, and as sqrt(log log N / N) for networks of N neurons with normal weights.";

    public string Source => "Jordan, Kinderlehrer and Otto (SIAM J. Math. Anal. 29, 1998); the orders are those of " +
        "the schemes; on the line E W2^2 of N samples is of order 1/N (Bobkov and Ledoux 2019), log log N / N for " +
        "normal ones";

    /// <summary>The temperature of the minimizing movements over that of the grid; 1 where they solve one equation.
    /// </summary>
    internal double Factor { get; init; } = 1;

    public CheckResult Run(CheckSetting setting) => setting.UntilCancelled(() => Measure(setting));

    private CheckResult Measure(CheckSetting setting)
    {
        var flow = new Line(DensityProblem.Line(setting, 0), setting);
        var noisy = new Line(DensityProblem.Line(setting, Temperature), setting);
        int[] cells = setting.Small ? [64, 128, 256] : [64, 128, 256, 512];
        int[] steps = setting.Small ? [20, 40, 80] : [20, 40, 80, 160];

        var particles = flow.Particles(4096);
        double[] grids = [.. cells.Select(n => flow.OnGrid(n, n).Distance(particles))];
        double[] coarser = [.. cells.Select(n => flow.Particles(n).Distance(particles))];
        // On the same points: what remains is tau's.
        var same = flow.Particles(512);
        double[] movements = [.. steps.Select(n => flow.Proximal(512, n).Distance(same))];

        var (fine, finest) = (setting.Small ? 512 : 1024, setting.Small ? 512 : 2048);
        var density = noisy.OnGrid(fine, fine);
        double[] noisyGrids = [.. cells.SkipLast(1).Select(n => noisy.OnGrid(n, n).Distance(density))];
        double[] noisyMovements = [.. steps.Select(n => noisy.Proximal(fine, n, Factor).Distance(density))];

        int[] widths = setting.Small ? [50, 200, 800] : [50, 200, 800, 3200];
        var samples = Decay.Of("W2 of the neurons of networks to the density", widths,
            setting.Networks(widths, setting.Small ? 20 : 60, flow.Network), q => q.Distance(particles));

        var order = "from the last two refinements; their ratio is still on its way to the limit";
        return new(
        [
            Order("grid to particles, order in h", grids, 2, 0.35, order + ", and limiters cut off the tops of peaks"),
            Order("particles to finer ones, order in their distance", coarser, 2, 0.2, order),
            Order("minimizing movements to particles, order in tau", movements, 1, 0.15, order),
            Order("grid to a finer one, temperature 0.05, order in h", noisyGrids, 2, 0.35, order),
            Order("minimizing movements to the grid, temperature 0.05, order in tau", noisyMovements, 1, 0.15, order),
            Measurement.AtMost("all three, finest: largest W2",
                new[] { grids[^1], movements[^1], flow.Proximal(finest, steps[^1]).Distance(flow.OnGrid(fine, fine)) }
                    .Max(),
                0.01, "0", "tau = 1/80 at least, of a motion of length 1"),
            samples.Against(Math.Round(SlopeOfNormalSamples(widths), 3)),
        ],
        [
            SeriesFigure.Draw(Name, "W2 between ways of solving one limit at t = 1, against the number of cells, " +
                "particles, steps or neurons; dashed: the orders of theory.", new("cells, particles, steps or N", true),
                new("W2", true),
                [
                    Of("grid, particles", cells, grids, 2), Of("particles, finer ones", cells, coarser, 2),
                    Of("jko, particles", steps, movements, 1), Of("jko, grid (temperature)", steps, noisyMovements, 1),
                    Of("networks, particles", widths, samples.Means, -SlopeOfNormalSamples(widths)),
                ]),
        ], [flow.Model, noisy.Model]);
    }

    private static Series Of(string name, IReadOnlyList<int> counts, IReadOnlyList<double> values, double order) =>
        new(name, [.. counts.Select(n => (double)n)], values) { Theory = -order };

    /// <summary>
    /// The slope in log N of sqrt(log log N / N): the tails of normal samples cost a little more than 1/N, which at
    /// these widths shows.
    /// </summary>
    internal static double SlopeOfNormalSamples(int[] widths)
    {
        double[] logs = [.. widths.Select(n => Math.Log(n))];
        return MathNet.Numerics.Fit.Line(logs, [.. logs.Select(l => 0.5 * (Math.Log(Math.Log(l)) - l))]).B;
    }

    private static Measurement Order(string quantity, double[] errors, double order, double slack, string reason) =>
        new(quantity, Math.Log2(errors[^2] / errors[^1]), $"{order}", order - slack, order + slack, reason);

    /// <summary>Ways of solving a limit on the line, to the law at its end.</summary>
    private sealed class Line(Model model, CheckSetting setting)
    {
        private readonly NeuronCoordinates coordinates = NeuronCoordinates.Of(model);

        internal Model Model => model;

        private double End => model.SaveTimes[^1];

        internal NeuronLaw OnGrid(int cells, int steps) =>
            new GridLimit(model) { Grid = coordinates.Grid(cells), Step = End / steps }.Law(setting);

        /// <summary>Particles at the centres of cells, down the functional.</summary>
        internal NeuronLaw Particles(int count)
        {
            var start = Start(count);
            var (stepper, control) = TimeMethod.Find("dormand-prince").Adaptive(
                new FunctionalFlow(coordinates.NewRisk(), start.Masses), new(1e-10, 1e-10), new RootMeanSquareNorm());
            return Law(Run(stepper, control, start.Points), start.Masses);
        }

        internal NeuronLaw Proximal(int points, int steps, double factor = 1)
        {
            var start = Start(points);
            var scheme = new ProximalQuantiles(coordinates.NewRisk(), start.Masses, factor * coordinates.Temperature);
            return Law(Run(scheme, new FixedStep(End / steps), start.Points), start.Masses);
        }

        /// <summary>The neurons of a network, moved by its own passes.</summary>
        internal NeuronLaw Network(int width, int replicate)
        {
            var network = model.Embedding.Sample([width], Streams.Replicate(model.Seed, replicate));
            var trained = Followed.Network(model, network, setting);
            return Law(coordinates.Points(network, trained.Run.State), network.Masses(1).ToArray());
        }

        private static NeuronLaw Law(double[] points, double[] masses) => new(1, [points], [masses], [double.NaN]);

        private DiscreteMeasure Start(int count) =>
            NeuronLaw.Heavy(coordinates.Initial(coordinates.Grid(count)).Measure, LeastMass);

        private double[] Run(IStepper stepper, IStepControl control, double[] initial) => new TimeLoop
        {
            Stepper = stepper,
            Control = control,
            Cancellation = setting.Cancellation,
        }.Run(initial, new(0, End)).OrThrow().State;
    }

    /// <summary>Particles down a functional: dx_i/dt = -grad (delta F / delta mu)(x_i), the state being [particle,
    /// d].</summary>
    private sealed class FunctionalFlow(IFunctional functional, double[] masses) : IVectorField
    {
        public int Dimension => masses.Length * functional.Dimension;

        public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity)
        {
            functional.Gradient(y, masses, velocity);
            TensorPrimitives.Negate(velocity, velocity);
        }
    }
}
