namespace MeanFieldLimit.Solvers.Tests.Quadrature;

public class MirroredTests
{
    private static readonly ILaw[] Laws = [new Gaussian(0.5, 2), new Gaussian(0, 1), new Gaussian(3, 1)];

    [Fact]
    public void Every_node_has_its_image_beside_it()
    {
        var (plain, mirrored) = (Rule(16).Discretise(Laws), new Mirrored(Rule(16), 1, 2).Discretise(Laws));
        Assert.Equal(2 * plain.Count, mirrored.Count);
        Assert.Equal(32, new Mirrored(Rule(16), 1, 2).CountNodes(Laws));
        for (var i = 0; i < plain.Count; i++)
        {
            var point = plain.Point(i).ToArray();
            Assert.Equal(point, mirrored.Point(2 * i).ToArray());
            Assert.Equal([point[0], -point[1], 6 - point[2]], mirrored.Point(2 * i + 1).ToArray());
            Assert.Equal(plain.Masses[i] / 2, mirrored.Masses[2 * i]);
            Assert.Equal(plain.Masses[i] / 2, mirrored.Masses[2 * i + 1]);
        }
    }

    [Fact]
    public void Means_of_what_is_odd_in_its_coordinates_vanish()
    {
        var nodes = new Mirrored(Rule(10), 1, 1).Discretise(Laws);
        var sum = 0.0;
        for (var i = 0; i < nodes.Count; i++)
            sum += nodes.Masses[i] * nodes.Point(i)[1] * Math.Tanh(nodes.Point(i)[0] + nodes.Point(i)[2]);
        Assert.Equal(0, sum, 1e-17);
    }

    [Fact]
    public void Coordinates_that_are_not_there_are_refused()
    {
        foreach (var (first, count) in new[] { (2, 2), (3, 1), (1, int.MaxValue) })
            Assert.Contains("got 3 laws", Assert.Throws<ArgumentException>(() =>
                new Mirrored(Rule(4), first, count).Discretise(Laws)).Message, StringComparison.Ordinal);
    }

    private static Sobol Rule(int count) => new(count, new RandomStream(3, 4));
}
