using MeanFieldLimit.Limits;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Benchmarks.Certificates;

/// <summary>How a search for an accuracy ended.</summary>
public enum AccuracyOutcome
{
    /// <summary>Reached, and the true error is below it.</summary>
    True,

    /// <summary>Said to be reached, and the true error is above it.</summary>
    False,

    /// <summary>Said to be reached, and the true error is not known well enough to tell.</summary>
    Undecided,

    /// <summary>Not reached, and said so.</summary>
    NotReached,

    /// <summary>Stopped by the study, whose time for one search is limited.</summary>
    TooLong,
}

/// <summary>A search for an accuracy and the true error of what it found.</summary>
/// <param name="Problem">The problem, with the types that were chosen.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Accuracy">What was asked for.</param>
/// <param name="Estimate">The error that the program states.</param>
/// <param name="Error">The largest rms distance to a much finer limit.</param>
/// <param name="Doubt">The distance of that one to another fine one.</param>
/// <param name="Rounds">Limits solved on the way.</param>
/// <param name="Work">Operations that the last limit and its estimate took.</param>
public sealed record AccuracyCase(Problem Problem, AccuracyOutcome Outcome, double Accuracy, double Estimate,
    double Error, double Doubt, int Rounds, double Work)
{
    /// <summary>Whether what it says is not so.</summary>
    public bool IsFalse => Outcome == AccuracyOutcome.False;

    /// <summary>Whether its activation has a kink.</summary>
    public bool IsKinked => Problem.Network.Layers[0].Activation is "relu" or "leaky-relu";
}

/// <summary>Whether accuracies that are said to be reached are, on random problems, half of them kinked.</summary>
public static class AccuracyStudy
{
    private const double Work = 2e9, Steps = 200;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    /// <summary>Request number <paramref name="index"/> of a seed.</summary>
    /// <param name="seed">Seed of all requests.</param>
    /// <param name="index">The number.</param>
    /// <param name="engine">The matrix products.</param>
    public static AccuracyCase Run(ulong seed, int index, IMatrixEngine engine)
    {
        var draw = new Draws(new(seed, (ulong)index));
        var kinked = index % 2 == 1;
        var (network, coordinates) = RandomProblem.DrawNetwork(draw, kinked, index);
        var data = (PointsData)network.Data;
        var accuracy = Math.Pow(10, -draw.Between(1.5, kinked ? 3.5 : 6));
        var problem = network with
        {
            Training = network.Training with { Time = draw.OneIn(3) ? RandomProblem.Start : draw.Between(0.3, 1.5) },
            // On a line neurons slide along their kinks, where steps err in first order, the truth's too: there only
            // the last layer learns.
            Network = kinked && data.X[0].Count == 1 ? LastLayerOnly(network.Network) : network.Network,
        };
        var model = Model.Build(problem with { Limit = new() { Accuracy = accuracy, Work = Work } });
        using var clock = new CancellationTokenSource(Longest);
        var solution = Certifier.Solve(new ParticleLimit(model),
            Machine.Of(engine) with { Cancellation = clock.Token });
        var chosen = solution.Model.Problem;
        AccuracyCase Ended(AccuracyOutcome outcome, double error = double.NaN, double doubt = double.NaN) =>
            new(chosen, outcome, accuracy, solution.Error.Total, error, doubt,
                solution.Certificate?.Rounds.Count ?? 0, solution.Work);
        if (solution.Certificate is null) return Ended(AccuracyOutcome.TooLong);
        if (!solution.Certificate.Reached) return Ended(AccuracyOutcome.NotReached);

        var own = chosen.Limit.Types!.Any(t => t is PanelSpec) ? RuleFamily.Panels : RuleFamily.Gauss;
        var (finer, check) = FineRules.Of(coordinates, kinked, own, chosen.Limit.Types);
        Trajectory Fine(IReadOnlyList<RuleSpec> types) => CertificateStudy.Limit(problem with
        {
            Limit = kinked
                ? new()
                {
                    Types = types,
                    Method = "runge-kutta-4",
                    Step = problem.Training.Time / Steps,
                    Coordinates = Coordinates.Natural,
                }
                : new() { Types = types, Tolerance = 1e-10, Coordinates = Coordinates.Natural },
        }, engine);
        var truth = Fine(finer);
        var (error, doubt) = (solution.Trajectory.LargestRmsDistance(truth), truth.LargestRmsDistance(Fine(check)));
        return Ended(error <= accuracy - doubt ? AccuracyOutcome.True
            : error > accuracy + doubt ? AccuracyOutcome.False : AccuracyOutcome.Undecided, error, doubt);
    }

    private static NetworkSpec LastLayerOnly(NetworkSpec network) => network with
    {
        Layers = [.. network.Layers.Select((layer, i) =>
            i == network.Layers.Count - 1 ? layer : layer with { Rate = new ConstantRate { Value = 0 } })],
    };

    /// <summary>The lines of a table.</summary>
    public static IEnumerable<string> Table(IReadOnlyList<AccuracyCase> cases)
    {
        yield return "| activation | requests | reached | of these false | undecided | not reached | stopped | "
            + "largest error / accuracy | median work |";
        yield return "|---|---|---|---|---|---|---|---|---|";
        foreach (var kinked in new[] { false, true })
        {
            var group = cases.Where(c => c.IsKinked == kinked).ToArray();
            if (group.Length == 0) continue;
            int Count(params AccuracyOutcome[] outcomes) => group.Count(c => outcomes.Contains(c.Outcome));
            var known = group.Where(c => c.Outcome is AccuracyOutcome.True or AccuracyOutcome.False).ToArray();
            yield return $"| {(kinked ? "kinked" : "smooth")} | {group.Length} | "
                + $"{Count(AccuracyOutcome.True, AccuracyOutcome.False, AccuracyOutcome.Undecided)} | "
                + $"{Count(AccuracyOutcome.False)} | {Count(AccuracyOutcome.Undecided)} | "
                + $"{Count(AccuracyOutcome.NotReached)} | {Count(AccuracyOutcome.TooLong)} | "
                + $"{(known.Length == 0 ? double.NaN : known.Max(c => c.Error / c.Accuracy)):0.00} | "
                + $"{group.Select(c => c.Work).Order().ElementAt(group.Length / 2):0.0e0} |";
        }
    }
}
