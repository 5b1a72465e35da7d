using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeanFieldLimit.Cli.Tests;

/// <summary>Examples that the program writes, keys that the command line sets, a summary on standard output.</summary>
public sealed class SettingsTests : IDisposable
{
    private readonly Mfl mfl = new();

    public void Dispose() => mfl.Dispose();

    [Fact]
    public void An_example_is_written_with_its_table_and_runs_as_set()
    {
        Assert.Equal("table.json\narcs.csv\nproblem.schema.json\n", mfl.Run("example", "table").Output);
        Assert.Equal(File.ReadAllBytes(Mfl.Example("table.json")), File.ReadAllBytes(mfl.Path("table.json")));
        string[] settings = ["couple.widths=5,10", "couple.seeds=2", "training.time=0.2", "limit.types[0].nodes=4"];
        var (code, output, errors) = mfl.Run(
            ["couple", "table.json", .. settings.SelectMany(s => new[] { "--set", s }), "--json", "--out", "run"]);
        Assert.Equal((ExitCode.Done, ""), (code, errors));
        var summary = JsonDocument.Parse(output).RootElement;
        Assert.Equal(File.ReadAllText(mfl.Path("run/summary.json")).TrimEnd(), output.TrimEnd());
        Assert.Equal(64, summary.GetProperty("limit").GetProperty("nodes")[0].GetInt32());
        Assert.Equal(0.2, summary.GetProperty("limit").GetProperty("time").GetDouble());
        Assert.Equal("[5,10]", $"{summary.GetProperty("rates")[0].GetProperty("widths")}".Replace("\n", "",
            StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public void A_problem_that_is_written_lies_beside_its_schema()
    {
        mfl.Run("example", "global-convergence");
        Assert.Equal("three-layer.json\n", mfl.Run("example", "three-layer").Output);
        // One without: its run has it all the same, and is the same run.
        var text = JsonNode.Parse(File.ReadAllText(mfl.Path("three-layer.json")))!;
        text.AsObject().Remove("$schema");
        mfl.Write("none.json", text.ToJsonString());
        (string, string)[] runs = [("three-layer.json", "run"), ("none.json", "run"), ("run/problem.json", "again")];
        foreach (var (problem, run) in runs)
            Assert.Equal(ExitCode.Done, mfl.Run(["solve", problem, .. Mfl.Unpredicted, "--out", run, "--quiet"]).Code);
        var schema = mfl.Run("schema").Output;
        foreach (var problem in new[] { "global-convergence.json", "three-layer.json", "run/problem.json" })
        {
            var named = JsonNode.Parse(File.ReadAllText(mfl.Path(problem)))!["$schema"]!.GetValue<string>();
            Assert.Equal(schema, File.ReadAllText(Path.Combine(Path.GetDirectoryName(mfl.Path(problem))!, named)));
        }
    }

    [Fact]
    public void Where_files_of_MNIST_are_from_is_told_where_they_are_missing()
    {
        mfl.Run("example", "mnist-three-layer");
        var (code, _, errors) = mfl.Run("couple", "mnist-three-layer.json");
        Assert.Equal(ExitCode.Refused, code);
        Assert.Single(errors.TrimEnd().Split('\n'));
        string[] words = ["--data", "train-images-idx3-ubyte.gz", "yann.lecun.com/exdb/mnist", "dataset-fashion-mnist"];
        foreach (var word in words)
            Assert.Contains(word, errors);
        mfl.Run("example", "table");
        File.Delete(mfl.Path("arcs.csv"));
        Assert.EndsWith("name its folder with --data\n", mfl.Run("couple", "table.json").Errors);
    }

    [Fact]
    public void An_example_overwrites_no_file()
    {
        mfl.Write("density.json", "mine");
        var (code, _, errors) = mfl.Run("example", "density");
        Assert.Equal(ExitCode.Refused, code);
        Assert.StartsWith("mfl: density.json: a file that is written must be new", errors);
        Assert.Equal("mine", File.ReadAllText(mfl.Path("density.json")));
    }

    [Fact]
    public void All_examples_are_listed()
    {
        var lines = mfl.Run("example").Output.TrimEnd().Split('\n');
        var files = Directory.GetFiles(Path.GetDirectoryName(Mfl.Example("density.json"))!, "*.json");
        Assert.Equal(files.Length - 1, lines.Length);       // but for the schema
        Assert.All(lines, line => Assert.True(line.Length > 40, line));
    }

    [Theory]
    [InlineData("training.tim=5", "$.training.tim: key 'tim' is unknown here; did you mean 'time'?")]
    [InlineData("training.time=-1", "$.training.time: time must be positive, got -1")]
    [InlineData("training.time", "a setting must be a key and its value, got 'training.time'")]
    [InlineData("training.time[2]=3", "training.time[2] must lead to a value of the problem")]
    [InlineData("couple.widths[99999999999]=3", "couple.widths[99999999999] must lead to a value of the problem")]
    [InlineData("couple.widths[9]=3", "couple.widths[9] must lead to a value of the problem")]
    public void A_setting_is_refused_as_in_a_file(string setting, string message)
    {
        var (code, output, errors) = mfl.Run("solve", "--set", setting);
        Assert.Equal((ExitCode.Refused, ""), (code, output));
        Assert.Contains(message, errors);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }
}
