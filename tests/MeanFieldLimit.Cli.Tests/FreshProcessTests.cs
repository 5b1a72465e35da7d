using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Cli.Tests;

/// <summary>
/// The same problem in two fresh processes, whose arrays lie elsewhere in memory, on 1 and 2 threads: the same files, byte
/// for byte.
/// </summary>
public sealed class FreshProcessTests : IDisposable
{
    private readonly Mfl mfl = new();

    public void Dispose() => mfl.Dispose();

    public static TheoryData<string> Activations => [.. Catalogue.All<IActivation>().Select(a => a.Name)];

    public static TheoryData<string> Studies =>
        [.. Catalogue.All<IStudy>().Select(s => s.Name).Except(["chaos", "density"])];

    // Inputs whose pre-activations are partly beyond what vectors of exponentials compute fast.
    [Theory]
    [MemberData(nameof(Activations))]
    public void Every_activation_has_the_same_bits(string name) => AreEqual($$"""
        {
          "data": { "kind": "points", "x": [[0.3], [1500], [-1.1], [-900], [2.5], [400], [-0.4]],
            "y": [[1], [0.5], [0], [0], [1], [0], [1]] },
          "network": { "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "{{name}}" },
            { "weights": { "law": "gaussian", "std": 1 } } ] },
          "training": { "loss": "half-squared", "time": 1e-14, "method": "runge-kutta-4", "step": 2.5e-15 },
          "limit": { "types": [{ "rule": "gauss", "nodes": 2 }], "predict": { "draws": 0 } },
          "record": { "saves": 2 }
        }
        """, "solve");

    [Theory]
    [MemberData(nameof(Studies))]
    public void Studies_have_the_same_bits(string study) =>
        AreEqual(Catalogue.Find<IStudy>(study).Example == "three-layer" ? ThreeLayers : null, [study, .. study switch
        {
            "fluctuations" => ["--seeds", "8"],
            "lazy" => ["--seeds", "2", "--widths", "5,10", "--set", "lazy.alphas=1,4"],
            "sharpness" => ["--widths", "10", "--seeds", "2", "--set", "training.time=10", "--set", "sharpness.batches=[2]"],
            "stability" => ["--widths", "4,8", "--seeds", "1", "--set", "stability.batches=[2]", "--set", "training.time=20"],
            "statics" => ["--widths", "1,4", "--seeds", "3"],
            "bias" => ["--widths", "2,4", "--seeds", "2", "--set", "training.time=60", "--set", "bias.scaledTime=2",
                "--set", "bias.dimension=5", "--set", "bias.width=4", "--set", "bias.wide=8,16", "--set", "record.saves=6",
                "--set", "limit.types[0].nodes=256"],
            "plane" => ["--widths", "5,10", "--seeds", "3"],
            "proxy" => ["--set", "proxy.networks=40", "--set", "proxy.draws=40", "--set", "training.time=2"],
            _ => Array.Empty<string>(),
        }]);

    [Fact]
    public void Chaos_has_the_same_bits() => AreEqual("""
        {
          "data": { "kind": "points", "x": [[-1.4, 1], [-0.6, 1], [0.6, 1], [1.4, 1]],
            "y": [[-0.6], [-0.5], [0.8], [-0.2]] },
          "network": { "layers": [
            { "weights": { "law": "gaussian", "std": 1.5 }, "activation": "sine" },
            { "weights": { "law": "gaussian", "std": 1 } } ] },
          "training": { "loss": "half-squared", "time": 1 },
          "limit": { "types": [{ "rule": "sobol", "nodes": 32 }], "predict": { "draws": 0 } },
          "couple": { "widths": [5, 10], "seeds": 2 },
          "chaos": { "noise": ["per-particle", "shared"], "steps": 10, "paths": 2, "draws": 100, "gammas": [0.5] }
        }
        """, "chaos");

    [Fact]
    public void Densities_have_the_same_bits() => AreEqual("""
        {
          "data": { "kind": "points", "x": [[-2], [-1.2], [-0.4], [0.4], [1.2], [2]],
            "y": [[-1.2], [-1.7], [-1], [1], [1.7], [1.2]] },
          "network": { "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "sine" },
            { "weights": { "law": "constant", "value": 3 }, "rate": { "schedule": "constant", "value": 0 } } ] },
          "training": { "loss": "half-squared", "time": 0.5, "dynamics": "langevin", "temperature": 0.001 },
          "limit": { "types": [{ "rule": "panels", "nodes": 24 }], "predict": { "draws": 0 } },
          "record": { "saves": 4 },
          "density": { "cells": 24, "step": 0.1, "width": 50 }
        }
        """, "density");

    [Fact]
    public void Checks_have_the_same_bits() => AreEqual(null, "check", "energy-identity", "--small");

    private const string ThreeLayers = """
        {
          "data": { "kind": "synthetic", "dimension": 2, "points": 12, "target": "sine-square" },
          "network": { "biases": "trained", "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "sine" },
            { "weights": { "law": "gaussian", "mean": 0.8, "std": 1 }, "activation": "tanh" },
            { "weights": { "law": "gaussian", "mean": 0.5, "std": 1 } } ] },
          "training": { "loss": "half-squared", "time": 0.5 },
          "limit": { "types": [{ "rule": "gauss", "nodes": 6 }, { "rule": "gauss", "nodes": 3 }], "predict": { "draws": 4 } },
          "record": { "saves": 3 },
          "couple": { "widths": [5, 10], "seeds": 3, "tracers": 4 }
        }
        """;

    private void AreEqual(string? problem, params string[] arguments)
    {
        string[] file = problem is null ? [] : [mfl.Write("p.json", problem)];
        SortedDictionary<string, string>? first = null;
        foreach (var (run, threads) in new[] { (0, "1"), (1, "2") })
        {
            using var process = mfl.Start(new Dictionary<string, string>
            {
                ["DOTNET_STARTUP_HOOKS"] = typeof(FreshProcessTests).Assembly.Location,
                ["MFL_TEST_SHIFT"] = $"{3 * run}",
            }, [arguments[0], .. file, .. arguments[1..], "--threads", threads, "--out", $"{run}", "--quiet"]);
            var (code, _, errors) = Mfl.Finish(process);
            Assert.Equal((ExitCode.Done, ""), (code, errors));
            var written = Outputs.Of(mfl.Path($"{run}"));
            Outputs.AreEqual(first ??= written, written, string.Join(' ', arguments));
        }
    }
}
