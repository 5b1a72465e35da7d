using System.Text.Json;
using System.Xml.Linq;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Reports;
using MeanFieldLimit.Validation.Studies;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Tests.Reports;

public sealed class ReportTests : IDisposable
{
    private static readonly string[] LimitFiles = ["predictions.csv", "problem.json", "problem.schema.json",
        "report.html", "state.npz", "summary.json", "trajectory.csv"];

    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Weights_on_the_sphere_are_said_to_be() => Assert.Contains("std 1), constraint sphere, activation",
        Describe.Layer(Examples.Read("sphere").Problem.Network.Layers[0], BiasMode.None), StringComparison.Ordinal);

    [Fact]
    public void Solve_writes_its_files_and_a_self_contained_page()
    {
        var model = Small.Regression();
        Write(new SolveStudy(), model, Small.Run(new SolveStudy(), model));
        Assert.Equal(LimitFiles, Files(""));
        Assert.Equal(["predictions.png", "predictions.svg", "risk-curves.png", "risk-curves.svg", "weights.png",
            "weights.svg"], Files("figures"));
        CheckPage(figures: 3);
    }

    [Fact]
    public void Couple_writes_its_files_and_a_self_contained_page()
    {
        var (model, result) = Small.RegressionRun;
        Write(new CoupleStudy(), model, Small.RegressionAnswer);
        Assert.Equal(LimitFiles.Concat(["gaps.csv", "networks.csv", "predicted-deviations.csv",
            "predicted-parameters.csv", "predicted-points.csv", "predicted.csv", "times.csv", "widths.csv"])
            .Order(StringComparer.Ordinal), Files(""));
        Assert.Equal(["gap-rate", "gap-time", "predicted-points", "predictions", "risk-curves"],
            Files("figures").Select(Path.GetFileNameWithoutExtension).Distinct());
        CheckPage(figures: 5);
        // The prediction gaps are flagged, those of the risk are not of that error.
        Assert.Contains(result.Rates[0].Fitted.Reason!, Page(), StringComparison.Ordinal);
        var trusted = result.Rates.First(r => r.Fitted.Reason is null);
        Assert.Contains($"<td class=\"number\">{trusted.Fitted.Slope:0.000}</td>", Page(), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_are_written_alike_in_every_language()
    {
        var model = Small.Regression();
        Dictionary<string, byte[]> Written(string folder)
        {
            var path = Path.Combine(temporary.Path, folder);
            StudyReport.Write(new ReportFolder(path), model, new CoupleStudy(), Small.RegressionAnswer, Small.Info);
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
                Assert.True(bytes.SequenceEqual(expected[name]), name);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void The_written_problem_reads_back()
    {
        var model = Small.Classification();
        Write(new CoupleStudy(), model, Small.ClassificationAnswer);
        var again = ProblemFile.Read(Path.Combine(temporary.Path, "problem.json"));
        Assert.Equal(ProblemFile.Write(model.Problem with { Schema = ProblemSchema.FileName }),
            ProblemFile.Write(again.Problem));
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
        Assert.DoesNotContain("<script>alert", Page(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", Page(), StringComparison.Ordinal);
        CheckPage(figures: 3);
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
        // The noise of batches is there at every width.
        Assert.DoesNotContain("the interval.", CouplingText.Headline(rate, bySteps: true), StringComparison.Ordinal);
    }

    [Fact]
    public void No_rate_is_stated_where_every_gap_is_flagged()
    {
        var (model, result) = Small.RegressionRun;
        var gaps = result.Rate!.Fitted.Rms;
        CouplingResult With(double error) => result with
        {
            Limit = result.Limit with { Parts = [new(ErrorPart.Types, [1], error)] },
        };
        string Headline(double error) => CouplingText.Headline(With(error));
        var flagged = With(gaps.Max());
        const string reason = "the limit's own error, ";
        Assert.Contains($"this gap has no rate: {reason}", Headline(gaps.Max()), StringComparison.Ordinal);
        Assert.Contains($"\nrms gap has no rate: {reason}", CouplingText.Of(flagged), StringComparison.Ordinal);
        Assert.DoesNotContain("N^", Headline(gaps.Max()), StringComparison.Ordinal);
        Write(new CoupleStudy(), model, Small.RegressionAnswer with { Coupled = flagged });
        Assert.Contains($"not to be trusted: {reason}", Page(), StringComparison.Ordinal);
        var rate = JsonDocument.Parse(File.ReadAllText(Path.Combine(temporary.Path, "summary.json"))).RootElement
            .GetProperty("rates").EnumerateArray().First(r => r.GetProperty("quantity").GetString() == "prediction");
        Assert.StartsWith(reason, rate.GetProperty("reason").GetString(), StringComparison.Ordinal);
        // A pathwise gap is not what the error of predictions is an error of.
        Assert.All(flagged.Rates.Where(r => !r.Quantity.IsRmsOfPredictions), r => Assert.Null(r.Fitted.Reason));
        var most = Headline((gaps.Order().ElementAt(gaps.Length - 2) + gaps.Max()) / 20);
        Assert.Contains($" At {gaps.Length - 1} of {gaps.Length} widths the limit's own error", most,
            StringComparison.Ordinal);
        Assert.DoesNotContain("limit's own", Headline(gaps.Min() / 20), StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string> Motions => new()
    {
        { "couple", "\"dynamics\": \"langevin\", \"temperature\": 0.05, \"weightDecay\": 0.25, \"longestStep\": 0.125",
            "langevin, temperature 0.05, in steps of 0.125 by|weight decay 0.25, until t = 0.5|weight decay 0.25, 8 paths" },
        { "solve", "\"dynamics\": \"sgd-diffusion\", \"step\": 0.0625, \"batch\": 2",
            "sgd with step 0.0625 on batches of 2 as a diffusion, noise per-particle, in steps of 0.005 by|, 8 paths" },
        { "solve", "\"dynamics\": \"sgd-diffusion\", \"step\": 0.0625, \"batch\": 2, \"noise\": \"shared\"",
            "noise shared" },
        { "couple", "\"dynamics\": \"sgd\", \"step\": 0.0625, \"batch\": 2",
            "sgd with step 0.0625 on batches of 2, until|gradient flow, dormand-prince with tolerance 1e-8" },
        { "step", "\"weightDecay\": 0.25", "sgd on batches of 1 and euler on all data, steps 0.125, 0.0625, weight decay 0.25, until|widths 5; 2" },
        { "joint", "\"weightDecay\": 0", "sgd on batches of 1 and the flow of the limit, steps 0.125, 0.0625, until" },
        { "density", "\"dynamics\": \"langevin\"", "in steps of 0.25 by|24 cells|a network of width 20" },
        { "chaos", "\"temperature\": 0.05", "sgd with step 0.5 N^(beta - 1) on batches of 3 as a diffusion, noise shared; " +
            "langevin, temperature 0.05; 5 steps|6 paths|beta = 0.5, 1; groups of 4 neurons; 100 draws of weights of input 0" },
    };

    [Theory, MemberData(nameof(Motions))]
    public void The_settings_say_how_networks_and_limits_move(string name, string training, string expected)
    {
        var section = name switch
        {
            "chaos" => "\"chaos\": { \"noise\": [\"shared\", \"langevin\"], \"betas\": [0.5, 1], \"steps\": 5, " +
                "\"gamma\": 0.5, \"batch\": 3, \"paths\": 6, \"draws\": 100 }, ",
            "density" => "\"density\": { \"cells\": 24, \"width\": 20, \"step\": 0.25 }, ",
            _ => "",
        };
        var model = Small.Build($$"""
            { {{section}} "data": { "kind": "points", "x": [[-1], [0.4], [1.3]], "y": [[-1], [0.7], [1]] },
              "network": { "layers": [
                { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
                { "weights": { "law": "constant", "value": 2 }, "rate": { "schedule": "constant", "value": 0 } } ] },
              "training": { "loss": "half-squared", "time": 0.5, {{training}} },
              "limit": { "types": [{ "rule": "gauss", "nodes": 12 }] }, "record": { "saves": 2 },
              "couple": { "widths": [5, 10], "seeds": 2, "steps": [0.125, 0.0625] } }
            """);
        var study = Catalogue.Find<IStudy>(name);
        // What they say does not depend on what was found.
        Write(study, model, new("Nothing.", [], []));
        var settings = Page();
        settings = settings[settings.IndexOf("<h2>Settings", StringComparison.Ordinal)..];
        Assert.All(expected.Split('|'), words => Assert.Contains(words, settings, StringComparison.Ordinal));
        Assert.Equal(name is "step" or "joint" || training.Contains("\"sgd\"", StringComparison.Ordinal),
            settings.Contains("gradient flow", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("langevin", "other paths of the noise|half the step, on the same paths")]
    [InlineData("flow", "half as many|hundredth of the tolerance")]
    public void The_error_of_a_limit_is_said_to_be_of_what_it_was_compared_with(string dynamics, string expected)
    {
        var problem = Small.TwoLayers().Problem;
        var model = Model.Build(problem with
        {
            Training = problem.Training with { Dynamics = Enum.Parse<DynamicsKind>(dynamics, ignoreCase: true) },
            Chaos = null,
        });
        Write(new SolveStudy(), model, Small.Run(new SolveStudy(), model));
        Assert.All(expected.Split('|'), words => Assert.Contains(words, Page(), StringComparison.Ordinal));
        Assert.Equal(dynamics == "flow", Page().Contains("tolerance, or half the step", StringComparison.Ordinal));
    }

    [Fact]
    public void Notes_on_a_network_are_in_the_text_the_report_and_the_summary()
    {
        var problem = Small.Regression().Problem;
        var model = Model.Build(problem with
        {
            Data = new PointsData { X = [[1, -1, 0.3, 2, 0.4, -0.7]], Y = [[1]] },
            Limit = problem.Limit with { Predict = new() { Draws = 0 } },
            Network = new()
            {
                Image = new() { Columns = 6 },
                Layers = [problem.Network.Layers[0] with { Convolution = new() { Size = [3], Stride = [2] } },
                    .. problem.Network.Layers.Skip(1)],
            },
        });
        const string note = "windows of network.layers[0].convolution do not reach the last 1 column of the 1 x 6 " +
            "positions";
        var result = Small.Run(new SolveStudy(), model);
        Assert.Contains($"\nnote: {note}", result.Text, StringComparison.Ordinal);
        Write(new SolveStudy(), model, result);
        Assert.Contains(note, Page(), StringComparison.Ordinal);
        var summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(temporary.Path, "summary.json")));
        Assert.StartsWith(note, Assert.Single(summary.RootElement.GetProperty("notes").EnumerateArray()).GetString(),
            StringComparison.Ordinal);
    }

    private void Write(IStudy study, Model model, StudyResult result) =>
        StudyReport.Write(new ReportFolder(temporary.Path), model, study, result, Small.Info);

    private string Page() => File.ReadAllText(Path.Combine(temporary.Path, "report.html"));

    private IEnumerable<string> Files(string sub) => Directory.EnumerateFiles(Path.Combine(temporary.Path, sub))
        .Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal);

    private void CheckPage(int figures)
    {
        var text = Page();
        var page = XDocument.Parse(text);
        XNamespace svg = "http://www.w3.org/2000/svg";
        Assert.Equal(figures, page.Descendants(svg + "svg").Count());
        // Its own script comes from nowhere else; without it all is there.
        Assert.Empty(page.Descendants("script").Attributes());
        Assert.Empty(page.Descendants("link"));
        XElement[] all = [.. page.Descendants()];
        Assert.True(Array.FindLastIndex(all, e => e.Name.LocalName == "figure")
            < Array.FindIndex(all, e => e.Name.LocalName == "table"), "a table stands before a figure");
        Assert.All(page.Descendants("table").Where(t => t.Elements("tr").Count() > Sections.MostRows + 1
            && t.Descendants("th").All(h => h.Attribute("scope") is null)),
            t => Assert.NotEmpty(t.Ancestors("details")));
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
