using System.Reflection;
using System.Text.Json.Serialization;
using System.Xml.Linq;
using MeanFieldLimit.Data;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Interactions;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Reports;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Validation.Tests.Studies;

/// <summary>
/// Every member of the families that problems name, found by reflection, takes a tiny problem to a certificate and a
/// report: that of a new one is asked for by its existing.
/// </summary>
public class EveryMemberTests
{
    // What kinds cannot do without.
    private static readonly Dictionary<string, string> Parameters = new()
    {
        ["gaussian"] = "\"std\": 1",
        ["constant"] = "\"value\": 0.5",
        ["uniform"] = "\"low\": -1, \"high\": 2",
        ["rademacher"] = "\"mean\": 0.5",
        ["power"] = "\"exponent\": 0.5, \"unit\": 0.1",
        ["piecewise"] = "\"times\": [0.2], \"values\": [1, 0.5]",
        ["gauss"] = "\"nodes\": 5",
        ["panels"] = "\"nodes\": 16",
        ["midpoint"] = "\"nodes\": 12",
        ["monte-carlo"] = "\"nodes\": 40",
        ["sobol"] = "\"nodes\": 32",
        ["smolyak"] = "\"level\": 3",
        ["gaussian-kernel"] = "\"length\": 1",
    };

    public static TheoryData<string> Losses => [.. Catalogue.All<ILoss>().Select(m => m.Name)];

    public static TheoryData<string> Activations => [.. Catalogue.All<IActivation>().Select(m => m.Name)];

    public static TheoryData<string> Interactions => [.. Catalogue.All<IInteraction>().Select(m => m.Name)];

    public static TheoryData<string> Targets => [.. Catalogue.All<ITarget>().Select(m => m.Name)];

    public static TheoryData<string> Laws => Kinds<LawSpec>();

    public static TheoryData<string> Schedules => Kinds<ScheduleSpec>();

    public static TheoryData<string> Rules => Kinds<RuleSpec>();

    public static TheoryData<string> Means => Kinds<MeanSpec>();

    [Theory, MemberData(nameof(Losses))]
    public void Every_loss(string name)
    {
        var loss = Catalogue.Find<ILoss>(name);
        var y = loss.Labels switch
        {
            LabelKind.Real => "[[1.5], [-0.5], [0.3]]",
            LabelKind.Signs => "[[1], [-1], [1]]",
            _ => "[[1, 0], [0, 1], [1, 0]]",
        };
        var solution = Solve(Problem(loss: name, data: $$"""{ "kind": "points", "x": [[1], [-0.4], [0.7]], "y": {{y}} }"""), name);
        // Only of classes is there an error rate.
        Assert.All(solution.Train, p => Assert.Equal(loss.Labels == LabelKind.Real, double.IsNaN(p.ErrorRate)));
        Assert.True(solution.Train[^1].Risk < solution.Train[0].Risk);
    }

    [Theory, MemberData(nameof(Losses))]
    public void Every_loss_of_data_of_a_continuous_law_says_what_nodes_cost(string name)
    {
        if (Catalogue.Find<ILoss>(name).Labels == LabelKind.OneHot) return;
        var data = Catalogue.Find<ILoss>(name).Labels == LabelKind.Signs
            ? """{ "kind": "isotropic-gaussians", "dimension": 1, "delta": 0.5, "expectation": { "rule": "gauss", "nodes": 6 } }"""
            : """{ "kind": "synthetic", "dimension": 1, "target": "linear", "expectation": { "rule": "gauss", "nodes": 6 } }""";
        Solve(Problem(loss: name, data: data), name);
    }

    [Theory, MemberData(nameof(Activations))]
    public void Every_activation(string name) => Solve(Problem(activation: name), name);

    [Theory, MemberData(nameof(Interactions))]
    public void Every_interaction(string name) => Solve(Problem(interaction: name),
        name == "weighted-sum" ? null : name);

    [Theory, MemberData(nameof(Targets))]
    public void Every_target_and_its_nodes(string name)
    {
        var dimension = Catalogue.Find<ITarget>(name).LeastDimension;
        foreach (var law in new[] { "\"points\": 5", "\"expectation\": { \"rule\": \"gauss\", \"nodes\": 3 }" })
            Solve(Problem(data: $$"""{ "kind": "synthetic", "dimension": {{dimension}}, "target": "{{name}}", {{law}} }"""), name);
    }

    [Theory, MemberData(nameof(Laws))]
    public void Every_law(string kind) => Solve(Problem(law: Spec("law", kind)), kind);

    [Theory, MemberData(nameof(Schedules))]
    public void Every_schedule(string kind) => Solve(Problem(rate: Spec("schedule", kind)), $"rate {kind}");

    [Theory, MemberData(nameof(Rules))]
    public void Every_rule_of_types_and_of_data(string kind)
    {
        Solve(Problem(rule: Spec("rule", kind)), kind);
        Solve(Problem(data: $$"""
            { "kind": "synthetic", "dimension": 1, "target": "linear", "expectation": {{Spec("rule", kind)}} }
            """), kind);
    }

    [Theory, MemberData(nameof(Means))]
    public void Every_mean_function(string kind) => Solve($$"""
        { "data": { "kind": "points", "x": [[1], [-0.4]], "y": [[1], [-0.5]] },
          "network": { "embedding": { "kind": "correlated", "mean": {{Spec("kind", kind)}} }, "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
            { "weights": { "law": "gaussian", "mean": 0.5, "std": 1 }, "activation": "tanh" },
            { "weights": { "law": "gaussian", "mean": 0.5, "std": 1 } } ] },
          "training": { "loss": "half-squared", "time": 0.5 }, "record": { "saves": 2 },
          "limit": { "types": [{ "rule": "gauss", "nodes": 5 }, { "rule": "gauss", "nodes": 5 }], "tolerance": 1e-6 } }
        """, kind);

    private static TheoryData<string> Kinds<T>() => [.. typeof(T).GetCustomAttributes<JsonDerivedTypeAttribute>()
        .Select(a => (string)a.TypeDiscriminator!)];

    private static string Spec(string key, string kind) => $$"""{ "{{key}}": "{{kind}}"{{(
        Parameters.TryGetValue(kind, out var more) ? $", {more}" : "")}} }""";

    private static string Problem(string loss = "half-squared", string activation = "tanh", string interaction = "weighted-sum",
        string law = """{ "law": "gaussian", "mean": 0.5, "std": 1 }""", string rule = """{ "rule": "gauss", "nodes": 5 }""",
        string rate = """{ "schedule": "constant", "value": 1 }""",
        string data = """{ "kind": "points", "x": [[1], [-0.4], [0.7]], "y": [[1], [-0.5], [0.3]] }""") => $$"""
        { "name": "tiny", "data": {{data}},
          "network": { "layers": [
            { "weights": {{law}}, "activation": "{{activation}}" },
            { "weights": {{law}}, "interaction": "{{interaction}}", "rate": {{rate}} } ] },
          "training": { "loss": "{{loss}}", "time": 0.5 }, "record": { "saves": 2 },
          "limit": { "types": [{{rule}}], "tolerance": 1e-6 } }
        """;

    /// <summary>Solves it; the report must name <paramref name="member"/>.</summary>
    private static Runs.Trajectory Solve(string problem, string? member)
    {
        var (study, model) = (new SolveStudy(), Small.Build(problem));
        var result = Small.Run(study, model);
        Assert.Empty(result.Failures);
        var solution = result.Limit!;
        Assert.True(double.IsFinite(solution.Error.Total), $"the error is {solution.Error.Total}");
        Assert.All(solution.Trajectory.Train, p => Assert.True(double.IsFinite(p.Risk)));
        using var temporary = new TemporaryFolder();
        StudyReport.Write(new ReportFolder(temporary.Path), model, study, result, Small.Info);
        var page = XDocument.Load(Path.Combine(temporary.Path, "report.html"));
        if (member is not null) Assert.Contains(page.Descendants("td"), d => d.Value.Contains(member, StringComparison.Ordinal));
        // No type of the program's own stands for a word.
        Assert.DoesNotContain("Spec", page.Root!.Value, StringComparison.Ordinal);
        Assert.Equal(ProblemFile.Write(solution.Model.Problem with { Schema = ProblemSchema.FileName }),
            File.ReadAllText(Path.Combine(temporary.Path, "problem.json")));
        return solution.Trajectory;
    }
}
