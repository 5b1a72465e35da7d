using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Networks;

/// <summary>
/// Every activation and loss, found by reflection, against central differences and against values on paper.
/// </summary>
public class DerivativeTests
{
    public static TheoryData<string> Activations => [.. Catalogue.All<IActivation>().Select(a => a.Name)];

    /// <summary>Those of the library: those of plugins need not say how large their second derivative is.</summary>
    public static TheoryData<string> OwnActivations => [.. Own<IActivation>()];

    /// <summary>The same of losses, which need not say that they are convex.</summary>
    public static TheoryData<string> OwnLosses => [.. Own<ILoss>()];

    public static TheoryData<string> Losses => [.. Catalogue.All<ILoss>().Select(l => l.Name)];

    [Theory, MemberData(nameof(Activations))]
    public void Activation_derivative_is_the_slope(string name)
    {
        var activation = Catalogue.Find<IActivation>(name);
        const double h = 1e-6;
        double[] at = [-6.3, -2.5, -1.1, -0.3, -0.01, 0.02, 0.4, 1.3, 2.2, 5.9];
        double[] s = new double[at.Length], up = new double[at.Length], down = new double[at.Length],
            slope = new double[at.Length];
        activation.Apply(at, s);
        activation.Apply([.. at.Select(v => v + h)], up);
        activation.Apply([.. at.Select(v => v - h)], down);
        activation.Derivative(at, s, slope);
        for (var j = 0; j < at.Length; j++) Assert.Equal((up[j] - down[j]) / (2 * h), slope[j], 1e-8);
        // In place of h, as the backward pass has it, or without any.
        if (activation.SlopeFromValue) Array.Fill(at, double.NaN);
        activation.Derivative(at, s, at);
        Assert.Equal(slope, at);
    }

    /// <summary>By differences of the slope beside a kink at 0, over a grid that comes near the largest.</summary>
    [Theory, MemberData(nameof(OwnActivations))]
    public void Activation_curvature_is_a_bound_that_is_reached(string name)
    {
        var activation = Catalogue.Find<IActivation>(name);
        const double h = 1e-5, reach = 4;
        double[] at = [.. Enumerable.Range(0, 4000).Select(k => -reach + (k + 0.5) * reach / 2000)];
        double[] s = new double[at.Length], up = new double[at.Length], down = new double[at.Length];
        Slopes(h, up);
        Slopes(-h, down);
        var largest = up.Zip(down, (a, b) => Math.Abs(a - b) / (2 * h)).Max();
        var bound = activation.Curvature(reach) ?? throw new InvalidOperationException($"{name} states no bound");
        Assert.InRange(bound, largest - 1e-8, largest + 1e-4);

        void Slopes(double shift, double[] slopes)
        {
            double[] moved = [.. at.Select(v => v + shift)];
            activation.Apply(moved, s);
            activation.Derivative(moved, s, slopes);
        }
    }

    /// <summary>l((p + q) / 2, y) is at most (l(p, y) + l(q, y)) / 2.</summary>
    [Theory, MemberData(nameof(OwnLosses))]
    public void Losses_are_convex_in_the_prediction(string name)
    {
        var loss = Catalogue.Find<ILoss>(name);
        Assert.True(loss.IsConvex);
        var (data, random) = (Sampled.Data(6, loss: loss), new Random(1));
        for (var k = 0; k < 300; k++)
        {
            double[] p = [10 * random.NextDouble() - 5, 10 * random.NextDouble() - 5],
                q = [10 * random.NextDouble() - 5, 10 * random.NextDouble() - 5];
            var y = data.Label(k % data.Count);
            Assert.True(loss.Value([(p[0] + q[0]) / 2, (p[1] + q[1]) / 2], y)
                <= (loss.Value(p, y) + loss.Value(q, y)) / 2 + 1e-14);
        }
    }

    [Theory]
    [InlineData("tanh", 0.5, 0.46211715726000976)]
    [InlineData("relu", -0.5, 0)]
    [InlineData("leaky-relu", -2, -0.02)]
    [InlineData("erf", 0.5, 0.5204998778130465)]
    [InlineData("sigmoid", 1, 0.7310585786300049)]
    [InlineData("softplus", 0, 0.6931471805599453)]
    [InlineData("softplus", 800, 800)]
    [InlineData("gelu", 1, 0.8413447460685429)]
    [InlineData("sine", 1, 0.8414709848078965)]
    [InlineData("quadratic", -3, 9)]
    [InlineData("identity", -3, -3)]
    public void Activation_has_its_published_value(string name, double h, double expected)
    {
        double[] s = new double[1];
        Catalogue.Find<IActivation>(name).Apply([h], s);
        Assert.Equal(expected, s[0], 1e-14);
    }

    [Theory, MemberData(nameof(Losses))]
    public void Loss_gradient_is_the_slope(string name)
    {
        var loss = Catalogue.Find<ILoss>(name);
        var data = Sampled.Data(6, loss: loss);
        double[] gradient = new double[2];
        for (var n = 0; n < data.Count; n++)
        {
            double[] yhat = [0.7 - n * 0.4, -0.2 + n * 0.5];
            loss.Gradient(yhat, data.Label(n), gradient);
            for (var k = 0; k < 2; k++)
            {
                const double h = 1e-6;
                double[] up = [.. yhat], down = [.. yhat];
                up[k] += h;
                down[k] -= h;
                Assert.Equal((loss.Value(up, data.Label(n)) - loss.Value(down, data.Label(n))) / (2 * h), gradient[k],
                    1e-8);
            }
        }
    }

    [Theory]
    [InlineData("half-squared", 4.5 + 0.5)]
    [InlineData("squared", 9 + 1)]
    [InlineData("huber", 2.5 + 0.5)]
    [InlineData("logistic", 0.12692801104297263 + 1.3132616875182228)]     // log(1 + e^-2), log(1 + e)
    public void Loss_has_its_value_on_paper(string name, double expected)
    {
        double[] yhat = [2, -1], y = name == "logistic" ? [1, 1] : [-1, 0];
        Assert.Equal(expected, Catalogue.Find<ILoss>(name).Value(yhat, y), 1e-14);
    }

    [Fact]
    public void Cross_entropy_of_equal_outputs_is_log_K_even_when_they_are_huge()
    {
        Assert.Equal(Math.Log(3), new SoftmaxCrossEntropy().Value([900, 900, 900], [0, 1, 0]), 1e-14);
        Assert.Equal(Math.Log(3), new SoftmaxCrossEntropy().Value([-900, -900, -900], [0, 1, 0]), 1e-14);
        double[] gradient = new double[3];
        foreach (var level in new[] { 900.0, -900 })
        {
            new SoftmaxCrossEntropy().Gradient([level, level, level], [0, 1, 0], gradient);
            for (var k = 0; k < 3; k++) Assert.Equal(k == 1 ? -2.0 / 3 : 1.0 / 3, gradient[k], 1e-14);
        }
    }

    private static IEnumerable<string> Own<T>() where T : INamed =>
        Catalogue.All<T>().Where(m => m.GetType().Assembly == typeof(T).Assembly).Select(m => m.Name);
}
