using System.Text.Json;
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
