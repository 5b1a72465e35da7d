namespace MeanFieldLimit.Cli.Tests;

public sealed class DensityCommandTests : IDisposable
{
    private const string Problem = """
        {
          "data": { "kind": "points", "x": [[-1], [1]], "y": [[0.5], [1]] },
          "network": { "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
            { "weights": { "law": "constant", "value": 2 }, "rate": { "schedule": "constant", "value": 0 } } ] },
          "training": { "loss": "half-squared", "time": 1 },
          "limit": { "types": [{ "rule": "gauss", "nodes": 16 }], "predict": { "draws": 0 } },
          "record": { "saves": 4 },
          "density": { "cells": 32, "step": 0.1, "width": 50 }
        }
        """;

    private readonly Mfl mfl = new();

    public void Dispose() => mfl.Dispose();

    [Fact]
    public void A_problem_is_solved_in_three_ways()
    {
        mfl.Write("p.json", Problem);
        var (code, output, errors) = mfl.Run("density", "p.json", "--out", "run", "--threads", "2");
        Assert.Equal((ExitCode.Done, ""), (code, errors));
        Assert.Contains("memory: up to", output, StringComparison.Ordinal);
        Assert.Contains("within their errors: at the end ", output, StringComparison.Ordinal);
        foreach (var file in new[] { "report.html", "summary.json", "problem.json", "study.csv", "study-density.csv" })
            Assert.True(File.Exists(mfl.Path($"run/{file}")), file);
        Assert.Contains("<code>mfl density problem.json", File.ReadAllText(mfl.Path("run/report.html")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_the_section_has_that_of_the_defaults()
    {
        mfl.Write("p.json", Problem.Replace("\"density\": { \"cells\": 32, \"step\": 0.1, \"width\": 50 }",
            "\"name\": \"plain\"", StringComparison.Ordinal));
        var (code, _, errors) = mfl.Run("density", "p.json", "--out", "run", "--quiet");
        Assert.Equal((ExitCode.Done, ""), (code, errors));
        Assert.Contains("\"cells\": 128", File.ReadAllText(mfl.Path("run/problem.json")), StringComparison.Ordinal);
    }

    // Each before any work: file, line, key, rule and value.
    [Theory]
    [InlineData("\"cells\": 32", "\"cell\": 32", "p.json:9: $.density.cell: ")]
    [InlineData("\"cells\": 32", "\"cells\": 33", "p.json:9: $.density.cells: cells must be even")]
    [InlineData("\"step\": 0.1", "\"step\": 1e-9", "p.json:9: $.density.step: a run must have at most")]
    [InlineData("\"cells\": 32", "\"low\": [-1], \"high\": [1]",
        "p.json:9: $.density.low: the grid must hold the law")]
    [InlineData("\"std\": 1", "\"std\": 0", "p.json:4: $.network.layers[0].weights: a trained parameter must start " +
        "from a law with a density, got gaussian with the std 0")]
    [InlineData("\"law\": \"constant\", \"value\": 2", "\"law\": \"rademacher\"",
        "p.json:5: $.network.layers[1].weights: a parameter that is not trained must be the same for all neurons for a " +
        "density, got rademacher; use constant")]
    [InlineData(", \"rate\": { \"schedule\": \"constant\", \"value\": 0 }", "", "p.json:5: $.network.layers[1].weights")]
    [InlineData("\"record\": { \"saves\": 4 },\n  \"density\": { \"cells\": 32, \"step\": 0.1, \"width\": 50 }",
        "\"record\": { \"saves\": 100000 },\n  \"density\": { \"width\": 1000000 }",
        "p.json:9: $.density: the states must fit into memory, 100001 save times")]
    public void What_is_refused_leaves_nothing_behind(string old, string replacement, string message)
    {
        var text = Problem.ReplaceLineEndings("\n");
        Assert.Contains(old, text, StringComparison.Ordinal);
        mfl.Write("p.json", text.Replace(old, replacement, StringComparison.Ordinal));
        var (code, _, errors) = mfl.Run("density", "p.json", "--out", "run");
        Assert.Equal(ExitCode.Refused, code);
        Assert.StartsWith($"mfl: {message}", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(mfl.Path("run")));
    }

    [Fact]
    public void Mass_that_leaves_the_grid_names_its_ends()
    {
        mfl.Write("p.json", Problem
            .Replace("\"cells\": 32", "\"cells\": 32, \"low\": [-5.5], \"high\": [5.5]", StringComparison.Ordinal)
            .Replace("\"time\": 1", "\"time\": 1, \"dynamics\": \"langevin\", \"temperature\": 5",
                StringComparison.Ordinal));
        var (code, _, errors) = mfl.Run("density", "p.json", "--out", "run", "--quiet");
        Assert.Equal(ExitCode.Refused, code);
        Assert.StartsWith("mfl: p.json:9: $.density.low: mass must stay away", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Neurons_at_rest_whose_energy_overflows_end_as_not_measured()
    {
        mfl.Write("p.json", Problem.Replace("[[0.5], [1]]", "[[1e200], [1e200]]", StringComparison.Ordinal));
        var (code, _, errors) = mfl.Run("density", "p.json", "--out", "run", "--quiet");
        Assert.Equal(ExitCode.Diverged, code);
        Assert.Contains("risk or predictions are not finite at t = 0", errors, StringComparison.Ordinal);
        Assert.True(File.Exists(mfl.Path("run/last-state.npz")));
    }

    [Fact]
    public void A_run_that_blows_up_ends_with_its_last_state()
    {
        mfl.Write("p.json", Problem.Replace("[[0.5], [1]]", "[[1e200], [0]]", StringComparison.Ordinal));
        var (code, _, errors) = mfl.Run("density", "p.json", "--out", "run", "--quiet");
        Assert.Equal(ExitCode.Diverged, code);
        Assert.Contains("last-state.npz", errors, StringComparison.Ordinal);
        Assert.True(File.Exists(mfl.Path("run/last-state.npz")));
    }
}
