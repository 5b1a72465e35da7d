using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Tests.Limits;

/// <summary>
/// Two-layer networks whose neurons slide on the kinks w x = 0 of their activation, against explicit Euler steps, which
/// need no error control and converge to the Filippov solution, on the velocity written out:
/// w' = -E[sum_k r_k a_k s'(w x) x], a_k' = -E[r_k s(w x)], r = yhat - y.
/// </summary>
public class KinkTests
{
    private sealed record Line(string Activation, double Slope, double[] X, double[][] Y, double Time);

    private static readonly Dictionary<string, Line> Lines = new()
    {
        ["two points"] = new("relu", 0, [-1, 1], [[1], [0.5]], 0.5),
        ["leaky"] = new("leaky-relu", 0.01, [-1, 1], [[1], [0.5]], 0.5),
        ["a point at 0"] = new("relu", 0, [-1, 0, 1], [[1], [0.2], [0.5]], 1),
        ["three points"] = new("relu", 0, [-1, 0.5, 2], [[1], [-1], [0.5]], 1),
        ["two outputs"] = new("relu", 0, [-1, 1], [[1, -0.3], [0.5, 0.8]], 1),
    };

    private static Model Build(Line line, string limit, string training = "") =>
        Model.Build(ProblemFile.Parse("kink.json", System.Text.Encoding.UTF8.GetBytes($$"""
            {
              "data": { "kind": "points", "x": [{{Join(line.X.Select(x => $"[{Text(x)}]"))}}],
                "y": [{{Join(line.Y.Select(y => $"[{Join(y.Select(Text))}]"))}}] },
              "network": { "layers": [
                { "weights": { "law": "gaussian", "std": 1 }, "activation": "{{line.Activation}}" },
                { "weights": { "law": "gaussian", "std": 1 } } ] },
              "training": { "loss": "half-squared", "time": {{Text(line.Time)}} {{training}} },
              "limit": { {{limit}} },
              "record": { "saves": 1 }
            }
            """)), null);

    private static string Join(IEnumerable<string> parts) => string.Join(", ", parts);

    private static string Text(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>yhat [point, output] at the end of n Euler steps.</summary>
    private static double[] Euler(Line line, Ensemble ensemble, int n)
    {
        var (count, outputs, h) = (ensemble.Size(1), line.Y[0].Length, line.Time / n);
        var masses = ensemble.Masses(1).ToArray();
        // W_1 and W_2, contiguous: there is one input.
        double[] w = [.. ensemble.Weights(1).Data[..count]], a = [.. ensemble.Weights(2).Data[..(count * outputs)]];
        double[] yhat = new double[line.X.Length * outputs], dw = new double[count], da = new double[a.Length];
        double Slope(double u) => u > 0 ? 1 : line.Slope;
        for (var step = 0; ; step++)
        {
            Array.Clear(yhat);
            for (var i = 0; i < yhat.Length; i++)
                for (var c = 0; c < count; c++)
                {
                    var u = w[c] * line.X[i / outputs];
                    yhat[i] += masses[c] * a[c * outputs + i % outputs] * u * Slope(u);
                }
            if (step == n) return yhat;
            Array.Clear(dw);
            Array.Clear(da);
            for (var i = 0; i < yhat.Length; i++)
            {
                var (x, k) = (line.X[i / outputs], i % outputs);
                var r = (yhat[i] - line.Y[i / outputs][k]) / line.X.Length;
                for (var c = 0; c < count; c++)
                {
                    var u = w[c] * x;
                    dw[c] -= r * a[c * outputs + k] * Slope(u) * x;
                    da[c * outputs + k] -= r * u * Slope(u);
                }
            }
            for (var c = 0; c < count; c++) w[c] += h * dw[c];
            for (var j = 0; j < a.Length; j++) a[j] += h * da[j];
        }
    }

    private static readonly Dictionary<string, (double[] Yhat, double Error)> References = [];

    /// <summary>yhat by Euler steps on the nodes that all methods share, and twice what half as many steps differ
    /// by.</summary>
    private static (double[] Yhat, double Error) Reference(string name, Ensemble ensemble)
    {
        if (References.TryGetValue(name, out var known)) return known;
        var fine = Euler(Lines[name], ensemble, 50_000);
        return References[name] = (fine, 2 * Rms(Euler(Lines[name], ensemble, 25_000), fine));
    }

    private static double Rms(double[] a, double[] b) =>
        Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Average());

    public static TheoryData<string, string> All
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var method in TimeMethod.All.Where(m => m.EstimatesError))
                foreach (var line in Lines.Keys) data.Add(method.Name, line);
            return data;
        }
    }

    /// <summary>
    /// Where neurons slide, steps of whatever method have an error of order 1, which but for Euler's changes with their
    /// length by chance: one that is small by chance may exceed what it is told by.
    /// </summary>
    [Theory, InlineData("euler"), InlineData("runge-kutta-4")]
    public void The_stated_error_of_fixed_steps_covers_it(string method)
    {
        var ratios = new List<double>();
        foreach (var (name, line) in Lines)
            foreach (var step in new[] { 0.02, 0.013, 0.01, 0.007, 0.005, 0.003 })
            {
                var types = $$"""[{ "rule": "gauss", "nodes": {{(line.Y[0].Length > 1 ? 4 : 8)}} }]""";
                var solution = Certifier.Solve(new ParticleLimit(Build(line, $"""
                    "types": {types}, "method": "{method}", "step": {Text(step)}
                    """)), new());
                var (yhat, error) = Reference(name, solution.Model.InitialLimit());
                ratios.Add((solution.Error.Time + error) / Rms(solution.Trajectory.Predictions[^1], yhat));
            }
        Assert.InRange(ratios.Count(r => !(r >= 1)), 0, method == "euler" ? 0 : 1);
        Assert.InRange(ratios.Order().ElementAt(ratios.Count / 2), 1, 4);
    }

    [Theory, MemberData(nameof(All))]
    public void Every_method_ends_with_the_right_predictions_within_its_stated_error(string method, string name)
    {
        var line = Lines[name];
        var types = $$"""[{ "rule": "gauss", "nodes": {{(line.Y[0].Length > 1 ? 4 : 8)}} }]""";
        var solution = Certifier.Solve(new ParticleLimit(Build(line, $"""
            "types": {types}, "method": "{method}", "tolerance": 1e-6
            """)), new());
        Assert.Equal(RunStatus.Completed, solution.Trained.Result.Status);
        var (yhat, error) = Reference(name, solution.Model.InitialLimit());
        Assert.InRange(Rms(solution.Trajectory.Predictions[^1], yhat), 0, solution.Error.Time + error);
        Assert.InRange(solution.Error.Time, 0, 1e-4);
    }

    [Fact]
    public void Two_points_on_a_line_have_the_risk_of_Euler_steps_and_say_that_they_slid()
    {
        var solution = Certifier.Solve(new ParticleLimit(Build(Lines["two points"],
            """ "types": [{ "rule": "gauss", "nodes": 32 }], "tolerance": 1e-7 """)), new());
        // By explicit Euler steps of 1e-3 and 1e-4 in an independent program: 0.188518 and 0.188531.
        Assert.Equal(0.188532, solution.Trajectory.Train[^1].Risk, 2e-6);
        Assert.InRange(solution.Error.Time, 1e-8, 2e-5);
        Assert.Contains("slid along kinks from t = ", solution.Trained.Result.InWords);
    }

    [Theory, InlineData("dormand-prince"), InlineData("chebyshev"), InlineData("auto")]
    public void Finite_networks_slide_too(string method)
    {
        var line = Lines["three points"];
        var model = Build(line, """ "types": [{ "rule": "gauss", "nodes": 4 }] """,
            $""", "method": "{method}", "tolerance": 1e-6""");
        for (var replicate = 0; replicate < 4; replicate++)
        {
            var sampled = model.Embedding.Sample([20], (ulong)replicate);
            var network = Run.Of(model, sampled, model.Dynamics, model.NetworkDraw(replicate), new()).Complete().Trained;
            network.Result.OrThrow();
            // The longest sliding step is sqrt(1e-6) = 1e-3.
            Assert.InRange(Rms(network.Trajectory.Predictions[^1], Euler(line, sampled, 50_000)), 0, 2e-4);
        }
    }

    [Fact]
    public void The_example_has_the_predictions_of_Euler_steps()
    {
        var model = Model.Build(ProblemFile.Read(Repository.Path("examples/relu-line.json")), null);
        var limit = Run.Of(model, model.InitialLimit(), model.LimitDynamics, model.LimitDraw, new()).Complete().Trained;
        Assert.True(limit.Result.OrThrow().Slid is { Steps: > 0 } slid && slid.From < model.SaveTimes[^1]);
        var yhat = Euler(Lines["three points"], model.InitialLimit(), 20_000);
        Assert.InRange(Rms(limit.Trajectory.Predictions[^1], yhat), 0, 1e-5);
    }
}
