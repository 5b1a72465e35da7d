using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Benchmarks.Certificates;

/// <summary>The estimated and the true error of one limit.</summary>
/// <param name="Drawn">The problem.</param>
/// <param name="Estimate">The error that the program states.</param>
/// <param name="Error">The largest rms distance to a much finer limit.</param>
/// <param name="Doubt">The distance of that one to another fine one.</param>
public sealed record CertificateCase(RandomProblem Drawn, ErrorEstimate Estimate, double Error, double Doubt)
{
    // Below this both are rounding errors: two limits that agree so far agree.
    private const double Rounding = 1e-10, MostDoubt = 0.25;

    /// <summary>Estimate over error.</summary>
    public double Ratio => Math.Max(Estimate.Total, Rounding) / Math.Max(Error, Rounding);

    /// <summary>Whether there is nothing to estimate: the limit has no error, and says so.</summary>
    public bool IsExact => Error < Rounding && Estimate.Total < Rounding;

    /// <summary>Whether the true error is known well enough; and there is an estimate.</summary>
    public bool IsDecided => !IsExact && Doubt <= MostDoubt * Math.Max(Error, 4 * Rounding) && Ratio > 0;

    /// <summary>Whether the error is at most the estimate.</summary>
    public bool IsCovered => Ratio >= 1;

    /// <summary>Whether the estimate is within a factor 20 of the error, above or below.</summary>
    public bool IsClose => Ratio is >= 0.05 and <= 20;
}

/// <summary>
/// Whether the error estimates of limits are honest: on random problems, the share whose true error, against a much
/// finer limit of another kind, is at most the estimate, and the share whose estimate is within a factor 20 of it.
/// </summary>
public static class CertificateStudy
{
    /// <summary>Solves a problem, and its finer twins.</summary>
    /// <exception cref="InvalidOperationException">A run did not reach its final time.</exception>
    public static CertificateCase Run(RandomProblem drawn, IMatrixEngine engine)
    {
        var solution = Certifier.Solve(ILimit.Of(Model.Build(drawn.Problem)), Machine.Of(engine));
        var (truth, check) = (Limit(drawn.Finer, engine), Limit(drawn.Check, engine));
        return new(drawn, solution.Error, solution.Trajectory.LargestRmsDistance(truth),
            truth.LargestRmsDistance(check));
    }

    /// <summary>The limit of a problem, without its error.</summary>
    internal static Trajectory Limit(Problem problem, IMatrixEngine engine)
    {
        var run = ILimit.Of(Model.Build(problem)).Begin(Machine.Of(engine)).Complete().Trained;
        return run.Result.Status == RunStatus.Completed
            ? run.Trajectory
            : throw new InvalidOperationException($"{problem.Name} ended as {run.Result.Status}");
    }

    /// <summary>The lines of a table: a line for each group, then one for all.</summary>
    public static IEnumerable<string> Table(IReadOnlyList<CertificateCase> cases)
    {
        yield return "| rule | activation | time | problems | covered, % | within 20, % | least ratio | undecided "
            + "| exact |";
        yield return "|---|---|---|---|---|---|---|---|---|";
        foreach (var group in ProblemGroup.All)
            yield return Line($"{Name(group.Rule)} | {(group.IsKinked ? "kinked" : "smooth")} | "
                + (group.IsFlow ? "flow" : "near 0"), [.. cases.Where(c => c.Drawn.Group == group)]);
        yield return Line("all | | ", cases);
    }

    internal static string Line(string name, IReadOnlyList<CertificateCase> all)
    {
        var cases = all.Where(c => c.IsDecided).ToArray();
        var exact = all.Count(c => c.IsExact);
        var undecided = all.Count - cases.Length - exact;
        if (cases.Length == 0) return $"| {name} | 0 | | | | {undecided} | {exact} |";
        string Percent(Func<CertificateCase, bool> what) => $"{100 * cases.Average(c => what(c) ? 1 : 0):0}";
        return $"| {name} | {cases.Length} | {Percent(c => c.IsCovered)} | {Percent(c => c.IsClose)} | "
            + $"{cases.Min(c => c.Ratio):0.00} | {undecided} | {exact} |";
    }

    /// <summary>The name of a kind of rule in problem files.</summary>
    internal static string Name(RuleFamily rule) => rule == RuleFamily.MonteCarlo
        ? "monte-carlo"
        : rule.ToString().ToLowerInvariant();
}
