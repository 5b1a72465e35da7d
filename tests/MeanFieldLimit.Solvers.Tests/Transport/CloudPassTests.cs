namespace MeanFieldLimit.Solvers.Tests.Transport;

/// <summary>Passes by scalings of an absorbed kernel against the sums they stand for, term by term.</summary>
public class CloudPassTests
{
    private static readonly DiscreteMeasure Source = Clouds.Random(70, 2, 8),
        Target = WithoutFirst(Clouds.Random(50, 2, 9));
    private static readonly Func<int, int, double> Cost = Clouds.Cost(Source, Target, 2);
    private static readonly double[] Matrix = [.. Enumerable.Range(0, 70 * 50).Select(k => Cost(k / 50, k % 50))];

    private static DiscreteMeasure WithoutFirst(DiscreteMeasure m) =>
        new(m.Dimension, m.Points, [.. m.Masses.Select((mass, j) => j == 0 ? 0 : mass / (1 - m.Masses[0]))]);

    // Potentials near those absorbed before, far from them, and further than any scaling reaches.
    private static IEnumerable<double[]> Potentials(double epsilon)
    {
        foreach (var scale in new[] { 0, 1, 1.5, 300, 1e5, 1e5, 0 })
            yield return [.. Enumerable.Range(0, 50).Select(j => scale * epsilon * Math.Sin(j * (1 + scale)))];
    }

    private static double SoftMinimum(double epsilon, IEnumerable<double> costs, double[] masses)
    {
        double[] exponents = [.. costs.Select((c, k) => masses[k] > 0 ? Math.Log(masses[k]) - c / epsilon : -1 / 0.0)];
        var largest = exponents.Max();
        return -epsilon * (largest + Math.Log(exponents.Sum(e => Math.Exp(e - largest))));
    }

    [Theory, InlineData(1.0), InlineData(0.01), InlineData(1e-4)]
    public void Passes_are_soft_minima_and_products_with_the_plan(double epsilon)
    {
        var (a, b) = (Source.Masses, Target.Masses);
        var pass = new CloudPass(Matrix, a, b);
        double[] f = new double[70], next = new double[50], product = new double[50];
        double[] x = [.. Enumerable.Range(0, 50).Select(j => Math.Cos(3 * j))];
        foreach (var g in Potentials(epsilon))
        {
            pass.Evaluate(epsilon, g, f, next);
            for (var i = 0; i < 70; i++)
                Near(SoftMinimum(epsilon, g.Select((v, j) => Cost(i, j) - v), b), f[i]);
            for (var j = 0; j < 50; j++)
                Near(SoftMinimum(epsilon, f.Select((v, i) => Cost(i, j) - v), a), next[j]);
            pass.Multiply(x, product);
            double Plan(int i, int j) => a[i] * b[j] * Math.Exp(b[j] > 0 ? (f[i] + g[j] - Cost(i, j)) / epsilon : 0);
            double[] means = [.. Enumerable.Range(0, 70).Select(i =>
                Enumerable.Range(0, 50).Sum(j => Plan(i, j) * x[j]) / a[i])];
            for (var j = 0; j < 50; j++)
                Assert.Equal(Enumerable.Range(0, 70).Sum(i => Plan(i, j) * means[i]), product[j], 1e-9);
        }

        // Some roundings of the largest cost, and of eps.
        void Near(double expected, double actual) =>
            Assert.Equal(expected, actual, 1e-13 * (Math.Abs(expected) + 40 + epsilon));
    }

    [Fact]
    public void The_bits_do_not_depend_on_the_threads()
    {
        List<double>[] all = [.. new[] { 1, 2, 5 }.Select(threads =>
        {
            List<double> results = [];
            var pass = new CloudPass(Matrix, Source.Masses, Target.Masses, threads);
            double[] f = new double[70], next = new double[50], product = new double[50];
            foreach (var g in Potentials(0.01))
            {
                pass.Evaluate(0.01, g, f, next);
                pass.Multiply(next, product);
                results.AddRange([.. f, .. next, .. product]);
            }
            return results;
        })];
        Assert.Equal(all[0], all[1]);
        Assert.Equal(all[0], all[2]);
    }
}
