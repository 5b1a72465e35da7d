using System.Text;
using System.Text.Json;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Tests.Limits.Scalings;

/// <summary>
/// The limits of the scalings from given initial functions, on given nodes, against an independent program (NumPy).
/// </summary>
public class ScalingValuesTests
{
    [SharedTheory("reference/values-2.json")]
    [InlineData("ntk", "ntk")]
    [InlineData("mean-field", "mf")]
    [InlineData("ic-mf", "icmf")]
    [InlineData("sym-default", "sym")]
    [InlineData("default", "def")]
    public void Gradient_descent_is_that_of_an_independent_program(string kind, string name) =>
        Check(kind, name, "gd", """ "method": "euler", "step": 1 """, 1e-10);

    [SharedTheory("reference/values-2.json")]
    [InlineData("ntk", "ntk")]
    [InlineData("mean-field", "mf")]
    [InlineData("ic-mf", "icmf")]
    public void The_flow_is_that_of_an_independent_program(string kind, string name) =>
        Check(kind, name, "flow", """ "tolerance": 1e-12 """, 1e-8);

    private static void Check(string kind, string name, string how, string method, double tolerance)
    {
        var reference = JsonDocument.Parse(File.ReadAllText(Repository.Shared("reference/values-2.json")!))
            .RootElement.GetProperty("B_scalings");
        var (draws, values) = (reference.GetProperty("draws"), reference.GetProperty("draws").GetProperty(how).GetProperty(name));
        var count = values[0].GetArrayLength();
        for (var draw = 0; draw < Math.Min(count, 3); draw++)
        {
            var f0 = draws.GetProperty("f0")[draw];
            var model = Model.Build(ProblemFile.Parse("scaling", Encoding.UTF8.GetBytes(Problem(
                reference.GetProperty("law").GetProperty("problem"), kind, method, f0))), null);
            var trained = ILimit.Of(model).Begin(new Machine()).Complete().Trained;
            foreach (var (k, t) in new[] { 1, 4, 8 }.Index())
            {
                var ours = trained.Trajectory.Predictions[trained.Trajectory.Times.ToList().IndexOf(t)];
                var theirs = values[k][draw].EnumerateArray().Select(v => v.GetDouble()).ToArray();
                Assert.Equal(theirs.Length, ours.Length);
                for (var n = 0; n < ours.Length; n++) Assert.Equal(theirs[n], ours[n], tolerance);
            }
        }
    }

    private static string Problem(JsonElement problem, string kind, string method, JsonElement f0)
    {
        static string Column(JsonElement values) => $"[{string.Join(", ", values.EnumerateArray().Select(v => $"[{v.GetRawText()}]"))}]";
        return $$"""
            {
              "data": {
                "kind": "points", "x": {{problem.GetProperty("x").GetRawText()}}, "y": {{Column(problem.GetProperty("y"))}},
                "xTest": {{problem.GetProperty("x_test").GetRawText()}}, "yTest": [[1], [1], [1]]
              },
              "network": {
                "layers": [
                  { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh", "rate": { "schedule": "constant", "value": 2 } },
                  { "weights": { "law": "gaussian", "std": 1 }, "rate": { "schedule": "constant", "value": 2 } }
                ]
              },
              "scaling": { "kind": "{{kind}}", "width": 64, "factor": 0.125 },
              "training": { "loss": "logistic", "time": 8 },
              "limit": {
                "types": [{ "rule": "midpoint", "nodes": 24, "reach": 5, "last": 8 }], "coordinates": "natural",
                "initial": { "values": {{Column(f0)}} }, {{method}}
              },
              "record": { "saves": 8 }
            }
            """;
    }
}
