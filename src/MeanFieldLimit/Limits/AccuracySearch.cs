using System.Globalization;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;

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
/// <param name="model">What to solve, with the rules to start from.</param>
/// <param name="accuracy">Most of <see cref="ErrorEstimate.Total"/>.</param>
internal sealed class AccuracySearch(Model model, double accuracy)
{
    private const double LeastTolerance = 1e-12, LoosestTolerance = 1e-4, Negligible = 0.1;

    private readonly List<Refinement> rounds = [];
    private double done;

    /// <summary>The result of the last round, with its certificate; without one where a run ended early.</summary>
    /// <param name="solve">Solves the limit of a model with explicit types and tolerance.</param>
    public LimitSolution Run(Func<Model, LimitSolution> solve)
    {
        var limit = model.Problem.Limit with
        {
            Accuracy = null,
            Tolerance = Math.Clamp(accuracy / 10, LeastTolerance, LoosestTolerance),
        };
        LimitSolution? before = null;
        while (true)
        {
            var solution = solve(model.WithLimit(limit));
            rounds.Add(new(limit, solution.Nodes, solution.Error, solution.TypeErrors));
            done += solution.Work;
            if (!solution.Limit.Run.Succeeded || double.IsNaN(solution.Error.Total)) return solution;
            var below = solution.Error.Total <= accuracy;
            var agrees = before is null || solution.Trajectory.LargestRmsDistance(before.Trajectory)
                <= solution.Error.Total + before.Error.Total + Negligible * accuracy;
            var reached = below && agrees && (before?.Error.Total <= accuracy || !solution.TypeErrors.Any(Chancy));
            var obstacle = reached ? null : below ? Confirm(solution, ref limit) : Refine(solution, ref limit);
            if (reached || obstacle is not null)
                return solution with { Certificate = new(accuracy, [.. rounds], obstacle) };
            before = solution;
        }
    }

    /// <summary>Whether the comparisons of a part can agree by chance: at kinks, and of random nodes.</summary>
    private bool Chancy(TypeError part) => part.Error > 0 && part.Layers.Any(layer =>
        TypeRules.IsRandom(model.Problem.Limit.Types![layer - 1]) || TypeComparison.IsKinked(model, layer));

    /// <summary>
    /// Other nodes where comparisons can agree by chance, everywhere if nothing can and two rounds disagree all the
    /// same; or says what does not allow them.
    /// </summary>
    private Obstacle? Confirm(LimitSolution solution, ref LimitSpec limit)
    {
        var types = limit.Types!.ToArray();
        var chancy = solution.TypeErrors.Where(Chancy).ToArray();
        foreach (var layer in (chancy.Length > 0 ? chancy : solution.TypeErrors).SelectMany(part => part.Layers))
            types[layer - 1] = TypeRules.Neighbour(types[layer - 1]);
        var next = limit with { Types = types };
        if (chancy.Length == 0) next = next with { Tolerance = Math.Max(LeastTolerance, limit.Tolerance / 3) };
        return Take(next, solution, ref limit) is { } reason
            ? new("types", solution.Error.Types,
                $"it is small enough in one round, to be confirmed by another; {reason}", null)
            : null;
    }

    /// <summary>Refines the parts above their share, or says what does not allow it.</summary>
    private Obstacle? Refine(LimitSolution solution, ref LimitSpec limit)
    {
        var error = solution.Error;
        // A sample of the data is what it is; the lengths of a reduced limit are nodes like others.
        var reduced = limit.Reduction == Reduction.Isotropic;
        var share = (accuracy - (reduced ? 0 : error.Data))
            / (solution.TypeErrors.Count(t => t.Error > 0) + (error.Time > 0 ? 1 : 0) + (reduced ? 1 : 0));
        if (share <= 0 || double.IsNaN(share)) return DataObstacle(solution);
        var over = solution.TypeErrors.Where(t => t.Error > share).ToArray();
        var types = limit.Types!.ToArray();
        foreach (var part in over)
            foreach (var layer in part.Layers)
            {
                if (TypeRules.Refined(types[layer - 1], TypeComparison.IsKinked(model, layer)) is not { } refined)
                    return TypesObstacle(solution, part, over, share, "its rule has no larger size");
                types[layer - 1] = refined;
            }
        var next = limit with { Types = types };
        if (reduced && error.Data > share)
            next = next with { Radii = (limit.Radii ?? IsotropicReduction.DefaultRadii) * 3 / 2 };
        if (error.Time > share)
        {
            if (limit.Tolerance <= LeastTolerance)
                return new("time", error.Time, Text($"the tolerance is {LeastTolerance:G1} already"), null);
            // The error is proportional to the tolerance, more or less.
            next = next with
            {
                Tolerance = Math.Max(LeastTolerance, limit.Tolerance * Math.Clamp(0.3 * share / error.Time, 1e-3, 0.3)),
            };
        }

        return Take(next, solution, ref limit) is { } reason ? Stopped(reason) : null;

        // Names what stops it by the largest of the types to be refined, or by what else is.
        Obstacle Stopped(string reason) => over.MaxBy(t => t.Error) is { } worst
            ? TypesObstacle(solution, worst, over, share, reason)
            : error.Time > share ? new("time", error.Time, reason, null) : new("data", error.Data, reason, null);
    }

    /// <summary>Goes on to <paramref name="next"/>, or says what it would take that is not allowed.</summary>
    private string? Take(LimitSpec next, LimitSolution solution, ref LimitSpec limit)
    {
        if (rounds.Any(r => r.Limit.Types!.SequenceEqual(next.Types!)
            && r.Limit with { Types = next.Types } == next)) return "there are no other sizes to take";
        var larger = model.WithLimit(next);
        if (!MemoryPlan.Fits(larger))
            return Text($"the next refinement would take {MemoryPlan.Limit(larger) / 1e9:G2} GB of memory");
        var stretch = Math.Pow(limit.Tolerance / next.Tolerance, 0.2)
            * (next.Radii ?? IsotropicReduction.DefaultRadii) / (limit.Radii ?? IsotropicReduction.DefaultRadii);
        var work = solution.Work * stretch * MemoryPlan.Parameters(larger) / solution.Limit.Ensemble.State.Length;
        if (done + work > limit.Work)
            return Text($"the next refinement would take {done + work:G2} operations in all, ") +
                Text($"of {limit.Work:G2} allowed");
        limit = next;
        return null;
    }

    private Obstacle DataObstacle(LimitSolution solution)
    {
        if (model.Data.Watched is not null)
            return new("data", solution.Error.Data, "the nodes of the data are the problem's (data.expectation)", null);
        // Means over a sample err like 1/sqrt(points).
        var ratio = Math.Pow(2 * solution.Error.Data / accuracy, 2);
        return new("data", solution.Error.Data,
            "the points are a sample of a continuous law, and their number is the problem's",
            new(Text($"{Math.Ceiling(ratio * model.Data.Train.Count):N0} points"),
                MemoryPlan.Limit(solution.Model), ratio * solution.Work, ratio * Seconds(solution)));
    }

    private Obstacle TypesObstacle(LimitSolution solution, TypeError part, IReadOnlyList<TypeError> over, double share,
        string reason)
    {
        var name = $"types of {(part.Layers.Count == 1 ? "layer" : "layers")} {string.Join(" and ", part.Layers)}";
        return new(name, part.Error, reason, Needed(solution, over, share));
    }

    /// <summary>
    /// The cost of bringing every part down to its share, from the last two rounds that differ in it.
    /// </summary>
    private Cost? Needed(LimitSolution solution, IReadOnlyList<TypeError> over, double share)
    {
        var nodes = solution.Nodes.Select(n => (double)n).ToArray();
        var sizes = new List<string>();
        foreach (var part in over)
        {
            var history = rounds.Select(r => (Spec: r.Limit.Types![part.Layers[0] - 1], r.Nodes,
                Error: r.TypeErrors.FirstOrDefault(t => t.Layers.SequenceEqual(part.Layers))?.Error ?? double.NaN))
                .ToArray();
            var (spec, _, error) = history[^1];
            var before = history.LastOrDefault(h => TypeRules.Size(h.Spec) < TypeRules.Size(spec));
            if (before.Spec is null || !(before.Error > error)) return null;
            foreach (var layer in part.Layers)
            {
                // Every level of a sparse grid divides the error, as far as seen; otherwise it is a power of the nodes.
                double ratio, size = TypeRules.Size(rounds[^1].Limit.Types![layer - 1]);
                var factor = before.Error / error;
                if (spec is SmolyakSpec)
                {
                    var levels = Math.Log(error / share) / Math.Log(factor) * (size - TypeRules.Size(before.Spec));
                    var growth = nodes[layer - 1] / before.Nodes[layer - 1];
                    (ratio, size) = (Math.Pow(growth, levels / (size - TypeRules.Size(before.Spec))), size + levels);
                    sizes.Add(Text($"level {Math.Ceiling(size):N0} in layer {layer}"));
                }
                else
                {
                    var power = Math.Log(factor) / Math.Log((double)TypeRules.Size(spec) / TypeRules.Size(before.Spec));
                    ratio = Math.Pow(error / share, 1 / power);
                    size *= ratio;
                    sizes.Add(Text($"{Math.Ceiling(size):N0} nodes") +
                        (spec is GaussSpec or PanelSpec ? $" a coordinate in layer {layer}" : $" in layer {layer}"));
                    if (spec is GaussSpec or PanelSpec)
                        ratio = Math.Pow(ratio,
                            model.OfLimit.Embedding.TypeLaws(layer).Count(l => l.GaussNodes(3) == 3));
                }
                nodes[layer - 1] *= ratio;
            }
        }
        var (bytes, parameters) = MemoryPlan.Limit(model, nodes);
        var more = parameters / solution.Limit.Ensemble.State.Length;
        return new(string.Join(" and ", sizes), bytes, more * solution.Work, more * Seconds(solution));
    }

    private static double Seconds(LimitSolution solution) => solution.SolveSeconds + solution.ErrorSeconds;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
