using System.Text.Json;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Validation.Tests.Studies.Coupling;

/// <summary>The gap that the limit predicts, beside sampled networks.</summary>
public class PredictionTests
{
    private const int Width = 200, Seeds = 40;

    [Fact]
    public void Sampled_networks_have_the_predicted_gap()
    {
        var table = Small.Run(new CoupleStudy(), Small.Regression($$"""{ "widths": [{{Width}}], "seeds": {{Seeds}}, "tracers": 0 }"""))
            .Table("predicted");
        var row = Assert.Single(table.Rows);
        // The rms over so many seeds errs by a tenth or less.
        Assert.InRange((double)row[5], 0.75, 1.3);
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

    [Fact]
    public void A_limit_by_batches_says_why_it_predicts_none()
    {
        var result = Small.Run(new SolveStudy(), Small.Classification());
        Assert.Empty(result.Parts);
        Assert.Contains("no gap of networks is predicted: a limit that moves by batches", result.Text!,
            StringComparison.Ordinal);
    }
}
