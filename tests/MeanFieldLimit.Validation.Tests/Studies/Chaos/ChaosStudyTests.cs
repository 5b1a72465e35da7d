using System.Text.Json;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Reports;
using MeanFieldLimit.Validation.Studies;
using MeanFieldLimit.Validation.Studies.Chaos;

namespace MeanFieldLimit.Validation.Tests.Studies.Chaos;

public class ChaosStudyTests
{
    private static Model Build(string chaos, string couple = """{ "widths": [20, 80], "seeds": 40 }""",
        string activation = "tanh", string outer = "\"law\": \"gaussian\", \"std\": 1", double rate = 1) =>
        Small.Build($$"""
        { "name": "chaos", "data": { "kind": "points", "x": [[-1], [0.5], [1]], "y": [[-0.5], [1], [0.4]] },
          "network": { "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "{{activation}}" },
            { "weights": { {{outer}} }, "rate": { "schedule": "constant", "value": {{rate}} } } ] },
          "training": { "loss": "half-squared", "time": 1 },
          "limit": { "types": [{ "rule": "sobol", "nodes": 256 }] },
          "couple": {{couple}},
          "chaos": {{chaos}} }
        """);

    private static double[] Column(StudyTable table, string column, Func<IReadOnlyList<object>, bool> rows) =>
        [.. table.Rows.Where(rows).Select(r => Convert.ToDouble(r[table.Columns.ToList().IndexOf(column)], null))];

    private static readonly Lazy<StudyResult> Both = new(() => Run(Build("""
        { "noise": ["per-particle", "shared"], "betas": [0, 1], "steps": 20, "draws": 200, "gammas": [0.1] }
        """), threads: 2));

    private static StudyResult Run(Model model, int threads = 1) => Small.Run(new ChaosStudy(), model, threads);

    [Fact]
    public void Noise_in_common_leaves_neurons_dependent_and_noise_of_their_own_does_not()
    {
        var table = Both.Value.Table("study-correlations");
        double At(string noise, int width, string column) => Column(table, column,
            r => Equals(r[0], noise) && Equals(r[1], 1.0) && Equals(r[2], width)).Single();
        // Interaction alone makes neurons make up for each other; noise in common moves all of them the same way.
        Assert.InRange(At("per-particle", 80, "correlation"), -1.0 / 80, 0);
        Assert.InRange(At("per-particle", 80, "high"), -1, 0);
        Assert.InRange(At("shared", 80, "low"), 0, 1);
    }

    [Fact]
    public void Gaps_shrink_as_the_theory_has_it()
    {
        // 40 replicates of squares of few degrees of freedom over a factor 4: sqrt(2 * 2 / 40) / log 4 = 0.23.
        var table = Both.Value.Table("study-rates");
        var totals = Column(table, "slope", r => Equals(r[2], "total"));
        Assert.Equal(4, totals.Length);
        Assert.All(totals, s => Assert.InRange(s, -1.7, -0.5));
        // The noise part is a mean over neurons of their own noise, hence known well.
        Assert.InRange(Column(table, "slope", r => Equals(r[0], "per-particle") && Equals(r[2], "noise")).Single(),
            -1.1, -0.9);
        var study = Both.Value.Table("study");
        var trusted = study.Columns.ToList().IndexOf("trusted");
        Assert.Contains(study.Rows, r => Equals(r[trusted], "yes"));
    }

    [Fact]
    public void Threads_do_not_matter()
    {
        StudyResult With(int threads) => Run(Build(
            """{ "noise": ["per-particle", "shared", "langevin"], "betas": [0.5, 1], "steps": 5, "draws": 100 }""",
            """{ "widths": [5, 8], "seeds": 4 }"""), threads);
        StudyResult one = With(1), three = With(3);
        Assert.Equal(one.Headline, three.Headline);
        foreach (var (a, b) in one.Tables.Zip(three.Tables))
            Assert.Equal(a.Rows.SelectMany(r => r), b.Rows.SelectMany(r => r));
    }

    /// <summary>
    /// Linear neurons of outgoing weight 1 that stands still, without noise: dw_k = -(A mean(w) - r) dt with
    /// A = E[x^2]. Network and limit differ by e = mean(w) in the network minus that in the limit, and Euler's method
    /// has W_n^k - W*_n^k = -e_0 (1 - (1 - A h)^n), which grows in n: sup |.|^2 is that at the end, for all k alike.
    /// </summary>
    [Fact]
    public void Without_noise_linear_neurons_have_the_gap_of_the_closed_form()
    {
        var model = Build("""{ "betas": [0.5], "steps": 10, "draws": 100 }""",
            """{ "widths": [6, 9], "seeds": 3 }""",
            "identity", "\"law\": \"constant\", \"value\": 1", rate: 0);
        var table = Run(model).Table("study");
        var host = model.InitialLimit().Weights(1).Data.ToArray().Average();
        var shrunk = 1 - Math.Pow(1 - (1 + 0.25 + 1) / 3 * 0.1, 10);
        double[] expected = [.. new[] { 6, 9 }.Select(n => Enumerable.Range(0, 3).Average(r =>
            Math.Pow((model.Embedding.Sample([n], Streams.SeedOf(model.Seed, r)).Weights(1).Data.ToArray()
                .Average() - host) * shrunk, 2)))];
        var found = Column(table, "interactionPart", _ => true);
        Assert.All(expected.Zip(found), p => Assert.Equal(p.First, p.Second, 1e-12 * p.First));
    }

    [Fact]
    public void Exponents_stand_in_one_table_of_44_columns_and_the_headline_counts_them()
    {
        var (headline, table) = (Both.Value.Headline, Both.Value.Text![Both.Value.Headline.Length..]);
        var rates = Both.Value.Table("study-rates");
        Assert.StartsWith("E sup |W^N - W*|^2 between neurons and copies of the limit process falls with the width N",
            headline, StringComparison.Ordinal);
        Assert.All(table.Split('\n'), line => Assert.InRange(line.Length, 0, 44));
        foreach (var slope in Column(rates, "slope", r => Equals(r[2], "total")))
        {
            Assert.Contains($" {slope:0.00} +- ", table, StringComparison.Ordinal);
            Assert.DoesNotContain($"{slope:0.00}", headline, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Slopes_through_gaps_that_the_limit_blurs_are_named()
    {
        var rough = Build("""{ "betas": [0.5, 1], "steps": 5, "draws": 100 }""",
            """{ "widths": [10, 2000], "seeds": 2 }""");
        var headline = Run(rough.With(rough.Problem with
        {
            Limit = rough.Problem.Limit with { Types = [new GaussSpec { Nodes = 2 }] },
        }), threads: 2).Headline;
        Assert.Contains("per-particle at beta = 1 from N = ", headline, StringComparison.Ordinal);
        Assert.Contains("without noise from N = ", headline, StringComparison.Ordinal);
        Assert.DoesNotContain("Not to be trusted", Both.Value.Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_is_written()
    {
        using var temporary = new TemporaryFolder();
        var folder = new ReportFolder(Path.Combine(temporary.Path, "run"));
        StudyReport.Write(folder, Build("{}"), new ChaosStudy(), Both.Value, Small.Info);
        foreach (var file in new[] { "report.html", "study.csv", "study-rates.csv", "study-correlations.csv",
            "study-laws.csv", "figures/chaos-rate-per-particle.png", "figures/correlations.svg", "figures/gammas.png",
            "figures/histograms-shared.png" })
            Assert.True(File.Exists(Path.Combine(folder.FullPath, file)), file);
        var findings = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.FullPath, "summary.json"))).RootElement
            .GetProperty("findings");
        Assert.True(findings.GetProperty("per-particle-0-noise").GetProperty("low").GetDouble() < -0.8);
    }

    [Theory, InlineData("[1, 6]", 4, 1), InlineData("[1, 6, 12]", 4, 1), InlineData("[5, 9]", 1, 9)]
    public void One_neuron_or_one_replicate_has_no_correlation(string widths, int seeds, int unknown)
    {
        var model = Build("""{ "betas": [1], "steps": 5, "draws": 100, "particles": 1 }""",
            $$"""{ "widths": {{widths}}, "seeds": {{seeds}} }""");
        var result = Run(model);
        double[] correlations = Column(result.Table("study-correlations"), "correlation", _ => true);
        Assert.All(correlations.Zip(model.Problem.Couple.Widths), p =>
            Assert.Equal(p.Second <= unknown, double.IsNaN(p.First)));
        using var temporary = new TemporaryFolder();
        StudyReport.Write(new ReportFolder(temporary.Path), model, new ChaosStudy(), result, Small.Info);
        var exponent = JsonDocument.Parse(File.ReadAllText(Path.Combine(temporary.Path, "summary.json"))).RootElement
            .GetProperty("findings").GetProperty("per-particle-1-correlation");
        var isFitted = correlations.Count(double.IsFinite) > 1;
        Assert.Equal(isFitted ? JsonValueKind.Number : JsonValueKind.Null, exponent.GetProperty("value").ValueKind);
        Assert.Equal(!isFitted, exponent.GetProperty("meaning").GetString()!.Contains("two widths above 1", StringComparison.Ordinal));
    }

    [Fact]
    public void What_cannot_be_measured_is_refused()
    {
        Assert.Contains("section chaos", Refusal(Small.Regression()), StringComparison.Ordinal);
        Assert.Contains("below the number of inputs, got 1 of 1", Refusal(Build("""{ "coordinate": 1 }""")),
            StringComparison.Ordinal);
        // E[x^2] = 3/4 is the largest eigenvalue of linear neurons whose outer weights are 1: the bound is 8/3.
        var loose = Build("""{ "steps": 1 }""", activation: "identity", outer: "\"law\": \"constant\", \"value\": 1",
            rate: 0);
        loose = loose.With(loose.Problem with { Training = loose.Problem.Training with { Time = 3 } });
        Assert.Contains("bound of stability 2.6", Refusal(loose), StringComparison.Ordinal);

        // Weight decay is part of the drift: the bound is below 2/100.
        var decaying = Build("""{ "noise": ["langevin"], "steps": 40 }""");
        decaying = decaying.With(decaying.Problem with
        {
            Training = decaying.Problem.Training with { WeightDecay = 100 },
        });
        Assert.Contains("bound of stability 0.019", Refusal(decaying), StringComparison.Ordinal);

        static string Refusal(Model model) =>
            Assert.Throws<ProblemException>(() => new ChaosStudy().Plan(model, 1)).Message;
    }
}
