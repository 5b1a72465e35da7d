namespace MeanFieldLimit.Benchmarks.Growth;

/// <summary>Transport, densities and interacting particles.</summary>
internal static class SolverWorks
{
    private const double Epsilon = 0.5, Step = 1e-3;

    internal static IEnumerable<Work> All => [Exact, Entropic, Density, Pairs, Moments];

    // The simplex visits some columns for every row a pivot: between n^2 and n^3 in practice.
    private static Work Exact => new("exact W_2", "points n")
    {
        Sizes = NetworkWorks.Powers(125, 6),
        Expected = 2.5,
        Bytes = n => (double)sizeof(double) * n * n,
        Make = n =>
        {
            var (a, b) = (Cloud(n, 10, 1), Cloud(n, 10, 2));
            return () => () => WassersteinExact.Between(a, b);
        },
    };

    private static Work Entropic => new("Sinkhorn", "points n")
    {
        Sizes = NetworkWorks.Powers(125, 5),
        Expected = 2,
        Operations = n => (double)n * n,
        Bytes = n => 2.0 * sizeof(double) * n * n,
        Make = n =>
        {
            var (a, b) = (Cloud(n, 2, 1), Cloud(n, 2, 2));
            return () => () => WassersteinEntropic.Between(a, b, Epsilon, limits: new(1e-6));
        },
    };

    // A non-local equation in the plane: a convolution by fast transforms, and sweeps along both axes.
    private static Work Density => new("density step", "cells M")
    {
        Sizes = NetworkWorks.Powers(32 * 32, 5, ratio: 4),
        Expected = 1,
        Operations = m => m * Math.Log(m),
        Bytes = m => 33.0 * sizeof(double) * m,
        Make = m => () =>
        {
            var axis = new Axis(-5, 5, (int)Math.Sqrt(m));
            var equation = new AggregationDiffusion(2, 0.1)
            {
                Potential = x => x[0] * x[0] / 4 + x[1] * x[1] / 4 + Math.Cos(2 * x[1]),
                Interaction = z => Math.Exp(-z[0] * z[0] - z[1] * z[1] - z[0] * z[1]),
            };
            var initial = Solvers.Densities.Density.Of(new Grid(axis, axis), x => Math.Exp(-x[0] * x[0] - x[1] * x[1]) / Math.PI);
            return NetworkWorks.Repeated(new DensityStepper(equation.On(initial.Grid)), initial.Masses, Step);
        },
    };

    private static Work Pairs => OfParticles("McKean-Vlasov, pairs", NetworkWorks.Powers(250, 6), 2, n => (double)n * n,
        17, () => PairInteraction.Radial(2, (squares, factors) =>
        {
            TensorPrimitives.Negate(squares, factors);
            TensorPrimitives.Exp(factors, factors);
        }));

    private static Work Moments =>
        OfParticles("McKean-Vlasov, moments", NetworkWorks.Powers(2000, 6), 1, n => n, 12,
            () => MomentInteraction.Mean(2));

    // dX = -X dt - felt dt + dB in the plane: state, next, velocity, increments, what is felt and where, of two numbers a
    // particle; pairs are summed by coordinates, with their masses.
    private static Work OfParticles(string name, int[] sizes, double expected, Func<int, double> operations,
        double numbers, Func<IParticleInteraction> interaction) => new(name, "particles N")
        {
            Sizes = sizes,
            Expected = expected,
            Operations = operations,
            Bytes = n => numbers * sizeof(double) * n,
            Make = n =>
            {
                var cloud = Cloud(n, 2, 1);
                return () =>
                {
                    var system = new ParticleSystem(new()
                    {
                        Dimension = 2,
                        Interaction = interaction(),
                        Drift = (_, x, felt, v) => (v[0], v[1]) = (-x[0] - felt[0], -x[1] - felt[1]),
                        Diagonal = (_, _, _, s, _) => s.Fill(1),
                    }, cloud);
                    var paths = new BrownianPaths(new(4, 0), system.NoiseDimension, Step);
                    return NetworkWorks.Repeated(new EulerMaruyama(system, paths), system.Initial, Step);
                };
            },
        };

    private static DiscreteMeasure Cloud(int count, int d, ulong seed)
    {
        var points = new double[count * d];
        new RandomStream(seed, 0).FillNormal(0, points);
        return DiscreteMeasure.Uniform(d, points);
    }
}
