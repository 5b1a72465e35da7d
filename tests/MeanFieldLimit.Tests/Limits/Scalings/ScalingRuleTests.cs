using System.Text;
using MeanFieldLimit.Data;
using MeanFieldLimit.Models;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Limits.Scalings;

/// <summary>One broken file per rule of a scaling: where, which rule, which value, what to do.</summary>
public class ScalingRuleTests
{
    private const string Good = """
        { "data": { "kind": "points", "x": [[1.2], [0.5]], "y": [[1], [-1]] },
          "network": { "biases": "frozen", "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
            { "weights": { "law": "gaussian", "std": 2 } } ] },
          "scaling": { "kind": "ntk", "width": 8 },
          "training": { "loss": "logistic", "time": 1 },
          "limit": { "types": [{ "rule": "gauss", "nodes": 4 }] } }
        """;

    [Theory]
    [InlineData("\"std\": 1 }", "\"std\": 1, \"mean\": 0.5 }", 3, "$.network.layers[0].weights", "centred|mean 0.5|use the mean 0")]
    [InlineData("\"std\": 2 }", "\"std\": 2, \"mean\": -1 }", 4, "$.network.layers[1].weights", "centred|mean -1|use the mean 0")]
    [InlineData("\"gaussian\", \"std\": 1", "\"uniform\", \"low\": -1, \"high\": 1", 3, "$.network.layers[0].weights.law",
        "gaussian for a kernel|got uniform|of the same variance")]
    [InlineData("\"gaussian\", \"std\": 2", "\"rademacher\"", 4, "$.network.layers[1].weights.law", "for a kernel|got rademacher|use gaussian")]
    [InlineData("\"tanh\"", "\"tanh\", \"bias\": { \"law\": \"rademacher\" }", 3, "$.network.layers[0].bias.law",
        "biases must be gaussian|got rademacher|use gaussian")]
    [InlineData("\"logistic\", \"time\": 1 },\n  \"limit\": {", "\"half-squared\", \"time\": 1 },\n  \"limit\": { \"method\": \"euler\", \"step\": 1,", 6,
        "$.training.loss", "sym-default must have a loss whose slope has limits|got half-squared|logistic", "sym-default")]
    [InlineData("\"logistic\", \"time\": 1 },\n  \"limit\": {", "\"half-squared\", \"time\": 1 },\n  \"limit\": { \"method\": \"euler\", \"step\": 1,", 6,
        "$.training.loss", "default must have a loss whose slope has limits|got half-squared|limit.ratio", "default")]
    [InlineData("\"logistic\"", "\"logistic\"", 7, "$.limit.method", "gradient descent|got the flow|euler", "default")]
    [InlineData("\"width\": 8", "\"width\": 8, \"sum\": 0, \"outgoing\": 0, \"incoming\": 0", 7, "$.limit.ratio",
        "ratio must be given for exponents|found none|give the width", "exponents")]
    [InlineData("\"gaussian\", \"std\": 1", "\"uniform\", \"low\": -1, \"high\": 1", 3, "$.network.layers[0].weights.law",
        "where the initial function is drawn|got uniform|limit.initial.values", "ic-mf")]
    [InlineData("\"std\": 1 }", "\"std\": 1, \"mean\": 0.5 }", 3, "$.network.layers[0].weights", "centred|mean 0.5", "ic-mf")]
    [InlineData("\"std\": 2 }", "\"std\": 2 }, \"bias\": { \"law\": \"gaussian\", \"std\": 0.3 }", 4, "$.network.layers[1].bias",
        "output biases must start at 0 in mean-field|deviation 0.3|remove the bias", "mean-field")]
    [InlineData("\"biases\": \"frozen\"", "\"biases\": \"trained\"", 3, "$.network.layers[0].bias",
        "random where they are trained|got a constant|gaussian law, or frozen")]
    [InlineData("\"kind\": \"points\", \"x\": [[1.2], [0.5]], \"y\": [[1], [-1]]",
        "\"kind\": \"synthetic\", \"target\": \"linear\", \"dimension\": 1, \"expectation\": { \"rule\": \"gauss\", \"nodes\": 3 }", 1,
        "$.data.expectation", "data must be points|found an expectation|use points")]
    public void What_a_scaling_cannot_have_is_refused_with_its_place(string old, string replacement, int line,
        string path, string fragments, string kind = "ntk")
    {
        Assert.True(Parse(Good).IsKernel);
        Assert.Contains(old, Good, StringComparison.Ordinal);
        var text = Good.Replace(old, replacement, StringComparison.Ordinal).Replace("ntk", kind, StringComparison.Ordinal);
        var error = Assert.Throws<ProblemException>(() => Parse(text));
        Assert.Equal(path, error.Path);
        Assert.Contains($"scaling:{line}: ", error.Message, StringComparison.Ordinal);
        foreach (var fragment in fragments.Split('|')) Assert.Contains(fragment, error.Rule, StringComparison.Ordinal);
    }

    /// <summary>Middle weights of mean 0 would leave the ensemble nothing to send up.</summary>
    [Fact]
    public void A_ratio_is_refused_with_two_hidden_layers()
    {
        var text = Good.Replace("{ \"weights\": { \"law\": \"gaussian\", \"std\": 2 } }", """
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
                { "weights": { "law": "gaussian", "std": 2 } }
            """, StringComparison.Ordinal)
            .Replace("\"types\": [{ \"rule\": \"gauss\", \"nodes\": 4 }]", "\"ratio\": 4", StringComparison.Ordinal);
        var error = Assert.Throws<ProblemException>(() => Parse(text));
        Assert.Equal("$.limit.ratio", error.Path);
        Assert.Contains("got 4 and 2", error.Rule, StringComparison.Ordinal);
    }

    /// <summary>A limit that is given its function, or starts at 0, can have any law in layer 1.</summary>
    [Theory]
    [InlineData("mean-field", "\"limit\": {")]
    [InlineData("ic-mf", "\"limit\": { \"initial\": { \"values\": [[0.1], [0.2]] },")]
    public void Where_no_function_is_drawn_laws_are_free(string kind, string limit) => Assert.Equal(0.5, Parse(Good
        .Replace("\"gaussian\", \"std\": 1", "\"uniform\", \"low\": -1, \"high\": 2", StringComparison.Ordinal)
        .Replace("ntk", kind, StringComparison.Ordinal).Replace("\"limit\": {", limit, StringComparison.Ordinal))
        .Embedding.Laws[0].Weights.Mean);

    [Fact]
    public void Gram_matrices_larger_than_memory_are_refused_before_they_are_made()
    {
        var text = Good.Replace("\"kind\": \"points\", \"x\": [[1.2], [0.5]], \"y\": [[1], [-1]]",
            "\"kind\": \"synthetic\", \"target\": \"linear\", \"dimension\": 1, \"points\": 3000000", StringComparison.Ordinal)
            .Replace("logistic", "half-squared", StringComparison.Ordinal);
        var error = Assert.Throws<ProblemException>(() => Parse(text));
        Assert.Equal("$.data", error.Path);
        Assert.Contains("scaling:1: ", error.Message, StringComparison.Ordinal);
        foreach (var fragment in new[] { "Gram matrices must fit into memory", "3,000,000 points", "use fewer points" })
            Assert.Contains(fragment, error.Rule, StringComparison.Ordinal);
    }

    /// <summary>
    /// E e^(2 v z^2) is finite for v below 1/4 alone: s(h) = e^(h^2) has a second moment up to that variance; at 0.2
    /// more of it than rounding is beyond 13 standard deviations.
    /// </summary>
    [Theory]
    [InlineData(0.1, false)]
    [InlineData(0.15, false)]
    [InlineData(0.2, true)]
    [InlineData(0.3, true)]
    [InlineData(1000, true)]
    public void An_activation_without_second_moment_is_refused(double variance, bool isRefused)
    {
        var points = new Dataset(1, 1, [0, 1], new double[2], LabelKind.Real);
        var refusal = KernelCheck.Refuse(points, [new(null, variance, 0), new(new Explosive(), 1, 0)]);
        Assert.Equal(isRefused, refusal is not null);
        if (refusal is null) return;
        Assert.Equal("$.network.layers[0].activation", refusal.Path);
        Assert.Contains($"explosive and its slope have none within 13 standard deviations at the variance {variance} of point 1; use another",
            refusal.Rule, StringComparison.Ordinal);
    }

    /// <summary>Weights of a standard deviation of 1e155 have no variance that a double holds.</summary>
    [Theory]
    [InlineData(1e308, false)]
    [InlineData(double.PositiveInfinity, true)]
    public void Outputs_of_infinite_variance_are_refused(double variance, bool isRefused)
    {
        var points = new Dataset(1, 1, [0, 1], new double[2], LabelKind.Real);
        var refusal = KernelCheck.Refuse(points, [new(null, 1, 0), new(new Tanh(), variance, 0)]);
        Assert.Equal(isRefused, refusal is not null);
        if (refusal is null) return;
        Assert.Equal("$.network.layers[1].weights", refusal.Path);
        Assert.Contains("outputs must have a finite variance for a kernel, got", refusal.Rule,
            StringComparison.Ordinal);
    }

    private static Model Parse(string text) => Model.Build(ProblemFile.Parse("scaling", Encoding.UTF8.GetBytes(text)), null);

    private sealed class Explosive : IActivation
    {
        public string Name => "explosive";

        public void Apply(ReadOnlySpan<double> h, Span<double> s)
        {
            for (var j = 0; j < h.Length; j++) s[j] = Math.Exp(h[j] * h[j]);
        }

        public void Derivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> derivative)
        {
            for (var j = 0; j < h.Length; j++) derivative[j] = 2 * h[j] * s[j];
        }
    }
}
