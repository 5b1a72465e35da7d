using System.Text.Json;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Validation.Reports;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Validation.Tests.Reports;

public class SummaryTests
{
    [Fact]
    public void Coupling_has_the_promised_keys()
    {
        var (model, result) = Small.RegressionRun;
        var summary = Parse(Summary.Of(model, new CoupleStudy(), Small.RegressionAnswer, Small.Info));
        Assert.Equal("couple", summary.GetProperty("study").GetString());
        Assert.Equal(Small.RegressionAnswer.Headline, summary.GetProperty("headline").GetString());
        var limit = summary.GetProperty("limit");
        Assert.Equal(result.Limit.Trajectory.Train[^1].Risk, limit.GetProperty("risk").GetDouble());
        Assert.Equal(result.Limit.Error.Total, limit.GetProperty("errorEstimate").GetDouble());
        Assert.Equal(result.Limit.Error.Types, limit.GetProperty("errors").GetProperty("types").GetDouble());
        Assert.Equal(result.Limit.Error.Time, limit.GetProperty("errors").GetProperty("time").GetDouble());
        Assert.Equal("completed", limit.GetProperty("status").GetString());
        Assert.Equal(2, limit.GetProperty("nodes").GetArrayLength());
        var rate = summary.GetProperty("rates").EnumerateArray()
            .Single(r => r.GetProperty("quantity").GetString() == "prediction");
        Assert.Equal(result.Rates[0].Fitted.Slope, rate.GetProperty("slope").GetDouble());
        Assert.True(rate.GetProperty("low").GetDouble() <= rate.GetProperty("high").GetDouble());
        Assert.Equal([20, 40, 80], rate.GetProperty("widths").EnumerateArray().Select(w => w.GetInt32()));
        Assert.Equal(4, rate.GetProperty("seeds").GetInt32());
        Assert.Equal(result.Rates[0].Fitted.Rms, rate.GetProperty("rms").EnumerateArray().Select(v => v.GetDouble()));
        Assert.Equal("small", summary.GetProperty("problem").GetString());
        Assert.Equal("managed", summary.GetProperty("engine").GetString());
        Assert.Matches("vectors of (64|128|256|512) bits", summary.GetProperty("instructions").GetString());
        Assert.Equal("0.1.0", summary.GetProperty("version").GetString());
        Assert.Equal(1, summary.GetProperty("threads").GetInt32());
        Assert.True(limit.GetProperty("seconds").GetDouble() > 0);
        Assert.True(limit.GetProperty("errorSeconds").GetDouble() > 0);
        Assert.Equal(result.Rates[0].Fitted.Slope, summary.GetProperty("findings").GetProperty("prediction").GetProperty("value")
            .GetDouble());
        Assert.Equal(0, summary.GetProperty("failures").GetArrayLength());
        Assert.Equal("synthetic", summary.GetProperty("data").GetProperty("kind").GetString());
        Assert.Equal(12, summary.GetProperty("data").GetProperty("trainingPoints").GetInt32());
    }

    [Fact]
    public void What_is_not_known_is_null()
    {
        var (model, result) = Small.RegressionRun;
        var unknown = result.Limit with { Parts = [new(ErrorPart.Types, [1], double.NaN), new(ErrorPart.Time, [], double.PositiveInfinity)] };
        var limit = Parse(Summary.Of(model, new SolveStudy(),
            Small.RegressionAnswer with { Limit = unknown }, Small.Info)).GetProperty("limit");
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
        var result = Small.Run(new CoupleStudy(), model);
        var summary = Parse(Summary.Of(model, new CoupleStudy(), result, Small.Info));
        var rate = summary.GetProperty("rates")[0];
        Assert.Equal(JsonValueKind.Null, rate.GetProperty("slope").ValueKind);
        Assert.Equal(JsonValueKind.Null, rate.GetProperty("low").ValueKind);
        Assert.Equal(JsonValueKind.Null, summary.GetProperty("findings").GetProperty("prediction").GetProperty("value")
            .ValueKind);
    }

    private static JsonElement Parse(string summary) => JsonDocument.Parse(summary).RootElement;
}
