using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Studies;
using MeanFieldLimit.Validation.Studies.Advice;

namespace MeanFieldLimit.Validation.Tests.Studies;

public class AdviseStudyTests
{
    /// <summary>With layer 1 at rest the limit is linear in what moves: freezing its features changes nothing.</summary>
    [Fact]
    public void The_kernel_describes_a_limit_that_is_linear()
    {
        var model = Small.Build(Text(rate: """, "rate": { "schedule": "constant", "value": 0 }"""));
        var result = new AdviseStudy().Plan(model, 1).Run(new());
        Assert.Equal(0, Value(result, "kernel-limit"), 1e-6);
        Assert.Contains("that describes them too", result.Headline, StringComparison.Ordinal);
    }

    /// <summary>The gap falls as 1 / sqrt(N): N is enough where it is within the accuracy, and one less is not.</summary>
    [Theory, InlineData(0.1), InlineData(0.3)]
    public void The_least_width_is_the_least(double accuracy)
    {
        var model = Small.Build(Text(more: FormattableString.Invariant($", \"advise\": {{ \"accuracy\": {accuracy} }}")));
        var result = new AdviseStudy().Plan(model, 1).Run(new());
        var (least, left) = (Value(result, "least-width"), Value(result, "accuracy") - Value(result, "limit-error"));
        double Gap(double n) => Value(result, "per-root-width") / Math.Sqrt(n);
        Assert.InRange(Gap(least), 0, left);
        Assert.InRange(Gap(least - 1), left, double.MaxValue);
        Assert.True(Value(result, "kernel-limit") > 0.01);
    }

    /// <summary>The steps of Euler's method make a gap of the first order in them.</summary>
    [Fact]
    public void Steps_of_descent_are_told_at_any_width()
    {
        double Steps(double step) => Value(new AdviseStudy().Plan(Small.Build(Text(
            training: FormattableString.Invariant($", \"method\": \"euler\", \"step\": {step}"))), 1).Run(new()), "step");
        Assert.InRange(Steps(0.1) / Steps(0.05), 1.8, 2.2);
    }

    [Fact]
    public void What_is_not_predicted_is_refused()
    {
        var model = Small.Build(Text(more: """, "limit": { "predict": { "draws": 0 } }"""));
        foreach (var study in new IStudy[] { new AdviseStudy(), new WidthsStudy() })
            Assert.Contains($"draws must not be 0 for {study.Name}", Assert.Throws<ProblemException>(() =>
                study.Plan(model, 1)).Message, StringComparison.Ordinal);
        var few = Small.Build(Text(more: """, "advise": { "parameters": [2, 1000] }"""));
        Assert.Contains("parameters must be at least those of a network of width 1, 3, got 2", Assert.Throws<ProblemException>(() =>
            new WidthsStudy().Plan(few, 1)).Message, StringComparison.Ordinal);
    }

    private static string Text(string rate = "", string training = "", string more = "") => $$"""
        { "name": "advice", "data": { "kind": "points", "x": [[1, 0.5], [-0.5, 1], [2, -1]], "y": [[1], [0], [1]] },
          "network": { "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh"{{rate}} },
            { "weights": { "law": "gaussian", "mean": 0.5, "std": 1 } } ] },
          "training": { "loss": "half-squared", "time": 2{{training}} }{{more}} }
        """;

    private static double Value(StudyResult result, string finding) => result.Findings.Single(f => f.Name == finding).Value;
}
