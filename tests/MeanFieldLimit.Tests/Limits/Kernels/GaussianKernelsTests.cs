using System.Text.Json;
using MeanFieldLimit.Data;
using MeanFieldLimit.Kernels;
using MeanFieldLimit.Networks.Activations;

namespace MeanFieldLimit.Tests.Limits.Kernels;

public class GaussianKernelsTests
{
    /// <summary>Values of an independent program (NumPy, closed forms).</summary>
    [SharedTheory("reference/values-2.json")]
    [InlineData("relu")]
    [InlineData("erf")]
    public void Kernels_of_one_to_three_layers_are_those_of_an_independent_program(string activation)
    {
        var reference = JsonDocument.Parse(File.ReadAllText(Repository.Shared("reference/values-2.json")!))
            .RootElement.GetProperty("A_kernels");
        var (weights, biases) = (reference.GetProperty("sw2").GetDouble(), reference.GetProperty("sb2").GetDouble());
        foreach (var inputs in new[] { "x2", "x3" })
            for (var depth = 1; depth <= 3; depth++)
            {
                var kernels = Of(Rows(reference.GetProperty(inputs)), activation, depth, weights, biases);
                var values = reference.GetProperty("kernels").GetProperty(activation).GetProperty($"{inputs}_depth{depth}");
                Assert.Equal(0, Distance(Rows(values.GetProperty("nngp")).SelectMany(r => r), kernels.Nngp), 1e-12);
                Assert.Equal(0, Distance(Rows(values.GetProperty("ntk")).SelectMany(r => r), kernels.Ntk), 1e-12);
            }
    }

    /// <summary>A series that sees values alone must find what the closed form says.</summary>
    [Theory]
    [InlineData("erf")]
    [InlineData("sine")]
    [InlineData("identity")]
    [InlineData("quadratic")]
    public void Closed_forms_are_what_the_series_sums_to(string name)
    {
        var activation = Catalogue.Find<IActivation>(name);
        double[] variances = [0, 0.3, 1, 4, 2.5];
        var series = MehlerSeries.Of(activation, variances, new ManagedEngine(1));
        foreach (var rho in new[] { -1, -0.999999, -0.4, 0, 0.7, 1 })
            for (var i = 0; i < variances.Length; i++)
            {
                double[] products = [.. variances.Select(v => rho * Math.Sqrt(v * variances[i]))], slopes = new double[5];
                double[] covariances = [.. products];
                series.Row(i, products, slopes);
                for (var j = 0; j < variances.Length; j++)
                {
                    var closed = ((IClosedPairs)activation).Over(variances[i], variances[j], covariances[j]);
                    var scale = Math.Max(1, Math.Sqrt(variances[i] * variances[j]));
                    Assert.Equal(closed.Products, products[j], 1e-12 * scale * scale);
                    Assert.Equal(closed.Slopes, slopes[j], 1e-12 * scale);
                }
            }
    }

    /// <summary>The midpoint rule over the pair itself, whose error at these covariances is below rounding.</summary>
    [Theory]
    [InlineData("tanh")]
    [InlineData("sigmoid")]
    [InlineData("softplus")]
    [InlineData("gelu")]
    public void The_series_sums_to_what_a_grid_over_the_pair_gives(string name)
    {
        const int nodes = 240;
        var activation = Catalogue.Find<IActivation>(name);
        double[] z = [.. Enumerable.Range(0, nodes).Select(m => (m + 0.5) * 18 / nodes - 9)];
        double[] g = [.. z.Select(t => Math.Exp(-t * t / 2))];
        foreach (var (uu, vv, uv) in new[] { (1, 1, 0.5), (4, 3, 3.3), (4, 4, 4), (3, 2, -2.2) })
        {
            double products = 0, slopes = 0, a = Math.Sqrt(uu), b = uv / a, c = Math.Sqrt(Math.Max(0, vv - b * b));
            var (su, du) = At(activation, [.. z.Select(t => a * t)]);
            for (var m = 0; m < nodes; m++)
            {
                var (sv, dv) = At(activation, [.. z.Select(t => b * z[m] + c * t)]);
                products += g[m] * su[m] * TensorPrimitives.Dot<double>(g, sv);
                slopes += g[m] * du[m] * TensorPrimitives.Dot<double>(g, dv);
            }
            var mass = g.Sum() * g.Sum();
            double[] covariances = [uv, uu], found = new double[2];
            MehlerSeries.Of(activation, [vv, uu], new ManagedEngine(1)).Row(1, covariances, found);
            Assert.Equal(products / mass, covariances[0], 1e-13 * Math.Max(1, a * Math.Sqrt(vv)));
            Assert.Equal(slopes / mass, found[0], 1e-13);
        }
    }

    /// <summary>E over a kink in polar coordinates: the angle by Gauss-Legendre on each side of each kink.</summary>
    [Theory]
    [InlineData("relu", 1, 1, 0.5)]
    [InlineData("relu", 4, 0.3, -0.9)]
    [InlineData("leaky-relu", 2, 3, 0.1)]
    [InlineData("leaky-relu", 2, 2, -1.99)]
    public void Piecewise_linear_closed_forms_are_integrals_over_the_angle(string name, double uu, double vv, double uv)
    {
        var activation = (IPiecewiseLinear)Catalogue.Find<IActivation>(name);
        var (a, b, c) = (Math.Sqrt(uu), uv / Math.Sqrt(uu), Math.Sqrt(vv - uv * uv / uu));
        double[] kinks = [.. new[] { Math.PI / 2, 3 * Math.PI / 2, Math.Atan2(-b, c), Math.Atan2(-b, c) + Math.PI }
            .Select(t => (t + 2 * Math.PI) % (2 * Math.PI)).Append(0).Append(2 * Math.PI).Order()];
        var rule = GaussRule.Legendre(24);
        double products = 0, slopes = 0;
        foreach (var (low, high) in kinks.Zip(kinks.Skip(1)))
            for (var m = 0; m < 24; m++)
            {
                var t = (low + high) / 2 + (high - low) / 2 * rule.Nodes[m];
                double u = a * Math.Cos(t), v = b * Math.Cos(t) + c * Math.Sin(t);
                var mass = (high - low) * rule.Weights[m] / (2 * Math.PI) / rule.Weights.Sum();
                // E r^2 = 2 for the length of a standard normal pair.
                products += 2 * mass * Value(activation, u) * Value(activation, v);
                slopes += mass * (u > 0 ? 1 : activation.SlopeBelow) * (v > 0 ? 1 : activation.SlopeBelow);
            }
        var closed = activation.Over(uu, vv, uv);
        Assert.Equal(products, closed.Products, 1e-13 * Math.Sqrt(uu * vv));
        Assert.Equal(slopes, closed.Slopes, 1e-13);
    }

    [Theory]
    [InlineData("relu")]
    [InlineData("leaky-relu")]
    public void Pairs_of_one_with_many_are_those_of_each(string name)
    {
        var activation = (IClosedPairs)Catalogue.Find<IActivation>(name);
        var random = new Random(1);
        // Any, with vectors that are 0, equal, opposite and doubled in between, and a large one.
        (double Square, double Product) Pair(int j) => (j % 60) switch
        {
            0 => (0, 0),
            1 => (1.3, 1.3),
            2 => (1.3, -1.3),
            3 => (5.2, 2.6),
            4 => (1e308, 0),
            _ => (j * 0.01, (random.NextDouble() - 0.5) * 2 * Math.Sqrt(1.3 * j * 0.01)),
        };
        var pairs = Enumerable.Range(0, 613).Select(Pair).ToArray();
        double[] squares = [.. pairs.Select(p => p.Square)], products = [.. pairs.Select(p => p.Product)],
            slopes = new double[pairs.Length];
        activation.Over(1.3, squares, products, slopes);
        for (var j = 0; j < pairs.Length; j++)
        {
            var one = activation.Over(1.3, squares[j], pairs[j].Product);
            Assert.Equal((one.Products, one.Slopes), (products[j], slopes[j]));
        }
        // What overflows in between shows.
        Assert.Equal(double.PositiveInfinity, activation.Over(1e200, 1e200, 0).Products);
    }

    [Fact]
    public void Collinear_inputs_are_exact_under_relu()
    {
        // x, x, 2x, 5x and -x without biases: Theta of one hidden layer is <x, x'> for the same side, 0 for the other.
        double[] x = [0.3, -1.7, 0.3, -1.7, 0.6, -3.4, 1.5, -8.5, -0.3, 1.7];
        var points = new Dataset(2, 1, x, new double[5], LabelKind.Real);
        var relu = Catalogue.Find<IActivation>("relu");
        var kernels = GaussianKernels.Of(points, [new(null, 1, 0), new(relu, 2, 0)], new ManagedEngine(1), new());
        for (var i = 0; i < 5; i++)
            for (var j = 0; j < 5; j++)
            {
                var product = x[2 * i] * x[2 * j] + x[2 * i + 1] * x[2 * j + 1];
                Assert.Equal(product > 0 ? product : 0, kernels.Nngp[5 * i + j], 1e-15 * Math.Abs(product));
                Assert.Equal(product > 0 ? 2 * product : 0, kernels.Ntk[5 * i + j], 1e-15 * Math.Abs(product));
            }
    }

    /// <summary>A function without closed form or poles nearby: the error that is said bounds the one there is.</summary>
    [Fact]
    public void A_series_that_ends_early_says_by_how_much()
    {
        var steep = new Steep();
        double[] variances = [1, 1];
        var series = MehlerSeries.Of(steep, variances, new ManagedEngine(1));
        Assert.True(series.Error > 1e-9);
        var erf = new Erf();
        foreach (var rho in new[] { 0.3, 0.9, 0.999 })
        {
            double[] products = [rho, 1], slopes = new double[2];
            series.Row(1, products, slopes);
            var closed = erf.Over(1e4, 1e4, 1e4 * rho);
            Assert.InRange(Math.Abs(products[0] - closed.Products), 0, series.Error);
            Assert.InRange(Math.Abs(slopes[0] - 1e4 * closed.Slopes), 0, series.Error);
        }
    }

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        double[][] x = [.. Enumerable.Range(0, 150).Select(i => new[] { Math.Sin(i), Math.Cos(3 * i), Math.Sin(7 * i) })];
        var (one, four) = (Of(x, "tanh", 2, 1.2, 0.1), Of(x, "tanh", 2, 1.2, 0.1, threads: 4));
        Assert.Equal(one.Nngp, four.Nngp);
        Assert.Equal(one.Ntk, four.Ntk);
        for (var i = 0; i < 150; i++)
            for (var j = 0; j < i; j++)
                Assert.Equal(one.Ntk[150 * i + j], one.Ntk[150 * j + i]);
    }

    private static GaussianKernels Of(double[][] x, string activation, int depth, double weights, double biases,
        int threads = 1)
    {
        var points = new Dataset(x[0].Length, 1, [.. x.SelectMany(r => r)], new double[x.Length], LabelKind.Real);
        var s = Catalogue.Find<IActivation>(activation);
        return GaussianKernels.Of(points, [.. Enumerable.Range(0, depth + 1)
            .Select(l => new KernelLayer(l == 0 ? null : s, weights, biases))], new ManagedEngine(1), new() { MaxDegreeOfParallelism = threads });
    }

    private static double[][] Rows(JsonElement matrix) =>
        [.. matrix.EnumerateArray().Select(r => r.EnumerateArray().Select(v => v.GetDouble()).ToArray())];

    private static double Distance(IEnumerable<double> ours, IEnumerable<double> theirs) =>
        ours.Zip(theirs, (a, b) => Math.Abs(a - b)).Max();

    private static (double[] Values, double[] Slopes) At(IActivation activation, double[] h)
    {
        var (s, slopes) = (new double[h.Length], new double[h.Length]);
        activation.Apply(h, s);
        activation.Derivative(h, s, slopes);
        return (s, slopes);
    }

    private static double Value(IPiecewiseLinear activation, double h) => h > 0 ? h : activation.SlopeBelow * h;

    /// <summary>s(h) = erf(100 h): too steep for the terms that there are.</summary>
    private sealed class Steep : IActivation
    {
        private static readonly Erf Gentle = new();

        public string Name => "steep";

        public void Apply(ReadOnlySpan<double> h, Span<double> s)
        {
            TensorPrimitives.Multiply(h, 100, s);
            Gentle.Apply(s, s);
        }

        public void Derivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> derivative)
        {
            var scaled = new double[h.Length];
            TensorPrimitives.Multiply(h, 100, scaled);
            Gentle.Derivative(scaled, s, derivative);
            TensorPrimitives.Multiply(derivative, 100, derivative);
        }
    }
}
