using System.Text;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Problems;

/// <summary>One broken file per rule of weights on the unit sphere: where, which rule and value, what to do.</summary>
public class SphereRuleTests
{
    private const string Good = """
        { "data": { "kind": "points", "x": [[1, 0.5], [0, -1]], "y": [[1], [-1]] },
          "network": { "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "constraint": "sphere", "activation": "tanh" },
            { "weights": { "law": "gaussian", "std": 2 } } ] },
          "training": { "loss": "half-squared", "time": 1 },
          "limit": { "types": [{ "rule": "sobol", "nodes": 8 }] } }
        """;

    [Theory]
    [InlineData("[[1, 0.5], [0, -1]]", "[[1], [0]]", 3, "$.network.layers[0].constraint",
        "at least two coordinates|got one|an input that is 1, for a bias, or remove the constraint")]
    [InlineData("\"std\": 2 }", "\"std\": 2 }, \"constraint\": \"sphere\"", 4, "$.network.layers[1].constraint",
        "must stand in layer 1|got sphere in layer 2|remove it")]
    [InlineData("\"sobol\"", "\"gauss\"", 6, "$.limit.types[0].rule",
        "must be sobol, monte-carlo or panels|got gauss|node at 0|use sobol")]
    [InlineData("\"sobol\", \"nodes\"", "\"smolyak\", \"level\"", 6, "$.limit.types[0].rule", "got smolyak|use sobol")]
    [InlineData("\"law\": \"gaussian\", \"std\": 1", "\"law\": \"constant\", \"value\": 0", 3,
        "$.network.layers[0].weights", "must have a direction|a law of 0 alone|use gaussian")]
    [InlineData("\"law\": \"gaussian\", \"std\": 1", "\"law\": \"rademacher\", \"mean\": 1", 3,
        "$.network.layers[0].weights", "a law of 0 with a chance|use gaussian")]
    [InlineData("\"time\": 1", "\"time\": 1, \"dynamics\": \"langevin\"", 5, "$.training.dynamics",
        "must be flow or sgd|a drift of its own|got langevin|use sgd, or remove the constraint")]
    [InlineData("\"limit\": {", "\"density\": {}, \"limit\": {", 6, "$.density",
        "must be without constraint beside a density|got sphere in layer 1|remove either")]
    [InlineData("\"limit\": {", "\"record\": { \"probes\": [\"sharpness\"] }, \"limit\": {", 3,
        "$.network.layers[0].constraint", "must not be sphere beside the Hessian|use starts-on-sphere or none")]
    [InlineData("\"limit\": {", "\"chaos\": {}, \"limit\": {", 6, "$.chaos", "beside chaos|got sphere|remove either")]
    [InlineData("\"limit\": {", "\"scaling\": { \"kind\": \"ntk\" }, \"limit\": {", 6, "$.scaling",
        "beside a scaling|got sphere|remove either")]
    [InlineData("\"limit\": {", "\"limit\": { \"coordinates\": \"principal\", ", 6, "$.limit.coordinates",
        "independent, and free|use natural")]
    [InlineData("\"constraint\": \"sphere\"", "\"constraint\": \"spheres\"", 3, "$.network.layers[0].constraint",
        "one of none, sphere, starts-on-sphere|got 'spheres'|did you mean 'sphere'?")]
    public void A_broken_rule_is_located(string old, string replacement, int line, string path, string fragments)
    {
        Assert.Contains(old, Good, StringComparison.Ordinal);
        var at = Good.IndexOf(old, StringComparison.Ordinal);
        var e = Assert.Throws<ProblemException>(() => Parse(Good[..at] + replacement + Good[(at + old.Length)..]));
        Assert.Equal((line, path), (e.Line, e.Path));
        Assert.All(fragments.Split('|'), fragment => Assert.Contains(fragment, e.Rule, StringComparison.Ordinal));
    }

    [Fact]
    public void The_good_file_is_good_and_its_limit_starts_on_the_circle()
    {
        var limit = Parse(Good).InitialLimit();
        for (var c = 0; c < 8; c++)
            Assert.InRange(double.Hypot(limit.Weights(1).Row(0)[c], limit.Weights(1).Row(1)[c]), 1 - 2e-16, 1 + 2e-16);
    }

    [Fact]
    public void Windows_of_a_convolution_are_on_the_sphere_channel_by_channel()
    {
        var network = Parse("""
            { "data": { "kind": "textures", "rows": 4, "columns": 4, "points": 3 },
              "network": { "image": { "channels": 1, "rows": 4, "columns": 4 }, "layers": [
                { "weights": { "law": "gaussian", "std": 1 }, "constraint": "sphere", "activation": "tanh",
                  "convolution": { "size": [2] } },
                { "weights": { "law": "gaussian", "std": 1 } } ] },
              "training": { "loss": "logistic", "time": 1 } }
            """).Sample([3], 0);
        for (var c = 0; c < 3; c++)
            Assert.InRange(Enumerable.Range(0, 4).Sum(d => Math.Pow(network.Weights(1).Row(d)[c], 2)), 1 - 4e-16,
                1 + 4e-16);
    }

    [Fact]
    public void Types_that_the_program_chooses_have_no_node_at_0() => Assert.Equal("scrambled sobol, 1024 nodes",
        $"{Parse(Good.Replace("\"limit\": { \"types\": [{ \"rule\": \"sobol\", \"nodes\": 8 }] }", "\"limit\": {}",
            StringComparison.Ordinal)).Problem.Limit.Types![0]}");

    private static Model Parse(string text) =>
        Model.Build(ProblemFile.Parse("sphere", Encoding.UTF8.GetBytes(text)), null);
}
