using System.Text.Json;

namespace MeanFieldLimit.Cli.Tests;

/// <summary>Runs are compared in units of the errors that they state.</summary>
public sealed class CompareTests : IDisposable
{
    private readonly Mfl mfl = new();

    public void Dispose() => mfl.Dispose();

    // Half the intervals are 0.1 and 0.3: together 0.4.
    [Theory]
    [InlineData(1.2, ExitCode.Done, 0.5)]
    [InlineData(0.61, ExitCode.Done, 0.975)]
    [InlineData(1.5, ExitCode.Different, 1.25)]
    public void A_rate_may_differ_by_both_errors_together(double slope, int expected, double inErrors)
    {
        Write("a", Summary(1, 0.9, 1.1));
        Write("b", Summary(slope, slope - 0.3, slope + 0.3));
        var (code, output, errors) = mfl.Run("compare", "a", "b", "--json");
        Assert.Equal((expected, ""), (code, errors));
        var all = JsonDocument.Parse(output).RootElement;
        Assert.Equal(expected == ExitCode.Done, all.GetProperty("areEqual").GetBoolean());
        var rate = all.GetProperty("comparisons")[0].GetProperty("numbers").EnumerateArray()
            .Single(n => n.GetProperty("name").GetString() == "rates.prediction.slope");
        Assert.Equal(slope - 1, rate.GetProperty("difference").GetDouble(), 12);
        Assert.Equal(inErrors, rate.GetProperty("inErrors").GetDouble(), 12);
        Assert.Matches("rates.prediction.slope +1 +", mfl.Run("compare", "a", "b").Output);
    }

    [Fact]
    public void A_rate_that_one_run_only_has_is_a_difference()
    {
        Write("a", Summary(1, 0.9, 1.1));
        Write("b", """{ "study": "couple", "rates": [{ "quantity": "prediction", "slope": null, "low": null, "high": null }] }""");
        Assert.Equal((ExitCode.Different, "a and b differ by more than their errors: rates.prediction.slope.\n", ""),
            mfl.Run("compare", "a", "b", "--quiet"));
        Assert.Equal(ExitCode.Different, mfl.Run("compare", "b", "a").Code);
    }

    // Times 0 and 1, points 0 and 1: the largest rms is sqrt((0.03^2 + 0.04^2) / 2) at time 1.
    [Theory]
    [InlineData(0.02, 0.02, ExitCode.Done)]
    [InlineData(0.01, 0.02, ExitCode.Different)]
    public void Predictions_may_differ_by_the_errors_of_both_limits(double one, double other, int expected)
    {
        foreach (var (run, error, shift) in new[] { ("a", one, 0.0), ("b", other, 1.0) })
        {
            Write(run, $$"""{ "study": "solve", "limit": { "status": "completed", "risk": {{1 + shift}}, "errorEstimate": {{error}} } }""");
            mfl.Write($"{run}/predictions.csv", FormattableString.Invariant(
                $"t,point,output,value\n0,0,0,1\n0,1,0,{2 + 0.01 * shift}\n1,0,0,{3 - 0.03 * shift}\n1,1,0,{4 + 0.04 * shift}\n"));
        }
        var (code, output, _) = mfl.Run("compare", "a", "b", "--json");
        Assert.Equal(expected, code);
        var comparison = JsonDocument.Parse(output).RootElement.GetProperty("comparisons")[0];
        Assert.Equal(Math.Sqrt((0.0009 + 0.0016) / 2) / (one + other), comparison.GetProperty("numbers").EnumerateArray()
            .Single(n => n.GetProperty("name").GetString() == "predictions, largest rms").GetProperty("inErrors")
            .GetDouble(), 10);
        Assert.Equal(0.04, comparison.GetProperty("columns").EnumerateArray()
            .Single(c => c.GetProperty("column").GetString() == "value").GetProperty("largest").GetDouble(), 12);
        // At other times they say nothing of each other.
        mfl.Write("b/predictions.csv", "t,point,output,value\n0,0,0,1\n");
        Assert.Contains("differ by more than their errors: predictions at other times or points",
            mfl.Run("compare", "a", "b", "--quiet").Output);
    }

    [Fact]
    public void Where_no_errors_are_stated_all_numbers_are_exact()
    {
        Write("a", """{ "study": "density", "findings": { "x": { "value": 1, "low": null, "high": null } } }""");
        Write("b", """{ "study": "density", "findings": { "x": { "value": 1.0000001, "low": null, "high": null } } }""");
        Assert.Equal(ExitCode.Different, mfl.Run("compare", "a", "b").Code);
        Assert.Equal((ExitCode.Done, "a and a have the same numbers.\n", ""), mfl.Run("compare", "a", "a"));
    }

    [Fact]
    public void Settings_and_machines_of_runs_are_told_apart()
    {
        string[] run = ["solve", "--set", "limit.types=[{\"rule\":\"gauss\",\"nodes\":3},{\"rule\":\"gauss\",\"nodes\":3}]",
            "--set", "record.saves=2", "--quiet"];
        Assert.Equal(ExitCode.Done, mfl.Run([.. run, "--set", "training.time=0.1", "--out", "a", "--threads", "1"]).Code);
        Assert.Equal(ExitCode.Done, mfl.Run([.. run, "--set", "training.time=0.1", "--out", "b", "--threads", "2"]).Code);
        Assert.Equal(ExitCode.Done, mfl.Run([.. run, "--set", "training.time=0.2", "--out", "c"]).Code);
        Assert.Equal((ExitCode.Done, "a and b have the same numbers.\n", ""), mfl.Run("compare", "a", "b"));
        var (code, output, _) = mfl.Run("compare", "a", "b", "c");
        Assert.Equal(ExitCode.Different, code);
        Assert.Contains("a and b have the same numbers.", output);
        Assert.Matches(@"[$][.]training[.]time +0[.]1 +0[.]2\n", output);
    }

    [Theory]
    [InlineData("a run to compare must have its summary.json, found none in absent; name the folder of a run that is done",
        "a", "absent")]
    [InlineData("runs to compare must be of one study, a is of couple and s of solve; name two of the same", "a", "s")]
    [InlineData("Required argument", "a")]
    public void What_cannot_be_compared_is_refused(string message, params string[] runs)
    {
        Write("a", Summary(1, 0.9, 1.1));
        Write("s", """{ "study": "solve" }""");
        var (code, output, errors) = mfl.Run(["compare", .. runs]);
        Assert.Equal((ExitCode.Refused, ""), (code, output));
        Assert.StartsWith($"mfl: {message}", errors);
    }

    private void Write(string run, string summary)
    {
        Directory.CreateDirectory(mfl.Path(run));
        mfl.Write($"{run}/summary.json", summary);
    }

    private static string Summary(double slope, double low, double high) => FormattableString.Invariant($$"""
        { "study": "couple", "seed": 1, "threads": 2,
          "rates": [{ "quantity": "prediction", "slope": {{slope}}, "low": {{low}}, "high": {{high}} }] }
        """);
}
