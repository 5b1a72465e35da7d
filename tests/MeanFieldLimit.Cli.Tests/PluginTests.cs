using System.Text.Json;

namespace MeanFieldLimit.Cli.Tests;

/// <summary>The assembly of a separate project is found by the program, and is part of what a run is.</summary>
public sealed class PluginTests : IDisposable
{
    private const string Problem = """
        { "data": { "kind": "parabola", "points": 4 },
          "network": { "layers": [
            { "weights": { "law": "triangle" }, "activation": "softsign",
              "rate": { "schedule": "exponential", "time": 2 } },
            { "weights": { "law": "gaussian", "std": 1 }, "interaction": "same-sum" } ] },
          "training": { "loss": "log-cosh", "time": 0.2 }, "limit": { "types": [{ "rule": "midpoints", "nodes": 4 }], "predict": { "draws": 0 } },
          "record": { "saves": 2 }, "couple": { "widths": [4, 8], "seeds": 2 } }
        """;

    private readonly Mfl mfl = new();

    public PluginTests()
    {
        mfl.Write("p.json", Problem);
        Directory.CreateDirectory(mfl.Path("mine"));
        foreach (var name in new[] { "Softsign", "SmallSteps" })
            File.Copy(AppContext.BaseDirectory.Replace("MeanFieldLimit.Cli.Tests", $"Plugins/{name}",
                StringComparison.Ordinal) + $"{name}.dll", mfl.Path($"mine/{name}.dll"));
    }

    public void Dispose() => mfl.Dispose();

    [Theory]
    [InlineData("solve"), InlineData("couple")]
    public void A_problem_of_its_names_runs_and_goes_on(string command)
    {
        Assert.Equal((ExitCode.Done, ""), Run(command, "p.json", "--out", "run", "--plugin", "mine/Softsign.dll"));
        Assert.Matches("plugin Softsign.dll [0-9a-f]{12}", File.ReadAllText(mfl.Path("run/report.html")));
        var whole = Outputs.Of(mfl.Path("run"));
        var cells = Assert.Single(Directory.GetDirectories(mfl.Path("run/cells")));
        File.Delete(Path.Combine(cells, "limit.cell"));
        File.Delete(mfl.Path("run/report.html"));
        Assert.Equal((ExitCode.Done, ""), Run("resume", "run"));
        Outputs.AreEqual(whole, Outputs.Of(mfl.Path("run")), "resumed");
    }

    [Fact]
    public void An_assembly_that_has_changed_is_another_run()
    {
        Assert.Equal(ExitCode.Done, Run("solve", "p.json", "--out", "run", "--plugin=mine/Softsign.dll").Code);
        File.AppendAllText(mfl.Path("mine/Softsign.dll"), " ");
        var (code, errors) = Run("resume", "run");
        Assert.Equal(ExitCode.Refused, code);
        Assert.Matches("where options.plugins is \"Softsign.dll [0-9a-f]{12}\" there and \"Softsign.dll [0-9a-f]{12}\" here; ",
            errors);
        File.Delete(mfl.Path("mine/Softsign.dll"));
        Assert.StartsWith($"mfl: --plugin: a plugin must be a file, found none at ", Run("resume", "run").Errors);
    }

    [Fact]
    public void Its_names_are_those_of_the_schema_and_its_checks_run()
    {
        var (code, schema, _) = mfl.Run("schema", "--plugin", "mine/Softsign.dll");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("\"softsign\"", schema);
        Assert.Contains("\"triangle\"", JsonDocument.Parse(schema).RootElement.GetProperty("properties")
            .GetProperty("network").GetRawText());
        Assert.DoesNotContain("\"softsign\"", mfl.Run("schema").Output);
        string[] both = ["--plugin", "mine/Softsign.dll", "--plugin", "mine/SmallSteps.dll"];
        Assert.Equal((ExitCode.Done, ""), Run(["check", "small-steps", .. both, "--out", "check"]));
        Assert.True(File.Exists(mfl.Path("check/problems/small-steps.json")));
        Assert.Equal(ExitCode.Refused, Run("check", "small-steps").Code);
    }

    /// <summary>What statics asks of activations and losses they have to say themselves.</summary>
    [Theory]
    [InlineData("softsign", "half-squared", "the curvature of an activation must have a bound for statics, which the " +
        "duality gap needs, got softsign without one; use tanh, or give it a method Curvature")]
    [InlineData("tanh", "log-cosh", "loss must be convex in the prediction for statics, got log-cosh, which does not " +
        "say that it is; use ")]
    public void Its_names_are_held_to_the_rules_of_statics(string activation, string loss, string rule)
    {
        mfl.Write("statics.json", File.ReadAllText(Mfl.Example("statics.json"))
            .Replace("relu", activation, StringComparison.Ordinal)
            .Replace("half-squared", loss, StringComparison.Ordinal));
        var (code, errors) = Run("statics", "statics.json", "--plugin", "mine/Softsign.dll");
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains(rule, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("p.json", "a plugin must be an assembly of .NET, ")]
    [InlineData("absent.dll", "a plugin must be a file, found none at ")]
    [InlineData("", "a plugin must be a file, found none at ")]
    [InlineData("mine", "a plugin must be a file, found none at ")]
    public void What_is_no_assembly_is_refused(string file, string message)
    {
        var (code, errors) = Run("solve", "p.json", "--plugin", file);
        Assert.Equal(ExitCode.Refused, code);
        Assert.StartsWith($"mfl: --plugin: {message}", errors);
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.False(Directory.Exists(mfl.Path("runs")));
    }

    [Fact]
    public void An_assembly_without_members_is_refused() =>
        Assert.StartsWith("mfl: --plugin: an assembly must have a member of a family, xunit.assert (",
            Run("solve", "--plugin", typeof(Assert).Assembly.Location).Errors);

    private (int Code, string Errors) Run(params string[] arguments)
    {
        var (code, _, errors) = mfl.Run([.. arguments, "--quiet"]);
        return (code, errors);
    }
}
