using Eigenpair = MeanFieldLimit.Solvers.Spectra.Eigenpair;

namespace MeanFieldLimit.Solvers.Tests.Spectra;

/// <summary>Matrices of known eigenvalues: a diagonal one between reflections, A = Q diag(values) Q.</summary>
public class LanczosTests
{
    [Theory, InlineData(1), InlineData(3), InlineData(7)]
    public void The_largest_eigenvalues_are_those_that_the_matrix_was_made_of(int count)
    {
        double[] values = [.. Enumerable.Range(0, 200).Select(k => Math.Cos(k) + (k == 17 ? 3 : 0))];
        var a = new Reflected(values, seed: 1);
        var found = Lanczos.Largest(a, count, new(1, 0), 1e-10);
        Assert.True(found.Converged);
        Assert.Equal(found.Products, a.Products);
        Assert.Equal(values.OrderDescending().Take(count), found.Pairs.Select(p => p.Value),
            (x, y) => Math.Abs(x - y) < 1e-12);
        foreach (var pair in found.Pairs)
        {
            Assert.Equal(1, Norm(pair.Vector), 1e-12);
            Assert.InRange(a.Residual(pair), 0, 1e-9);
            Assert.Equal(pair.Residual, a.Residual(pair), 1e-12);
        }
    }

    /// <summary>An eigenvalue lies within the residual of each value, however early it ends.</summary>
    [Theory, InlineData(2), InlineData(5), InlineData(11), InlineData(30)]
    public void Residuals_bound_the_distance_to_an_eigenvalue(int most)
    {
        double[] values = [.. Enumerable.Range(0, 300).Select(k => Math.Sin(1.7 * k) * k)];
        var a = new Reflected(values, seed: 2);
        var found = Lanczos.Largest(a, 2, new(2, 0), 1e-12, most);
        Assert.False(found.Converged);
        Assert.Equal(most, found.Products);
        foreach (var pair in found.Pairs)
        {
            Assert.Equal(a.Residual(pair), pair.Residual, 1e-10);
            Assert.InRange(values.Min(v => Math.Abs(v - pair.Value)), 0, pair.Residual);
        }
    }

    [Fact]
    public void An_eigenvalue_comes_once_unless_there_are_too_few()
    {
        var a = new Reflected([5, 5, 5, 2, 2, 1, 0, 0, -9], seed: 3);
        Assert.Equal([5, 2, 1, 0], Lanczos.Largest(a, 4, new(3, 0)).Pairs.Select(p => p.Value),
            (x, y) => Math.Abs(x - y) < 1e-12);
        Assert.Equal([5, 5, 5, 2, 2, 1, 0, 0, -9], Lanczos.Largest(a, 9, new(3, 0)).Pairs.Select(p => p.Value),
            (x, y) => Math.Abs(x - y) < 1e-12);
    }

    [Fact]
    public void Of_nothing_and_of_multiples_of_the_identity_one_product_is_enough()
    {
        foreach (var value in new[] { 0, 1e-300, -2, 1e150 })
        {
            var found = Lanczos.Largest(new Reflected([.. Enumerable.Repeat(value, 40)], seed: 4), 1, new(4, 0));
            Assert.Equal(value, found.Pairs[0].Value, 1e-14 * Math.Abs(value));
            Assert.Equal(1, found.Products);
            Assert.True(found.Converged);
        }
    }

    [Fact]
    public void The_same_start_gives_the_same_bits()
    {
        double[] values = [.. Enumerable.Range(0, 50).Select(k => Math.Cos(k))];
        double[] Vector(ulong seed) => Lanczos.Largest(new Reflected(values, 5), 1, new(seed, 0)).Pairs[0].Vector;
        Assert.Equal(Vector(1), Vector(1));
        Assert.NotEqual(Vector(1), Vector(2));
    }

    [Fact]
    public void What_has_no_answer_is_refused()
    {
        var a = new Reflected([1, 2, 3], 6);
        Assert.Contains("in [1, 3]", Refused(a, 0, 1e-8, 10), StringComparison.Ordinal);
        Assert.Contains("in [1, 3]", Refused(a, 4, 1e-8, 10), StringComparison.Ordinal);
        Assert.Contains("negative, got NaN", Refused(a, 1, double.NaN, 10), StringComparison.Ordinal);
        Assert.Contains("at least count, 3, got 2", Refused(a, 3, 1e-8, 2), StringComparison.Ordinal);
        Assert.Throws<ArithmeticException>(() => Lanczos.Largest(new Reflected([1, double.NaN], 6), 1, new(6, 0)));
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            Lanczos.Largest(a, 1, new(6, 0), cancellation: stop.Token));

        static string Refused(ISymmetricOperator a, int count, double tolerance, int most) =>
            Assert.Throws<ArgumentException>(() => Lanczos.Largest(a, count, new(6, 0), tolerance, most)).Message;
    }

    private static double Norm(double[] v) => Math.Sqrt(v.Sum(x => x * x));

    /// <summary>R diag(values) R with R = 1 - 2 h h^T.</summary>
    private sealed class Reflected : ISymmetricOperator
    {
        private readonly double[] values, h;

        internal Reflected(double[] values, ulong seed)
        {
            (this.values, h) = (values, new double[values.Length]);
            new RandomStream(seed, 0).FillNormal(0, h);
            var norm = Norm(h);
            for (var j = 0; j < h.Length; j++) h[j] /= norm;
        }

        internal int Products { get; private set; }

        public int Dimension => values.Length;

        public void Apply(ReadOnlySpan<double> v, Span<double> result)
        {
            Products++;
            v.CopyTo(result);
            Reflect(result);
            for (var j = 0; j < h.Length; j++) result[j] *= values[j];
            Reflect(result);
        }

        internal double Residual(Eigenpair pair)
        {
            var ax = new double[h.Length];
            Apply(pair.Vector, ax);
            return Norm([.. ax.Zip(pair.Vector, (a, x) => a - pair.Value * x)]);
        }

        private void Reflect(Span<double> v)
        {
            var along = 0.0;
            for (var j = 0; j < h.Length; j++) along += h[j] * v[j];
            for (var j = 0; j < h.Length; j++) v[j] -= 2 * along * h[j];
        }
    }
}
