using System.Text;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Problems;

/// <summary>One broken file per rule of networks on images: where, which rule, which value, what to do.</summary>
public class ImageRuleTests
{
    private const string Good = """
        { "data": { "kind": "textures", "rows": 6, "columns": 6, "points": 4 },
          "network": { "image": { "rows": 6, "columns": 6 }, "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh",
              "convolution": { "size": [3] }, "pool": { "kind": "max", "size": [2] } },
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh", "convolution": { "size": [2] } },
            { "weights": { "law": "gaussian", "std": 2 } } ] },
          "training": { "loss": "logistic", "time": 1 },
          "limit": { "types": [{ "rule": "sobol", "nodes": 4 }, { "rule": "gauss", "nodes": 2 }] } }
        """;

    [Theory]
    [InlineData("\"size\": [3]", "\"size\": [7]", 4, "$.network.layers[0].convolution.size",
        "must fit into the 6 x 6 positions|got [7]|smaller window, or more padding")]
    [InlineData("\"size\": [3]", "\"size\": [9], \"padding\": 1", 4, "$.network.layers[0].convolution.size",
        "with 1 on either side|got [9]")]
    [InlineData("\"size\": [3]", "\"size\": [3], \"stride\": [0]", 4, "$.network.layers[0].convolution.stride[0]",
        "between 1 and 8192|got 0")]
    [InlineData("\"size\": [2] } },\n", "\"size\": [5] } },\n", 4, "$.network.layers[0].pool.size",
        "must fit into the 4 x 4 positions|got [5]|use a smaller window")]
    [InlineData("\"size\": [3]", "\"size\": [3], \"padding\": 3", 4, "$.network.layers[0].convolution.padding",
        "less than the window is long|got 3 for [3]|smaller one")]
    [InlineData("\"size\": [2] } },\n", "\"size\": [2], \"stride\": [0] } },\n", 4,
        "$.network.layers[0].pool.stride[0]",
        "between 1 and 8192|got 0|in that range")]
    [InlineData("\"sobol\", \"nodes\": 4", "\"gauss\", \"nodes\": 16", 8, "$.limit.types[0]",
        "68,719,476,736 nodes in layer 1|must fit into memory|fewer nodes, or the sobol rule")]
    [InlineData("\"sobol\", \"nodes\": 4", "\"panels\", \"nodes\": 64", 8, "$.limit.types[0]",
        "nodes in layer 1|must fit into memory|fewer nodes, or the sobol rule")]
    [InlineData("\"size\": [2] } },\n    { \"weights\": { \"law\": \"gaussian\", \"std\": 2 }",
        "\"size\": [2] }, \"pool\": { \"kind\": \"max\", \"size\": [1] } },\n    " +
        "{ \"weights\": { \"law\": \"gaussian\", \"std\": 2 }, \"interaction\": \"residual\"", 6,
        "$.network.layers[2].interaction", "above a pool|got residual|remove the key")]
    [InlineData("\"kind\": \"max\", ", "\"kind\": \"global-average\", ", 4, "$.network.layers[0].pool.size",
        "must not be given for global-average|remove it")]
    [InlineData("\"kind\": \"max\", \"size\": [2]", "\"kind\": \"max\"", 4, "$.network.layers[0].pool.size",
        "must be given for max|found none")]
    [InlineData("\"rows\": 6, \"columns\": 6 }, \"layers\"", "\"channels\": 3, \"rows\": 6, \"columns\": 6 }, \"layers\"", 2,
        "$.network.image", "number of inputs of the data|got 3 x 6 x 6 for 36|shape of the images")]
    [InlineData("\"image\": { \"rows\": 6, \"columns\": 6 }, ", "", 3, "$.network.layers[0]",
        "in a network of images|found no network.image|add it")]
    [InlineData("\"tanh\", \"convolution\"", "\"tanh\", \"interaction\": \"gated\", \"convolution\"", 5,
        "$.network.layers[1].interaction", "weighted-sum on more than one position|got gated|remove the key")]
    [InlineData("\"std\": 2 }", "\"std\": 2 }, \"convolution\": { \"size\": [1] }", 6,
        "$.network.layers[2].convolution", "output layer must be dense|remove it")]
    [InlineData("\"std\": 2 }", "\"std\": 2 }, \"filter\": [1, 2]", 6, "$.network.layers[2].filter",
        "1 numbers, one a position below and output|got 2")]
    [InlineData("\"convolution\": { \"size\": [2] }", "\"convolution\": { \"size\": [2] }, \"filter\": [1]", 5,
        "$.network.layers[1].filter", "4 numbers, one a place|got 1|complete")]
    [InlineData("\"limit\": {", "\"scaling\": { \"kind\": \"ntk\" }, \"limit\": {", 8, "$.scaling",
        "must be in the mean-field scaling|got ntk|remove it")]
    [InlineData("\"columns\": 6 }, \"layers\"", "\"columns\": 6 }, \"embedding\": { \"kind\": \"correlated\", " +
        "\"mean\": { \"kind\": \"bilinear\" } }, \"layers\"", 2, "$.network.embedding.latent",
        "at least 2 for a bilinear mean of its own at each of the 4 places of network.layers[1]|got 1|use 2 or more")]
    public void What_images_cannot_have_is_refused_with_its_place(string old, string replacement, int line,
        string path, string fragments)
    {
        // 4 x 4 windows of 3 x 3, pooled to 2 x 2, which one window of the next layer covers.
        Assert.Equal([(9, 16), (4, 1), (1, 1)],
            Parse(Good).Embedding.Architecture.Geometry.Select(g => (g.Taps, g.Positions)));
        Assert.Contains(old, Good, StringComparison.Ordinal);
        var error = Assert.Throws<ProblemException>(() => Parse(Good.Replace(old, replacement, StringComparison.Ordinal)));
        Assert.Equal(path, error.Path);
        Assert.Contains($"images:{line}: ", error.Message, StringComparison.Ordinal);
        foreach (var fragment in fragments.Split('|')) Assert.Contains(fragment, error.Rule, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"size\": [3]", "\"size\": [3], \"stride\": [2]", "network.layers[0].convolution do not reach the " +
        "last 1 row and 1 column of the 6 x 6 positions")]
    [InlineData("\"size\": [3]", "\"size\": [3, 2], \"stride\": [2, 1]", "do not reach the last 1 row of the 6 x 6")]
    [InlineData("\"size\": [3]", "\"size\": [2], \"stride\": [4], \"padding\": 1", "the last 1 row and 1 column of " +
        "the 6 x 6 positions they are on with their padding; another size, stride or padding does")]
    [InlineData("\"size\": [2] } },\n", "\"size\": [3], \"stride\": [2] } },\n", "network.layers[0].pool do not " +
        "reach the last 1 row and 1 column of the 4 x 4")]
    public void Positions_that_windows_lose_are_allowed_and_noted(string old, string replacement, string fragment)
    {
        Assert.DoesNotContain(NetworkNotes.Of(Parse(Good)), n => n.Contains("reach", StringComparison.Ordinal));
        var text = Good.Replace("\"convolution\": { \"size\": [2] }", "\"convolution\": { \"size\": [1] }",
            StringComparison.Ordinal);
        Assert.Contains(old, text, StringComparison.Ordinal);
        Assert.Contains(NetworkNotes.Of(Parse(text.Replace(old, replacement, StringComparison.Ordinal))),
            n => n.Contains(fragment, StringComparison.Ordinal));
    }

    private static Model Parse(string text) =>
        Model.Build(ProblemFile.Parse("images", Encoding.UTF8.GetBytes(text)), null);
}
