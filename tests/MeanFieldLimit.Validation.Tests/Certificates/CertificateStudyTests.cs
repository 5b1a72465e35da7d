using MeanFieldLimit.Solvers.Matrices;
using MeanFieldLimit.Validation.Certificates;

namespace MeanFieldLimit.Validation.Tests.Certificates;

public class CertificateStudyTests
{
    [Fact]
    public void Estimates_are_above_most_true_errors_and_not_far_above()
    {
        // Where 95 % of the errors are covered, 5 of 20 are not in 0.3 % of such draws; where 80 % of the estimates are
        // within a factor 20, 9 of 20 are not in 1 %.
        const int count = 20;
        var cases = new CertificateCase[count];
        Parallel.For(0, count, n => cases[n] = CertificateStudy.Run(5, n, new ManagedEngine(1)));
        Assert.InRange(cases.Count(c => c.IsCovered), count - 4, count);
        Assert.InRange(cases.Count(c => c.IsClose), count - 8, count);
        Assert.True(cases.Count(c => c.Error > 1e-6) > count / 3, "most errors are too small to test estimates with");
    }

    [Fact]
    public void Problems_are_drawn_anew_for_every_index_and_the_same_again()
    {
        Assert.Equal(RandomProblem.Draw(5, 3).Problem.Training.Time, RandomProblem.Draw(5, 3).Problem.Training.Time);
        Assert.NotEqual(RandomProblem.Draw(5, 3).Problem.Training.Time, RandomProblem.Draw(5, 4).Problem.Training.Time);
    }
}
