using System.Text.Json;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Validation.Tests.Studies.Coupling;

/// <summary>The gap that the limit predicts, beside sampled networks.</summary>
public class PredictionTests
{
    private const int Width = 100, Seeds = 400;

    // The relative standard error of a standard deviation of so many seeds; that of an rms over points is at most that.
    private static readonly double Sampling = 1 / Math.Sqrt(2.0 * Seeds);

    [Theory]
    [InlineData("tanh", "[1, 1]"), InlineData("relu", "[1, 1]"), InlineData("tanh", "[1, 8]"), InlineData("tanh", "[8, 1]")]
    public void Sampled_networks_have_the_predicted_gap_at_every_point(string activation, string ratios)
    {
        var result = Small.Run(new CoupleStudy(), Small.Build($$"""
            { "name": "three-points", "data": { "kind": "points", "x": [[0.3], [1], [2]], "y": [[1], [-0.5], [2]] },
              "network": { "layers": [
                { "weights": { "law": "gaussian", "mean": 0.5, "std": 1 }, "activation": "{{activation}}" },
                { "weights": { "law": "rademacher", "mean": 0.5, "scale": 0.5 }, "activation": "tanh" },
                { "weights": { "law": "gaussian", "mean": 1, "std": 1 } } ] },
              "training": { "loss": "half-squared", "time": 0.5, "tolerance": 1e-4 },
              "limit": { "types": [{ "rule": "gauss", "nodes": 24 }, { "rule": "gauss", "nodes": 12 }], "tolerance": 1e-6 },
              "record": { "saves": 2 },
              "couple": { "widths": [{{(ratios == "[1, 1]" ? Width : 25)}}], "ratios": {{ratios}}, "seeds": {{Seeds}}, "tracers": 0 } }
            """));
        var row = Assert.Single(result.Table("predicted-deviations").Rows);
        Assert.InRange((double)row[1], 1 - 4 * Sampling, 1 + 4 * Sampling);
        Assert.All(result.Table("predicted-points").Rows, point =>
            Assert.InRange((double)point[5], 1 - 5 * Sampling, 1 + 5 * Sampling));
        Assert.Contains($"\"Method\":\"{(activation == "relu" ? "perturbed masses" : "tangent")}\"",
            JsonSerializer.Serialize(result.Parts["predicted"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_of_sampled_networks_have_the_predicted_gap()
    {
        const int seeds = 80;
        var result = Small.Run(new CoupleStudy(), Small.Regression($$"""{ "widths": [80], "seeds": {{seeds}} }"""));
        var row = Assert.Single(result.Table("predicted-parameters").Rows);
        // Squares of gaps vary by less than they would if one normal variable made all of them: sqrt(2).
        Assert.InRange((double)row[5], 1 - 3 / Math.Sqrt(2.0 * seeds), 1 + 3 / Math.Sqrt(2.0 * seeds));
        var predicted = JsonSerializer.SerializeToElement(result.Parts["predicted"]).GetProperty("Parameters");
        double largest = predicted.GetProperty("Largest").GetDouble(), gap = predicted.GetProperty("Gap").GetDouble();
        Assert.Equal(largest / Math.Sqrt(80), (double)row[4], 12);
        Assert.InRange(gap, 0.5 * largest, largest);
        Assert.Contains("their parameters are predicted", result.Text!, StringComparison.Ordinal);
    }

    [Fact]
    public void Fluctuations_have_the_predicted_covariance()
    {
        var row = Assert.Single(Small.Run(new FluctuationStudy(), Small.Regression("""{ "widths": [100], "seeds": 100 }"""))
            .Table("study").Rows);
        // Beyond what 95 % of samples have by no more than what is of order 1/N.
        Assert.InRange((double)row[8], 0, (double)row[10] + 0.1);
        Assert.InRange((double)row[9], 0.08, 0.3);
    }

    [Fact]
    public void Sampled_networks_under_sgd_have_the_gap_of_widths_and_steps()
    {
        const double step = 0.025;
        const int width = 2000;
        var model = Small.TwoLayers();
        var result = Small.Run(new CoupleStudy(), model.With(model.Problem with
        {
            Chaos = null,
            Density = null,
            Training = new() { Loss = "half-squared", Time = 0.5, Dynamics = DynamicsKind.Sgd, Step = step, Batch = 1 },
            Couple = new() { Widths = [width], Seeds = 4 * Seeds, Tracers = 0 },
        }));
        var predicted = JsonSerializer.SerializeToElement(result.Parts["predicted"]);
        double ofWidth = predicted.GetProperty("Gap").GetDouble(), ofStep = predicted.GetProperty("PerStep").GetDouble();
        var row = Assert.Single(result.Table("predicted").Rows);
        Assert.Equal(Math.Sqrt(ofWidth * ofWidth / width + ofStep * ofStep * step), (double)row[4], 12);
        // Steps make most of it. The rms over so many seeds errs by 5 %.
        Assert.InRange(ofStep * ofStep * step, ofWidth * ofWidth / width, 1);
        Assert.InRange((double)row[5], 0.85, 1.15);
        Assert.Contains("under steps eps on batches of 1 they are predicted", result.Text!, StringComparison.Ordinal);
        double[] masses = [.. model.Watched.Masses], last = [.. result.Table("predictions").Rows.TakeLast(3).Select(r => (double)r[5])];
        Assert.Equal(ofStep, Math.Sqrt(last.Zip(masses, (sd, m) => m * sd * sd).Sum()), 12);
    }

    [Fact]
    public void Results_have_it_by_layer_and_by_point()
    {
        var result = Small.Run(new SolveStudy(), Small.Regression());
        var predicted = JsonSerializer.SerializeToElement(result.Parts["predicted"]);
        var layers = predicted.GetProperty("PerLayer").EnumerateArray().Select(c => c.GetDouble()).ToArray();
        Assert.Equal(2, layers.Length);
        Assert.Equal(predicted.GetProperty("Gap").GetDouble(), Math.Sqrt(layers.Sum(c => c * c)), 12);
        var predictions = result.Table("predictions");
        Assert.Equal(["t", "point", "output", "value", "sd"], predictions.Columns);
        var last = predictions.Rows.TakeLast(12).Select(row => (double)row[4]).ToArray();
        Assert.Equal(predicted.GetProperty("Gap").GetDouble(), Math.Sqrt(last.Average(sd => sd * sd)), 12);
    }

    // Networks of two layers of one type each but for the noise of their middle weights, whose gap has order 1/N and most
    // of it is its mean: few tell it.
    [Fact]
    public void Sampled_networks_have_the_predicted_mean()
    {
        var result = Small.Run(new CoupleStudy(), Small.Build("""
            { "name": "noise", "data": { "kind": "points", "x": [[0.3], [1], [2]], "y": [[1], [-0.5], [2]] },
              "network": { "layers": [
                { "weights": { "law": "constant", "value": 1 }, "activation": "tanh" },
                { "weights": { "law": "gaussian", "mean": 1, "std": 1 }, "activation": "tanh" },
                { "weights": { "law": "constant", "value": 2 } } ] },
              "training": { "loss": "half-squared", "time": 0.5, "method": "runge-kutta-4", "step": 0.1 },
              "limit": { "method": "runge-kutta-4", "step": 0.1, "predict": { "bias": true } },
              "record": { "saves": 2 }, "couple": { "widths": [30], "seeds": 1000, "tracers": 0 } }
            """));
        var row = Assert.Single(result.Table("predicted-bias").Rows);
        var (ratio, error) = ((double)row[2], (double)row[3]);
        Assert.InRange(error, 0.005, 0.06);
        // What is of the next order is 1/N of it.
        Assert.InRange(Math.Abs(ratio - 1), 0, 4 * error + 1.0 / 30);
        var bias = JsonSerializer.SerializeToElement(result.Parts["predicted"]).GetProperty("Bias");
        Assert.Equal(0, bias.GetProperty("MassPart").GetDouble());
        double[] last = [.. result.Table("predictions").Rows.TakeLast(3).Select(r => (double)r[5])];
        Assert.Equal(bias.GetProperty("Rms").GetDouble(), Math.Sqrt(last.Average(b => b * b)), 12);
        Assert.Contains("measured, that mean is ", result.Text!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_limit_by_batches_says_why_it_predicts_none()
    {
        var result = Small.Run(new SolveStudy(), Small.Classification());
        Assert.Empty(result.Parts);
        Assert.Contains("no gap of networks is predicted: a limit that moves by batches", result.Text!,
            StringComparison.Ordinal);
    }
}
