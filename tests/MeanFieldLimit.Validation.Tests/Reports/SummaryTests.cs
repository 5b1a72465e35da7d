using System.Text.Json;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Validation.Reports;

namespace MeanFieldLimit.Validation.Tests.Reports;

public class SummaryTests
{
    [Fact]
    public void Coupling_has_the_promised_keys()
    {
        var (model, result) = Small.RegressionRun;
        var summary = Parse(Summary.Of(model, result.Limit, result, Small.Info));
        var limit = summary.GetProperty("limit");
        Assert.Equal(result.Limit.Trajectory.Train[^1].Risk, limit.GetProperty("risk").GetDouble());
        Assert.Equal(result.Limit.Error.Total, limit.GetProperty("errorEstimate").GetDouble());
        Assert.Equal(result.Limit.Error.Types, limit.GetProperty("errors").GetProperty("types").GetDouble());
        Assert.Equal(result.Limit.Error.Time, limit.GetProperty("errors").GetProperty("time").GetDouble());
        Assert.Equal("completed", limit.GetProperty("status").GetString());
        Assert.Equal(2, limit.GetProperty("nodes").GetArrayLength());
        var rate = summary.GetProperty("rates").EnumerateArray()
            .Single(r => r.GetProperty("quantity").GetString() == "prediction");
        Assert.Equal(result.Rates[0].Slope, rate.GetProperty("slope").GetDouble());
        Assert.True(rate.GetProperty("low").GetDouble() <= rate.GetProperty("high").GetDouble());
        Assert.Equal([20, 40, 80], rate.GetProperty("widths").EnumerateArray().Select(w => w.GetInt32()));
        Assert.Equal(4, rate.GetProperty("seeds").GetInt32());
        Assert.Equal(result.Rates[0].Rms, rate.GetProperty("rms").EnumerateArray().Select(v => v.GetDouble()));
        Assert.Equal("small", summary.GetProperty("problem").GetString());
        Assert.Equal("managed", summary.GetProperty("engine").GetString());
        Assert.Matches("vectors of (64|128|256|512) bits", summary.GetProperty("instructions").GetString());
        Assert.Equal("0.1.0", summary.GetProperty("version").GetString());
        Assert.Equal(1, summary.GetProperty("threads").GetInt32());
        Assert.True(summary.GetProperty("seconds").GetProperty("networks").GetDouble() > 0);
        Assert.Equal("synthetic", summary.GetProperty("data").GetProperty("kind").GetString());
        Assert.Equal(12, summary.GetProperty("data").GetProperty("trainingPoints").GetInt32());
    }

    [Fact]
    public void What_is_not_known_is_null()
    {
        var (model, result) = Small.RegressionRun;
        var unknown = result.Limit with { Parts = [new(ErrorPart.Types, [1], double.NaN), new(ErrorPart.Time, [], double.PositiveInfinity)] };
        var limit = Parse(Summary.Of(model, unknown, null, Small.Info)).GetProperty("limit");
        Assert.Equal(JsonValueKind.Null, limit.GetProperty("errorRate").ValueKind);
        Assert.Equal(JsonValueKind.Null, limit.GetProperty("errorEstimate").ValueKind);
        Assert.Equal(JsonValueKind.Null, limit.GetProperty("errors").GetProperty("types").ValueKind);
        Assert.Equal(JsonValueKind.Null, limit.GetProperty("errors").GetProperty("time").ValueKind);
        Assert.Equal(0, limit.GetProperty("errors").GetProperty("data").GetDouble());
    }

    [Fact]
    public void Rates_without_an_interval_are_written_with_null()
    {
        var model = Small.Regression("""{ "widths": [20], "seeds": 1 }""");
        var result = Small.Couple(model);
        var rate = Parse(Summary.Of(model, result.Limit, result, Small.Info)).GetProperty("rates")[0];
        Assert.Equal(JsonValueKind.Null, rate.GetProperty("slope").ValueKind);
        Assert.Equal(JsonValueKind.Null, rate.GetProperty("low").ValueKind);
    }

    private static JsonElement Parse(Summary summary) => JsonDocument.Parse(summary.ToJson()).RootElement;
}
