namespace MeanFieldLimit.Tests.Problems;

/// <summary>One broken file per rule of the section bias.</summary>
public class BiasCheckTests
{
    private const string Good = """
        {
          "data": { "kind": "synthetic", "dimension": 2, "points": 5,
            "teacher": { "activation": "relu", "neurons": [{ "a": 1, "w": [1, 0] }] } },
          "network": { "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "relu" },
            { "weights": { "law": "constant", "value": 0 } } ] },
          "training": { "loss": "squared", "time": 9, "method": "euler", "step": 3 },
          "bias": { "samples": [5, 10], "wide": [4, 8] }
        }
        """;

    [Fact]
    public void The_good_file_is_read() => Assert.Equal([1, 5, 40], Texts.Parse(Good).Problem.Bias!.Teachers);

    [Theory]
    [InlineData("[5, 10]", "[10, 5]", 8, "$.bias.samples[1]", "strictly increasing, got 5 after 10")]
    [InlineData("[5, 10]", "[6, 10]", 8, "$.bias.samples", "number of data.points, 5, got 6, 10; add it")]
    [InlineData("[4, 8]", "[8, 4]", 8, "$.bias.wide[1]", "strictly increasing")]
    [InlineData("[4, 8] }", "[4, 8] }, \"couple\": { \"widths\": [9, 20000] }", 8, "$.couple.widths[1]", "10000 for bias|got 20000")]
    [InlineData("[4, 8]", "[4, 8], \"teachers\": []", 8, "$.bias.teachers", "at least 1 entry")]
    [InlineData("[4, 8]", "[4, 8], \"width\": 1", 8, "$.bias.width", "got 1")]
    [InlineData("[4, 8]", "[4, 8], \"dimension\": 1", 8, "$.bias.dimension", "got 1")]
    [InlineData("[4, 8]", "[4, 8], \"scaledStep\": 0", 8, "$.bias.scaledStep", "positive, got 0")]
    [InlineData("[4, 8]", "[4, 8], \"scaledTime\": 0", 8, "$.bias.scaledTime", "positive, got 0")]
    [InlineData("[4, 8]", "[4, 8], \"scaledTime\": 0.1", 8, "$.bias.scaledTime", "at least scaledStep, 0.2, got 0.1")]
    [InlineData("\"points\": 5,", "\"points\": 5, \"noise\": 0.1,", 2, "$.data", "without noise")]
    [InlineData("\"points\": 5,", "\"points\": 5, \"inputs\": \"sphere\",", 2, "$.data", "gaussian inputs")]
    [InlineData("\"neurons\": [{ \"a\": 1, \"w\": [1, 0] }]", "\"width\": 3", 2, "$.data", "teacher with neurons")]
    [InlineData("\"w\": [1, 0]", "\"w\": [1, 0], \"b\": 2", 3, "$.data.teacher.neurons[0].b", "no bias for bias, got 2")]
    [InlineData("\"teacher\": { \"activation\": \"relu\"", "\"teacher\": { \"activation\": \"tanh\"", 3,
        "$.data.teacher.activation", "got tanh; use relu")]
    [InlineData("\"activation\": \"relu\" },", "\"activation\": \"relu\", \"constraint\": \"sphere\" },", 5,
        "$.network.layers[0].constraint", "must not be given with bias|got sphere")]
    [InlineData("\"activation\": \"relu\" },", "\"activation\": \"tanh\" },", 5, "$.network.layers[0].activation",
        "relu or leaky-relu for bias, got tanh")]
    [InlineData("\"std\": 1 }", "\"mean\": 1, \"std\": 1 }", 5, "$.network.layers[0].weights", "gaussian law of mean 0")]
    [InlineData("\"value\": 0", "\"value\": 1", 6, "$.network.layers[1].weights", "must start at 0")]
    [InlineData("\"value\": 0 }", "\"value\": 0 }, \"rate\": { \"schedule\": \"constant\", \"value\": 2 }", 6,
        "$.network.layers[1].rate", "got constant 2; remove")]
    [InlineData("\"value\": 0 }", "\"value\": 0 }, \"interaction\": \"residual\"", 6,
        "$.network.layers[1].interaction", "got residual")]
    [InlineData("\"value\": 0 }", "\"value\": 0 }, \"activation\": \"tanh\"", 6,
        "$.network.layers[1].activation", "no activation for bias, got tanh")]
    [InlineData("\"relu\" },", "\"relu\" },\n{ \"weights\": { \"law\": \"gaussian\", \"std\": 1 }, \"activation\": \"relu\" },",
        4, "$.network.layers", "one hidden layer for bias, got 2")]
    [InlineData("\"network\": {", "\"network\": { \"biases\": \"frozen\",", 4, "$.network.biases", "got frozen")]
    [InlineData("\"squared\"", "\"half-squared\"", 7, "$.training.loss", "got half-squared; use squared")]
    [InlineData("\"euler\"", "\"runge-kutta-4\"", 7, "$.training.method", "must be euler for bias")]
    [InlineData("\"step\": 3 }", "\"step\": 3, \"weightDecay\": 0.1 }", 7, "$.training.weightDecay", "got 0.1")]
    [InlineData("\"step\": 3 }", "\"step\": 3, \"until\": { \"risk\": 0.1 } }", 7, "$.training.until", "remove it")]
    [InlineData("\"time\": 9, \"method\": \"euler\", \"step\": 3 }",
        "\"time\": 9, \"dynamics\": \"sgd\", \"step\": 3, \"batch\": 2 }", 7, "$.training.dynamics", "must be flow")]
    public void A_broken_rule_is_located(string old, string replacement, int line, string path, string fragments)
    {
        Assert.Contains(old, Good, StringComparison.Ordinal);
        Texts.Refused(Good.Replace(old, replacement, StringComparison.Ordinal), line, path, fragments);
    }
}
