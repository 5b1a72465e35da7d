using System.Text.Json;
using System.Xml.Linq;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Solvers.Time;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Reports;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Validation.Tests.Studies;

/// <summary>Every study, small: what it writes, and that threads do not change it.</summary>
public class StudyTests
{
    public static TheoryData<string> Names => [.. Catalogue.All<IStudy>().Select(s => s.Name)];

    private static StudyResult Run(IStudy study, int threads)
    {
        var model = Small.Regression(
            """{ "widths": [5, 10, 20], "seeds": 8, "steps": [0.0625, 0.03125], "longTime": 2 }""",
            "\"seed\": 3,");
        return study.Run(study.Variants(model), new() { Threads = threads });
    }

    [Theory, MemberData(nameof(Names))]
    public void It_answers_with_the_same_numbers_for_any_threads_and_a_page(string name)
    {
        var study = Catalogue.Find<IStudy>(name);
        var result = Run(study, 1);
        Assert.Null(result.Failure);
        Assert.NotEmpty(result.Findings);
        Assert.All(result.Findings, f => Assert.True(double.IsFinite(f.Value), f.Name));
        Assert.Equal(result.Findings, Run(study, 3).Findings);

        using var temporary = new TemporaryFolder();
        StudyReport.Write(RunFolder.Prepare(temporary.Path, false), Small.Regression(), StudyHeading.Of(study), result, 1,
            Small.Info);
        var page = XDocument.Load(Path.Combine(temporary.Path, "report.html"));
        XNamespace svg = "http://www.w3.org/2000/svg";
        Assert.Equal(result.Figures.Count, page.Descendants(svg + "svg").Count());
        Assert.NotEmpty(result.Figures);
        var summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(temporary.Path, "summary.json"))).RootElement;
        Assert.Equal(name, summary.GetProperty("study").GetString());
        foreach (var table in result.Tables)
        {
            var lines = File.ReadAllLines(Path.Combine(temporary.Path, $"{table.Name}.csv"));
            Assert.Equal(table.Rows.Count + 1, lines.Length);
            Assert.All(lines, l => Assert.Equal(table.Columns.Count, l.Split(',').Length));
        }
    }

    [Fact]
    public void A_deeper_problem_repeats_its_second_layer()
    {
        var problem = Small.Regression().Problem;
        var deep = DepthStudy.Deepen(problem, 5);
        Assert.Equal([0, 1, 1, 1, 2], deep.Network.Layers.Select(l => problem.Network.Layers.ToList().IndexOf(l)));
        Assert.Equal(4, deep.Limit.Types!.Count);
    }

    [Fact]
    public void What_a_study_cannot_do_is_refused_before_any_work()
    {
        Assert.Contains("at least 8 seeds", Assert.Throws<ProblemException>(() =>
            new FluctuationStudy().Variants(Small.Regression())).Message, StringComparison.Ordinal);
        // Batches make a gap of sqrt(eps) at every width: sqrt(N) times it has no limit law.
        Model Sgd(DynamicsKind limit)
        {
            var problem = Small.Regression("""{ "widths": [5, 10], "seeds": 8 }""");
            return problem.With(problem.Problem with
            {
                Training = new() { Loss = "half-squared", Time = 1, Dynamics = DynamicsKind.Sgd, Step = 0.1, Batch = 1 },
                Limit = problem.Problem.Limit with { Dynamics = limit },
            });
        }
        Assert.Contains("noise of batches", Assert.Throws<ProblemException>(() =>
            new FluctuationStudy().Variants(Sgd(DynamicsKind.Flow))).Message, StringComparison.Ordinal);
        Assert.Single(new FluctuationStudy().Variants(Sgd(DynamicsKind.Sgd)));
        foreach (var (couple, rule) in new[]
        {
            ("\"steps\": [0.5, 0.3]", "whole fraction"), ("\"steps\": [2]", "at most training.time"),
            ("\"steps\": [0.5, 1e-300]", "at most 10000000 steps"), ("\"depths\": [3, 2000000000]", "1000"),
            ("\"depths\": [2, 3]", "at least 3 layers"), ("\"depths\": [4, 4]", "strictly increasing"),
            ("\"longTime\": 0.5", "at least training.time"), ("\"tracers\": -1", "at least 0"),
                ("\"delta\": 1", "below 1"),
        })
            Assert.Contains(rule, Assert.Throws<ProblemException>(() => Small.Regression($"{{ {couple} }}")).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void The_depth_study_makes_the_depths_asked_for() =>
        Assert.Equal([3, 5], new DepthStudy().Variants(Small.Regression("{ \"depths\": [3, 5] }"))
            .Select(v => v.Problem.Network.Layers.Count));

    [Fact]
    public void A_run_that_diverges_ends_a_study_with_its_tables()
    {
        var model = Small.Regression("""{ "widths": [20], "seeds": 2, "steps": [1] }""");
        var layers = model.Problem.Network.Layers;
        var violent = model.With(model.Problem with
        {
            Network = model.Problem.Network with
            {
                Layers = [.. layers.Select(l => l with { Weights = new GaussianLaw { Mean = 9, Std = 1 },
                    Activation = "quadratic" })],
            },
            Training = model.Problem.Training with { Time = 30 },
            Record = model.Problem.Record with { Saves = 30 },
        });
        var study = new StepStudy();
        var result = study.Run(study.Variants(violent), new());
        Assert.Equal(RunStatus.NonFinite, result.Failure?.Run.Run.Status);
        Assert.Empty(result.Findings);
        Assert.Equal("gaps", Assert.Single(result.Tables).Name);
    }
}
