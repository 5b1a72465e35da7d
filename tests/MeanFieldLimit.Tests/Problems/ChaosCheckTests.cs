namespace MeanFieldLimit.Tests.Problems;

/// <summary>One broken file per rule of the section chaos.</summary>
public class ChaosCheckTests
{
    private const string Good = """
        {
          "data": { "kind": "points", "x": [[1], [2]], "y": [[1], [0]] },
          "network": { "biases": "frozen", "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
            { "weights": { "law": "gaussian", "std": 1 } } ] },
          "training": { "loss": "half-squared", "time": 1 },
          "couple": { "widths": [10, 20], "seeds": 2 },
          "chaos": { "betas": [0, 1], "noise": ["per-particle", "langevin"] }
        }
        """;

    [Fact]
    public void The_good_file_is_read() =>
        Assert.Equal([0, 1], Texts.Parse(Good).Problem.Chaos!.Betas);

    [Theory]
    [InlineData("[0, 1]", "[1, 0]", 8, "$.chaos.betas[1]", "strictly increasing, got 0 after 1")]
    [InlineData("[0, 1]", "[0, 1.5]", 8, "$.chaos.betas[1]", "between 0 and 1, got 1.5")]
    [InlineData("[0, 1]", "[]", 8, "$.chaos.betas", "at least 1 entry")]
    [InlineData("\"langevin\"", "\"per-particle\"", 8, "$.chaos.noise", "each kind once, got per-particle twice; remove one")]
    [InlineData("\"langevin\"", "\"brown\"", 8, "$.chaos.noise[1]", "per-particle")]
    [InlineData("\"langevin\"]", "\"shared\"], \"paths\": 3", 8, "$.chaos.paths", "must be even|got 3; use 4")]
    [InlineData("\"langevin\"]", "\"shared\"], \"gamma\": 0", 8, "$.chaos.gamma", "positive, got 0")]
    [InlineData("\"langevin\"]", "\"shared\"], \"gammas\": [1, 0]", 8, "$.chaos.gammas[1]", "positive, got 0")]
    [InlineData("\"langevin\"]", "\"shared\"], \"steps\": 0", 8, "$.chaos.steps", "got 0")]
    [InlineData("\"langevin\"]", "\"shared\"], \"particles\": 11", 8, "$.chaos.particles", "at most the smallest width, got 11 of 10")]
    [InlineData("\"frozen\"", "\"trained\"", 3, "$.network.biases", "must not be trained|belong to no particle")]
    [InlineData("{ \"weights\": { \"law\": \"gaussian\", \"std\": 1 } }", "{ \"weights\": { \"law\": \"gaussian\", \"std\": 1 }, \"interaction\": \"residual\" }", 5,
        "$.network.layers[1].interaction", "weighted-sum|got residual")]
    [InlineData("\"tanh\" },", "\"tanh\" },\n{ \"weights\": { \"law\": \"gaussian\", \"std\": 1 }, \"activation\": \"tanh\" },", 3, "$.network.layers", "two layers|got 3")]
    [InlineData("\"time\": 1 }", "\"time\": 1, \"dynamics\": \"sgd\", \"step\": 0.1, \"batch\": 2 }", 6, "$.training.dynamics", "must be flow|chaos.batch")]
    [InlineData("\"couple\"", "\"limit\": { \"paths\": 4 }, \"couple\"", 7, "$.limit.paths", "got 4; use chaos.paths")]
    [InlineData("\"couple\"", "\"limit\": { \"accuracy\": 1e-3 }, \"couple\"", 7, "$.limit.accuracy", "give types")]
    public void A_broken_rule_is_located(string old, string replacement, int line, string path, string fragments)
    {
        Assert.Contains(old, Good, StringComparison.Ordinal);
        Texts.Refused(Good.Replace(old, replacement, StringComparison.Ordinal), line, path, fragments);
    }
}
