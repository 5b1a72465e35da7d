using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Tests.Studies.Coupling;

public class CoupleStudyTests
{
    [Fact]
    public void Gaps_count_points_by_their_masses()
    {
        Problem On(PointsData data) => Small.Regression(more: "").Problem with
        {
            Data = data,
            Couple = new() { Widths = [5, 9], Seeds = 2 },
        };
        double[] a = [0.3, -1], b = [1.2, 0.4];
        CouplingResult Of(PointsData data) => Small.Couple(Model.Build(On(data)));
        var weighted = Of(new() { X = [a, b], Y = [[1], [-2]], Masses = [6, 3] });
        var repeated = Of(new() { X = [a, a, b], Y = [[1], [1], [-2]] });
        Assert.All(weighted.Networks.Zip(repeated.Networks), p => Assert.All(p.First.Gaps.Zip(p.Second.Gaps), g =>
        {
            Assert.Equal(g.Second.Rms, g.First.Rms, 1e-9);
            Assert.Equal(g.Second.Max, g.First.Max, 1e-9);
            Assert.Equal(g.Second.Risk, g.First.Risk, 1e-9);
        }));
        Assert.All(weighted.Networks, n => Assert.True(n.Gaps[^1].Rms > 1e-3));
    }

    private const string Points = """
        {
          "kind": "points",
          "x": [[0.1, -0.2], [0.6, 0.1], [-0.5, 0.4], [1.3, 0.9], [-0.7, -1.3], [-0.6, 0], [-2.3, -0.2], [0.4, 1.0]],
          "y": [[0.2], [0.8], [-0.6], [1.4], [-0.1], [-0.8], [0.4], [1.1]]
        }
        """;

    private static Model Build(string training = "\"tolerance\": 1e-5",
        string couple = "\"widths\": [25, 50, 100, 200], \"seeds\": 80",
        string activation = "tanh", double mean = 0.5, string limit = "\"tolerance\": 1e-8", string data = Points) =>
        Model.Build(ProblemFile.Parse("test.json", System.Text.Encoding.UTF8.GetBytes($$"""
            {
              "data": {{data}},
              "network": { "layers": [
                { "weights": { "law": "gaussian", "std": 1 }, "activation": "{{activation}}" },
                { "weights": { "law": "gaussian", "mean": {{mean}}, "std": 1 }, "activation": "{{activation}}" },
                { "weights": { "law": "gaussian", "mean": {{mean}}, "std": 1 } }
              ] },
              "training": { "loss": "half-squared", "time": 1, {{training}} },
              "limit": { "types": [{ "rule": "gauss", "nodes": 16 }, { "rule": "gauss", "nodes": 10 }], {{limit}} },
              "record": { "saves": 4 },
              "couple": { "tracers": 0, {{couple}} }
            }
            """)), null);

    [Fact]
    public void Gaps_fall_like_one_over_root_N()
    {
        var result = Small.Couple(Build(), threads: 2);
        var rate = result.Rates.Single(r => r.Quantity == GapQuantity.Prediction);
        Assert.InRange(-0.5, rate.Fitted.Low, rate.Fitted.High);
        Assert.All(rate.Fitted.Rms, gap => Assert.False(result.IsBlurred(gap)));
        Assert.Equal(320, result.Networks.Count);
    }

    [Theory]
    [InlineData("\"tolerance\": 1e-5", null)]
    [InlineData("\"dynamics\": \"sgd\", \"step\": 0.02, \"batch\": 20",
        """{ "kind": "synthetic", "dimension": 2, "points": 50, "teacher": { "width": 300, "activation": "tanh" } }""")]
    public void Any_number_of_threads_gives_the_same_gaps(string training, string? data)
    {
        var model = Build(training, "\"widths\": [10, 30], \"seeds\": 4", data: data ?? Points);
        Assert.Equal(Small.Couple(model, 1).Networks.SelectMany(n => n.Gaps),
            Small.Couple(model, 3).Networks.SelectMany(n => n.Gaps));
    }

    [Fact]
    public void Noise_of_sgd_falls_like_the_root_of_its_step()
    {
        // The squared gap is A/N + B eps: beyond the gap of the flow at the same width, a sixteenth of the step makes
        // a quarter of the gap. Each rms of 60 seeds has a relative error of about 1/sqrt(2 * 60) = 0.09, their ratio
        // 0.13, and z = 4 allows a factor 1.5 to 1.7.
        double Squared(string training) =>
            Math.Pow(Small.Couple(Build(training, "\"widths\": [200], \"seeds\": 60")).Rates
                .Single(r => r.Quantity.Name == "prediction-final").Fitted.Rms[0], 2);
        var flow = Squared("\"tolerance\": 1e-5");
        var coarse = Squared("\"dynamics\": \"sgd\", \"step\": 0.04, \"batch\": 1") - flow;
        var fine = Squared("\"dynamics\": \"sgd\", \"step\": 0.0025, \"batch\": 1") - flow;
        Assert.InRange(Math.Sqrt(coarse / fine), 4 / 1.6, 4 * 1.6);
    }

    [Fact]
    public void Sgd_networks_and_limit_on_the_same_batches_differ_by_width_alone()
    {
        var result = Small.Couple(Build("\"dynamics\": \"sgd\", \"step\": 0.1, \"batch\": 1",
            "\"widths\": [20, 320], \"seeds\": 12",
            limit: "\"dynamics\": \"sgd\""));
        Assert.InRange(result.Rates[0].Fitted.Slope, -0.75, -0.3);
    }
}
