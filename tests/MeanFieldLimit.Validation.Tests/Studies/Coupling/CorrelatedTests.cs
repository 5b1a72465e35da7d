using MeanFieldLimit.Models;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Validation.Tests.Studies.Coupling;

/// <summary>Networks with correlated weights beside their limit, four layers.</summary>
public class CorrelatedTests
{
    private static Model FourLayers(int nodes, string widths, double noise, int seeds) =>
        FourLayers($$"""{ "rule": "gauss", "nodes": {{nodes}} }""", widths, noise, seeds);

    private static Model FourLayers(string rule, string widths, double noise, int seeds) => Small.Build($$"""
        { "data": { "kind": "synthetic", "dimension": 1, "points": 6, "target": "linear" },
          "network": {
            "embedding": { "kind": "correlated", "noise": {{noise}} },
            "layers": [
              { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
              { "weights": { "law": "gaussian", "mean": 0.5, "std": 2 }, "activation": "tanh" },
              { "weights": { "law": "gaussian", "mean": 0.5, "std": 2 }, "activation": "tanh" },
              { "weights": { "law": "gaussian", "mean": 0.5, "std": 1 } } ] },
          "training": { "loss": "half-squared", "time": 0.5, "tolerance": 1e-5 },
          "limit": { "types": [{{rule}}, {{rule}}, {{rule}}], "tolerance": 1e-7 },
          "record": { "saves": 2 },
          "couple": { "widths": [{{widths}}], "seeds": {{seeds}}, "tracers": 400 } }
        """);

    [Fact]
    public void The_limit_converges_as_types_are_refined()
    {
        double[] Predictions(int nodes)
        {
            var model = FourLayers(nodes, "9", 0.5, 1);
            return Run.Of(model, model.InitialLimit(), model.LimitDynamics, model.LimitDraw, new()).Complete().Trained.Trajectory.Predictions[^1];
        }

        double[][] predictions = [.. new[] { 5, 9, 15, 24 }.Select(Predictions)];
        double[] errors = [.. predictions[..^1].Select(p => p.Zip(predictions[^1], (a, b) => Math.Abs(a - b)).Max())];
        Assert.True(errors[0] > 3 * errors[1] && errors[1] > 3 * errors[2], string.Join(", ", errors));
        Assert.InRange(errors[2], 0, 1e-4);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    public void Pathwise_gaps_go_like_one_over_root_width(double noise)
    {
        // A seed's gap varies by about a third: the log of the rms of 20 by a fourteenth, the slope over a factor 8 of
        // widths by sqrt(2) / 14 / log 8 = 0.05, and z = 3 allows 0.15.
        var model = FourLayers(9, "20, 160", noise, 20);
        var result = Small.Couple(model, threads: 2);
        var rate = result.Rates.Single(r => r.Quantity.Name == "parameters-l2");
        Assert.InRange(rate.Fitted.Slope, -0.65, -0.35);
        // At t = 0 a tracer is its neuron.
        Assert.All(result.Networks, r => Assert.Equal(0, r.Pathwise[0].ParametersMax));
    }

    [Fact]
    public void Pathwise_gaps_of_channels_go_like_one_over_root_width()
    {
        // Filters and outgoing weights of two values, whose nodes are their law. The bounds are those of above.
        var model = Small.Build("""
            { "data": { "kind": "synthetic", "dimension": 3, "points": 6, "target": "linear" },
              "network": { "image": { "columns": 3 },
                "embedding": { "kind": "correlated", "noise": 0.5 },
                "layers": [
                  { "weights": { "law": "rademacher" }, "activation": "tanh", "convolution": { "size": [2] } },
                  { "weights": { "law": "gaussian", "mean": 0.3, "std": 1.5 }, "activation": "tanh",
                    "convolution": { "size": [2], "padding": 1 }, "filter": [0.2, -0.1] },
                  { "weights": { "law": "gaussian", "mean": 0.3, "std": 1.5 }, "activation": "tanh" },
                  { "weights": { "law": "rademacher", "mean": 0.5 } } ] },
              "training": { "loss": "half-squared", "time": 0.5, "tolerance": 1e-5 },
              "limit": { "types": [{ "rule": "gauss", "nodes": 9 }, { "rule": "gauss", "nodes": 9 },
                { "rule": "gauss", "nodes": 9 }], "tolerance": 1e-7 },
              "record": { "saves": 2 },
              "couple": { "widths": [20, 160], "seeds": 20, "tracers": 400 } }
            """);
        var result = Small.Couple(model, threads: 2);
        var rate = result.Rates.Single(r => r.Quantity.Name == "parameters-l2");
        Assert.InRange(rate.Fitted.Slope, -0.65, -0.35);
    }

    [Fact]
    public void The_host_keeps_its_bits_under_its_tracers()
    {
        var model = FourLayers(6, "9", 0.5, 1);
        var limit = Small.Solve(model).Trained;
        var traced = Run.Of(model, model.Embedding.WithTracers(model.InitialLimit(), model.Embedding.Sample([9, 11, 13], 5)), model.LimitDynamics, model.LimitDraw, new()).Complete().Trained;
        Assert.Equal(limit.Result.Steps, traced.Result.Steps);
        for (var k = 0; k < limit.Trajectory.Times.Count; k++)
            Assert.Equal(limit.Trajectory.Predictions[k], traced.Trajectory.Predictions[k]);
    }
}
