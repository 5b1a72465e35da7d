using System.Text.Json;
using System.Xml.Linq;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Checks;

namespace MeanFieldLimit.Validation.Tests.Reports;

public sealed class CheckReportTests : IDisposable
{
    private static readonly CheckSetting Setting = new() { Small = true, Machine = new() { Threads = 2 } };

    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Verdicts_numbers_figures_and_problems_are_written()
    {
        CheckRun[] runs = [CheckRun.Of(new LinearNetwork(), Setting), CheckRun.Of(new LinearNetwork { Rate = 2 }, Setting)];
        var conclusion = CheckReport.Write(new ReportFolder(temporary.Path), runs, [], Setting, Small.Info, failed: 9);
        Assert.Equal(9, conclusion.Code);
        Assert.Contains("linear-network: FAILS", conclusion.Text, StringComparison.Ordinal);
        var summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(temporary.Path, "summary.json"))).RootElement;
        Assert.False(summary.GetProperty("holds").GetBoolean());
        Assert.Equal([true, false], summary.GetProperty("checks").EnumerateArray()
            .Select(c => c.GetProperty("holds").GetBoolean()));
        var measured = summary.GetProperty("checks")[0].GetProperty("measurements")[0];
        Assert.InRange(measured.GetProperty("value").GetDouble(), 0, measured.GetProperty("high").GetDouble());
        var page = XDocument.Load(Path.Combine(temporary.Path, "report.html"));
        Assert.Contains("1 of 2 theory checks hold; these fail: ", page.ToString(), StringComparison.Ordinal);
        Assert.Equal(4, page.Descendants("figure").Count());
        Assert.Equal(["#check-linear-network", "#check-linear-network"],
            page.Descendants("a").Select(a => a.Attribute("href")!.Value));
        Assert.Equal("check-linear-network", page.Descendants("h2").First().Attribute("id")!.Value);
        Assert.True(File.Exists(Path.Combine(temporary.Path, "figures", "linear-network-gap.svg")));
        Assert.Equal("linear-network", ProblemFile.Read(Path.Combine(temporary.Path, "problems",
            "linear-network.json")).Problem.Name);
    }

    [Fact]
    public void An_open_interval_is_said_in_words()
    {
        Assert.Equal("up to 0.1", CheckReport.Allowed(Measurement.Zero("", 0, 0.1, "")));
        Assert.Equal("2 or more", CheckReport.Allowed(Measurement.AtLeast("", 0, 2, "", "")));
        Assert.Equal("2 or less", CheckReport.Allowed(Measurement.AtMost("", 0, 2, "", "")));
        Assert.Equal("-0.6 to -0.4", CheckReport.Allowed(new("", 0, "", -0.6, -0.4, "")));
    }
}
