namespace MeanFieldLimit.Solvers.Tests.Densities;

/// <summary>
/// A random energy on a random grid of one axis or two, walls or circles: wavy and quadratic potentials, attraction and
/// repulsion, diffusion none to much; a random density with holes, over six orders of magnitude.
/// </summary>
internal sealed class RandomProblem
{
    private readonly RandomStream random;
    private ulong draws;

    internal RandomProblem(int seed)
    {
        random = new((ulong)seed, 0);
        var dimension = 1 + random.Below(draws++, 2);
        var circles = random.Below(draws++, 3) == 0;
        Grid = new([.. Enumerable.Range(0, dimension).Select(_ => Axis(dimension == 1 ? 80 : 20, circles))]);
        double bowl = circles ? 0 : Uniform(-2, 3), wave = Uniform(-3, 3), number = Uniform(1, 4);
        double strength = Uniform(-4, 4), width = Uniform(0.2, 2), pull = circles ? 0 : Uniform(-1, 1);
        Equation = new(dimension, random.Below(draws++, 3) == 0 ? 0 : Math.Pow(10, Uniform(-4, 0.5)))
        {
            Potential = x => x.Sum(v => bowl * v * v / 2 + wave * Math.Sin(number * v + wave)),
            Interaction = z => strength * Math.Exp(-z.Sum(v => v * v) / (2 * width * width))
                + z.Sum(v => pull * v * v / 2),
        };
        // |W''| is at most this, so steps up to 2 / this lower the energy.
        Lipschitz = Math.Abs(strength) / (width * width) + Math.Abs(pull);
        var masses = new double[Grid.Count];
        for (var i = 0; i < masses.Length; i++)
            masses[i] = random.Below(draws++, 3) == 0 ? 0 : Math.Pow(10, Uniform(-6, 0));
        masses[0] += 1e-3;
        var sum = masses.Sum();
        Initial = new(Grid, [.. masses.Select(m => m / sum)]);
    }

    internal Grid Grid { get; }

    internal AggregationDiffusion Equation { get; }

    internal double Lipschitz { get; }

    internal Density Initial { get; }

    internal double Uniform(double from, double to) => from + (to - from) * random.Uniform(draws++);

    private Axis Axis(int most, bool circle)
    {
        var end = circle ? AxisEnd.Periodic : AxisEnd.Cut;
        return new(-2, 2, 4 + random.Below(draws++, most - 3), end, end);
    }
}
