using MeanFieldLimit.Limits.Laws;
using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>The continuity equation of a limit, tested with smooth functions.</summary>
internal sealed class WeakForm : ITheoryCheck
{
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
        var (line, plane) = (DensityProblem.Line(setting, DensityProblem.Temperature), DensityProblem.Plane(setting));
        int[] cells = setting.Small ? [32, 64, 128] : [32, 64, 128, 256], steps = [10, 20, 40];
        (string Label, int[] Counts, Func<int, double> Error, double Order, double Slack)[] ways =
        [
            ("particles in the plane, Euler", steps, n => Particles(plane, "euler", n, setting), 1, 0.1),
            ("particles in the plane, Runge-Kutta", steps, n => Particles(plane, "runge-kutta-4", n, setting), 4, 0.3),
            ("grid in the plane, h", cells, n => OnGrid(plane, n, n / 2, setting), 2, 0.35),
            ("grid on the line, temperature 0.05, h", cells, n => OnGrid(line, 2 * n, n, setting), 2, 0.35),
            ("minimizing movements on the line, temperature 0.05, tau", steps, n => Proximal(line, n, setting), 1,
                0.15),
        ];
        var measured = ways.Select(w => (Way: w, Errors: w.Counts.Select(w.Error).ToArray())).ToArray();
        return new(
            [.. measured.Select(m => Measurement.AtLeast($"{m.Way.Label}: order of the residual",
                Measurement.OrderOf(m.Errors), m.Way.Order - m.Way.Slack, $"{m.Way.Order} or more", "from the last " +
                "two refinements of the largest residual over three g; their ratio is on its way to the limit"))],
            [
                SeriesFigure.Draw(Name, "Largest residual of the weak form over three test functions against the " +
                    "number of steps or cells; dashed: the orders of the schemes.", new("steps or cells", true),
                    new("residual", true), [.. measured.Select(m =>
                        new Series(m.Way.Label, m.Way.Counts, m.Errors) { Theory = -m.Way.Order })]),
            ], [line, plane]);
    }

    /// <summary>Particles moved by the passes of ensembles; int grad g . v d mu as further components.</summary>
    private double Particles(Model model, string method, int steps, CheckSetting setting)
    {
        var (coordinates, limit, time) = (NeuronCoordinates.Of(model), model.InitialLimit(), model.SaveTimes[^1]);
        var (n, d, masses) = (limit.State.Length, coordinates.Dimension, limit.Masses(1).ToArray());
        var field = model.Objective.Velocity(limit, setting.Machine.Engine(1));
        var followed = new Field(n + TestFunction.All.Length, (t, y, velocity) =>
        {
            field.Evaluate(t, y[..n], velocity[..n]);
            double[] points = coordinates.Points(limit, y[..n]), moves = coordinates.Points(limit, velocity[..n]);
            for (var g = 0; g < TestFunction.All.Length; g++)
                velocity[n + g] = masses.SelectMany((m, i) => TestFunction.All[g]
                    .Derivatives(points.AsSpan(i * d, d)).Gradient.Select((v, k) => m * v * moves[i * d + k])).Sum();
        });
        var (stepper, control) = TimeMethod.Find(method).Fixed(followed, time / steps);
        var end = setting.End(stepper, control, [.. limit.State, .. new double[TestFunction.All.Length]], time);
        double[] Means(double[] state) => TestFunction.Means(coordinates.Points(limit, state), masses, d);
        return Largest(Means(limit.State), Means(end), end[n..]);
    }

    /// <summary>The integral by trapezia over the steps, with the gradient at the centres of cells.</summary>
    private double OnGrid(Model model, int cells, int steps, CheckSetting setting)
    {
        var (coordinates, limit) = (NeuronCoordinates.Of(model), DensityProblem.OnGrid(model, cells, steps));
        return Residual(new DensityStepper(limit.Equation.On(limit.Grid)), coordinates.Initial(limit.Grid).Masses,
            new(coordinates, masses => (limit.Grid.Centres, masses)), limit.Step, steps, 0.5, setting);
    }

    /// <summary>The integral by the ends of the steps, where the scheme has its velocity.</summary>
    private double Proximal(Model model, int steps, CheckSetting setting)
    {
        var coordinates = NeuronCoordinates.Of(model);
        var start = DensityProblem.Particles(coordinates, 1024);
        var scheme = new ProximalQuantiles(coordinates.NewRisk(), start.Masses, coordinates.Temperature);
        return Residual(scheme, start.Points, new(coordinates, points => (points, start.Masses)),
            model.SaveTimes[^1] / steps, steps, 0, setting);
    }

    /// <summary>After steps of length h, of which the part <paramref name="first"/> counts by its start.</summary>
    private double Residual(IStepper stepper, double[] start, Integral sum, double h, int steps, double first,
        CheckSetting setting)
    {
        double[] state = [.. start], next = new double[state.Length];
        for (var k = 0; k < steps; k++)
        {
            sum.Add(state, first * h);
            stepper.Step(new(k * h, (k + 1) * h), state, next, []);
            (state, next) = (next, state);
            sum.Add(state, (1 - first) * h);
            setting.Machine.Cancellation.ThrowIfCancellationRequested();
        }
        return Largest(sum.Means(start), sum.Means(state), sum.Values);
    }

    private double Largest(double[] start, double[] end, double[] integral) =>
        start.Select((s, g) => Math.Abs(end[g] - s - Factor * integral[g])).Max();

    /// <summary>int (-grad g . grad Psi + D laplace g) d mu, added up over time.</summary>
    private sealed class Integral(NeuronCoordinates coordinates, Func<double[], (double[] Points, double[] Masses)> law)
    {
        private readonly TwoLayerRisk risk = coordinates.NewRisk();

        internal double[] Values { get; } = new double[TestFunction.All.Length];

        internal double[] Means(double[] state)
        {
            var (points, masses) = law(state);
            return TestFunction.Means(points, masses, risk.Dimension);
        }

        internal void Add(double[] state, double time)
        {
            var (points, masses) = law(state);
            var (gradient, d) = (new double[points.Length], risk.Dimension);
            risk.Gradient(points, masses, gradient);
            for (var g = 0; g < Values.Length; g++)
                for (var i = 0; i < masses.Length; i++)
                {
                    var (slopes, laplacian) = TestFunction.All[g].Derivatives(points.AsSpan(i * d, d));
                    var rate = coordinates.Temperature * laplacian;
                    for (var k = 0; k < d; k++) rate -= slopes[k] * gradient[i * d + k];
                    Values[g] += time * masses[i] * rate;
                }
        }
    }
}

/// <summary>g(theta) = a(s), s = c_1 theta_1 + c_2 theta_2, smooth; on the line s = c_1 theta_1.</summary>
internal sealed record TestFunction(double[] C, Func<double, double> Value, Func<double, double> Slope,
    Func<double, double> Curvature)
{
    /// <summary>A wave, a bell and a square that bends over.</summary>
    internal static TestFunction[] All { get; } =
    [
        new([1, 0.6], s => Math.Cos(s + 0.3), s => -Math.Sin(s + 0.3), s => -Math.Cos(s + 0.3)),
        new([1, -0.8], s => Math.Exp(-s * s / 2), s => -s * Math.Exp(-s * s / 2),
            s => (s * s - 1) * Math.Exp(-s * s / 2)),
        new([0.7, 1], s => s * s / (1 + s * s), s => 2 * s / Math.Pow(1 + s * s, 2),
            s => (2 - 6 * s * s) / Math.Pow(1 + s * s, 3)),
    ];

    internal (double[] Gradient, double Laplacian) Derivatives(ReadOnlySpan<double> theta)
    {
        var (s, c) = (At(theta), C[..theta.Length]);
        return ([.. c.Select(a => a * Slope(s))], c.Sum(a => a * a) * Curvature(s));
    }

    /// <summary>int g d mu of each function.</summary>
    internal static double[] Means(double[] points, double[] masses, int dimension) => [.. All.Select(g =>
        masses.Select((m, i) => m * g.Value(g.At(points.AsSpan(i * dimension, dimension)))).Sum())];

    private double At(ReadOnlySpan<double> theta)
    {
        var s = 0.0;
        for (var k = 0; k < theta.Length; k++) s += C[k] * theta[k];
        return s;
    }
}
