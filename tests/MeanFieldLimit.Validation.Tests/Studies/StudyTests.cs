using System.Text.Json;
using System.Xml.Linq;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Reports;
using MeanFieldLimit.Validation.Studies;
using MeanFieldLimit.Validation.Studies.Planes;

namespace MeanFieldLimit.Validation.Tests.Studies;

/// <summary>Every study, small: what it writes, and that neither threads nor folders change it.</summary>
public class StudyTests
{
    public static TheoryData<string> Names => [.. Catalogue.All<IStudy>().Select(s => s.Name)];

    [Theory, MemberData(nameof(Names))]
    public void It_answers_with_the_same_numbers_for_any_threads_and_a_page(string name)
    {
        var study = Catalogue.Find<IStudy>(name);
        var model = Small.For(study);
        var result = Small.Run(study, model);
        Assert.Empty(result.Failures);
        Assert.NotEmpty(result.Headline);
        // The answer of a limit alone is its summary.
        Assert.Equal(study is SolveStudy, result.Findings.Count == 0);
        // An infinite one is said to be: a limit without a variance has an infinite divergence.
        Assert.All(result.Findings, f => Assert.True(double.IsFinite(f.Value) || (double.IsInfinity(f.Value)
            && f.Meaning.Contains("infinite", StringComparison.Ordinal)), f.Name));
        SameResults.Check(result, Small.Run(study, model, threads: 3));

        using var temporary = new TemporaryFolder();
        StudyReport.Write(new ReportFolder(temporary.Path), model, study, result, Small.Info);
        var page = XDocument.Load(Path.Combine(temporary.Path, "report.html"));
        XNamespace svg = "http://www.w3.org/2000/svg";
        Assert.Equal(result.Figures.Count(f => f is not null) + result.Frames.Count,
            page.Descendants(svg + "svg").Count());
        Assert.Contains(result.Figures, f => f is not null);
        Assert.Contains(page.Descendants("p"), p => p.Value == Scripts.Typeset(study.Question));
        var summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(temporary.Path, "summary.json"))).RootElement;
        Assert.Equal(name, summary.GetProperty("study").GetString());
        foreach (var table in result.Tables)
        {
            var lines = File.ReadAllLines(Path.Combine(temporary.Path, $"{table.Name}.csv"));
            Assert.Equal(table.Rows.Count() + 1, lines.Length);
            Assert.All(lines, l => Assert.Equal(table.Columns.Count, l.Split(',').Length));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Records_of_its_cells_read_back_and_half_of_them_are_gone_on_with(string name)
    {
        var study = Catalogue.Find<IStudy>(name);
        var model = Small.For(study);
        var expected = Small.Run(study, model, threads: 2);
        using var temporary = new TemporaryFolder();
        SameResults.Check(expected, SameResults.InFolder(study.Plan(model, 2), temporary.Path));

        // All are there: nothing is done again. Half of them: the rest is.
        var times = Written();
        Assert.Equal(study.Plan(model, 2).Cells.Count, times.Length);
        SameResults.Check(expected, SameResults.InFolder(study.Plan(model, 1), temporary.Path));
        Assert.Equal(times, Written());
        foreach (var (file, _) in times.Where((_, n) => n % 2 == 1)) File.Delete(file);
        SameResults.Check(expected, SameResults.InFolder(study.Plan(model, 1), temporary.Path));
        Assert.Equal(times.Where((_, n) => n % 2 == 0), Written().Where((_, n) => n % 2 == 0));

        (string, DateTime)[] Written() => [.. Directory.GetFiles(temporary.Path, "*.cell").Order(StringComparer.Ordinal)
            .Select(f => (f, File.GetLastWriteTimeUtc(f)))];
    }

    // The kernels of a few points are made in no steps, networks of the plane go one step.
    public static TheoryData<string> OfSteps =>
        [.. Catalogue.All<IStudy>().Where(s => s is not (KernelStudy or PlaneStudy)).Select(s => s.Name)];

    [Theory, MemberData(nameof(OfSteps))]
    public void Asked_to_stop_it_does_and_is_gone_on_with_to_the_same_bits(string name)
    {
        var study = Catalogue.Find<IStudy>(name);
        var model = Small.For(study);
        var expected = Small.Run(study, model);
        using var temporary = new TemporaryFolder();
        var stopped = 0;
        // 9, 90, 900, ... steps further each time.
        for (var steps = 9; ; steps *= 10)
        {
            using var stop = new CancellationTokenSource();
            var left = steps;
            var plan = study.Plan(model, 1);
            var done = SameResults.Cells(plan, temporary.Path, () =>
            {
                if (--left == 0) stop.Cancel();
            }, stop.Token);
            if (plan.Cells.All(done.Has))
            {
                SameResults.Check(expected, plan.Reduce(done));
                break;
            }
            stopped++;
        }
        Assert.True(stopped > 0, "it was not stopped");
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
            new FluctuationStudy().Plan(Small.Regression(), 1)).Message, StringComparison.Ordinal);
        // Batches make a gap of sqrt(eps) at every width: sqrt(N) times it has no limit law.
        Model Sgd(DynamicsKind limit)
        {
            var problem = Small.Regression("""{ "widths": [5, 10], "seeds": 8 }""");
            return problem.With(problem.Problem with
            {
                Training = new()
                {
                    Loss = "half-squared",
                    Time = 1,
                    Dynamics = DynamicsKind.Sgd,
                    Step = 0.1,
                    Batch = 1,
                },
                Limit = problem.Problem.Limit with { Dynamics = limit },
            });
        }
        Assert.Contains("noise of batches", Assert.Throws<ProblemException>(() =>
            new FluctuationStudy().Plan(Sgd(DynamicsKind.Flow), 1)).Message, StringComparison.Ordinal);
        Assert.NotEmpty(new FluctuationStudy().Plan(Sgd(DynamicsKind.Sgd), 1).Cells);
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
        Assert.Equal(["depth=3/limit", "depth=5/limit"], new DepthStudy()
            .Plan(Small.Regression("{ \"depths\": [3, 5] }"), 1).Cells.Select(c => c.Key).Where(k => k.EndsWith("limit", StringComparison.Ordinal)));
}
