namespace MeanFieldLimit.Tests.Problems;

/// <summary>One broken file per rule on data and labels.</summary>
public class DataRuleTests
{
    [Theory]
    [InlineData("\"kind\": \"csv\", \"path\": \"\"", "$.data.path", "path must not be empty")]
    [InlineData("\"kind\": \"csv\", \"path\": \"a\", \"inputs\": []", "$.data.inputs", "at least 1 entry, got 0")]
    [InlineData("\"kind\": \"csv\", \"path\": \"a\", \"inputs\": [\"u\", \"u\"]", "$.data.inputs[1]", "named once, got 'u' again")]
    [InlineData("\"kind\": \"csv\", \"path\": \"a\", \"inputs\": [\"u\"], \"outputs\": [\"v\", \"u\"]", "$.data.outputs[1]", "named once, got 'u' again")]
    [InlineData("\"kind\": \"csv\", \"path\": \"a\", \"inputs\": [\"u\"], \"masses\": \"u\"", "$.data.masses", "named once, got 'u' again")]
    [InlineData("\"kind\": \"idx\", \"images\": \"a\", \"labels\": \"b\", \"classes\": [1]", "$.data.classes", "exactly 2 entries, got 1")]
    [InlineData("\"kind\": \"idx\", \"images\": \"a\", \"labels\": \"b\", \"classes\": [1, 2, 3]", "$.data.classes", "exactly 2 entries, got 3")]
    [InlineData("\"kind\": \"idx\", \"images\": \"a\", \"labels\": \"b\", \"classes\": [1, 1]", "$.data.classes[1]", "two different labels, got 1 twice")]
    [InlineData("\"kind\": \"idx\", \"images\": \"a\", \"labels\": \"b\", \"classes\": [1, 256]", "$.data.classes[1]", "between 0 and 255, got 256")]
    [InlineData("\"kind\": \"idx\", \"images\": \"a\", \"labels\": \"b\", \"train\": 0", "$.data.train", "at least 1, got 0")]
    [InlineData("\"kind\": \"cifar\", \"files\": []", "$.data.files", "at least 1 entry, got 0")]
    [InlineData("\"kind\": \"cifar\", \"files\": [\"\"]", "$.data.files[0]", "must not be empty")]
    [InlineData("\"kind\": \"cifar\", \"files\": [\"a\", \"b\", \"a\"]", "$.data.files[2]", "named once, got 'a' again")]
    [InlineData("\"kind\": \"cifar\", \"files\": [\"a\"], \"testFile\": \"a\"", "$.data.testFile", "named once, got 'a' again")]
    [InlineData("\"kind\": \"cifar\", \"files\": [\"a\"], \"classes\": [1, 1]", "$.data.classes[1]", "two different labels, got 1 twice")]
    [InlineData("\"kind\": \"numpy\", \"inputs\": \"x\", \"outputs\": \"y\", \"inputsTest\": \"t\"", "$.data.inputsTest", "found one of inputsTest and outputsTest; give both")]
    [InlineData("\"kind\": \"isotropic-gaussians\", \"dimension\": 0, \"delta\": 0.4, \"points\": 9", "$.data.dimension", "at least 1, got 0")]
    [InlineData("\"kind\": \"isotropic-gaussians\", \"dimension\": 2, \"delta\": 0, \"points\": 9", "$.data.delta", "above 0 and below 1, got 0")]
    [InlineData("\"kind\": \"isotropic-gaussians\", \"dimension\": 2, \"delta\": 1, \"points\": 9", "$.data.delta", "above 0 and below 1, got 1")]
    [InlineData("\"kind\": \"synthetic\", \"dimension\": 2, \"points\": 9", "$.data", "either a target or a teacher, found neither")]
    [InlineData("\"kind\": \"synthetic\", \"dimension\": 2, \"points\": 0, \"teacher\": { \"width\": 2, " +
        "\"activation\": \"tanh\" }", "$.data.points", "at least 1, got 0")]
    [InlineData("\"kind\": \"synthetic\", \"dimension\": 2, \"points\": 9, \"teacher\": { \"width\": 0, " +
        "\"activation\": \"tanh\" }", "$.data.teacher.width", "at least 1, got 0")]
    [InlineData("\"kind\": \"synthetic\", \"dimension\": 2, \"points\": 9, \"teacher\": { \"width\": 2, " +
        "\"activation\": \"tan\" }", "$.data.teacher.activation", "did you mean 'tanh'")]
    [InlineData("\"kind\": \"synthetic\", \"dimension\": 2, \"points\": 9, \"noise\": -1", "$.data.noise", "at least 0, got -1")]
    [InlineData("\"kind\": \"synthetic\", \"inputs\": \"spher\", \"dimension\": 2, \"points\": 9", "$.data.inputs", "did you mean 'sphere'")]
    [InlineData("\"kind\": \"synthetic\", \"dimension\": 2, \"target\": \"linear\"",
        "$.data", "either points, drawn, or an expectation, integrated, found neither")]
    [InlineData("\"kind\": \"isotropic-gaussians\", \"dimension\": 2, \"delta\": 0.4",
        "$.data", "found neither; give exactly one")]
    [InlineData("\"kind\": \"synthetic\", \"dimension\": 2, \"target\": \"linear\", \"points\": 4, \"expectation\": { \"rule\": \"gauss\", \"nodes\": 3 }",
        "$.data", "found both")]
    [InlineData("\"kind\": \"synthetic\", \"dimension\": 2, \"target\": \"linear\", \"inputs\": \"sphere\", \"expectation\": { \"rule\": \"smolyak\", \"level\": 2 }",
        "$.data.expectation.rule", "the sphere|got smolyak; use gauss or sobol")]
    [InlineData("\"kind\": \"synthetic\", \"dimension\": 2, \"target\": \"linear\", \"inputs\": \"sphere\", \"expectation\": { \"rule\": \"panels\", \"nodes\": 8 }",
        "$.data.expectation.rule", "got panels")]
    [InlineData("\"kind\": \"synthetic\", \"dimension\": 2, \"target\": \"linear\", \"expectation\": { \"rule\": \"gauss\", \"nodes\": 0 }",
        "$.data.expectation.nodes", "between 1 and 256, got 0")]
    [InlineData("\"kind\": \"synthetic\", \"dimension\": 2, \"points\": 9, \"teacher\": { \"activation\": \"tanh\" }",
        "$.data.teacher", "either a width or neurons, found neither")]
    [InlineData("\"kind\": \"synthetic\", \"dimension\": 2, \"points\": 9, \"teacher\": { \"activation\": \"tanh\", \"width\": 2, \"neurons\": [{ \"a\": 1, \"w\": [1, 2] }] }",
        "$.data.teacher", "found both")]
    [InlineData("\"kind\": \"synthetic\", \"dimension\": 2, \"points\": 9, \"teacher\": { \"activation\": \"tanh\", \"neurons\": [] }",
        "$.data.teacher.neurons", "at least 1 entry, got 0")]
    [InlineData("\"kind\": \"synthetic\", \"dimension\": 2, \"points\": 9, \"teacher\": { \"activation\": \"tanh\", \"neurons\": [{ \"a\": 1, \"w\": [1, 2] }, { \"a\": 1, \"w\": [1] }] }",
        "$.data.teacher.neurons[1].w", "one weight per input, got 1 for the dimension 2")]
    public void A_broken_rule_of_other_data_is_located(string data, string path, string fragments) =>
        Assert.Equal((3, path), Texts.Location(Texts.With(Texts.Points, $"  \"data\": {{ {data} }},"), fragments));

    [Theory]
    [InlineData("logistic", "[[1], [0]]", 5, "$.data.y[1]", "labels must be -1 or +1 for the loss logistic, got [0]")]
    [InlineData("logistic", "[[1, 1], [1, 1]]", 14, "$.training.loss", "one output|got 2 outputs")]
    [InlineData("softmax-cross-entropy", "[[1], [1]]", 14, "$.training.loss", "2 outputs or more, got 1")]
    [InlineData("softmax-cross-entropy", "[[1, 0], [1, 1]]", 5, "$.data.y[1]", "sum to 1|got [1, 1]; use one-hot rows")]
    public void Labels_fit_the_loss(string loss, string y, int line, string path, string fragments) =>
        Assert.Equal((line, path), Texts.Location(
            Texts.With("[[1], [-1]]", y).Replace("half-squared", loss, StringComparison.Ordinal), fragments));

    [Theory]
    [InlineData("softmax-cross-entropy", "\"kind\": \"isotropic-gaussians\", \"dimension\": 2, \"delta\": 0.4, \"points\": 9", "got 1; use one-hot")]
    [InlineData("softmax-cross-entropy", "\"kind\": \"idx\", \"images\": \"a\", \"labels\": \"b\", \"classes\": [1, 2]", "got 1; use one-hot")]
    [InlineData("logistic", "\"kind\": \"csv\", \"path\": \"a\", \"outputs\": [\"u\", \"v\"]", "got 2 outputs")]
    public void The_number_of_outputs_fits_the_loss(string loss, string data, string fragment)
    {
        var text = Texts.With(Texts.Points, $"  \"data\": {{ {data} }},")
            .Replace("half-squared", loss, StringComparison.Ordinal);
        Assert.Equal((12, "$.training.loss"), Texts.Location(text, fragment));
    }
}
