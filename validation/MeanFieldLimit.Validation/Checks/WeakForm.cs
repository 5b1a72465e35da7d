using MeanFieldLimit.Limits.Grids;
using MeanFieldLimit.Limits.Laws;
using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>The continuity equation of a limit, tested with smooth functions.</summary>
internal sealed class WeakForm : ITheoryCheck
{
    private const double Temperature = 0.05, LeastMass = 1e-14;

    public string Name => "weak-form";

    public string Claim => "For smooth g, d/dt int g d mu = -int grad g . grad Psi d mu + D int laplace g d mu, Psi " +
        "the first variation of the risk: int g d mu at the end differs from its start and the integral of the " +
        "right-hand side by no more than the error of the scheme, of the order of its steps and cells.";

    public string Source => "the continuity equation of a Wasserstein gradient flow in its weak form (Ambrosio, " +
        "Gigli and Savare, Gradient Flows, 2008, section 8.1)";

    /// <summary>The equation has 1: what its right-hand side is multiplied by.</summary>
    internal double Factor { get; init; } = 1;

    public CheckResult Run(CheckSetting setting)
    {
        var (line, plane) = (DensityProblem.Line(setting, Temperature), DensityProblem.Plane(setting));
        int[] cells = setting.Small ? [32, 64, 128] : [32, 64, 128, 256], steps = [10, 20, 40];
        (string Label, int[] Counts, double[] Errors, double Order, double Slack)[] measured =
        [
            ("particles in the plane, Euler", steps,
                [.. steps.Select(n => Particles(plane, "euler", n, setting))], 1, 0.1),
            ("particles in the plane, Runge-Kutta", steps,
                [.. steps.Select(n => Particles(plane, "runge-kutta-4", n, setting))], 4, 0.3),
            ("grid in the plane, h", cells, [.. cells.Select(n => OnGrid(plane, n, n / 2, setting))], 2, 0.35),
            ("grid on the line, temperature 0.05, h", cells, [.. cells.Select(n => OnGrid(line, 2 * n, n, setting))], 2,
                0.35),
            ("minimizing movements on the line, temperature 0.05, tau", steps,
                [.. steps.Select(n => Proximal(line, n, setting))], 1, 0.15),
        ];
        return new(
            [.. measured.Select(m => Measurement.AtLeast($"{m.Label}: order of the residual",
                Math.Log2(m.Errors[^2] / m.Errors[^1]), m.Order - m.Slack, $"{m.Order} or more",
                "from the last two refinements of the largest residual over three g; their ratio is on its way to " +
                "the limit"))],
            [
                SeriesFigure.Draw(Name, "Largest residual of the weak form over three test functions against the " +
                    "number of steps or cells; dashed: the orders of the schemes.", new("steps or cells", true),
                    new("residual", true), [.. measured.Select(m => new Series(m.Label,
                        [.. m.Counts.Select(n => (double)n)], m.Errors) { Theory = -m.Order })]),
            ], [line, plane]);
    }

    /// <summary>Particles moved by the passes of ensembles; the integral follows as further components.</summary>
    private double Particles(Model model, string method, int steps, CheckSetting setting)
    {
        var (coordinates, limit) = (NeuronCoordinates.Of(model), model.InitialLimit());
        var flow = new Followed(model, coordinates, limit, setting);
        double[] initial = [.. limit.State, .. new double[TestFunction.All.Length]];
        var (stepper, control) = TimeMethod.Find(method).Fixed(flow, model.SaveTimes[^1] / steps);
        var run = new TimeLoop { Stepper = stepper, Control = control, Cancellation = setting.Cancellation }
            .Run(initial, new(0, model.SaveTimes[^1]));
        setting.Cancellation.ThrowIfCancellationRequested();
        var end = run.OrThrow().State;
        var masses = limit.Masses(1).ToArray();
        double[] Means(double[] state) => TestFunction.Means(
            coordinates.Points(limit, state.AsSpan(0, limit.State.Length)), masses, coordinates.Dimension);
        return Largest(Means(initial), Means(end), end[limit.State.Length..]);
    }

    /// <summary>The integral by trapezia over the steps, with the gradient at the centres of cells.</summary>
    private double OnGrid(Model model, int cells, int steps, CheckSetting setting)
    {
        var coordinates = NeuronCoordinates.Of(model);
        var limit = new GridLimit(model) { Grid = coordinates.Grid(cells), Step = model.SaveTimes[^1] / steps };
        var (h, grid, start) = (limit.Step, limit.Grid, coordinates.Initial(limit.Grid));
        var sum = new Integral(coordinates.NewRisk(), coordinates.Temperature, masses => (grid.Centres, masses));
        var stepper = new DensityStepper(limit.Equation.On(grid));
        double[] state = [.. start.Masses], next = new double[state.Length];
        for (var k = 0; k < steps; k++)
        {
            sum.Add(state, h / 2);
            stepper.Step(new(k * h, (k + 1) * h), state, next, []);
            (state, next) = (next, state);
            sum.Add(state, h / 2);
            setting.Cancellation.ThrowIfCancellationRequested();
        }
        return Largest(sum.Means(start.Masses), sum.Means(state), sum.Values);
    }

    /// <summary>The integral by the ends of the steps, where the scheme has its velocity.</summary>
    private double Proximal(Model model, int steps, CheckSetting setting)
    {
        var coordinates = NeuronCoordinates.Of(model);
        var start = NeuronLaw.Heavy(coordinates.Initial(coordinates.Grid(1024)).Measure, LeastMass);
        var diffusion = coordinates.Temperature;
        var sum = new Integral(coordinates.NewRisk(), diffusion, points => (points, start.Masses));
        var (tau, scheme) = (model.SaveTimes[^1] / steps, new ProximalQuantiles(coordinates.NewRisk(), start.Masses,
            diffusion));
        double[] state = [.. start.Points], next = new double[state.Length];
        for (var k = 0; k < steps; k++)
        {
            scheme.Step(new(k * tau, (k + 1) * tau), state, next, []);
            (state, next) = (next, state);
            sum.Add(state, tau);
            setting.Cancellation.ThrowIfCancellationRequested();
        }
        return Largest(sum.Means(start.Points), sum.Means(state), sum.Values);
    }

    private double Largest(double[] start, double[] end, double[] integral) =>
        start.Select((s, g) => Math.Abs(end[g] - s - Factor * integral[g])).Max();

    /// <summary>int (-grad g . grad Psi + D laplace g) d mu, added up over time.</summary>
    private sealed class Integral(TwoLayerRisk risk, double diffusion,
        Func<double[], (double[] Points, double[] Masses)> law)
    {
        private double[] gradient = [];

        internal double[] Values { get; } = new double[TestFunction.All.Length];

        internal double[] Means(double[] state)
        {
            var (points, masses) = law(state);
            return TestFunction.Means(points, masses, risk.Dimension);
        }

        internal void Add(double[] state, double time)
        {
            var (points, masses) = law(state);
            if (gradient.Length != points.Length) gradient = new double[points.Length];
            risk.Gradient(points, masses, gradient);
            var d = risk.Dimension;
            for (var g = 0; g < Values.Length; g++)
                for (var i = 0; i < masses.Length; i++)
                {
                    var (slopes, laplacian) = TestFunction.All[g].Derivatives(points.AsSpan(i * d, d));
                    var rate = diffusion * laplacian;
                    for (var k = 0; k < d; k++) rate -= slopes[k] * gradient[i * d + k];
                    Values[g] += time * masses[i] * rate;
                }
        }
    }

    /// <summary>The velocity of an ensemble, and after it int grad g . v d mu of each g.</summary>
    private sealed class Followed(Model model, NeuronCoordinates coordinates, Ensemble limit,
        CheckSetting setting) : IVectorField
    {
        private readonly MeanFieldVelocity field = new(limit, model.Loss,
            new Data.FullExpectation(model.Data.Train), setting.Engine(1), model.Schedules);

        public int Dimension => limit.State.Length + TestFunction.All.Length;

        public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity)
        {
            var n = limit.State.Length;
            field.Evaluate(t, y[..n], velocity[..n]);
            double[] points = coordinates.Points(limit, y[..n]), moves = coordinates.Points(limit, velocity[..n]);
            var masses = limit.Masses(1);
            var d = coordinates.Dimension;
            for (var g = 0; g < TestFunction.All.Length; g++)
            {
                velocity[n + g] = 0;
                for (var i = 0; i < masses.Length; i++)
                {
                    var (slopes, _) = TestFunction.All[g].Derivatives(points.AsSpan(i * d, d));
                    for (var k = 0; k < d; k++) velocity[n + g] += masses[i] * slopes[k] * moves[i * d + k];
                }
            }
        }
    }
}
