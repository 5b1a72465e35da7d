using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Reports;
using MeanFieldLimit.Validation.Studies;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Tests.Reports;

public sealed partial class ReportTests : IDisposable
{
    private static readonly string[] LimitFiles = ["predictions.csv", "problem.json", "report.html", "summary.json",
        "trajectory.csv"];

    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Solve_writes_its_files_and_a_self_contained_page()
    {
        var model = Small.Regression();
        Write(new SolveStudy(), model, Small.Run(new SolveStudy(), model));
        Assert.Equal(LimitFiles, Files(""));
        Assert.Equal(["predictions.png", "predictions.svg", "risk-curves.png", "risk-curves.svg"], Files("figures"));
        CheckPage(figures: 2);
    }

    [Fact]
    public void Couple_writes_its_files_and_a_self_contained_page()
    {
        var (model, result) = Small.RegressionRun;
        Write(new CoupleStudy(), model, Small.RegressionAnswer);
        Assert.Equal(LimitFiles.Concat(["gaps.csv", "networks.csv", "widths.csv"]).Order(StringComparer.Ordinal), Files(""));
        Assert.Equal(["gap-rate", "gap-time", "predictions", "risk-curves"],
            Files("figures").Select(Path.GetFileNameWithoutExtension).Distinct());
        CheckPage(figures: 4);
        Assert.Contains($"{result.Rates[0].Law.Slope:0.000}", Page(), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_are_written_alike_in_every_language()
    {
        var model = Small.Regression();
        Dictionary<string, byte[]> Written(string folder)
        {
            var path = Path.Combine(temporary.Path, folder);
            StudyReport.Write(new RunFolder(path), model, new CoupleStudy(), Small.RegressionAnswer, Small.Info);
            return Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .ToDictionary(f => Path.GetRelativePath(path, f), File.ReadAllBytes);
        }
        var expected = Written("here");
        var before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        comma.NumberFormat.PercentDecimalSeparator = ",";
        comma.NumberFormat.NegativeSign = "\u2212";
        CultureInfo.CurrentCulture = comma;
        try
        {
            foreach (var (name, bytes) in Written("there"))
                // Clip paths of one process are numbered on.
                if (!name.EndsWith(".svg", StringComparison.Ordinal) && name != "report.html")
                    Assert.True(bytes.SequenceEqual(expected[name]), name);
                else
                    Assert.Equal(Clip().Replace(Encoding.UTF8.GetString(expected[name]), ""),
                        Clip().Replace(Encoding.UTF8.GetString(bytes), ""));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [GeneratedRegex("cl_[0-9a-f]+")]
    private static partial Regex Clip();

    [Fact]
    public void The_written_problem_reads_back()
    {
        var model = Small.Classification();
        Write(new CoupleStudy(), model, Small.ClassificationAnswer);
        var again = ProblemFile.Read(Path.Combine(temporary.Path, "problem.json"));
        Assert.Equal(ProblemFile.Write(model.Problem), ProblemFile.Write(again.Problem));
        CheckPage(figures: 3);
    }

    [Fact]
    public void Text_of_the_user_is_escaped()
    {
        const string text = "<script>alert(1)</script> & \\u0001 \\\"quoted\\\"";
        var model = Small.Build(ProblemFile.Write(Small.Regression().Problem)
            .Replace("\"small\"", $"\"{text}\"", StringComparison.Ordinal)
            .Replace("A small regression.", text, StringComparison.Ordinal));
        Write(new SolveStudy(), model, Small.Run(new SolveStudy(), model));
        Assert.DoesNotContain("<script", Page(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", Page(), StringComparison.Ordinal);
        CheckPage(figures: 2);
    }

    [Theory]
    [InlineData(-0.6, -0.4, "inside")]
    [InlineData(-0.49, -0.4, "outside")]
    [InlineData(double.NaN, double.NaN, "two seeds or more")]
    public void The_headline_says_whether_the_theory_is_inside(double low, double high, string expected)
    {
        var rate = new Rate(GapQuantity.Prediction, [10, 20], new double[2, 4],
            new(-0.45, low, high, [1, 1], [1, 1], [1, 1]));
        Assert.Contains(expected, CouplingText.Headline(rate), StringComparison.Ordinal);
    }

    private void Write(IStudy study, Model model, StudyResult result) =>
        StudyReport.Write(new RunFolder(temporary.Path), model, study, result, Small.Info);

    private string Page() => File.ReadAllText(Path.Combine(temporary.Path, "report.html"));

    private IEnumerable<string> Files(string sub) => Directory.EnumerateFiles(Path.Combine(temporary.Path, sub))
        .Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal);

    private void CheckPage(int figures)
    {
        var text = Page();
        var page = XDocument.Parse(text);
        XNamespace svg = "http://www.w3.org/2000/svg";
        Assert.Equal(figures, page.Descendants(svg + "svg").Count());
        Assert.Empty(page.Descendants("script"));
        Assert.Empty(page.Descendants("link"));
        var ids = page.Descendants().Attributes("id").Select(a => a.Value).ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
        var outside = page.Descendants().Attributes().Where(a => !a.IsNamespaceDeclaration &&
            (a.Value.Contains("http:", StringComparison.Ordinal)
                || a.Value.Contains("https:", StringComparison.Ordinal)));
        Assert.Empty(outside);
        Assert.All(page.Descendants().Attributes().Where(a => a.Name.LocalName is "href" or "src"),
            a => Assert.True(a.Value.StartsWith('#') || a.Value.StartsWith("data:", StringComparison.Ordinal),
                a.Value));
    }
}
