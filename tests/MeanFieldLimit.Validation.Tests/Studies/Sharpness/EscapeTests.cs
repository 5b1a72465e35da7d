using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Studies;
using MeanFieldLimit.Validation.Studies.Sharpness;

namespace MeanFieldLimit.Validation.Tests.Studies.Sharpness;

/// <summary>
/// yhat = theta x, theta the mean of a_j w_j, w_j = -1 or 1: a quadratic in one dimension, with x = 1 and 3 of the
/// curvatures 1 and 9. Their mean is a = 5, s = 4, and SGD is stable up to 2 a / (a^2 + s^2 / B).
/// </summary>
public class EscapeTests
{
    private const double Small = 0.14, Large = 0.28;

    private static readonly Lazy<StudyResult> Answer = new(() => Tests.Small.Run(new SharpnessStudy(), Linear()));

    [Fact]
    public void SGD_leaves_a_quadratic_beyond_its_largest_step_alone()
    {
        var table = Answer.Value.Table("study-escape");
        var rows = table.Rows.ToArray();
        Assert.Equal(2 * 3 * 2, rows.Length);
        foreach (var row in rows)
        {
            var step = (double)Field("step");
            var largest = Field("batch") is int batch ? 10 / (25 + 16.0 / batch) : 0.4;
            Assert.Equal(largest, (double)Field("largestStepBefore"), 1e-12);
            Assert.Equal(5, (double)Field("sharpnessBefore"), 1e-9);
            Assert.Equal(4, (double)Field("nonUniformityBefore"), 1e-9);
            var verdict = step > largest ? "leaves" : "stays";
            Assert.Equal((verdict, verdict), (Field("predicted"), Field("found")));
            Assert.Equal(verdict == "stays", double.IsNaN((double)Field("leftAt")));
            // Gradient descent divides the distance by |1 - 5 eta| with every step: 0.3 and 0.4, 20 and 10 times.
            var began = (double)Field("riskBefore");
            Assert.Equal(step == Small ? 20 * Math.Log(0.3) : 10 * Math.Log(0.4), Math.Log(began / 0.625) / 2, 1e-3);

            object Field(string name) => row[table.Columns.ToList().IndexOf(name)];
        }
        Assert.Equal(1, Answer.Value.Findings.Single(f => f.Name == "escape-agrees").Value);
        // B = 1 leaves for eta = 0.28 > 10 / 41 alone.
        Assert.Contains("in 2 of 2 branches that linear stability has leave and in 0 of 6 that it has stay; gradient " +
            "descent itself in 0 of 4.", Answer.Value.Headline, StringComparison.Ordinal);
        Assert.All(Answer.Value.Figures, figure => Assert.True(figure!.Name != "sharpness-escape" || figure.Obstacle is null));
    }

    /// <summary>A step of SGD on x = 1 multiplies the distance by 1 - eta, on x = 3 by 1 - 9 eta.</summary>
    [Fact]
    public void Branches_take_the_steps_of_SGD_from_where_gradient_descent_ended()
    {
        var rows = Answer.Value.Table("study-branches").Rows.Where(r => (double)r[0] == Large && r[1] is 1)
            .Select(r => (T: (double)r[3], Risk: (double)r[4])).ToArray();
        var ones = 0;
        foreach (var (a, b) in rows.Zip(rows.Skip(1)).Where(p => p.Second.T > p.First.T))
        {
            Assert.Equal(Large, b.T - a.T, 1e-9);
            var factor = Math.Sqrt(b.Risk / a.Risk);
            var isOne = factor < 1;
            Assert.Equal(isOne ? 1 - Large : 9 * Large - 1, factor, 1e-4);
            ones += isOne ? 1 : 0;
        }
        Assert.InRange(ones / (double)rows.Length, 0.4, 0.6);      // 4 standard errors of 400
    }

    [Fact]
    public void What_cannot_go_on_is_refused()
    {
        var spec = Linear().Problem.Sharpness!;
        Refused("batches must be smaller than the data, of 4 points, got 4", spec with { Escape = new() { Batches = [4], Time = 1 } });
        Refused("batches must be strictly increasing, got 1 after 2", spec with { Escape = new() { Batches = [2, 1], Time = 1 } });
        Refused("time must be at least a step, got 0.2 for a step of 0.28; use a longer time", spec with { Escape = new() { Batches = [1], Time = 0.2 } });
        Refused("a branch must have at most 10000000 steps", spec with { Escape = new() { Batches = [1], Time = 1e9 } });
        Assert.Contains("rate must be constant beside sharpness.escape", Message(Linear().Problem with
        {
            Network = Linear().Problem.Network with
            {
                Layers = [.. Linear().Problem.Network.Layers.Select(l => l with { Rate = new PowerRate { Exponent = 0.5, Unit = 1 } })],
            },
        }), StringComparison.Ordinal);
        Assert.Contains("points must have one output for stability", Message(Linear().Problem with
        {
            Data = new PointsData { X = [[1], [3]], Y = [[1, 0], [0, 1]] },
            Sharpness = spec with { Batches = [], Escape = new() { Batches = [1], Time = 1 } },
        }), StringComparison.Ordinal);

        void Refused(string rule, SharpnessSpec sharpness) => Assert.Contains(rule,
            Message(Linear().Problem with { Sharpness = sharpness }), StringComparison.Ordinal);

        static string Message(Problem problem) =>
            Assert.Throws<ProblemException>(() => new SharpnessStudy().Plan(Model.Build(problem), 1)).Message;
    }

    private static Model Linear() => Tests.Small.Build("""
        { "name": "linear", "data": { "kind": "points", "x": [[1], [3], [1], [3]], "y": [[0.5], [1.5], [0.5], [1.5]] },
          "network": { "layers": [
            { "weights": { "law": "rademacher" }, "activation": "identity",
              "rate": { "schedule": "constant", "value": 0 } },
            { "weights": { "law": "constant", "value": 0 } } ] },
          "training": { "loss": "half-squared", "time": 2.8 },
          "limit": { "types": [{ "rule": "gauss", "nodes": 2 }] },
          "record": { "saves": 2 }, "couple": { "widths": [3], "seeds": 2 },
          "sharpness": { "steps": [0.14, 0.28], "limit": false,
            "escape": { "batches": [1, 2], "time": 112, "saves": 400 } } }
        """);
}
