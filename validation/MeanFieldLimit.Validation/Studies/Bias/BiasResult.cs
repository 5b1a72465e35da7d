using MeanFieldLimit.Validation.Statistics;

namespace MeanFieldLimit.Validation.Studies.Bias;

/// <summary>What is made of teacher and student.</summary>
internal sealed class BiasResult
{
    private static readonly string[] Names = ["network", "features", "scaled"];

    // Test errors below it have nothing but rounding.
    private const double Recovered = 1e-10;

    private readonly TeacherStudent of;
    private readonly PopulationRun[] population;
    private readonly PopulationRun scaled;
    private readonly SampleRun[] samples, wide;
    private readonly LimitRisk meanField, kernel;

    internal BiasResult(TeacherStudent of, PopulationRun[] population, PopulationRun scaled, SampleRun[] samples,
        SampleRun[] wide, LimitRisk meanField, LimitRisk kernel)
    {
        (this.of, this.population, this.scaled) = (of, population, scaled);
        (this.samples, this.wide, this.meanField, this.kernel) = (samples, wide, meanField, kernel);
        Families =
        [
            new("conventional network", Networks, r => r.Network),
            new("random features", Networks, r => r.Features!),
            new("mean-field scaling", [.. Own.Where(r => r.Features is null)], r => r.Network),
        ];
        Gap = PowerLaw.OfWidths(of.Bias.Wide, Seeds, (i, s) => wide.Single(r => r.Width == of.Bias.Wide[i]
            && r.Replicate == s).Gaps.Max(), of.Model.Seed);
    }

    /// <summary>Networks of each width on the points of the data: what they are called, runs, and courses.</summary>
    internal Family[] Families { get; }

    internal IReadOnlyList<int> Widths => of.Model.Problem.Couple.Widths;

    internal TeacherStudent Of => of;

    internal PopulationRun[] Population => population;

    internal PopulationRun Scaled => scaled;

    internal SampleRun[] Samples => samples;

    /// <summary>sup_t of the distance to random features, far above the number of points.</summary>
    internal PowerLaw Gap { get; }

    internal LimitRisk MeanField => meanField;

    internal LimitRisk Kernel => kernel;

    private int Seeds => of.Model.Problem.Couple.Seeds;

    private SampleRun[] Own => [.. samples.Where(r => r.Points == of.Points)];

    private SampleRun[] Networks => [.. Own.Where(r => r.Features is not null)];

    /// <summary>Runs of one kind.</summary>
    internal sealed record Family(string Label, SampleRun[] Runs, Func<SampleRun, Course> Course)
    {
        internal WidthMedian At(int width, Func<Course, double> quantity) =>
            WidthMedian.Of(Runs.Where(r => r.Width == width).Select(r => quantity(Course(r))));

        internal WidthMedian[] Tests(IEnumerable<int> widths) => [.. widths.Select(m => At(m, c => c.Test[^1]))];
    }

    internal StudyResult Result() => new(Headline(),
        [
            .. population.SelectMany(Findings), Survivors("scaled", scaled),
            .. Families.SelectMany((family, k) => OverWidths(family, Names[k])),
            Finding.Of("gap-rate", Gap, "exponent of the width in sup_t |f - f_rf|, root mean square over inputs, of " +
                $"conventional networks and their random features on {of.Bias.Samples[0]} points (the bound of the " +
                "theorem: -1)"),
            new("mean-field-limit", meanField.Test, meanField.Test - meanField.Half, meanField.Test + meanField.Half,
                $"test error of the limit of the mean-field scaling on the points of the first seed at its time " +
                $"{of.Bias.ScaledTime:G6}; the interval is that of its discretisation"),
            .. double.IsNaN(kernel.Test) ? [] : new[]
            {
                new Finding("kernel-limit", kernel.Test, kernel.Test - kernel.Half, kernel.Test + kernel.Half,
                    "test error of the flow by the kernel of random features, the limit of conventional networks, " +
                    "on the points of the first seed; the interval is that of the number of test points"),
            },
        ],
        [
            new("study", ["width", .. Names.SelectMany(Columns)],
                Widths.Select(m => (object[])[m, .. Families.SelectMany(f => new object[]
                {
                    f.At(m, c => c.Train[^1]).Value, f.At(m, c => c.Test[^1]).Value, f.At(m, c => c.Test[^1]).Low,
                    f.At(m, c => c.Test[^1]).High, f.At(m, c => c.PathNorm[^1]).Value,
                })]), $"{of.Points} points: risks on them, test errors E (f - f*)^2, and path norms sum |a_j| |b_j| " +
                "at the end: medians over seeds, and of test errors the least and the largest."),
            new("study-population", ["teachers", "scaling", "time", "risk", "featureRisk", "gap", "moved",
                "survivors"], population.Append(scaled).SelectMany(r => r.Times.Select((t, k) => (object[])[r.Teachers,
                    r == scaled ? "mean-field" : "conventional", t, r.Risks[k] / r.Norm, r.FeatureRisks[k] / r.Norm,
                    r.Gaps[k] / Math.Sqrt(r.Norm), r.Moved[k], r.SurvivorsAt(k)]))),
            new("study-neurons", ["teachers", "scaling", "neuron", "magnitude", "along", "across"],
                population.Append(scaled).SelectMany(r => r.Ends.Select((end, j) => (object[])[r.Teachers,
                    r == scaled ? "mean-field" : "conventional", j, r.Magnitudes[^1][j], end[0], end[1]]))),
            new("study-map", ["points", "width", "scaling", "seed", "train", "test", "pathNorm"],
                samples.Select(r => (object[])[r.Points, r.Width, r.Features is null ? "mean-field" : "conventional",
                    r.Replicate, r.Network.Train[^1], r.Test, r.Network.PathNorm[^1]])),
            new("study-gaps", ["width", "supremum", "low", "high"], of.Bias.Wide.Select((m, i) => (object[])[m,
                Gap.Rms[i], Gap.RmsLow[i], Gap.RmsHigh[i]]), "sup_t |f - f_rf| of wide networks, root mean square " +
                "over inputs, and over seeds."),
        ])
    {
        Figures = new BiasFigures(this).All,
    };

    private static string[] Columns(string of) => [$"{of}Train", $"{of}Test", $"{of}Low", $"{of}High", $"{of}PathNorm"];

    private IEnumerable<Finding> Findings(PopulationRun r)
    {
        var (parting, k) = (r.Parting, r.Parting ?? r.Times.Length - 1);
        yield return Finding.Of($"parting-{r.Teachers}", parting is null ? double.NaN : r.Times[k] / of.Bias.Width,
            $"time of a and b at which the network is {100 * PopulationRun.Close:0} % of |f*| from its random " +
            $"features, teacher of {r.Teachers}" + (parting is null ? ", which it never was; at the end" : "; by then") +
            $" its risk is {LimitText.Short(r.Risks[k] / r.Norm)} of E f*^2 and B has moved by " +
            $"{LimitText.Short(100 * r.Moved[k])} %");
        yield return Finding.Of($"speed-{r.Teachers}", r.Speeds.Take(k + 1).Max(s => s[1]) / r.Speeds[0][0],
            "largest rms of db/dt until then over that of da/dt at the start");
        yield return Survivors($"{r.Teachers}", r);
        yield return Finding.Of($"risk-{r.Teachers}", r.Risks[^1] / r.Norm, "risk at the end over E f*^2; that of " +
            $"random features is {LimitText.Short(r.FeatureRisks[^1] / r.Norm)}");
    }

    private Finding Survivors(string name, PopulationRun r) => Finding.Of($"survivors-{name}",
        r.SurvivorsAt(r.Times.Length - 1),
        $"neurons of {of.Bias.Width} with |a| |b| at least a tenth of the largest at the end, teacher of " +
        $"{r.Teachers}; at most {Enumerable.Range(1, r.Times.Length - 1).Max(r.SurvivorsAt)} before");

    /// <summary>From n / (d + 1) on: where the test error is largest, and over how much it ranges.</summary>
    private IEnumerable<Finding> OverWidths(Family family, string name)
    {
        int[] those = [.. Widths.Where(m => m >= of.Parametrized)];
        if (those.Length < 2) yield break;
        int PeakOf(IEnumerable<double> tests) => those[tests.Index().MaxBy(t => t.Item).Index];
        double[] medians = [.. family.Tests(those).Select(t => t.Value)];
        double[] peaks = [.. Enumerable.Range(0, Seeds).Select(s => (double)PeakOf(those.Select(m =>
            family.Course(family.Runs.Single(r => r.Width == m && r.Replicate == s)).Test[^1])))];
        yield return new($"peak-{name}", PeakOf(medians), peaks.Min(), peaks.Max(), $"width of the largest test " +
            $"error of the {family.Label} from n / (d + 1) on; the interval is that of single seeds");
        var isRecovered = medians.Min() < Recovered;
        yield return Finding.Of($"range-{name}", isRecovered ? double.NaN : medians.Max() / medians.Min(), "largest over " +
            "smallest of these errors, medians over seeds" + (isRecovered ? ": not told, the smallest is rounding" : ""));
        yield return Finding.Of($"descent-{name}", medians.Max() / medians[^1],
            "largest of them over that of the widest");
    }

    private string Headline()
    {
        var (first, k) = (population[0], population[0].Parting ?? population[0].Times.Length - 1);
        int LeftOf(PopulationRun run) => run.SurvivorsAt(run.Times.Length - 1);
        var (time, moved) = (first.Times[k] / of.Bias.Width, 100 * first.Moved[k]);
        return $"Under the law of the inputs {LeftOf(first)} of {of.Bias.Width} neurons are left for a teacher of " +
            $"{first.Teachers} ({LeftOf(scaled)} in the mean-field scaling); the network " +
            $"{(first.Parting is null ? "does not leave its random features up to" : "leaves its random features at")} " +
            $"t = {LimitText.Short(time)}, having moved by {LimitText.Short(moved)} %. " +
            Gap.Sentence("On few points the distance of wide networks to them, sup over time,", "m") + ".";
    }
}
