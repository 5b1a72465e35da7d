namespace MeanFieldLimit.Cli.Tests;

public sealed class ChaosCommandTests : IDisposable
{
    private const string Problem = """
        {
          "data": { "kind": "points", "x": [[-1], [1]], "y": [[0.5], [1]] },
          "network": { "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
            { "weights": { "law": "gaussian", "std": 1 } } ] },
          "training": { "loss": "half-squared", "time": 1 },
          "limit": { "types": [{ "rule": "gauss", "nodes": 4 }], "predict": { "draws": 0 } },
          "couple": { "widths": [5, 10], "seeds": 2 },
          "chaos": { "steps": 5, "draws": 100 }
        }
        """;

    private readonly Mfl mfl = new();

    public void Dispose() => mfl.Dispose();

    [Fact]
    public void A_problem_is_measured()
    {
        mfl.Write("p.json", Problem);
        var (code, output, errors) = mfl.Run("chaos", "p.json", "--out", "run", "--threads", "2");
        Assert.Equal((ExitCode.Done, ""), (code, errors));
        Assert.Contains("memory: up to", output);
        Assert.Contains("falls with the width N in ", output);
        foreach (var file in new[] { "report.html", "summary.json", "problem.json", "study.csv", "study-laws.csv" })
            Assert.True(File.Exists(mfl.Path($"run/{file}")), file);
        Assert.Contains("<code>mfl chaos problem.json", File.ReadAllText(mfl.Path("run/report.html")));
    }

    [Theory]
    [InlineData("\"steps\": 5", "\"steps\": 5, \"coordinate\": 1", "$.chaos.coordinate")]
    [InlineData("\"steps\": 5", "\"steps\": 5, \"paths\": 2000000000", "GB")]
    [InlineData("\"chaos\"", "\"chaoss\"", "did you mean")]
    [InlineData("\"layers\": [", "\"biases\": \"trained\", \"layers\": [", "p.json:3: $.network.biases")]
    public void What_is_refused_leaves_nothing_behind(string old, string replacement, string fragment)
    {
        var text = Problem.ReplaceLineEndings("\n");
        Assert.Contains(old, text, StringComparison.Ordinal);
        mfl.Write("p.json", text.Replace(old, replacement, StringComparison.Ordinal));
        var (code, _, errors) = mfl.Run("chaos", "p.json", "--out", "run");
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains(fragment, errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(mfl.Path("run")));
    }

    [Fact]
    public void A_file_without_the_section_has_that_of_the_defaults()
    {
        mfl.Write("p.json", Problem.Replace("\"chaos\": { \"steps\": 5, \"draws\": 100 }", "\"name\": \"plain\"",
            StringComparison.Ordinal));
        var (code, _, errors) = mfl.Run("chaos", "p.json", "--out", "run", "--quiet", "--seeds", "1");
        Assert.Equal((ExitCode.Done, ""), (code, errors));
        Assert.Contains("\"steps\": 100", File.ReadAllText(mfl.Path("run/problem.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void An_option_of_couple_that_does_nothing_here_is_refused()
    {
        mfl.Write("p.json", Problem);
        var (code, _, errors) = mfl.Run("chaos", "p.json", "--tracers", "3", "--out", "run");
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("--tracers", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(mfl.Path("run")));
    }

    [Fact]
    public void A_run_that_blows_up_ends_with_its_last_state()
    {
        mfl.Write("p.json", Problem.Replace("\"tanh\"", "\"relu\"", StringComparison.Ordinal)
            .Replace("\"time\": 1", "\"time\": 1000", StringComparison.Ordinal)
            .Replace("\"steps\": 5", "\"steps\": 400", StringComparison.Ordinal)
            .Replace("[[0.5], [1]]", "[[50], [100]]", StringComparison.Ordinal));
        var (code, _, errors) = mfl.Run("chaos", "p.json", "--out", "run", "--quiet");
        Assert.Equal(ExitCode.Diverged, code);
        Assert.Contains("last-state.npz; use a shorter step", errors, StringComparison.Ordinal);
        Assert.True(File.Exists(mfl.Path("run/report.html")));
        Assert.True(File.Exists(mfl.Path("run/last-state.npz")));
    }
}
