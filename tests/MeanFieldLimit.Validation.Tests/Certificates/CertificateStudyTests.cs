using MeanFieldLimit.Benchmarks.Certificates;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Validation.Tests.Certificates;

public class CertificateStudyTests
{
    [Fact]
    public void Estimates_are_above_most_true_errors_and_not_far_above()
    {
        // A problem of each group. Where 95 % of the errors are covered, 5 of 20 are not in 0.3 % of such draws; where
        // 80 % of the estimates are within a factor 20, 9 of 20 are not in 1 %.
        var count = ProblemGroup.All.Count;
        var cases = new CertificateCase[count];
        Parallel.For(0, count, n => cases[n] = CertificateStudy.Run(RandomProblem.Draw(5, n), new ManagedEngine(1)));
        Assert.Equal(ProblemGroup.All, cases.Select(c => c.Drawn.Group));
        var decided = cases.Where(c => c.IsDecided).ToArray();
        Assert.InRange(cases.Count(c => c.IsDecided || c.IsExact), 3 * count / 4, count);
        Assert.InRange(decided.Count(c => c.IsCovered), decided.Length - 4, count);
        Assert.InRange(decided.Count(c => c.IsClose), decided.Length - 8, count);
        Assert.True(decided.Count(c => c.Error > 1e-6) > count / 3, "most errors are too small to test estimates with");
        // A line for each group, and one for all.
        Assert.Equal(2 + count + 1, CertificateStudy.Table(cases).Count());
    }

    [Fact]
    public void Accuracies_are_asked_of_smooth_and_of_kinked_problems()
    {
        AccuracyCase[] cases = [.. Enumerable.Range(0, 6).Select(n => AccuracyStudy.Run(5, n, new ManagedEngine(1)))];
        Assert.DoesNotContain(cases, c => c.IsFalse);
        Assert.Equal(3, cases.Count(c => c.IsKinked));
        Assert.Contains(cases, c => c.Outcome == AccuracyOutcome.True);
    }

    [Fact]
    public void Estimates_of_convolutional_networks_are_above_true_errors()
    {
        // Where 95 % are covered 2 of 8 are not in 6 % of such draws.
        CertificateCase[] cases = [.. Enumerable.Range(0, 8)
            .Select(n => CertificateStudy.Run(RandomImages.Draw(5, n), new ManagedEngine(1)))];
        var decided = cases.Where(c => c.IsDecided).ToArray();
        Assert.True(decided.Length >= 6, $"{decided.Length} decided");
        Assert.InRange(decided.Count(c => c.IsCovered), decided.Length - 1, decided.Length);
        Assert.Equal(2 + 4 + 1, ImageStudy.Table(cases).Count());
    }

    [Fact]
    public void Problems_are_drawn_anew_for_every_index_and_the_same_again()
    {
        var (one, again, other) = (RandomProblem.Draw(5, 3), RandomProblem.Draw(5, 3), RandomProblem.Draw(5, 23));
        Assert.Equal(one.Group, other.Group);
        Assert.Equal(one.Problem.Training.Time, again.Problem.Training.Time);
        Assert.NotEqual(one.Problem.Training.Time, other.Problem.Training.Time);
    }

    [Fact]
    public void Truth_is_on_nodes_of_another_kind()
    {
        for (var index = 0; index < 3 * ProblemGroup.All.Count; index++)
        {
            var drawn = RandomProblem.Draw(5, index);
            for (var i = 0; i < drawn.Problem.Limit.Types!.Count; i++)
            {
                var types = new[] { drawn.Problem, drawn.Finer, drawn.Check }.Select(p => p.Limit.Types![i].GetType());
                Assert.True(drawn.Problem.Limit.Types[i] is GaussSpec { Nodes: 1 } || types.Take(2).Distinct().Count() == 2,
                    $"{index}: {string.Join(" ", types.Select(t => t.Name))}");
                Assert.Equal(2, types.Skip(1).Distinct().Count());
            }
        }
    }
}
