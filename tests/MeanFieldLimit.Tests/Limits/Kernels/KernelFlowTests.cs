using System.Text.Json;
using MeanFieldLimit.Data;
using MeanFieldLimit.Kernels;
using MeanFieldLimit.Networks.Activations;

namespace MeanFieldLimit.Tests.Limits.Kernels;

public class KernelFlowTests
{
    /// <summary>Values of an independent program (NumPy).</summary>
    [SharedTheory("reference/values-2.json")]
    [InlineData("relu")]
    [InlineData("erf")]
    public void Mean_and_covariance_are_those_of_an_independent_program(string activation)
    {
        var all = JsonDocument.Parse(File.ReadAllText(Repository.Shared("reference/values-2.json")!))
            .RootElement.GetProperty("A_kernels");
        var reference = all.GetProperty("flow");
        double[] Numbers(JsonElement e) => e.ValueKind == JsonValueKind.Array ? [.. e.EnumerateArray().SelectMany(Numbers)]
            : [e.GetDouble()];
        var (x, y) = (Numbers(reference.GetProperty("x")), Numbers(reference.GetProperty("y")));
        var s = Catalogue.Find<IActivation>(activation);
        var (weights, biases) = (all.GetProperty("sw2").GetDouble(), all.GetProperty("sb2").GetDouble());
        var kernels = Of(x, 2, [new(null, weights, biases), new(s, weights, biases), new(s, weights, biases)]);
        var flow = new KernelFlow(kernels, [.. Enumerable.Repeat(1.0 / y.Length, y.Length)]);
        foreach (var (k, t) in Numbers(reference.GetProperty("times")).Index())
        {
            var values = reference.GetProperty(activation);
            Assert.Equal(0, Distance(Numbers(values.GetProperty("mean")[k]), flow.Mean(t, y, 1)), 1e-9);
            var covariance = Numbers(values.GetProperty("cov")[k]);
            Assert.Equal(0, Distance(covariance, flow.Covariance(t)), 1e-9);
            Assert.Equal(0, Distance(covariance.Where((_, i) => i % 10 == 0), flow.Variance(t)), 1e-9);
        }
    }

    /// <summary>
    /// A point that is there twice, or once with the sum of both masses, attracts alike; the Gram matrix is singular.
    /// </summary>
    [Fact]
    public void A_point_that_is_there_twice_counts_as_one_of_twice_the_mass()
    {
        var erf = Catalogue.Find<IActivation>("erf");
        KernelLayer[] layers = [new(null, 1, 0.2), new(erf, 1.5, 0.1)];
        var twice = new KernelFlow(Of([1, 0.5, 1, 0.5, -0.3, 2, 0.7, 0.7], 2, layers), [0.25, 0.25, 0.5]);
        var once = new KernelFlow(Of([1, 0.5, -0.3, 2, 0.7, 0.7], 2, layers), [0.5, 0.5]);
        foreach (var t in new[] { 0.0, 0.7, 50 })
        {
            var (two, one) = (twice.Mean(t, [1, 2, 1, 2, -1, 0], 2), once.Mean(t, [1, 2, -1, 0], 2));
            Assert.Equal(0, Distance(one, two[2..]), 1e-12);
            var (many, few) = (twice.Covariance(t), once.Covariance(t));
            for (var i = 0; i < 3; i++)
                Assert.Equal(0, Distance(few[(3 * i)..(3 * i + 3)], many[(4 * (i + 1) + 1)..(4 * (i + 1) + 4)]), 1e-12);
        }
    }

    /// <summary>Two outputs, unequal masses: the closed form against the flow itself by many small steps.</summary>
    [Fact]
    public void The_mean_solves_the_flow()
    {
        var tanh = Catalogue.Find<IActivation>("tanh");
        var kernels = Of([1, 0.2, -0.4, 0.9, 0.5, -1.1], 2, [new(null, 1.2, 0.1), new(tanh, 1.5, 0.1)]);
        double[] masses = [0.7, 0.3], y = [1, -0.5, 0.2, 2];
        var flow = new KernelFlow(kernels, masses, slope: 2);
        var f = new double[6];
        const int steps = 400;
        for (var step = 0; step < steps; step++)
        {
            // The classical method of order 4 over t = 3.
            var h = 3.0 / steps;
            double[] k1 = Velocity(f), k2 = Velocity(Plus(f, k1, h / 2)), k3 = Velocity(Plus(f, k2, h / 2));
            var k4 = Velocity(Plus(f, k3, h));
            for (var i = 0; i < 6; i++) f[i] += h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
        }
        Assert.Equal(0, Distance(f, flow.Mean(3, y, 2)), 1e-9);

        double[] Velocity(double[] at) => [.. Enumerable.Range(0, 6).Select(i => -2 * Enumerable.Range(0, 2)
            .Sum(n => kernels.Ntk[3 * (i / 2) + n] * masses[n] * (at[2 * n + i % 2] - y[2 * n + i % 2])))];
        static double[] Plus(double[] a, double[] b, double h) => [.. a.Zip(b, (u, v) => u + h * v)];
    }

    private static GaussianKernels Of(double[] x, int inputs, KernelLayer[] layers) => GaussianKernels.Of(
        new Dataset(inputs, 1, x, new double[x.Length / inputs], LabelKind.Real), layers, new ManagedEngine(1), new());

    private static double Distance(IEnumerable<double> ours, IEnumerable<double> theirs) =>
        ours.Zip(theirs, (a, b) => Math.Abs(a - b)).Max();
}
