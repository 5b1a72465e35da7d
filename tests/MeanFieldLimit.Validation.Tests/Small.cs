using System.Text;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Reports;
using MeanFieldLimit.Validation.Studies;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Tests;

/// <summary>Small problems and their results, computed once.</summary>
internal static class Small
{
    internal static readonly RunInfo Info = new("managed", 1, "0.1.0");

    private const string Layers = """
        { "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
            { "weights": { "law": "gaussian", "mean": 0.5, "std": 1 }, "activation": "tanh" },
            { "weights": { "law": "gaussian", "mean": 1, "std": 1 } } ] }
        """;

    /// <summary>A regression on 12 points.</summary>
    internal static Model Regression(string couple = """{ "widths": [20, 40, 80], "seeds": 4 }""",
        string more = "") => Build($$"""
        { "name": "small", "description": "A small regression.", {{more}}
          "data": { "kind": "synthetic", "dimension": 2, "points": 12, "target": "sine-square" },
          "network": {{Layers}},
          "training": { "loss": "half-squared", "time": 1 },
          "limit": { "types": [{ "rule": "gauss", "nodes": 8 }, { "rule": "gauss", "nodes": 8 }], "tolerance": 1e-6 },
          "record": { "saves": 6 },
          "couple": {{couple}} }
        """);

    /// <summary>A classification by SGD with test points and logarithmic save times.</summary>
    internal static Model Classification(int test = 50) => Build($$"""
        { "name": "classes",
          "data": { "kind": "isotropic-gaussians", "dimension": 4, "delta": 0.8, "points": 80, "test": {{test}} },
          "network": {{Layers.Replace("tanh", "relu", StringComparison.Ordinal)
              .Replace("{ \"layers\"", "{ \"biases\": \"trained\", \"layers\"", StringComparison.Ordinal)}},
          "training": { "loss": "logistic", "time": 60, "dynamics": "sgd", "step": 0.1, "batch": 16 },
          "limit": { "types": [{ "rule": "sobol", "nodes": 128 }, { "rule": "gauss", "nodes": 8 }], "dynamics": "sgd" },
          "record": { "saves": 12, "spacing": "logarithmic" },
          "couple": { "widths": [10, 30, 100], "seeds": 3, "tracers": 0 } }
        """);

    /// <summary>Of two layers: neurons on a line, with noise of any kind.</summary>
    internal static Model TwoLayers() => Build("""
        { "name": "two-layers", "data": { "kind": "points", "x": [[-1], [0.4], [1.3]], "y": [[-1], [0.7], [1]] },
          "network": { "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
            { "weights": { "law": "constant", "value": 2 }, "rate": { "schedule": "constant", "value": 0 } } ] },
          "training": { "loss": "half-squared", "time": 0.5 },
          "limit": { "types": [{ "rule": "gauss", "nodes": 12 }] },
          "record": { "saves": 2 },
          "couple": { "widths": [5, 10], "seeds": 8 },
          "chaos": { "betas": [0.5, 1], "steps": 5, "draws": 100, "gammas": [0.5] },
          "density": { "cells": 24, "width": 20 } }
        """);

    /// <summary>The example of lazy training on few nodes, at two scales and more.</summary>
    internal static Model Lazy(int nodes = 8, string widths = "[5, 10]", int seeds = 3, string alphas = "[0.5, 4, 16]",
        string kind = "mean-field") =>
        Build(Encoding.UTF8.GetString(Examples.Text("lazy.json"))
            .Replace("[64, 256, 1024]", widths, StringComparison.Ordinal)
            .Replace("\"seeds\": 8", $"\"seeds\": {seeds}", StringComparison.Ordinal)
            .Replace("\"nodes\": 24", $"\"nodes\": {nodes}", StringComparison.Ordinal)
            .Replace("[0.25, 0.5, 1, 2, 4, 8, 16]", alphas, StringComparison.Ordinal)
            .Replace("\"kind\": \"mean-field\"", $"\"kind\": \"{kind}\"", StringComparison.Ordinal));

    /// <summary>A problem that a study can be asked of.</summary>
    internal static Model For(IStudy study) => study.Example == "three-layer"
        ? Regression("""{ "widths": [5, 10, 20], "seeds": 8, "steps": [0.0625, 0.03125], "longTime": 2 }""", "\"seed\": 3,")
        : study.Example == "reference-kernel" ? Model.Build(Examples.Read(study.Example), null)
        : study.Example == "plane" ? Plane(new() { Widths = [8, 16, 32], Seeds = 6 })
        : study.Example == "lazy" ? Lazy()
        : study.Example == "proxy" ? Proxy()
        : study.Example == "statics" ? Statics(new() { Widths = [1, 4], Seeds = 3 })
        : study.Example == "sharpness" ? Sharpness(10, [0.5, 1], risk: 10)
        : study.Example == "sgd-stability" ? Stability(new() { Widths = [8, 16], Seeds = 1 }, [2], time: 20)
        : study.Example == "bias" ? Bias(step: 0.5)
        : TwoLayers();

    /// <summary>The example of the plane of exponents with other networks.</summary>
    internal static Model Plane(CoupleSpec couple) => Example("plane", couple);

    /// <summary>A neuron of three inputs as the teacher of small networks.</summary>
    internal static Model Bias(string widths = "[2, 4, 8]", double time = 90, string more = "", double step = 1) => Build($$"""
        { "name": "bias", "data": { "kind": "synthetic", "dimension": 3, "points": 8, "test": 20,
            "teacher": { "activation": "relu", "neurons": [{ "a": 1, "w": [0, 0.6, 0.8] }] } },
          "network": { "layers": [
            { "weights": { "law": "gaussian", "std": 0.6 }, "activation": "relu" },
            { "weights": { "law": "constant", "value": 0 } } ] },
          "training": { "loss": "squared", "time": {{time}}, "method": "euler", "step": {{step}} },
          "limit": { "types": [{ "rule": "sobol", "nodes": 16 }], "method": "euler", "step": 0.2 },
          "record": { "saves": 8 }, "couple": { "widths": {{widths}}, "seeds": 2 },
          "bias": { "teachers": [1, 3], "width": 6, "dimension": 4, "samples": [4, 8], "wide": [16, 32],
            "scaledTime": 8 {{more}} } }
        """);

    /// <summary>The example of statics with other networks.</summary>
    internal static Model Statics(CoupleSpec couple) => Example("statics", couple);

    /// <summary>The example of the stability of SGD with other networks.</summary>
    internal static Model Stability(CoupleSpec couple, IReadOnlyList<int>? batches = null, double? time = null)
    {
        var model = Example("sgd-stability", couple);
        var (stability, training) = (model.Problem.Stability!, model.Problem.Training);
        return model.With(model.Problem with
        {
            Stability = stability with { Batches = batches ?? stability.Batches },
            Training = training with { Time = time ?? training.Time },
        });
    }

    /// <summary>The example of sharpness to another time, with two networks of 20 neurons and batches of 2 of 6.</summary>
    internal static Model Sharpness(double time, IReadOnlyList<double> steps, double? risk = 0.01)
    {
        var example = Examples.Read("sharpness");
        var problem = example.Problem;
        return Model.Build(example with
        {
            Problem = problem with
            {
                Training = problem.Training with { Time = time },
                Couple = problem.Couple with { Widths = [20], Seeds = 2 },
                Sharpness = problem.Sharpness! with { Steps = steps, Batches = [2], Risk = risk },
            },
        }, null);
    }

    private static Model Example(string name, CoupleSpec couple)
    {
        var example = Examples.Read(name);
        return Model.Build(example with { Problem = example.Problem with { Couple = couple } }, null);
    }

    /// <summary>Networks of width 16 beside the named limits, from few draws.</summary>
    internal static Model Proxy() => Build("""
        { "name": "proxy", "data": { "kind": "points", "x": [[1.2, 0.3], [0.4, 1.1], [-0.9, 0.8]], "y": [[1], [-1], [1]],
            "xTest": [[0.8, 0.9], [0.2, -1]], "yTest": [[1], [-1]] },
          "network": { "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
            { "weights": { "law": "gaussian", "std": 1 } } ] },
          "scaling": { "kind": "ntk", "width": 16 },
          "training": { "loss": "logistic", "time": 2, "method": "euler", "step": 1 },
          "limit": { "types": [{ "rule": "midpoint", "nodes": 8, "reach": 4 }], "method": "euler", "step": 1 },
          "record": { "saves": 2 }, "proxy": { "networks": 60, "draws": 40 } }
        """);

    internal static Model Build(string json) =>
        Model.Build(ProblemFile.Parse("x.json", Encoding.UTF8.GetBytes(json)), null);

    internal static LimitSolution Solve(Model model) =>
        Certifier.Solve(ILimit.Of(model), new());

    internal static CouplingResult Couple(Model model, int threads = 1) => Run(new CoupleStudy(), model, threads).Coupled!;

    internal static StudyResult Run(IStudy study, Model model, int threads = 1) =>
        study.Plan(model, threads).Run(new() { Threads = threads });

    private static readonly Lazy<(Model Model, StudyResult Answer)> CoupledRegression = new(() => Coupled(Regression()));
    private static readonly Lazy<(Model Model, StudyResult Answer)> CoupledClassification = new(() => Coupled(Classification()));

    /// <summary>The regression, coupled.</summary>
    internal static (Model Model, CouplingResult Result) RegressionRun => Of(CoupledRegression);

    /// <summary>The classification, coupled.</summary>
    internal static (Model Model, CouplingResult Result) ClassificationRun => Of(CoupledClassification);

    /// <summary>What the study of couplings makes of them.</summary>
    internal static StudyResult RegressionAnswer => CoupledRegression.Value.Answer;

    /// <inheritdoc cref="RegressionAnswer"/>
    internal static StudyResult ClassificationAnswer => CoupledClassification.Value.Answer;

    /// <summary>A table of a result by its name.</summary>
    internal static StudyTable Table(this StudyResult result, string name) => result.Tables.Single(t => t.Name == name);

    private static (Model, StudyResult) Coupled(Model model) => (model, Run(new CoupleStudy(), model));

    private static (Model, CouplingResult) Of(Lazy<(Model Model, StudyResult Answer)> coupled) =>
        (coupled.Value.Model, coupled.Value.Answer.Coupled!);
}

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("mfl-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
