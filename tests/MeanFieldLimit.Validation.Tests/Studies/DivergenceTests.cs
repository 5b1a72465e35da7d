using System.Text.Json;
using System.Xml.Linq;
using MeanFieldLimit.Models;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Reports;
using MeanFieldLimit.Validation.Studies;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Tests.Studies;

/// <summary>Of networks some of which diverge, the others go on; what needs a limit that diverges is not run.</summary>
public sealed class DivergenceTests : IDisposable
{
    private const string Sgd = "\"dynamics\": \"sgd\", \"batch\": 1", Steps = ", \"steps\": [1, 0.5]";

    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Theory, InlineData(0), InlineData(16)]
    public void Couple_goes_on_without_networks_that_diverge(int tracers)
    {
        var model = Unstable.Build(tracers);
        var diverging = Unstable.Diverging(model);
        int[] whole = [.. Enumerable.Range(0, Unstable.Seeds).Except(diverging.Select(d => d.Replicate))];
        Assert.InRange(diverging.Length, 2, 12);
        Assert.InRange(whole.Length, 2, Unstable.Seeds - 1);

        var result = Small.Run(new CoupleStudy(), model, threads: 2);
        var coupled = result.Coupled!;
        Assert.Equal(diverging, coupled.Failures.Select(f => (f.Width, f.Replicate)).Order());
        Assert.All(coupled.Failures, f => Assert.Equal(RunStatus.NonFinite, f.Failure.Run.Status));
        Assert.Equal(Unstable.Widths.SelectMany(n => Enumerable.Range(0, Unstable.Seeds).Select(r => (n, r)))
            .Except(diverging), coupled.Networks.Select(n => (n.Width, n.Replicate)));
        // Steps of the limit are known to its tolerance.
        Assert.All(coupled.Networks, n => Assert.Equal(Unstable.Gap(model, n.Width, n.Replicate), n.Gaps.Max(g => g.Rms), 1e-6));
        Assert.Equal(tracers > 0, coupled.Networks.All(n => n.Pathwise.Count > 0));

        var rate = coupled.Rates.Single(r => r.Quantity == GapQuantity.Prediction);
        Assert.Equal(whole.Length, rate.Replicates);
        Assert.Equal(Unstable.Slope(model, whole), rate.Fitted.Slope, 1e-5);

        var (page, summary) = Report(new CoupleStudy(), model, result);
        Assert.Equal(diverging.Length, summary.GetProperty("failures").GetArrayLength());
        Assert.Equal(rate.Fitted.Slope, summary.GetProperty("findings").GetProperty("prediction").GetProperty("value").GetDouble());
        foreach (var (width, replicate) in diverging)
        {
            Assert.Contains($"The network of width {width}, seed {replicate} ended early at t = ", page, StringComparison.Ordinal);
            Assert.Contains(summary.GetProperty("failures").EnumerateArray(), f =>
                f.GetProperty("what").GetString() == $"the network of width {width}, seed {replicate}"
                && f.GetProperty("status").GetString() == "non-finite");
        }
        // Every width says how many of its networks are missing; those that finished are in the tables.
        var widths = result.Table("widths");
        Assert.Equal(Unstable.Widths.Select(n => diverging.Count(d => d.Width == n)),
            widths.Rows.Select(r => (int)r[widths.Columns.ToList().IndexOf("failed")]));
        Assert.Empty(Unstable.Found(result.Table("gaps")).Intersect(diverging));
        Assert.Equal(coupled.Networks.Count, Unstable.Found(result.Table("networks")).Length);
        Assert.Contains($"{diverging.Length} of 24 networks did not reach the final time", result.Text, StringComparison.Ordinal);
    }

    [Theory, InlineData(0), InlineData(16)]
    public void Where_all_networks_diverge_there_is_no_rate_and_still_a_report(int tracers)
    {
        // u is 0.7 or 1.3, m^2 is 0.49 or more: a step of 8 multiplies by -2.92 or worse.
        var model = Unstable.Build(tracers, step: 8, scale: 0.3);
        var result = Small.Run(new CoupleStudy(), model);
        Assert.Empty(result.Coupled!.Rates);
        Assert.Empty(result.Coupled.Networks);
        Assert.Equal(24, result.Failures.Count);
        var (page, summary) = Report(new CoupleStudy(), model, result);
        Assert.Contains("No rate is fitted", page, StringComparison.Ordinal);
        Assert.Equal("completed", summary.GetProperty("limit").GetProperty("status").GetString());
    }

    [Fact]
    public void Steps_are_of_the_seeds_whose_networks_finished()
    {
        var model = Unstable.Build(training: Sgd, more: Steps);
        int[] whole = [.. Enumerable.Range(0, Unstable.Seeds).Where(r => !Unstable.Diverges(model, 4, r))];
        Assert.InRange(whole.Length, 2, Unstable.Seeds - 1);
        var result = Small.Run(new StepStudy(), model);
        Assert.Equal(Unstable.Seeds - whole.Length, result.Failures.Count);
        Assert.All(result.Failures, f => Assert.EndsWith("under SGD of step 1", f.What, StringComparison.Ordinal));
        Assert.Contains($"{whole.Length} seeds", result.Headline, StringComparison.Ordinal);
        var gaps = result.Table("gaps");
        Assert.Equal(whole, gaps.Rows.Select(r => (int)r[2]).Distinct().Order());
        // Against the flow of the same network: (1 - eps m^2)^n - exp(-eps n m^2).
        Assert.All(gaps.Rows, row =>
        {
            var ((m, w), eps) = (Unstable.Of(model, 4, (int)row[2]), (double)row[1]);
            var (square, saves) = (m * m, Enumerable.Range(0, 513).Select(k => 8.0 * k));
            Assert.Equal(saves.Max(t => Math.Abs((Math.Pow(1 - eps * square, t / eps) - Math.Exp(-t * square)) * (m * w - 2))),
                (double)row[3], 1e-6);
        });
        Report(new StepStudy(), model, result);
    }

    [Fact]
    public void Quantiles_over_widths_and_steps_are_of_the_networks_that_finished()
    {
        var model = Unstable.Build(training: Sgd, more: Steps);
        var diverging = Unstable.Diverging(model);
        var result = Small.Run(new JointStudy(), model);
        Assert.Equal(diverging.Length, result.Failures.Count);
        Assert.Empty(Unstable.Found(result.Table("gaps")).Intersect(diverging));
        var delta = model.Problem.Couple.Delta;
        foreach (var width in Unstable.Widths)
        {
            // The smallest value that a part 1 - delta of those that are left does not exceed.
            double[] gaps = [.. Enumerable.Range(0, Unstable.Seeds).Where(r => !diverging.Contains((width, r)))
                .Select(r => Unstable.Gap(model, width, r)).Order()];
            var expected = gaps[(int)Math.Ceiling((1 - delta) * gaps.Length - 1e-9) - 1];
            Assert.Equal(expected, (double)result.Table("study").Rows.Single(r => (string)r[0] == "prediction"
                && (int)r[1] == width && (double)r[2] == 1)[3], 1e-6);
        }
        Report(new JointStudy(), model, result);
    }

    [Fact]
    public void Every_depth_has_the_rate_of_the_seeds_whose_networks_finished()
    {
        var model = Unstable.Build(more: ", \"depths\": [3, 4]");
        var result = Small.Run(new DepthStudy(), model);
        foreach (var depth in new[] { 3, 4 })
        {
            var deep = model.With(DepthStudy.Deepen(model.Problem, depth));
            var diverging = Unstable.Diverging(deep);
            Assert.NotEmpty(diverging);
            foreach (var (width, replicate) in diverging)
                Assert.Contains(result.Failures, f => f.What == $"the network of {depth} layers, width {width}, seed {replicate}");
            Assert.Equal(Unstable.Slope(deep, [.. Enumerable.Range(0, Unstable.Seeds).Except(diverging.Select(d => d.Replicate))]),
                result.Findings.Single(f => f.Name == $"depth-{depth}-prediction-slope").Value, 1e-5);
        }
        Report(new DepthStudy(), model, result);
    }

    [Fact]
    public void The_gap_over_a_long_time_is_of_the_networks_that_finished()
    {
        var model = Unstable.Build(training: Sgd, more: $", \"longTime\": {Unstable.Steps}");
        var diverging = Unstable.Diverging(model);
        var result = Small.Run(new TimeStudy(), model);
        Assert.Equal(diverging.Length, result.Failures.Count);
        Assert.Empty(Unstable.Found(result.Table("gaps")).Intersect(diverging));
        Assert.NotEmpty(result.Findings);
        Report(new TimeStudy(), model, result);
    }

    [Theory, InlineData("couple"), InlineData("solve"), InlineData("joint"), InlineData("depth"), InlineData("time"),
     InlineData("fluctuations")]
    public void Nothing_that_needs_a_limit_that_diverges_is_run_and_a_report_is_written(string name)
    {
        // 1 - 4 m^2 = -3 in the limit. (Save times that begin close to each other cut the steps of Euler's method.)
        var model = name == "time" ? Unstable.Build(step: 4, training: Sgd, limit: "\"dynamics\": \"sgd\"")
            : Unstable.Build(limit: "\"method\": \"euler\", \"step\": 4", more: ", \"depths\": [3, 4]");
        var study = Catalogue.Find<IStudy>(name);
        var plan = study.Plan(model, 1);
        var done = SameResults.Cells(plan, temporary.Path);
        Assert.All(plan.Cells, c => Assert.Equal(c.Needs.Count == 0, done.Has(c)));
        var result = plan.Reduce(done);
        Assert.All(result.Failures, f => Assert.Equal(RunStatus.NonFinite, f.Run.Status));
        Assert.Equal(name == "depth" ? 2 : 1, result.Failures.Count);
        var (page, summary) = Report(study, model, result);
        Assert.Contains("ended early at t = ", page, StringComparison.Ordinal);
        Assert.Equal(result.Failures.Count, summary.GetProperty("failures").GetArrayLength());
        Assert.Empty(result.Findings);
        if (name is "solve" or "couple")
        {
            Assert.Contains("not known", page, StringComparison.Ordinal);
            Assert.Equal("non-finite", summary.GetProperty("limit").GetProperty("status").GetString());
            Assert.NotEmpty(result.Table("trajectory").Rows);
        }
    }

    [Fact]
    public void A_network_that_diverges_is_alone_in_it()
    {
        // The others have the same bits as without it.
        var model = Unstable.Build(tracers: 16);
        var (width, replicate) = Unstable.Diverging(model)[0];
        var without = model.With(model.Problem with
        {
            Couple = model.Problem.Couple with { Widths = [.. Unstable.Widths.Where(n => n != width)] },
        });
        NetworkRun[] Of(Model of) => [.. Small.Couple(of).Networks.Where(n => n.Replicate == replicate && n.Width != width)];
        Assert.All(Of(model).Zip(Of(without)), p => Assert.Equal(p.First.Gaps, p.Second.Gaps));
    }

    private (string Page, JsonElement Summary) Report(IStudy study, Model model, StudyResult result)
    {
        var folder = Path.Combine(temporary.Path, "report");
        StudyReport.Write(new ReportFolder(folder), model, study, result, Small.Info);
        Assert.Equal(result.Failures.Count > 0, File.Exists(Path.Combine(folder, "last-state.npz")));
        return (XDocument.Load(Path.Combine(folder, "report.html")).ToString(),
            JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "summary.json"))).RootElement);
    }
}
