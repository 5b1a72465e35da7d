using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Statistics;
using MeanFieldLimit.Validation.Studies;
using MeanFieldLimit.Validation.Studies.Proxy;

namespace MeanFieldLimit.Validation.Tests.Studies.Proxy;

public class ProxyStudyTests
{
    private static readonly Lazy<(StudyResult Result, Dictionary<(double, string), object[]> Rows)> Example = new(() =>
    {
        var model = Model.Build(Examples.Read("proxy"), null);
        var result = Small.Run(new ProxyStudy(), model.With(model.Problem with
        {
            Limit = model.Problem.Limit with { Types = [new MidpointSpec { Nodes = 16, Reach = 4.5, Last = 6 }] },
            Proxy = new() { Networks = 4000, Draws = 400 },
        }));
        return (result, result.Tables[0].Rows.ToDictionary(r => ((double)r[0], (string)r[1]), r => r.ToArray()));
    });

    /// <summary>
    /// D_logits and W2^2 of an independent program (NumPy), of 40,000 networks and 16,384, 1,024 or 2,048 draws, whose
    /// statistical error is far below that of the study: within four of its standard errors, and the 16 x 16 x 6 nodes.
    /// </summary>
    [Theory]
    [InlineData("ntk", 1, 3.64e-5, 1.31e-5)]
    [InlineData("ntk", 4, 1.394e-3, 1.22e-4)]
    [InlineData("ntk", 8, 9.372e-3, 2.70e-4)]
    [InlineData("ic-mf", 1, 5.73e-5, 1.75e-5)]
    [InlineData("ic-mf", 4, 8.56e-4, 7.51e-5)]
    [InlineData("ic-mf", 8, 7.308e-3, 2.117e-4)]
    [InlineData("mean-field", 1, double.PositiveInfinity, 0.256377)]
    [InlineData("mean-field", 4, double.PositiveInfinity, 0.068870)]
    [InlineData("mean-field", 8, double.PositiveInfinity, 0.024089)]
    [InlineData("sym-default", 1, 0.81315, 0.133222)]
    [InlineData("sym-default", 4, 1.08147, 0.142872)]
    [InlineData("sym-default", 8, 7.13688, 0.336549)]
    [InlineData("default", 1, 1.56649, 0.203221)]
    [InlineData("default", 4, 1.82474, 0.199551)]
    [InlineData("default", 8, 7.76941, 0.365775)]
    public void Distances_are_those_of_an_independent_program(string limit, double time, double logits,
        double wasserstein)
    {
        var row = Example.Value.Rows[(time, limit)];
        if (double.IsFinite(logits))
            Assert.InRange((double)row[2], logits - 4 * (double)row[3], logits + 4 * (double)row[3]);
        else Assert.Equal((double.PositiveInfinity, double.NaN), ((double)row[2], (double)row[3]));
        Assert.InRange((double)row[4], wasserstein - 4 * (double)row[5], wasserstein + 4 * (double)row[5]);
        Assert.InRange((double)row[5], 1e-6, 0.02);
    }

    /// <summary>In the independent program 0.0021 at step 8, from 0.0094 to 0.0073.</summary>
    [Fact]
    public void Common_networks_and_draws_tell_closer_limits_apart_than_their_own_errors()
    {
        var (ntk, corrected) = (Example.Value.Rows[(8, "ntk")], Example.Value.Rows[(8, "ic-mf")]);
        Assert.Equal((double)ntk[2] - (double)corrected[2], (double)ntk[6] - (double)corrected[6], 1e-12);
        Assert.InRange((double)ntk[7], 0, 0.6 * (double)ntk[3]);
        Assert.InRange((double)ntk[6], 0.0021 - 4 * (double)ntk[7], 0.0021 + 4 * (double)ntk[7]);
        Assert.Contains("D_logits", Example.Value.Result.Headline, StringComparison.Ordinal);
        Assert.Contains("That of mean-field is infinite", Example.Value.Result.Headline, StringComparison.Ordinal);
        Assert.True(double.IsNaN(Example.Value.Result.Findings.Single(f => f.Name == "mean-field-d-logits").Low));
    }

    /// <summary>Under the flow of a squared loss the kernel's law is known, and two limits are none.</summary>
    [Fact]
    public void A_law_in_closed_form_needs_no_draws_and_limits_that_are_none_are_left_out()
    {
        var model = Small.Proxy();
        model = model.With(model.Problem with
        {
            Training = new() { Loss = "half-squared", Time = 1 },
            Limit = model.Problem.Limit with { Method = "dormand-prince", Step = null, Tolerance = 1e-6 },
            Proxy = new() { Networks = 2000, Draws = 40 },
        });
        var result = Small.Run(new ProxyStudy(), model);
        Assert.Equal([("ntk", 0), ("mean-field", 0), ("ic-mf", 40)],
            result.Tables[1].Rows.Select(r => ((string)r[0], (int)r[1])));
        foreach (var name in new[] { "sym-default", "default" })
            Assert.Contains($"Left out: {name} must be moved by gradient descent", result.Headline,
                StringComparison.Ordinal);
        Assert.Equal(2, new ProxyStudy().Settings(model).Count(row => row.Name == "left out"
            && row.Value.StartsWith("$.limit.method: ", StringComparison.Ordinal)
            && row.Value.EndsWith("use euler with its step, or ntk", StringComparison.Ordinal)));
        // At the start networks have the variance of the Gaussian process exactly, and the mean 0.
        var start = result.Tables[0].Rows.First(r => (double)r[0] == 0 && (string)r[1] == "ntk");
        Assert.InRange((double)start[2], -4 * (double)start[3], 4 * (double)start[3]);
    }

    [Theory]
    [InlineData(1, 0, "the best proxy of networks of width 8 is ic-mf: its D_logits is 1 [1, 1]; " +
        "that of ntk, the next, is larger by 1 [1, 1] (95 % intervals).")]
    [InlineData(2, 0, "the best proxy of networks of width 8 is ntk: its D_logits is 2 [2, 2]; " +
        "that of ic-mf, the next, is larger by 1 [1, 1] (95 % intervals).")]
    [InlineData(1, 1, "ic-mf and ntk cannot be told apart as proxies of networks of width 8: the smallest " +
        "D_logits, of ic-mf, is 1 [1, 1], that of ntk larger by 1 [-3.97, 5.97] (95 % intervals).")]
    public void The_headline_names_the_best_or_says_that_they_cannot_be_told_apart(double shift,
        double noise, string expected)
    {
        double corrected = shift == 1 ? 1 : 3;
        var last = new ProxyTime(2, [Of(2, noise), Of(double.PositiveInfinity, 0), Of(corrected, 0)], [], 0, 0);
        var text = ProxyResult.InWords([last, last], ["ntk", "mean-field", "ic-mf"], 8);
        Assert.Contains($"At t = 2 {expected} That of mean-field is infinite, for want of a variance.", text,
            StringComparison.Ordinal);
        Assert.EndsWith(noise > 0 ? "is the best proxy at 0, and cannot be told apart from the best at 1."
            : shift == 1 ? "is the best proxy at 1, and cannot be told apart from the best at 0."
            : "is the best proxy at 0, and cannot be told apart from the best at 0.", text, StringComparison.Ordinal);

        // Three groups of spread noise: the error is sqrt(2/3 * 2 noise^2) = 1.155, and t(2) = 4.303.
        static Jackknife Of(double value, double noise) => new(value, [[value - noise, value, value + noise]]);
    }

    [Theory]
    [InlineData(ScalingKind.Ntk, 2.0, null, "$.limit.ratio: ratio must not be given for proxy, whose limits are at " +
        "an infinite width, got 2; remove it")]
    [InlineData(ScalingKind.Ntk, null, 1, "$.limit.initial: initial must not be given for proxy, whose limits start " +
        "at draws of their own, got draw 1; remove it")]
    [InlineData(ScalingKind.Exponents, 1.0, null, "$.scaling.kind: kind must be one with a name for proxy, which has " +
        "the limits of all of these, got exponents; use ntk")]
    public void Keys_that_it_sets_itself_are_refused(ScalingKind kind, double? ratio, int? draw, string rule)
    {
        var problem = Small.Proxy().Problem;
        double? power = kind == ScalingKind.Exponents ? 0 : null;
        var model = Model.Build(problem with
        {
            Scaling = new() { Kind = kind, Width = 16, Sum = power, Outgoing = power, Incoming = power },
            Limit = problem.Limit with { Ratio = ratio, Initial = new() { Draw = draw } },
        });
        var error = Assert.Throws<ProblemException>(() => new ProxyStudy().Plan(model, 1));
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("euler", 0.5, "$.training.step: networks must take the steps of gradient descent that their limit takes " +
        "in a scaling, got the step 0.5 and the step 1 of the limit; give training.method and training.step as those")]
    [InlineData("dormand-prince", null, "$.training.method: networks must take the steps of gradient descent that " +
        "their limit takes in a scaling, got the flow by dormand-prince and the step 1 of the limit")]
    public void Networks_must_take_the_steps_of_their_limits(string method, double? step, string rule)
    {
        var problem = Small.Proxy().Problem;
        var model = Model.Build(problem with
        {
            Training = problem.Training with { Method = method, Step = step },
            Limit = problem.Limit with { Method = "euler", Step = 1 },
        });
        foreach (IStudy study in new IStudy[] { new ProxyStudy(), new CoupleStudy() })
            Assert.Contains(rule, Assert.Throws<ProblemException>(() => study.Plan(model, 1)).Message,
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "$.scaling: a scaling must be given for proxy, found none")]
    [InlineData(16.5, "$.scaling.width: width must be a whole number for proxy, that of neurons of the " +
        "networks, got 16.5")]
    [InlineData(0.0, "$.scaling.width: width must be a whole number for proxy, that of neurons of the " +
        "networks, got none")]
    public void Networks_must_have_a_width(double? width, string rule)
    {
        var problem = Small.Proxy().Problem;
        var model = Model.Build(problem with
        {
            Scaling = width is null ? null : new() { Kind = ScalingKind.Ntk, Width = width == 0 ? null : width },
        });
        var error = Assert.Throws<ProblemException>(() => new ProxyStudy().Plan(model, 1));
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
    }
}
