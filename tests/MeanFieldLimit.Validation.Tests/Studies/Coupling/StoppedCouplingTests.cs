using System.Text.Json;
using MeanFieldLimit.Models;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Reports;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Validation.Tests.Studies.Coupling;

public class StoppedCouplingTests
{
    private static Model Build(string training, int tracers) => Small.Build($$"""
        { "name": "stopped",
          "data": { "kind": "synthetic", "dimension": 2, "points": 12, "target": "sine-square" },
          "network": { "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
            { "weights": { "law": "gaussian", "mean": 0.5, "std": 1 }, "activation": "tanh" },
            { "weights": { "law": "gaussian", "mean": 1, "std": 1 } } ] },
          "training": { "loss": "half-squared", "time": 4, "until": { "risk": 0.36 }, {{training}} },
          "limit": { "types": [{ "rule": "gauss", "nodes": 8 }, { "rule": "gauss", "nodes": 8 }], "tolerance": 1e-6 },
          "record": { "saves": 6 },
          "couple": { "widths": [20, 40], "seeds": 3, "tracers": {{tracers}} } }
        """);

    [Theory]
    [InlineData("\"tolerance\": 1e-5", 0), InlineData("\"tolerance\": 1e-5", 10)]
    [InlineData("\"dynamics\": \"sgd\", \"step\": 0.03, \"batch\": 6", 0)]
    public void Networks_and_tracers_go_to_the_time_at_which_the_limit_stopped(string training, int tracers)
    {
        var coupled = Small.Couple(Build(training, tracers));
        var limit = coupled.Limit;
        Assert.Equal(RunStatus.Stopped, limit.Trained.Result.Status);
        Assert.InRange(limit.Stop!.Time, 0.5, 3.5);
        Assert.Empty(coupled.Failures);
        Assert.Equal(6, coupled.Networks.Count);
        Assert.All(coupled.Networks, n => Assert.Equal(limit.Trajectory.Times, n.Gaps.Select(g => g.Time)));
        var pathwise = tracers > 0 ? limit.Trajectory.Times.Count : 0;
        Assert.All(coupled.Networks, n => Assert.Equal(pathwise, n.Pathwise.Count));
        // Their own risks are where they are: nothing stops them at 0.36.
        Assert.All(coupled.Networks, n => Assert.NotEqual(0.36, n.Train[^1].Risk, 1e-6));
    }

    [Fact]
    public void Summary_and_report_say_what_stopped_the_limit_and_when()
    {
        using var folder = new TemporaryFolder();
        var model = Build("\"tolerance\": 1e-5", 0);
        var result = Small.Run(new SolveStudy(), model);
        var (solution, path) = (result.Limit!, Path.Combine(folder.Path, "run"));
        StudyReport.Write(new ReportFolder(path), model, new SolveStudy(), result, Small.Info);
        var limit = JsonDocument.Parse(File.ReadAllText(Path.Combine(path, "summary.json"))).RootElement
            .GetProperty("limit");
        Assert.Equal("stopped", limit.GetProperty("status").GetString());
        Assert.Equal(solution.Stop!.Time, limit.GetProperty("time").GetDouble());
        var stop = limit.GetProperty("stop");
        Assert.Equal("risk", stop.GetProperty("condition").GetString());
        Assert.Equal(0.36, stop.GetProperty("threshold").GetDouble());
        Assert.Equal(solution.Stop.Time, stop.GetProperty("time").GetDouble());
        Assert.Equal(solution.Stop.Error, stop.GetProperty("errorEstimate").GetDouble());
        var report = File.ReadAllText(Path.Combine(path, "report.html"));
        Assert.Contains(solution.Ending!, report);
        Assert.Contains("or until the risk has fallen to 0.36", report);
        // The problem beside it stops again: it keeps its final time and its condition.
        var again = Small.Build(File.ReadAllText(Path.Combine(path, "problem.json")));
        Assert.Equal(4, again.SaveTimes[^1]);
        Assert.Equal(solution.Stop.Time, Small.Solve(again).Stop!.Time);
    }
}
