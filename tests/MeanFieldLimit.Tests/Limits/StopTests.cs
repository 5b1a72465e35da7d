using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Tests.Limits;

public class StopTests
{
    private static Model Parse(string json) =>
        Model.Build(ProblemFile.Parse("test.json", System.Text.Encoding.UTF8.GetBytes(json)), null);

    private static LimitSolution Solve(Model model) =>
        Certifier.Solve(new ParticleLimit(model), new());

    /// <summary>
    /// yhat = w_2 w_1 x at one point x = y = 1, w_1 = w_2 = 1/2 at the start: u = yhat has u' = -2 u (u - 1), hence
    /// u = 1 / (1 + 3 e^(-2t)), the risk (u - 1)^2 / 2 and the squared velocity 2 u (u - 1)^2.
    /// </summary>
    private static Model Scalar(string until, string limit) => Parse($$"""
        {
          "data": { "kind": "points", "x": [[1]], "y": [[1]] },
          "network": { "layers": [
            { "weights": { "law": "constant", "value": 0.5 }, "activation": "identity" },
            { "weights": { "law": "constant", "value": 0.5 } }
          ] },
          "training": { "loss": "half-squared", "time": 9, {{until}} "dynamics": "flow" },
          "limit": { {{limit}} }
        }
        """);

    /// <summary>When u reaches a value.</summary>
    private static double At(double u) => 0.5 * Math.Log(3 / (1 / u - 1));

    private static Model Smooth(string until, string limit, string training = "\"tolerance\": 1e-5") => Parse($$"""
        {
          "data": { "kind": "synthetic", "dimension": 2, "points": 12, "target": "sine-square" },
          "network": { "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
            { "weights": { "law": "gaussian", "mean": 0.5, "std": 1 }, "activation": "tanh" },
            { "weights": { "law": "gaussian", "mean": 1, "std": 1 } }
          ] },
          "training": { "loss": "half-squared", "time": 4, {{until}} {{training}} },
          "limit": { {{limit}} },
          "record": { "saves": 8 }
        }
        """);

    private static string Gauss(int n) => $$"""
        "types": [{ "rule": "gauss", "nodes": {{n}} }, { "rule": "gauss", "nodes": {{n}} }]
        """;

    public static TheoryData<string> All => [.. TimeMethod.All.Select(m => m.Name)];

    private static string Method(string name) => $"\"method\": \"{name}\", " + (TimeMethod.Find(name).EstimatesError
        ? "\"tolerance\": 1e-9"
        : name == "euler" ? "\"step\": 1e-3" : "\"step\": 0.01");

    [Theory, MemberData(nameof(All))]
    public void A_limit_stops_when_its_risk_has_fallen(string name)
    {
        var solution = Solve(Scalar("\"until\": { \"risk\": 0.005 },", Method(name)));
        var exact = At(1 - 0.1);
        Assert.Equal(RunStatus.Stopped, solution.Trained.Result.Status);
        Assert.Equal(StopCondition.Risk, solution.Stop!.Condition);
        Assert.Equal(exact, solution.Stop.Time, name == "euler" ? 2e-3 : 2e-6);
        // d risk/dt = -velocity^2 = -2 u (u - 1)^2.
        Assert.Equal(-0.018, solution.Stop.Slope, 0.001);
        // A method without an error in types or data: its time part covers what is seen.
        Assert.InRange(Math.Abs(exact - solution.Stop.Time), 0, 2 * solution.Stop.Error + 1e-9);
        Assert.Equal(solution.Stop.Time, solution.Trajectory.Times[^1]);
        Assert.InRange(0.005 - solution.Trajectory.Train[^1].Risk, 0, 1e-15);
        Assert.Equal(solution.Trajectory.Times, solution.Model.SaveTimes);
        Assert.Contains("where the risk has fallen to 0.005", solution.Ending);
    }

    [Theory, InlineData("dormand-prince"), InlineData("bdf"), InlineData("runge-kutta-4")]
    public void A_limit_stops_in_a_steady_state(string name)
    {
        double low = 0.5, high = 1;         // of u, where 2 u (u - 1)^2 falls
        for (var k = 0; k < 60; k++)
        {
            var u = (low + high) / 2;
            (low, high) = 2 * u * (u - 1) * (u - 1) > 1e-6 ? (u, high) : (low, u);
        }
        var solution = Solve(Scalar("\"until\": { \"risk\": 1e-12, \"velocity\": 1e-3 },", Method(name)));
        Assert.Equal((StopCondition.Velocity, 1e-3), (solution.Stop!.Condition, solution.Stop.Threshold));
        Assert.Equal(At(low), solution.Stop.Time, 1e-5);
        Assert.InRange(Math.Abs(At(low) - solution.Stop.Time), 0, 2 * solution.Stop.Error + 1e-9);
    }

    [Fact]
    public void The_error_of_the_stopping_time_covers_it()
    {
        const string until = "\"until\": { \"risk\": 0.36 },";
        var exact = Solve(Smooth(until, Gauss(24) + ", \"tolerance\": 1e-11")).Stop!;
        Assert.InRange(exact.Time, 0.1, 3.9);
        foreach (var limit in new[] { Gauss(8), Gauss(12), Gauss(16), Gauss(24) + ", \"tolerance\": 1e-3",
            Gauss(24) + ", \"method\": \"euler\", \"step\": 0.05" })
        {
            var stop = Solve(Smooth(until, limit)).Stop!;
            Assert.InRange(Math.Abs(stop.Time - exact.Time), 0, stop.Error);
            Assert.InRange(stop.Error, 0, 0.5);
        }
    }

    [Fact]
    public void Predictions_are_compared_at_equal_times()
    {
        // Stopping times of limits with 5 nodes and fewer differ, and predictions move by that much.
        var solution = Solve(Smooth("\"until\": { \"risk\": 0.36 },", Gauss(5)));
        var fine = Smooth("", Gauss(24) + ", \"tolerance\": 1e-11");
        var shortened = fine.Problem.Training with { Time = solution.Stop!.Time };
        var same = new ParticleLimit(fine.With(fine.Problem with { Training = shortened })).Begin(new())
            .Complete().Trained.Trajectory;
        var error = MathNet.Numerics.Distance.Euclidean(same.Predictions[^1], solution.Trajectory.Predictions[^1])
            / Math.Sqrt(12);
        Assert.InRange(error, 1e-8, solution.Error.Total);
    }

    [Fact]
    public void A_condition_that_is_met_at_the_start_stops_there()
    {
        var solution = Solve(Scalar("\"until\": { \"risk\": 1e-12, \"velocity\": 3 },", Method("dormand-prince")));
        Assert.Equal(RunStatus.Stopped, solution.Trained.Result.Status);
        Assert.Equal((0.0, 0.0), (solution.Stop!.Time, solution.Stop.Error));
        Assert.Equal([0], solution.Trajectory.Times);
        Assert.Equal(0, solution.Error.Total);
        Assert.Equal("stopped at the start: the velocity is at most 3 there", solution.Ending);
    }

    [Fact]
    public void A_condition_that_is_never_met_is_told()
    {
        var without = Solve(Smooth("", Gauss(4)));
        var solution = Solve(Smooth("\"until\": { \"risk\": 1e-9, \"velocity\": 1e-9 },", Gauss(4)));
        Assert.Equal(RunStatus.Completed, solution.Trained.Result.Status);
        Assert.Null(solution.Stop);
        Assert.Equal("ran to the final time: a risk of 1E-09 or a velocity of 1E-09 was not reached", solution.Ending);
        Assert.Equal(without.Trajectory.Predictions[^1], solution.Trajectory.Predictions[^1]);
        Assert.Null(without.Ending);
    }

    [Fact]
    public void Comparison_runs_do_not_stop_where_the_limit_does_not()
    {
        // With fewer nodes the risk falls faster: those runs meet a condition that the limit itself just misses.
        var without = Solve(Smooth("", Gauss(6)));
        var risk = without.Trajectory.Train[^1].Risk * (1 - 1e-6);
        var solution = Solve(Smooth($"\"until\": {{ \"risk\": {risk:R} }},", Gauss(6)));
        Assert.Equal((RunStatus.Completed, null), (solution.Trained.Result.Status, solution.Stop));
        Assert.InRange(Solve(Smooth("", Gauss(5))).Trajectory.Train[^1].Risk, 0, risk);
        Assert.Equal(without.Error, solution.Error);
    }

    [Theory, InlineData("flow"), InlineData("sgd")]
    public void Beside_networks_under_sgd_it_stops_at_a_save_time(string dynamics)
    {
        const string sgd = "\"dynamics\": \"sgd\", \"step\": 0.03, \"batch\": 6";
        var solution = Solve(Smooth("\"until\": { \"risk\": 0.4 },", $"{Gauss(4)}, \"dynamics\": \"{dynamics}\"", sgd));
        var full = Solve(Smooth("", $"{Gauss(4)}, \"dynamics\": \"{dynamics}\"", sgd)).Trajectory;
        var first = Enumerable.Range(0, 9).First(k => full.Train[k].Risk <= 0.4);
        Assert.InRange(first, 1, 7);
        Assert.Equal(full.Times.Take(first + 1), solution.Trajectory.Times);
        Assert.Equal(full.Times[first], solution.Stop!.Time);
        Assert.Contains("the first save time where the risk has fallen to 0.4", solution.Ending);
    }

    [Fact]
    public void An_accuracy_is_reached_at_the_stopping_time()
    {
        var solution = Solve(Smooth("\"until\": { \"risk\": 0.36 },", "\"accuracy\": 0.03"));
        var exact = Solve(Smooth("\"until\": { \"risk\": 0.36 },", Gauss(24))).Stop!;
        Assert.True(solution.Certificate!.Reached);
        Assert.InRange(Math.Abs(solution.Stop!.Time - exact.Time), 0, solution.Stop.Error);
    }

    [Fact]
    public void A_reduced_limit_stops_too()
    {
        LimitSolution Reduced(string until) => Solve(Parse($$"""
            {
              "data": { "kind": "isotropic-gaussians", "dimension": 8, "delta": 0.4, "points": 100 },
              "network": { "layers": [
                { "weights": { "law": "gaussian", "std": 0.3 }, "activation": "relu" },
                { "weights": { "law": "gaussian", "mean": 3, "std": 0.5 } }
              ] },
              "training": { "loss": "half-squared", "time": 2, {{until}} "dynamics": "sgd", "step": 0.01, "batch": 5 },
              "limit": { "reduction": "isotropic", "radii": 12, "tolerance": 1e-6,
                "types": [{ "rule": "gauss", "nodes": 6 }] },
              "record": { "saves": 4 }
            }
            """));
        var full = Reduced("").Trajectory;
        var stopped = Reduced($"\"until\": {{ \"risk\": {(full.Train[2].Risk + full.Train[3].Risk) / 2} }},");
        Assert.Equal(full.Times.Take(4), stopped.Trajectory.Times);
        Assert.Equal(full.Train[3].Risk, stopped.Trajectory.Train[^1].Risk, 1e-12);
        Assert.InRange(stopped.Error.Total, 1e-15, 0.1);
        Assert.InRange(stopped.Stop!.Error, 1e-15, 0.1);
    }

    [Fact]
    public void The_error_of_the_nodes_of_a_law_is_told_up_to_the_stop()
    {
        Model Population(string training, string saves) => Parse($$"""
            {
              "data": { "kind": "synthetic", "dimension": 2, "target": "linear",
                        "expectation": { "rule": "gauss", "nodes": 4 } },
              "network": { "layers": [
                { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
                { "weights": { "law": "gaussian", "mean": 0.5, "std": 1 } }
              ] },
              "training": { "loss": "half-squared", {{training}} },
              "limit": { "types": [{ "rule": "gauss", "nodes": 3 }] },
              "record": { "points": 50, "saves": {{saves}} }
            }
            """);
        // The save time before the stop, and the stop, are those of the other run.
        var stopped = Solve(Population("\"time\": 4, \"until\": { \"risk\": 0.2 }", "4"));
        Assert.InRange(stopped.Stop!.Time, 0.5, 1);
        var whole = Solve(Population(FormattableString.Invariant($"\"time\": {stopped.Stop.Time:R}"), "1"));
        Assert.Equal(whole.Error.Data, stopped.Error.Data, 0.2 * whole.Error.Data);
    }

    [Fact]
    public void The_comparison_run_takes_steps_of_its_own()
    {
        // A limit that rests, whose steps grow to the whole time whatever the tolerance.
        var (steps, resting) = (new List<double>(), Scalar("", "\"tolerance\": 1e-6"));
        resting = resting.With(resting.Problem with
        {
            Network = resting.Problem.Network with
            {
                Layers = [.. resting.Problem.Network.Layers.Select(
                    l => l with { Weights = new ConstantLaw { Value = 1 } })],
            },
        });
        Certifier.Solve(new ParticleLimit(resting), new()
        {
            Show = (name, _) => name.StartsWith("error", StringComparison.Ordinal) ? new Told(steps.Add) : null,
        });
        var longest = steps.Prepend(0).Zip(steps, (a, b) => b - a).Max();
        Assert.InRange(longest, 0.3, 0.75 / 1.618);          // saves are 0.75 apart
    }

    [Fact]
    public void A_longest_step_is_obeyed_by_limit_and_networks()
    {
        var model = Scalar("\"longestStep\": 0.1,", "\"longestStep\": 0.05");
        Assert.InRange(Solve(model).Trained.Result.Steps, 180, 200);
        var network = Run.Of(model, model.Embedding.Sample([5], 1), model.Dynamics, model.NetworkDraw(0), new()).Complete().Trained;
        Assert.InRange(network.Result.Steps, 90, 110);
    }

    [Fact]
    public void A_smooth_limit_runs_back_to_its_start()
    {
        var model = Smooth("", Gauss(6));
        var ensemble = model.InitialLimit();
        var field = new MeanFieldVelocity(ensemble, model.Loss, new FullExpectation(model.Data.Train),
            new ManagedEngine(1));
        double[] Run(IVectorField field, double[] from, Interval interval)
        {
            var (stepper, control) = TimeMethod.Find("dormand-prince-8")
                .Adaptive(field, new(1e-11, 1e-11), new MassNorm(ensemble));
            return new TimeLoop { Stepper = stepper, Control = control }.Run(from, interval).OrThrow().State;
        }
        var end = Run(field, ensemble.State, new(0, 1));
        var back = Run(Reversed.Of(field), end, Reversed.Over(1, 0));
        double Distance(double[] a, double[] b) =>
            Math.Sqrt(ensemble.SquaredMassNorm(a.Zip(b, (x, y) => x - y).ToArray()));
        Assert.InRange(Distance(ensemble.State, end), 0.1, 10);
        Assert.InRange(Distance(ensemble.State, back), 0, 1e-7);
    }

    private sealed class Told(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
