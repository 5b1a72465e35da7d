using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Cli.Tests;

/// <summary>
/// Problems that run in a blink, by fixed steps, whose number no value changes but those of time and step: together
/// they have every kind of every part of a problem with a whole number in it.
/// </summary>
internal static class TinyProblems
{
    private const string Points = """{ "kind": "points", "x": [[1], [-0.5], [2]], "y": [[1], [0], [0.5]], "test": 1 }""";

    private const string Couple = """{ "widths": [3, 6], "seeds": 2, "tracers": 2 }""";

    private const string Limit = "\"method\": \"euler\", \"step\": 0.1";

    /// <summary>By name.</summary>
    internal static readonly IReadOnlyDictionary<string, string> All = new Dictionary<string, string>
    {
        ["three layers"] = Text(Points, Deep, Flow, Types("gauss", "panels"),
            more: """ "predict": { "draws": 3 }, """).Replace("\"tracers\": 2",
            "\"tracers\": 2, \"depths\": [3, 4]", StringComparison.Ordinal),
        ["sgd"] = Text(Points, Deep, Sgd, Types("sobol", "monte-carlo"), dynamics: true).Replace("\"tracers\": 2",
            "\"tracers\": 2, \"ratios\": [1, 2]", StringComparison.Ordinal),
        ["teacher"] = Text("""
            { "kind": "synthetic", "dimension": 2, "points": 3, "test": 2,
              "teacher": { "width": 3, "activation": "tanh" }, "noise": 0.1 }
            """, Deep, Sgd, Types("smolyak", "gauss"), more: """ "predict": { "draws": 2 }, """),
        ["images"] = Text("""{ "kind": "idx", "images": "images", "labels": "labels", "classes": [4, 9], "train": 2 }""",
            Two, Flow, Types("sobol")),
        ["colours"] = Text("""
            { "kind": "cifar", "files": ["batch-1", "batch-2"], "testFile": "batch-3", "labels": "fine",
              "classes": [4, 9], "pool": 16, "train": 2, "test": 1 }
            """, Two, Flow, Types("sobol")),
        ["table"] = Text("""{ "kind": "csv", "path": "table.csv" }""", Two, Flow, Types("gauss")),
        ["arrays"] = Text("""{ "kind": "numpy", "inputs": "x.npy", "outputs": "y.npy", "test": 1 }""", Two, Flow,
            Types("gauss")),
        ["test arrays"] = Text("""
            { "kind": "numpy", "inputs": "x.npy", "outputs": "y.npy", "inputsTest": "y.npy", "outputsTest": "x.npy",
              "train": 2, "test": 1 }
            """, Two, Flow, Types("gauss")),
        ["correlated"] = Text(Points, Correlated("""{ "kind": "random-features" }"""), Flow, Types("sobol", "sobol")),
        ["bilinear"] = Text(Points, Correlated("""{ "kind": "bilinear" }"""), Flow, Types("sobol", "sobol")),
        ["kernel"] = Text(Points, Correlated("""{ "kind": "gaussian-kernel", "length": 1 }"""), Flow,
            Types("sobol", "sobol")),
        ["scaling"] = Text(Points, Two.Replace("\"mean\": 0.5, ", "", StringComparison.Ordinal), Flow,
            """{ "rule": "midpoint", "nodes": 4, "last": 2 }""", """, "scaling": { "kind": "ntk" }""",
            more: """ "initial": { "draw": 1 }, """).Replace(", \"tracers\": 2", "", StringComparison.Ordinal),
        ["lazy"] = Text(Points, Two.Replace("\"mean\": 0.5, ", "", StringComparison.Ordinal), Flow,
            """{ "rule": "midpoint", "nodes": 4, "last": 2 }""",
            """, "scaling": { "kind": "mean-field", "width": 4 }, "lazy": { "alphas": [0.5, 2] }""")
            .Replace(", \"tracers\": 2", "", StringComparison.Ordinal),
        ["convolutions"] = Text("""{ "kind": "textures", "rows": 4, "columns": 4, "points": 3, "test": 1 }""", """
            { "image": { "channels": 1, "rows": 4, "columns": 4 }, "layers": [
                { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh",
                  "convolution": { "size": [2], "stride": [1], "padding": 1 },
                  "pool": { "kind": "average", "size": [2], "stride": [1] } },
                { "weights": { "law": "gaussian", "mean": 0.5, "std": 1 } } ] }
            """, Flow, Types("sobol")),
        // Keys of training in another order than those of the limit, which are taken out.
        ["plane"] = Text(Points, Two.Replace("\"mean\": 0.5, ", "", StringComparison.Ordinal),
            """{ "loss": "half-squared", "time": 0.2, "step": 0.1, "method": "euler" }""", Types("gauss"),
            """, "scaling": { "kind": "mean-field", "width": 4 }""", more: "")
            .Replace($", {Limit}", "", StringComparison.Ordinal)
            .Replace(", \"tracers\": 2", "", StringComparison.Ordinal),
        ["proxy"] = Text(Points, Two.Replace("\"mean\": 0.5, ", "", StringComparison.Ordinal), Flow,
            Types("sobol"), """, "scaling": { "kind": "ntk", "width": 4 }, "proxy": { "networks": 40, "draws": 40 }""")
            .Replace(", \"tracers\": 2", "", StringComparison.Ordinal),
        ["statics"] = Text("""{ "kind": "points", "x": [[1, 0.5], [-0.5, 1], [2, -1]], "y": [[1], [0], [1]] }""", Two,
            Flow, Types("sobol"), """, "statics": { "bound": 2, "penalty": 0.1, "length": 1 }""")
            .Replace(", \"tracers\": 2", "", StringComparison.Ordinal),
        ["sharpness"] = Text("""{ "kind": "points", "x": [[1], [-0.5], [2]], "y": [[1], [0], [0.5]] }""", Two, Flow,
            Types("sobol"), """, "sharpness": { "steps": [0.1], "batches": [1], "risk": 10, "escape": { "batches": [1], "time": 0.2, "saves": 2 } }""")
            .Replace(", \"tracers\": 2", "", StringComparison.Ordinal),
        ["stability"] = Text(Points, Two, Flow, Types("sobol"), """, "stability": { "batches": [1], "steps": [0.1] }""")
            .Replace(", \"tracers\": 2", "", StringComparison.Ordinal),
        ["bias"] = Text("""
            { "kind": "synthetic", "dimension": 2, "points": 3, "test": 2,
              "teacher": { "activation": "relu", "neurons": [{ "a": 1, "w": [1, 0] }] } }
            """, """
            { "layers": [ { "weights": { "law": "gaussian", "std": 1 }, "activation": "relu" },
                          { "weights": { "law": "constant", "value": 0 } } ] }
            """, Flow.Replace("half-", "", StringComparison.Ordinal), Types("sobol"),
            """, "bias": { "teachers": [1, 2], "width": 3, "dimension": 2, "samples": [2, 3], "wide": [4, 8], "scaledStep": 0.1, "scaledTime": 0.2 }""")
            .Replace(", \"tracers\": 2", "", StringComparison.Ordinal),
        ["isotropic"] = Text("""{ "kind": "isotropic-gaussians", "dimension": 3, "delta": 0.5, "points": 4 }""", Deep,
            Sgd, Types("gauss", "gauss"), more: """ "reduction": "isotropic", "radii": 8, """).Replace(
                ", \"tracers\": 2", "", StringComparison.Ordinal),
        ["chaos"] = Text(Points, Two, Flow, Types("gauss"),
            """, "chaos": { "noise": ["per-particle", "shared", "langevin"], "steps": 3, "draws": 100, "paths": 2, "particles": 1, "gammas": [0.1] }"""),
        ["density"] = Text(Points, Line, Flow, Types("gauss"),
            """, "density": { "cells": 16, "step": 0.1, "width": 5, "low": [-8], "high": [8] }"""),
        ["density in the plane"] = Text(Points, Two, Flow, Types("gauss"),
            """, "density": { "cells": 16, "step": 0.1, "width": 5, "low": [-8, -8], "high": [8, 8] }"""),
        ["density of SGD"] = Text(Points, Line, """
            { "loss": "half-squared", "time": 0.2, "dynamics": "sgd-diffusion", "step": 0.1, "batch": 1 }
            """, Types("gauss"),
            """, "density": { "cells": 16, "step": 0.1, "width": 5, "low": [-8], "high": [8] }"""),
    };

    /// <summary>What a problem can be run by.</summary>
    internal static IEnumerable<string[]> Commands(string name) =>
    [
        .. name is "plane" ? Array.Empty<string[]>() : [["solve"]],
        .. name is "chaos" or "density" or "proxy" ? [[name]] : Array.Empty<string[]>(),
        .. name is "density in the plane" or "density of SGD" ? [["density"]] : Array.Empty<string[]>(),
        .. name is "sgd" or "teacher" or "correlated" or "isotropic" or "convolutions" ? [["couple"]] : Array.Empty<string[]>(),
        .. name is "scaling" ? [["kernel"], ["couple"]] : Array.Empty<string[]>(),
        .. name is "bias" or "lazy" or "plane" or "statics" or "stability" or "sharpness" ? [[name]] : Array.Empty<string[]>(),
        .. name is "three layers" ? Catalogue.All<IStudy>().Where(s => s.Example == "three-layer").Select(s => s.Name)
            .Except(["solve", "fluctuations", "advise", "widths"])
            .Select(study => new[] { study }) : [],
    ];

    private const string Two = """
        { "layers": [ { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
                      { "weights": { "law": "gaussian", "mean": 0.5, "std": 1 } } ] }
        """;

    private const string Line = """
        { "layers": [ { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
                      { "weights": { "law": "constant", "value": 1 }, "rate": { "schedule": "constant", "value": 0 } } ] }
        """;

    private const string Deep = """
        { "biases": "frozen", "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh",
              "rate": { "schedule": "power", "exponent": 0.5, "unit": 1 } },
            { "weights": { "law": "gaussian", "mean": 0.5, "std": 1 }, "activation": "sigmoid",
              "bias": { "law": "uniform", "low": -1, "high": 1 } },
            { "weights": { "law": "rademacher", "mean": 0.5, "scale": 1 },
              "rate": { "schedule": "piecewise", "times": [0.1], "values": [1, 0.5] } } ] }
        """;

    private const string Flow = """{ "loss": "half-squared", "time": 0.2, "method": "euler", "step": 0.1 }""";

    private const string Sgd = """{ "loss": "half-squared", "time": 0.2, "dynamics": "sgd", "step": 0.1, "batch": 2 }""";

    private static string Correlated(string mean) => $$"""
        { "embedding": { "kind": "correlated", "latent": 1, "noise": 0.5, "mean": {{mean}} }, "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
            { "weights": { "law": "gaussian", "mean": 0.5, "std": 1 } } ] }
        """;

    private static string Types(params string[] rules) => string.Join(", ", rules.Select(rule => rule == "smolyak"
        ? """{ "rule": "smolyak", "level": 1 }"""
        : $$"""{ "rule": "{{rule}}", "nodes": 8 }"""));

    private static string Text(string data, string network, string training, string types, string sections = "",
        bool dynamics = false, string more = """ "predict": { "draws": 2 }, """) => $$"""
        { "name": "tiny", "seed": 1, "data": {{data}},
          "network": {{network}},
          "training": {{training}},
          "limit": { "types": [{{types}}],{{more}} {{(dynamics ? "\"dynamics\": \"sgd\"" : Limit)}} },
          "record": { "saves": 2, "points": 2 },
          "couple": {{Couple}}{{sections}} }
        """;
}
