using System.Text.Json;

namespace MeanFieldLimit.Cli.Tests;

/// <summary>A run of a problem is gone on with by its folder alone.</summary>
public sealed class ResumeTests : IDisposable
{
    private const string Problem = """
        { "data": { "kind": "csv", "path": "d.csv" },
          "network": { "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
            { "weights": { "law": "gaussian", "std": 1 } } ] },
          "training": { "loss": "half-squared", "time": 0.1 }, "limit": { "types": [{ "rule": "gauss", "nodes": 4 }], "predict": { "draws": 0 } },
          "record": { "saves": 2 } }
        """;

    private readonly Mfl mfl = new();

    public ResumeTests()
    {
        mfl.Write("p.json", Problem);
        mfl.Write("d.csv", "x,y\n1,0.5\n2,1\n-1,0\n");
    }

    public void Dispose() => mfl.Dispose();

    private string Cells => Assert.Single(Directory.GetDirectories(mfl.Path("run/cells")));

    [Fact]
    public void Its_problem_its_data_and_its_overridden_keys_are_known()
    {
        Assert.Equal((ExitCode.Done, ""), Run("solve", "p.json", "--seed", "7", "--out", "run"));
        Assert.Equal(7, JsonDocument.Parse(File.ReadAllText(Path.Combine(Cells, "problem.json"))).RootElement
            .GetProperty("seed").GetInt32());
        var whole = Outputs.Of(mfl.Path("run"));
        File.Delete(Path.Combine(Cells, "limit.cell"));
        File.Delete(mfl.Path("run/report.html"));
        mfl.Write("p.json", "gone");
        Assert.Equal((ExitCode.Done, ""), Run("resume", "run", "--threads", "1"));
        Outputs.AreEqual(whole, Outputs.Of(mfl.Path("run")), "resumed");
    }

    [Fact]
    public void Data_that_have_changed_are_refused()
    {
        Assert.Equal((ExitCode.Done, ""), Run("solve", "p.json", "--out", "run"));
        mfl.Write("d.csv", "x,y\n1,0.5\n2,1\n-1,0.1\n");
        var (code, errors) = Run("resume", "run");
        Assert.Equal(ExitCode.Refused, code);
        Assert.Matches("where options.data is \"[0-9a-f]{12}\" there and \"[0-9a-f]{12}\" here; ", errors);
    }

    [Fact]
    public void Changed_keys_are_shown()
    {
        Assert.Equal((ExitCode.Done, ""), Run("solve", "p.json", "--out", "run"));
        mfl.Write("p.json", Problem.Replace("0.1 }", "0.2 }", StringComparison.Ordinal));
        var (code, errors) = Run("solve", "p.json", "--out", "run");
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("where $.training.time is 0.1 there and 0.2 here; ", errors);
    }

    [Fact]
    public void A_broken_problem_leaves_no_folder()
    {
        mfl.Write("p.json", Problem.Replace("0.1 }", "-1 }", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Refused, Run("solve", "p.json", "--out", "run").Code);
        Assert.False(Directory.Exists(mfl.Path("run")));
    }

    [Fact]
    public void Options_of_resume_are_those_of_the_command()
    {
        Assert.Equal((ExitCode.Done, ""), Run("solve", "p.json", "--out", "run"));
        var (code, errors) = Run("resume", "run", "--threads", "0");
        Assert.Equal(ExitCode.Refused, code);
        Assert.StartsWith("mfl: --threads: the value must be a whole number", errors);
    }

    private (int Code, string Errors) Run(params string[] arguments)
    {
        var (code, _, errors) = mfl.Run([.. arguments, "--quiet"]);
        return (code, errors);
    }
}
