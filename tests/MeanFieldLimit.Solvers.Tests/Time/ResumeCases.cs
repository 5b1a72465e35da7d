using MeanFieldLimit.Solvers.Tests.Densities;
using MeanFieldLimit.Solvers.Tests.Diffusions;
using MeanFieldLimit.Solvers.Tests.Proximal;

namespace MeanFieldLimit.Solvers.Tests.Time;

/// <summary>Runs of every method, through everything that a method may keep from step to step.</summary>
internal static class ResumeCases
{
    private static readonly RootMeanSquareNorm Norm = new();

    private static readonly Grid Circle = new(Axis.Circle(32));

    /// <summary>All of them by name.</summary>
    internal static Dictionary<string, ResumeCase> All { get; } = New();

    private static Dictionary<string, ResumeCase> New()
    {
        Dictionary<string, ResumeCase> all = [];
        foreach (var method in TimeMethod.All)
        {
            // A right-hand side that jumps, save times that many steps pass at once, events that do not stop and one
            // that does.
            if (method.EstimatesError)
                all[$"{method.Name}, waves"] = Waving(() => method.Adaptive(Jumping(), new(1e-5, 1e-5), Norm));
            if (RungeKutta.All.Any(table => table.Name == method.Name))
                all[$"{method.Name}, fixed"] = Waving(() => method.Fixed(Jumping(), 0.07));
        }
        // Steps at the limit of stability, inside which the polynomial is not trusted.
        foreach (var name in new[] { "dormand-prince", "dormand-prince-8" })
            all[$"{name}, stiff"] = Of(() => TimeMethod.Find(name).Adaptive(Stiff(2), new(1e-4, 1e-4), Norm), [2, 1],
                1, saves: 400);
        all["auto, to bdf"] = Of(() => TimeMethod.Find("auto").Adaptive(Stiff(2), new(1e-4, 1e-4), Norm), [2, 1], 1,
            saves: 100);
        all["auto, to chebyshev and back"] = Of(() => TimeMethod.Find("auto").Adaptive(Stiff(2), new(1e-4, 1e-4),
            Norm, mostImplicit: 0), [2, 1], 12, saves: 50);
        all["auto, chebyshev tried and not taken"] = Of(() => TimeMethod.Find("auto").Adaptive(Spiral(),
            new(1e-4, 1e-4), Norm, mostImplicit: 0), [2, 2], 4, saves: 5);
        all["auto, stiff now and then"] = Of(() => TimeMethod.Find("auto").Adaptive(Mild(), new(1e-3, 1e-3), Norm,
            mostImplicit: 0), [2], 20.0 / 3, saves: 5);
        all["chebyshev, rates that grow"] = Of(() => TimeMethod.Find("chebyshev").Adaptive(Growing(), new(1e-4, 1e-4),
            Norm), [2, 1], 3, saves: 20);
        all["bdf, oscillator"] = Of(() => TimeMethod.Find("bdf").Adaptive(Oscillator(), new(1e-3, 1e-3), Norm), [2, 0],
            20, saves: 100);
        foreach (var name in new[] { "auto", "bdf", "dormand-prince" })
        {
            all[$"{name}, slides and leaves"] = Of(() => TimeMethod.Find(name).Adaptive(Leaving(), new(1e-4, 1e-4),
                Norm), [0.1, 0], 3, saves: 50);
            all[$"{name}, slides in short steps"] = Of(() => TimeMethod.Find(name).Adaptive(Steepening(),
                new(1e-4, 1e-4), Norm), [0.1, 0], 2, saves: 20);
        }
        foreach (var name in new[] { "dormand-prince", "bdf" })
            all[$"{name}, projected"] = Of(() => ProjectedTests.Held(TimeMethod.Find(name).Adaptive(
                ProjectedTests.Field(), new(1e-5, 1e-5), Norm)), [0.8, 0.6], 3, saves: 20);
        all["euler, projected"] = Of(() => ProjectedTests.Held(TimeMethod.Find("euler").Fixed(ProjectedTests.Field(),
            0.07)), [0.8, 0.6], 3, saves: 5);
        all["hopeless"] = Of(() => (new RungeKuttaStepper(RungeKutta.BogackiShampine, new Field(1, (t, y) => [-y[0]])),
            new PiControl(new(1e-3, 1e-3), Norm)), [1], 1, longest: 7e-11);
        all["overflow"] = Of(() => TimeMethod.Find("euler").Fixed(new Field(2, (t, y) => [y[1], y[0] * y[1]]), 0.5),
            [1, 2], 50, saves: 10);
        all["pole"] = Of(() => TimeMethod.Find("dormand-prince").Adaptive(new Field(1, (t, y) => [y[0] * y[0]]),
            new(1e-5, 1e-5), Norm), [1], 2, saves: 10);
        foreach (var method in StochasticMethod.All)
            all[method.Name] = Of(() => method.Fixed(TestEquations.Logistic(0.5, -0.4, 0.3).Particles(Points()),
                new BrownianPaths(new(3, 1), Points().Length, 0.125), 0.03125), Points(), 1, saves: 7,
                new TimeEvent((t, y) => Math.Sin(9 * t) * y[0], Stops: false));
        foreach (var seed in new[] { 0, 5, 7 })
        {
            all[$"density {seed}"] = Dense(seed, () => new FixedStep(0.4 / new RandomProblem(seed).Lipschitz));
            all[$"density {seed}, adaptive"] = Dense(seed, () => new PiControl(new(1e-3, 1e-3), Norm));
        }
        // Where steps are long the energy rises in the second order, or altogether.
        foreach (var (name, control) in new (string, Func<IStepControl>)[] { ("long", () => new FixedStep(0.04)),
            ("refused", () => new PiControl(new(1e-2, 1e-2), Norm)) })
            all[$"density, {name} steps"] = Of(() => (new DensityStepper(Apart(Circle)), control()),
                Density.Of(Circle, x => (1 + 0.9 * Math.Cos(x[0])) / (2 * Math.PI)).Masses, 1, saves: 3);
        var grid = new Grid(new Axis(-1, 2, 24, AxisEnd.Absorbing, AxisEnd.Absorbing));
        all["density with exits"] = Of(() => (new DensityStepper(new AggregationDiffusion(1, 0.5).On(grid)),
            new FixedStep(0.02)), [.. Density.Of(grid, _ => 1.0 / 3).Masses, .. new double[2]], 0.5, saves: 4);
        double[] masses = [0.1, 0.2, 0.3, 0.4], spread = [-1, -0.2, 0.5, 1.5];
        var waved = Waved.Random(1, new RandomStream(2, 0));
        all["quantiles"] = Of(() => (new ProximalQuantiles(waved, masses, 0.3), new FixedStep(0.1)), spread, 2,
            saves: 5);
        all["particles"] = Of(() => (new ProximalParticles(waved, masses, certify: true), new FixedStep(0.1)), spread,
            2, saves: 5);
        return all;
    }

    private static ResumeCase Waving(Func<(IStepper, IStepControl)> method) => new(method, Waves.Initial, new(0, 4))
    {
        SaveTimes = [0, 0.01, 0.011, 0.35, 1.1, 1.2, 1.3, 2, 3.3, 3.9],
        Jumps = [0.5, 0.7, 2],
        Events = [new((t, y) => y[0] - 0.4, Stops: false), new((t, y) => t - 3.5)],
    };

    private static ResumeCase Dense(int seed, Func<IStepControl> control) => Of(() => (
        new DensityStepper(new RandomProblem(seed).Equation.On(new RandomProblem(seed).Grid)), control()),
        new RandomProblem(seed).Initial.Masses, 8 / new RandomProblem(seed).Lipschitz, saves: 4);

    private static ResumeCase Of(Func<(IStepper, IStepControl)> method, double[] initial, double end, int saves = 0,
        TimeEvent? atSaves = null, double longest = double.PositiveInfinity) => new(method, initial, new(0, end))
        {
            SaveTimes = [.. Enumerable.Range(1, saves).Select(k => end * k / (saves + 1))],
            Events = atSaves is null ? [] : [atSaves],
            LongestStep = longest,
        };

    private static IGridEquation Apart(Grid grid) =>
        new AggregationDiffusion(1, 0.001) { Interaction = z => 100 * Math.Cos(z[0]) }.On(grid);

    private static double[] Points() => [0.4, 0.8, 1.2, 1.6];

    private static Field Jumping() => new(2, (t, y) => [(t < 0.7 ? 5 : 4) * Math.Cos(3 * t) * y[0] * (1 - y[0]),
        -4 * Math.Cos(3 * t) * y[1] * (1 - y[1])]);

    /// <summary>Stiff until t = 1, on the circle of cos t.</summary>
    private static Field Stiff(int n) => new(n, (t, y) =>
        [.. y.Select((v, j) => (t < 1 ? -2000 * (v - Math.Cos(t)) : 0) - Math.Sin(t) + 0.01 * j * v)]);

    /// <summary>At the limit of stability now and then.</summary>
    private static Field Mild() => new(1, (t, y) => [-30 * (y[0] - Math.Cos(0.9 * t)) - 0.9 * Math.Sin(0.9 * t)]);

    /// <summary>Eigenvalues 50 e^(+-125 i degrees), where Chebyshev's polynomials are large.</summary>
    private static Field Spiral() => new(2, (t, y) =>
        [-28.7 * y[0] - 41 * y[1] + 1, -28.7 * y[1] + 41 * y[0] + 1]);

    private static Field Growing() => new(2, (t, y) => [-200 * (1 + t * t) * (y[0] - Math.Cos(t)), -y[0] * y[1]]);

    private static Field Oscillator() => new(2, (t, y) => [y[1], 5 * (1 - y[0] * y[0]) * y[1] - y[0]]);

    private static Field Leaving() => new(2, (t, y) => [t - 1 - Math.Sign(y[0]), Math.Sign(y[0])]);

    /// <summary>Slides along y = 0 ever more steeply: sliding steps become too long, and are cut.</summary>
    private static Field Steepening() => new(2, (t, y) =>
        [t - 1 - Math.Sign(y[0]), Math.Sign(y[0]) - 300 * t * (y[1] - Math.Cos(t))]);
}
