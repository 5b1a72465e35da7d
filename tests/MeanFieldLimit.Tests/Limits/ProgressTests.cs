using System.Text;
using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Tests.Limits;

/// <summary>Phases advance by the steps of the time loop, and end when they are done.</summary>
public class ProgressTests
{
    private static Model Parse(string more) => Model.Build(ProblemFile.Parse("test.json", Encoding.UTF8.GetBytes($$"""
        {
          "data": { "kind": "synthetic", "dimension": 2, "points": 6, "target": "sine-square" },
          "network": { "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
            { "weights": { "law": "gaussian", "mean": 0.5, "std": 1 }, "activation": "tanh" },
            { "weights": { "law": "gaussian", "mean": 1, "std": 1 } } ] },
          "training": { "loss": "half-squared", "time": 2{{more}},
          "record": { "saves": 1 }
        }
        """)), null);

    private const string Grids = """
        "types": [{ "rule": "gauss", "nodes": 6 }, { "rule": "gauss", "nodes": 6 }]
        """;

    [Theory]
    [InlineData("")]
    [InlineData(", \"until\": { \"risk\": 0.3 }")]
    [InlineData("\"accuracy\": 0.05")]
    public void A_limit_and_its_error_are_phases_that_do_not_end_before_their_last_step(string asked)
    {
        var phases = new Dictionary<string, Told>();
        var (training, limit) = asked.Contains("accuracy", StringComparison.Ordinal) ? ("", asked) : (asked, Grids);
        Certifier.Solve(ILimit.Of(Parse($$"""{{training}} }, "limit": { {{limit}} }""")), new()
        {
            Show = (name, end) => phases[name] = new(end),
        });
        Assert.Equal("limit", phases.Keys.First());
        Assert.Equal(["limit", "error of the limit"], phases.Keys.Take(2));
        Assert.All(phases.Keys.Skip(2), name => Assert.Matches("^(error of the )?limit, round [2-9]$", name));
        foreach (var (name, phase) in phases)
        {
            Assert.Equal(phase.End, phase.Values[^1]);
            Assert.Equal(phase.Values.Order(), phase.Values);
            // A comparison of several ends at its part; that which is told last may be told twice.
            Assert.InRange(phase.Values.SkipLast(2).Last(), 0, 0.999 * phase.End);
            Assert.True(phase.Values.Count > 5, name);
        }
    }

    [Fact]
    public void Movers_of_one_run_count_by_their_parameters()
    {
        var model = Parse($$""" }, "limit": { {{Grids}} }""");
        var told = new Told(2);
        var run = new Run(model, new()) { Progress = told };
        // 2 n + n^2 + n parameters.
        foreach (var n in new[] { 2, 7 })
            run.Add(model.Embedding.Sample([n, n], 1), new GradientFlow("euler", Step: 0.5), model.NetworkDraw(0));
        run.Complete();
        Assert.Equal(new[] { 0.5, 1, 1.5, 2 }.Select(t => t * 10 / 80).Concat(new[] { 0.5, 1, 1.5, 2 }
            .Select(t => (2 * 10 + t * 70) / 80)), told.Values.Select(v => Math.Round(v, 12)));
    }

    private sealed class Told(double end) : IProgress<double>
    {
        internal double End => end;

        internal List<double> Values { get; } = [];

        public void Report(double value) => Values.Add(value);
    }
}
