using System.Text.Json;

namespace MeanFieldLimit.Cli.Tests;

/// <summary>A sweep is the runs of its points, side by side in one table.</summary>
public sealed class SweepTests : IDisposable
{
    private const string Problem = """
        { "data": { "kind": "points", "x": [[1], [-0.5], [2]], "y": [[1], [0], [0.5]] },
          "network": { "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
            { "weights": { "law": "gaussian", "mean": 0.5, "std": 1 } } ] },
          "training": { "loss": "half-squared", "time": 0.2 }, "limit": { "types": [{ "rule": "gauss", "nodes": 4 }], "predict": { "draws": 0 } },
          "record": { "saves": 2 }, "couple": { "widths": [4, 8], "seeds": 2, "tracers": 0 } }
        """;

    private static readonly string[] Grid = ["--set", "training.time=0.1,0.2", "--set", "couple.widths=[4,8],[3,6,9]"];

    private readonly Mfl mfl = new();

    public SweepTests() => mfl.Write("p.json", Problem);

    public void Dispose() => mfl.Dispose();

    [Fact]
    public void A_point_is_the_run_of_its_settings()
    {
        Assert.Equal((ExitCode.Done, ""), Run(["sweep", "p.json", .. Grid, "--out", "sweep"]));
        Assert.Equal((ExitCode.Done, ""), Run("couple", "p.json", "--set", "training.time=0.1", "--set",
            "couple.widths=3,6,9", "--out", "alone"));
        Outputs.AreEqual(Outputs.Of(mfl.Path("alone")),
            Outputs.Of(mfl.Path("sweep/training.time=0.1,couple.widths=3-6-9")), "a point");
        var rows = File.ReadAllLines(mfl.Path("sweep/sweep.csv"));
        Assert.StartsWith("training.time,couple.widths,status,", rows[0]);
        Assert.Equal(5, rows.Length);
        Assert.StartsWith("0.1,\"[3,6,9]\",done,", rows[2]);
        // Without the columns of the list, whose commas are quoted.
        var risk = Array.IndexOf(rows[0].Split(','), "limit.risk");
        using var summary = JsonDocument.Parse(File.ReadAllText(mfl.Path("alone/summary.json")));
        Assert.Equal(summary.RootElement.GetProperty("limit").GetProperty("risk").GetDouble(), double.Parse(
            rows[2].Replace("[3,6,9]", "", StringComparison.Ordinal).Split(',')[risk], CultureInfo.InvariantCulture));
        Assert.True(File.Exists(mfl.Path("sweep/figures/sweep.png")));
        Assert.Contains("href=\"training.time%3D0.1%2Ccouple.widths%3D3-6-9/report.html\"",
            File.ReadAllText(mfl.Path("sweep/report.html")));
    }

    [Fact]
    public void What_is_left_of_a_sweep_is_done_by_resume()
    {
        string[] sweep = ["sweep", "p.json", .. Grid, "--seed", "7"];
        Assert.Equal((ExitCode.Done, ""), Run([.. sweep, "--out", "whole"]));
        Assert.Equal(7, JsonDocument.Parse(File.ReadAllText(mfl.Path(
            "whole/training.time=0.1,couple.widths=4-8/summary.json"))).RootElement.GetProperty("seed").GetInt32());
        var (code, output, _) = mfl.Run([.. sweep, "--out", "parts", "--share", "1/2", "--quiet"]);
        Assert.Equal(ExitCode.Done, code);
        Assert.StartsWith("share 1/2 is done; 2 of 4 cells of the run are done", output);
        Assert.False(File.Exists(mfl.Path("parts/sweep.csv")));
        Assert.Equal((ExitCode.Done, ""), Run("resume", "parts"));
        Outputs.AreEqual(Outputs.Of(mfl.Path("whole")), Outputs.Of(mfl.Path("parts")), "in parts");
    }

    [Fact]
    public void A_point_that_diverges_stops_no_other_one()
    {
        var (code, output, errors) = mfl.Run("sweep", "p.json", "--study", "solve", "--set",
            "network.layers[1].weights.mean=1e300,0.5", "--out", "run", "--quiet");
        Assert.Equal((ExitCode.Diverged, ""), (code, errors));
        Assert.Contains("! network.layers-1.weights.mean=1e300: the limit diverged", output);
        Assert.Contains("1 of 2 not done", output);
        Assert.EndsWith("done", File.ReadAllLines(mfl.Path("run/sweep.csv"))[2].Split(',')[1]);
        Assert.True(File.Exists(mfl.Path("run/network.layers-1.weights.mean=1e300/last-state.npz")));
    }

    [Theory]
    [InlineData("the study must be one of advise, bias, chaos, couple,", "--study", "solv", "--set", "training.time=1,2")]
    [InlineData("did you mean 'solve'?", "--study", "solv", "--set", "training.time=1,2")]
    [InlineData("a sweep must have 2 to 1000 points, got 1; give a key two values or more")]
    [InlineData("a sweep must have 2 to 1000 points, got 1; ", "--set", "training.time=1")]
    [InlineData("a key must be set once in a sweep, got seed again", "--set", "seed=1,2", "--set", "seed=3")]
    [InlineData("a setting must be a key and its values, got 'seed'", "--set", "seed")]
    [InlineData("$.training.time: time must be positive, got -1", "--set", "training.time=1,-1")]
    public void What_is_wrong_with_any_point_is_refused_before_all_work(string message, params string[] options)
    {
        var (code, output, errors) = mfl.Run(["sweep", "p.json", .. options, "--out", "run"]);
        Assert.Equal((ExitCode.Refused, ""), (code, output));
        Assert.Contains(message, errors);
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.False(Directory.Exists(mfl.Path("run")));
    }

    [Fact]
    public void Its_summary_is_all_that_json_prints()
    {
        var (code, output, errors) = mfl.Run("sweep", "p.json", "--study", "solve", "--set", "seed=1,2", "--json",
            "--out", "run");
        Assert.Equal((ExitCode.Done, ""), (code, errors));
        Assert.Equal(File.ReadAllText(mfl.Path("run/summary.json")).TrimEnd(), output.TrimEnd());
        Assert.Equal(2, JsonDocument.Parse(output).RootElement.GetProperty("points").GetArrayLength());
        Assert.Single(File.ReadAllLines(mfl.Path("run/sweep.csv"))[0].Split(','), column => column == "seed");
    }

    [Fact]
    public void Values_are_split_at_commas_outside_of_brackets_and_quotes()
    {
        var points = SweepGrid.Of(["a=[1,2],[3]", "b={\"c\": [1,2], \"d\": 3},\"x,\\\"y\",z"]);
        Assert.Equal(6, points.Count);
        Assert.Equal(["[1,2]", "[3]"], points.Select(p => p.Settings[0].Value).Distinct());
        Assert.Equal(["{\"c\": [1,2], \"d\": 3}", "\"x,\\\"y\"", "z"], points.Select(p => p.Settings[1].Value).Distinct());
        Assert.Equal(6, points.Select(p => p.Name).Distinct().Count());
    }

    // Four nodes are too few for gaps of widths 4 and 8, fifty are not.
    [Fact]
    public void A_rate_that_is_not_to_be_trusted_is_in_no_table()
    {
        var (code, output, _) = mfl.Run("sweep", "p.json", "--set", "limit.types[0].nodes=4,50", "--quiet", "--out", "run");
        Assert.Equal(ExitCode.Done, code);
        Assert.Matches(@"\n +4 +done +- ", output);
        Assert.Matches(@"\n +50 +done +-?[0-9.]+ ", output);
    }

    [Fact]
    public void Each_point_is_a_phase()
    {
        var (code, output, _) = mfl.Run(["sweep", "p.json", .. Grid[..2], "--out", "run"]);
        Assert.Equal(ExitCode.Done, code);
        Assert.Matches(@"\d s  training.time 0.1\n(.*\n)*.*\d s  training.time 0.2\n", output);
    }

    [Fact]
    public void Folders_keep_the_signs_of_values() => Assert.Equal(["a=-1", "a=1", "a=-1-2"],
        SweepGrid.Of(["a=-1,1,[-1,2]"]).Select(p => p.Name));

    [Fact]
    public void Folders_of_names_that_do_not_differ_have_numbers() => Assert.Equal(["point-1", "point-2"],
        SweepGrid.Of(["a=[1],(1)"]).Select(p => p.Name));

    private (int Code, string Errors) Run(params string[] arguments)
    {
        var (code, _, errors) = mfl.Run([.. arguments, "--quiet"]);
        return (code, errors);
    }
}
