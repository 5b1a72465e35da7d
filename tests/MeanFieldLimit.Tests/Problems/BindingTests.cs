using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Problems;

public class BindingTests
{
    [Theory]
    // Unknown keys, with the nearest known one.
    [InlineData("\"biases\"", "\"biasses\"", 7, "$.network.biasses", "'biasses' is unknown|did you mean 'biases'|known: image, layers, biases")]
    [InlineData("\"weights\"", "\"wieghts\"", 9, "$.network.layers[0].wieghts", "did you mean 'weights'")]
    [InlineData("\"widths\"", "\"Widths\"", 19, "$.couple.Widths", "did you mean 'widths'")]
    [InlineData("\"std\": 1 }, \"act", "\"sdt\": 1 }, \"act", 9, "$.network.layers[0].weights.sdt", "did you mean 'std'|known: law, ")]
    [InlineData("\"test\": 1", "\"tests\": 1", 5, "$.data.tests", "did you mean 'test'")]
    [InlineData("\"record\"", "\"my record\"", 18, "$['my record']", "did you mean 'record'")]
    // Missing keys.
    [InlineData("\"loss\": \"half-squared\", ", "", 14, "$.training.loss", "key 'loss' is required|found time|add 'loss'")]
    [InlineData(", \"std\": 1 }, \"act", " }, \"act", 9, "$.network.layers[0].weights.std", "'std' is required")]
    [InlineData("\"kind\": \"points\",", "", 3, "$.data.kind", "'kind' is required|one of points, csv, idx")]
    [InlineData("{ \"loss\": \"half-squared\", \"time\": 3 }", "{}", 14, "$.training.loss", "found no keys")]
    // Wrong types.
    [InlineData("\"time\": 3", "\"time\": \"3\"", 14, "$.training.time", "time must be a number, found the string '3'; write digits without quotes")]
    [InlineData("\"time\": 3", "\"time\": [3]", 14, "$.training.time", "found a list of 1")]
    [InlineData("\"time\": 3", "\"time\": true", 14, "$.training.time", "found true")]
    [InlineData("\"time\": 3", "\"time\": null", 14, "$.training.time", "time must be a number, found null")]
    [InlineData("[[1], [-1]]", "[1, -1]", 5, "$.data.y[0]", "y must be a list, found the number 1; write [ ... ]")]
    [InlineData("\"gap\"", "7", 2, "$.name", "name must be a string, found the number 7")]
    [InlineData("{ \"saves\": 4 }", "4", 18, "$.record", "record must be an object, found the number 4")]
    [InlineData("\"seeds\": 8", "\"seeds\": 8.5", 20, "$.couple.seeds", "seeds must be a whole number, got 8.5; round it")]
    [InlineData("\"test\": 1", "\"test\": 0.2", 5, "$.data.test", "test must be a whole number, got 0.2; give a count, not a share")]
    [InlineData("\"seeds\": 8", "\"seeds\": 1e-40", 20, "$.couple.seeds", "whole number, got 1e-40")]
    [InlineData("\"seeds\": 8", "\"seeds\": 3e9", 20, "$.couple.seeds", "whole number from -2147483648 to 2147483647, got 3e9")]
    [InlineData("\"seeds\": 8", "\"seeds\": 1e300", 20, "$.couple.seeds", "use one that fits")]
    // Names.
    [InlineData("\"none\"", "\"non\"", 7, "$.network.biases", "biases must be one of none, frozen, trained; got 'non'; did you mean 'none'?")]
    [InlineData("\"none\"", "0", 7, "$.network.biases", "one of none, frozen, trained, found the number 0")]
    [InlineData("\"law\": \"gaussian\"", "\"law\": \"gausian\"", 9, "$.network.layers[0].weights.law",
        "one of gaussian, uniform, rademacher, constant|; got 'gausian'; did you mean 'gaussian'?")]
    [InlineData("\"law\": \"gaussian\"", "\"law\": 1", 9, "$.network.layers[0].weights.law", "found the number 1")]
    [InlineData("\"monte-carlo\"", "\"montecarlo\"", 17, "$.limit.types[1].rule", "did you mean 'monte-carlo'")]
    [InlineData("\"tanh\"", "\"tanhh\"", 9, "$.network.layers[0].activation", "activation must be one of |relu|got 'tanhh'; did you mean 'tanh'?")]
    [InlineData("\"half-squared\"", "\"mse\"", 14, "$.training.loss", "loss must be one of |got 'mse'; name one of those")]
    [InlineData("\"half-squared\"", "\"half-square\"", 14, "$.training.loss", "loss must be one of |did you mean 'half-squared'")]
    [InlineData("\"time\": 3", "\"time\": 3, \"method\": \"dormand-price\"", 14, "$.training.method", "euler, runge-kutta-4|did you mean 'dormand-prince'")]
    public void A_wrong_shape_is_located(string old, string replacement, int line, string path, string fragments) =>
        Texts.Refused(Texts.With(old, replacement), line, path, fragments);

    [Fact]
    public void Whole_numbers_may_be_written_in_any_way() =>
        Assert.Equal([1, 20, 300], Texts.Parse(Texts.With("[50, 100]", "[1.0, 20, 3e2]")).Problem.Couple.Widths);

    [Fact]
    public void A_long_seed_keeps_all_its_digits() =>
        Assert.Equal(long.MaxValue,
            Texts.Parse(Texts.With("\"name\": \"gap\"", $"\"seed\": {long.MaxValue}")).Problem.Seed);

    [Fact]
    public void Null_is_absent_where_a_key_may_be_absent() =>
        Assert.Null(Texts.Parse(Texts.With("\"time\": 3", "\"time\": 3, \"step\": null")).Problem.Training.Step);

    [Fact]
    public void Absent_keys_have_their_defaults()
    {
        var problem = Texts.Parse(Texts.With("\"record\": { \"saves\": 4 },", "")).Problem;
        Assert.Equal(new RecordSpec(), problem.Record);
        Assert.Equal("dormand-prince", problem.Training.Method);
    }

    [Theory]
    [InlineData("weights", "weights", 0)]
    [InlineData("wieghts", "weights", 1)]
    [InlineData("Widths", "widths", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance_counts_slips(string a, string b, int distance) => Assert.Equal(distance, Names.Distance(a, b));
}
