namespace MeanFieldLimit.Solvers.Tests.Measures;

/// <summary>Sizes whose product is beyond an array, in 32 or 64 bits, are refused with the sizes, before anything is
/// allocated.</summary>
public class SizeTests
{
    private const int Large = 1 << 16;      // squared, 0 in 32 bits

    private static void Refused(string part, Action act)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(part, Assert.Throws<ArgumentException>(act).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
    }

    [Fact]
    public void Grids()
    {
        Refused("got 65536 x 65536 x 2", () => _ = new Grid(new Axis(0, 1, Large), new Axis(0, 1, Large)));
        Refused("got 32768 x 32768 x 2", () => _ = new Grid(new Axis(0, 1, 1 << 15), new Axis(0, 1, 1 << 15)));
        Refused("got 2147483647 x 1", () => _ = new Grid(new Axis(0, 1, int.MaxValue)));
        Refused("got 65536 x 65536 x 2", () => _ = new GridCells(Large, Large, 1, 1));
        Refused("got 65536 x 65536", () =>
            WassersteinGrid.Divergence(new(1, Large, 1, 1), Ends(), Ends(), 1));
        static double[] Ends()
        {
            var masses = new double[Large];
            (masses[0], masses[^1]) = (0.5, 0.5);
            return masses;
        }
    }

    [Fact]
    public void Clouds_and_their_plans()
    {
        var many = DiscreteMeasure.Uniform(2, new double[2 * Large]);
        Refused("the cost matrix must have at most 2147483591 numbers, got 65536 x 65536",
            () => WassersteinExact.Between(many, many));
        Refused("got 65536 x 65536", () => WassersteinEntropic.Between(many, many, 1));
        Refused("got 65536 x 65536", () => new TransportPlan([], [], []).Barycentres(Large, Large, []));
        Refused("points must have 65536 coordinates", () => _ = new DiscreteMeasure(Large, [], new double[Large]));
    }

    [Fact]
    public void Particles_and_their_motions()
    {
        var start = DiscreteMeasure.Uniform(1, new double[Large]);
        McKeanVlasov With(int motions, IParticleInteraction? interaction = null) => new()
        {
            Dimension = 1,
            Drift = (_, _, _, _) => { },
            Motions = motions,
            Noise = (_, _, _, _) => { },
            Interaction = interaction,
        };
        Refused("got 65536 x 65536", () => _ = new ParticleSystem(With(Large), start));
        Refused("got 65536 x 65536", () => _ = new ParticleSystem(With(1,
            new MomentInteraction(1, Large, (_, _) => { })), start));
        Refused("got 65536 x 65537", () => MomentInteraction.MeanAndSecondMoments(Large));
        var paths = new BrownianPaths(new RandomStream(1, 1), int.MaxValue, 1);
        Refused("got 4294967294", () => _ = new JoinedMotion(paths, paths));
        Refused("got 2 x 2147483647", () => _ = new AntitheticMotion(paths, 1));
    }

    [Fact]
    public void Rules_and_samples()
    {
        ILaw[] laws = [.. Enumerable.Repeat(new Gaussian(0, 1), 40)];
        Refused("must fit into one array", () => new GaussTensor(256).Discretise(laws));
        Refused("must fit into one array", () => new PanelTensor(256).Discretise(laws));
        Refused("must fit into one array", () => new Smolyak(60).Discretise(laws));
        Refused("must fit into one array", () => new Sobol(int.MaxValue, new(1, 1)).Discretise(laws));
        Refused("must fit into one array", () => new MonteCarlo(int.MaxValue, new(1, 1)).Discretise(laws));
        var density = Density.Of(new(new Axis(0, 1, 4), new Axis(0, 1, 4)), _ => 1);
        Refused("got 2147483647 x 2", () => density.Sample(int.MaxValue, new(1, 1)));
    }
}
