using MeanFieldLimit.Limits;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Limits;

/// <summary>
/// Certificates of yhat(x) = E max(w x, 0), known in closed form: one kink in one coordinate, where the errors of rules
/// change sign with its place and differences between rules can vanish.
/// </summary>
public class KinkCertificateTests
{
    private static readonly double[] Inputs = [1, 2, 0.5, -1];

    private static Model Build(LawSpec law, LimitSpec limit, double time = 1e-3) => Model.Build(new Problem
    {
        Name = "kink",
        Data = new PointsData { X = [.. Inputs.Select(x => new[] { x })], Y = [[0.3], [0.9], [-0.2], [0.4]] },
        Network = new()
        {
            Layers = [
                new() { Weights = law, Activation = "relu", Rate = new ConstantRate { Value = 0 } },
                new() { Weights = new ConstantLaw { Value = 1 } },
            ],
        },
        Training = new() { Loss = "half-squared", Time = time },
        Limit = limit,
        Record = new() { Saves = 4 },
    });

    private static LimitSolution Solve(Model model) =>
        Certifier.Solve(new ParticleLimit(model), new());

    private static GaussianLaw Normal(double mean) => new() { Mean = mean, Std = 1 };

    /// <summary>E max(w, 0): s phi(m/s) + m Phi(m/s), or on [a, b] with a &lt; 0 &lt; b: b^2 / (2 (b - a)).</summary>
    private static double PositivePart(LawSpec law) => law switch
    {
        GaussianLaw g => g.Std * MathNet.Numerics.Distributions.Normal.PDF(0, 1, g.Mean / g.Std)
            + g.Mean * MathNet.Numerics.Distributions.Normal.CDF(0, 1, g.Mean / g.Std),
        UniformLaw { Low: < 0, High: > 0 } u => u.High * u.High / (2 * (u.High - u.Low)),
        _ => throw new ArgumentException($"no closed form for {law}"),
    };

    private static double ErrorAtStart(LimitSolution solution, LawSpec law)
    {
        var mean = law is UniformLaw u ? (u.Low + u.High) / 2 : ((GaussianLaw)law).Mean;
        var positive = PositivePart(law);
        return Math.Sqrt(Inputs.Select((x, n) =>
            Math.Pow(solution.Trajectory.Predictions[0][n] - (x > 0 ? x * positive : -x * (positive - mean)), 2)).Average());
    }

    [Theory, InlineData(0.012), InlineData(-0.012), InlineData(0.003), InlineData(0.3), InlineData(0.7)]
    public void Panels_with_an_end_at_the_mean_see_a_kink_beside_it(double mean)
    {
        foreach (var nodes in new[] { 8, 16, 32, 128 })
        {
            var solution = Solve(Build(Normal(mean), new() { Types = [new PanelSpec { Nodes = nodes }] }, time: 2));
            Assert.InRange(ErrorAtStart(solution, Normal(mean)), 0, solution.Error.Total);
        }
    }

    [Fact]
    public void A_kink_beyond_all_nodes_is_seen()
    {
        // At 1.9, 2.4 and 3.2 deviations: neither the rule nor any with fewer nodes has one beyond, and all agree.
        RuleSpec[] rules = [new GaussSpec { Nodes = 3 }, new GaussSpec { Nodes = 4 }, new SmolyakSpec { Level = 1 }];
        foreach (var rule in rules)
            foreach (var mean in new[] { 1.9, 2.4, 3.2 })
            {
                var solution = Solve(Build(Normal(mean), new() { Types = [rule] }));
                Assert.InRange(ErrorAtStart(solution, Normal(mean)), 1e-5, solution.Error.Total);
            }
    }

    public static TheoryData<string> Rules => ["gauss", "panels", "smolyak", "sobol", "monte-carlo"];

    [Theory, MemberData(nameof(Rules))]
    public void One_kink_anywhere_is_covered_under_every_rule(string rule)
    {
        const int places = 60;
        var covered = 0;
        for (var i = 0; i < places; i++)
        {
            // A kink anywhere in the law: for uniform ones between 1/4 % and 99 3/4 % of it.
            var share = (i / 2 + 0.5) / (places / 2);
            LawSpec law = i % 2 == 0 ? Normal(4 * share - 2) : new UniformLaw { Low = share - 1.005, High = share + 0.005 };
            RuleSpec spec = rule switch
            {
                "gauss" => new GaussSpec { Nodes = 2 + i % 17 },
                "panels" => new PanelSpec { Nodes = 8 * (1 + i % 9) },
                "smolyak" => new SmolyakSpec { Level = 1 + i % 12 },
                "sobol" => new SobolSpec { Nodes = 32 << i % 4 },
                _ => new MonteCarloSpec { Nodes = 50 + 10 * i },
            };
            var solution = Solve(Build(law, new() { Types = [spec] }));
            if (ErrorAtStart(solution, law) <= solution.Error.Total) covered++;
        }
        // 95 % of 60 is 57; that many fewer have a chance of 1 in 500 where 97 % are covered.
        Assert.InRange(covered, 54, places);
    }

    [Theory, InlineData("gauss"), InlineData("panels"), InlineData("smolyak")]
    public void A_kink_in_the_middle_of_a_symmetric_law_is_no_blind_spot(string rule)
    {
        foreach (LawSpec law in new LawSpec[] { Normal(0), new UniformLaw { Low = -1, High = 1 } })
            for (var n = 1; n <= 24; n++)
            {
                RuleSpec spec = rule switch
                {
                    "gauss" => new GaussSpec { Nodes = n },
                    "panels" => new PanelSpec { Nodes = 8 * n },
                    _ => new SmolyakSpec { Level = n - 1 },
                };
                var solution = Solve(Build(law, new() { Types = [spec] }));
                Assert.InRange(ErrorAtStart(solution, law), 0, solution.Error.Total + 1e-15);
            }
    }

    [Fact]
    public void Accuracies_that_are_said_to_be_reached_are()
    {
        // The least numbers of Gauss nodes agree by chance at some kinks: 6 and 5 nodes to 2e-4 where they err by 4e-3.
        var reached = 0;
        foreach (var (low, high) in new[] { (-0.73, 1.72), (-1, 1), (-0.02, 1), (-0.998, 0.002), (-0.4, 0.9), (-2, 0.31) })
            foreach (var accuracy in new[] { 3e-2, 6e-3, 1.2e-3, 5e-4 })
            {
                var law = new UniformLaw { Low = low, High = high };
                var solution = Solve(Build(law, new() { Accuracy = accuracy }, time: 2));
                if (solution.Certificate!.Reached) reached++;
                else Assert.True(solution.Error.Total > accuracy || solution.Certificate.Obstacle!.Reason.Contains("confirmed",
                    StringComparison.Ordinal), solution.Certificate.Text);
                if (solution.Certificate.Reached)
                    Assert.True(ErrorAtStart(solution, law) <= accuracy,
                        string.Create(CultureInfo.InvariantCulture, $"[{low}, {high}]: {solution.Certificate.Text}"));
            }
        Assert.InRange(reached, 20, 24);
    }

    [Fact]
    public void Two_rounds_of_other_nodes_confirm_an_accuracy_at_a_kink()
    {
        var solution = Solve(Build(Normal(0.3), new() { Accuracy = 1e-2 }, time: 2));
        var rounds = solution.Certificate!.Rounds;
        Assert.True(solution.Certificate.Reached, solution.Certificate.Text);
        Assert.True(rounds.Count >= 2);
        Assert.All(rounds.TakeLast(2), round => Assert.InRange(round.Error.Total, 0, 1e-2));
        Assert.NotEqual(rounds[^1].Nodes, rounds[^2].Nodes);
    }

    [Fact]
    public void Panels_take_over_where_they_reach_an_accuracy_at_kinks_that_Gauss_grids_do_not()
    {
        const double accuracy = 1e-3;
        var (panels, gauss) = (new List<double>(), new List<double>());
        for (var i = 0; i < 16; i++)
        {
            var mean = 0.05 + 0.1 * i;
            var solution = Solve(Build(Normal(mean), new() { Accuracy = accuracy }));
            if (solution.Certificate!.Reached)
            {
                Assert.InRange(ErrorAtStart(solution, Normal(mean)), 0, accuracy);
                panels.Add(solution.Certificate.Rounds.Sum(r => r.Limit.Types![0].Size));
            }
            // Gauss grids up to the largest, under the same rule: two below the accuracy, one after the other.
            bool Below(int n) => Solve(Build(Normal(mean), new() { Types = [new GaussSpec { Nodes = n }] }))
                .Error.Total <= accuracy;
            var work = 0.0;
            for (RuleSpec? spec = new GaussSpec { Nodes = 6 }; spec is not null; spec = TypeRules.Refined(spec, kinked: false))
            {
                work += spec.Size;
                if (!Below(spec.Size) || !Below(spec.Size - 1)) continue;
                gauss.Add(work + spec.Size);
                break;
            }
        }
        Assert.True(panels.Count > gauss.Count, $"panels {string.Join(' ', panels)}; gauss {string.Join(' ', gauss)}");
    }

    [Fact]
    public void Every_part_has_two_comparisons_at_least()
    {
        foreach (var spec in (RuleSpec[])[.. Enumerable.Range(1, 20).Select(n => new GaussSpec { Nodes = n }),
            .. Enumerable.Range(1, 12).Select(n => new PanelSpec { Nodes = 8 * n }),
            .. Enumerable.Range(0, 9).Select(n => new SmolyakSpec { Level = n }),
            new SobolSpec { Nodes = 32 }, new MonteCarloSpec { Nodes = 50 }])
        {
            var model = Build(Normal(0.3), new() { Types = [spec] });
            var comparison = Assert.Single(TypeKnob.All(model));
            var laws = model.Embedding.TypeLaws(1);
            string Points(IQuadratureRule rule) => string.Join(' ', rule.Discretise(laws).Points.Distinct().Order());
            var others = comparison.Rules.Select(rules => Points(rules[0])).Distinct().ToArray();
            Assert.True(others.Except([Points(model.Rules[0])]).Count() >= 2, $"{spec}");
        }
    }
}
