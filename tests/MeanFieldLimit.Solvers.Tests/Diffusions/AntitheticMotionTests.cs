namespace MeanFieldLimit.Solvers.Tests.Diffusions;

public class AntitheticMotionTests
{
    [Fact]
    public void Particles_come_in_mirrored_pairs()
    {
        var paths = new BrownianPaths(new(1, 2), 6, 0.1);
        var (own, pairs) = (new double[6], new double[12]);
        paths.Increments(0.1, 0.3, own);
        new AntitheticMotion(new BrownianPaths(new(1, 2), 6, 0.1), 2).Increments(0.1, 0.3, pairs);
        Assert.Equal([own[0], own[1], -own[0], -own[1], own[2], own[3], -own[2], -own[3], own[4], own[5], -own[4],
            -own[5]], pairs);
    }

    [Fact]
    public void Parts_of_particles_are_refused() =>
        Assert.Throws<ArgumentException>(() => new AntitheticMotion(new BrownianPaths(new(1, 2), 5, 0.1), 2));
}
