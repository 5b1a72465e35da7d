using System.Text;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Coupling;
using MeanFieldLimit.Validation.Reports;

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

    internal static Model Build(string json) =>
        Model.Build(ProblemFile.Parse("x.json", Encoding.UTF8.GetBytes(json)), null);

    internal static LimitSolution Solve(Model model) =>
        Certifier.Solve(new ParticleLimit(model), new());

    internal static CouplingResult Couple(Model model) =>
        new CouplingStudy(model, Solve(model)).Run();

    private static readonly Lazy<(Model, CouplingResult)> CoupledRegression = new(() => Coupled(Regression()));
    private static readonly Lazy<(Model, CouplingResult)> CoupledClassification =
        new(() => Coupled(Classification()));

    /// <summary>The regression, coupled.</summary>
    internal static (Model Model, CouplingResult Result) RegressionRun => CoupledRegression.Value;

    /// <summary>The classification, coupled.</summary>
    internal static (Model Model, CouplingResult Result) ClassificationRun => CoupledClassification.Value;

    private static (Model, CouplingResult) Coupled(Model model) => (model, Couple(model));
}

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("mfl-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
