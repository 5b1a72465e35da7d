using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;
using static System.FormattableString;

namespace MeanFieldLimit.Limits;

/// <summary>
/// Refines a limit until its estimated error is at most an accuracy: in every round each part of the error (types of a
/// layer, time) that exceeds its share is refined, until memory, the work allowed or a rule's largest size stops it.
/// </summary>
/// <remarks>
/// A search for a small estimate finds those that are small by chance. Where types have kinks or random nodes, two
/// rounds with other nodes must be below the accuracy, one after the other, and everywhere two rounds must not differ
/// by more than their estimates: of 456 said to be reached (benchmarks/Certificates, accuracies) none was false. Smooth
/// grids, whose errors fall with every node, vouch for themselves by two sizes in one round.
/// </remarks>
internal sealed class AccuracySearch(ILimit start, double accuracy, Func<Trained, Trained, double> distance)
{
    /// <summary>The tightest that a search takes.</summary>
    internal const double LeastTolerance = 1e-12;

    private const double LoosestTolerance = 1e-4, Negligible = 0.1;

    private readonly List<LimitSolution> rounds = [];
    private double done;

    /// <summary>The result of the last round, with its certificate; without one where a run ended early.</summary>
    /// <param name="solve">Solves a limit; the number is that of the round.</param>
    internal LimitSolution Run(Func<ILimit, int, LimitSolution> solve)
    {
        var limit = start.On(start.Model.WithLimit(start.Model.Problem.Limit with
        {
            Accuracy = null,
            Tolerance = Math.Clamp(accuracy / 10, LeastTolerance, LoosestTolerance),
        }));
        while (true)
        {
            var before = rounds.LastOrDefault();
            var solution = solve(limit, rounds.Count);
            rounds.Add(solution);
            done += solution.Work;
            if (!solution.Trained.Result.Succeeded || double.IsNaN(solution.Error.Total)) return solution;
            var below = solution.Error.Total <= accuracy;
            var agrees = before is null || distance(solution.Trained, before.Trained)
                <= solution.Error.Total + before.Error.Total + Negligible * accuracy;
            var turned = limit.Knobs.Zip(solution.Parts!, (knob, part) => (Knob: knob, part.Error)).ToArray();
            var chancy = turned.Where(t => t.Knob.IsChancy && t.Error > 0).Select(t => t.Knob).ToArray();
            var reached = below && agrees && (before?.Error.Total <= accuracy || chancy.Length == 0);
            var obstacle = reached ? null : below ? Confirm(solution, chancy, ref limit) : Refine(turned, ref limit);
            if (reached || obstacle is not null)
                return solution with { Certificate = new(accuracy, [.. rounds.Select(Round)], obstacle) };
        }
    }

    /// <summary>Other nodes where comparisons may agree by chance, or everywhere; or says what forbids them.</summary>
    private Obstacle? Confirm(LimitSolution solution, IKnob[] chancy, ref ILimit limit)
    {
        var next = (chancy.Length > 0 ? chancy : limit.Knobs).Aggregate(limit, (l, knob) => knob.Neighbour(l));
        var spec = next.Model.Problem.Limit;
        var tighter = spec with { Tolerance = Math.Max(LeastTolerance, spec.Tolerance / 3) };
        if (chancy.Length == 0) next = next.On(next.Model.WithLimit(tighter));
        return Take(next, ref limit) is { } reason
            ? new("types", solution.Error.Types,
                $"it is small enough in one round, to be confirmed by another; {reason}", null)
            : null;
    }

    /// <summary>Refines the parts above their share, or says what does not allow it.</summary>
    private Obstacle? Refine(IReadOnlyList<(IKnob Knob, double Error)> turned, ref ILimit limit)
    {
        var (now, share) = (limit, accuracy);
        // A sample of the data is what it is.
        bool IsFixed((IKnob Knob, double Error) t) => t.Knob.Finer(now, t.Error, accuracy).Limit is null
            && t.Knob.Part == ErrorPart.Data;
        var settled = turned.Where(IsFixed).ToArray();
        share = (accuracy - settled.Sum(t => t.Error)) / turned.Except(settled).Count(t => t.Error > 0);
        if (share <= 0 || double.IsNaN(share))
            return new(settled[0].Knob.Name, settled[0].Error, settled[0].Knob.Finer(now, 0, 0).Obstacle,
                settled[0].Knob.Needed(rounds, [], accuracy / 2));
        var over = turned.Except(settled).Where(t => t.Error > share).ToArray();
        var next = limit;
        foreach (var (knob, error) in over)
        {
            var (finer, reason) = knob.Finer(next, error, share);
            if (finer is null) return Stopped((knob, error), reason);
            next = finer;
        }
        // Names what stops it by the largest of the types to be refined, or by what else is.
        return Take(next, ref limit) is not { } obstacle ? null : Stopped(over.Where(t =>
            t.Knob.Part == ErrorPart.Types).DefaultIfEmpty(over[0]).MaxBy(t => t.Error), obstacle);

        Obstacle Stopped((IKnob Knob, double Error) part, string reason) => new(part.Knob.Name, part.Error, reason,
            part.Knob.Needed(rounds, [.. over.Select(t => t.Knob)], share));
    }

    /// <summary>Goes on to <paramref name="next"/>, or says what it would take that is not allowed.</summary>
    private string? Take(ILimit next, ref ILimit limit)
    {
        if (rounds.Any(r => IsSame(r.Model.Problem.Limit, next.Model.Problem.Limit)))
            return "there are no other sizes to take";
        if (!next.Fits) return Invariant($"the next refinement would take {next.Bytes / 1e9:G2} GB of memory");
        var work = rounds[^1].Work * next.Cost / limit.Cost;
        if (done + work > next.Model.Problem.Limit.Work)
            return Invariant($"the next refinement would take {done + work:G2} operations in all, ") +
                Invariant($"of {next.Model.Problem.Limit.Work:G2} allowed");
        limit = next;
        return null;
    }

    private static bool IsSame(LimitSpec a, LimitSpec b) =>
        a.Types!.SequenceEqual(b.Types!) && a with { Types = b.Types } == b;

    private static Refinement Round(LimitSolution round) =>
        new(round.Model.Problem.Limit, round.Nodes, round.Error, round.TypeErrors);
}
