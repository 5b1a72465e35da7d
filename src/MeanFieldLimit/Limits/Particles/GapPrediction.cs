using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>Predicts the gap of networks from limits: runs them with their tangents along noise of the masses.</summary>
public static class GapPrediction
{
    // Standard deviations of gaps change by 0.2 % from 256 to 144 nodes of types of two coordinates. A grid of fewer
    // nodes a coordinate than these misses the tails of a normal law: random ones are better then.
    private const int MostOfGrid = 144, LeastACoordinate = 6, MostRandom = 512;

    // A tangent takes two products for each of the limit's three, which are 6 operations a parameter; of moved masses
    // two limits are run, with one more in so many.
    private const double OperationsOfDirection = 14, MostWork = 3e10;

    private const double SafetyOfNodes = 2;

    /// <summary>
    /// That of a solved limit, on at most so many nodes a layer as the law of the gap needs; or why there is none. Where
    /// <c>limit.predict</c> does not ask for it, it is not made at any price.
    /// </summary>
    public static (PredictedGap? Gap, string? Reason) Of(LimitSolution solution, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(solution);
        var asked = solution.Model.Problem.Limit.Predict;
        if (asked is { Draws: 0 }) return (null, "limit.predict.draws is 0");
        if (!solution.Trained.Result.Succeeded) return (null, "the limit did not reach its end");
        if (Obstacle(solution.Limit) is { } obstacle) return (null, obstacle);
        var coarse = Coarse((ParticleLimit)solution.Limit);
        var (draws, initial) = ((asked ?? new()).Draws, coarse.Initial);
        var directions = Enumerable.Range(1, initial.Depth - 1).Sum(i => Math.Min(initial.Massive(i), draws));
        var kept = (double)directions * coarse.Model.SaveTimes.Length * coarse.Model.Watched.Count
            * coarse.Model.Watched.Outputs;
        if (kept * sizeof(double) > MemoryLimit.Bytes)
            return (null, FormattableString.Invariant($"derivatives of {kept:G2} predictions must fit into memory; ") +
                "use fewer of limit.predict.draws, record.saves or record.points");
        var work = OperationsOfDirection * directions * initial.State.Length * solution.Trained.Result.Evaluations
            * solution.Model.Data.Train.Count + TangentDraws.OperationsOfNetworks * kept;
        // Evaluations of an implicit method say nothing of those of an explicit one.
        var isKnown = ((GradientFlow)coarse.Dynamics).Method is not ("bdf" or "auto");
        if (asked is null && !(isKnown && work <= MostWork))
            return (null, (isKnown ? FormattableString.Invariant($"it would take about {work:G2} operations") :
                "its work by an explicit method is not known") + "; limit.predict asks for it");
        try
        {
            var gap = TangentDraws.Run(coarse, machine, draws, networks: true);
            return (gap with { NodesError = NodesError(coarse, gap, machine, draws) }, null);
        }
        catch (RunFailedException e)
        {
            return (null, $"the limit with its tangents ended early: {e.Result.Reason}");
        }
    }

    /// <summary>Why a limit has no such prediction, with a remedy; null where it has.</summary>
    public static string? Obstacle(ILimit limit)
    {
        ArgumentNullException.ThrowIfNull(limit);
        return limit is not ParticleLimit particles
            ? "limits must be of particles without noise for a gap to be predicted; use training.dynamics flow, without a scaling"
            : particles.Dynamics is not GradientFlow
            ? "a limit that moves by batches has no derivatives in its masses; use limit.dynamics flow"
            : particles.Model.Problem.Limit.Reduction != Reduction.None
            ? "a reduced limit has no types of neurons; use limit.reduction none"
            : MovedMassField.Obstacle(particles.Initial, particles.Model.Objective);
    }

    /// <summary>The limit on fewer nodes where it has more of Gauss's or of random ones than a law of gaps needs.</summary>
    private static ParticleLimit Coarse(ParticleLimit limit)
    {
        var spec = limit.Model.Problem.Limit;
        return limit.With(spec with { Types = [.. spec.Types!.Select(Fewer)] });

        RuleSpec Fewer(RuleSpec rule, int i)
        {
            var laws = limit.Model.LimitModel.Embedding.TypeLaws(i + 1);
            if (rule.IsRandom) return rule.Of(Math.Min(rule.Size, MostRandom));
            if (rule is not GaussSpec gauss || new GaussTensor(gauss.Nodes).CountNodes(laws) <= MostOfGrid) return rule;
            for (var n = gauss.Nodes - 1; n >= LeastACoordinate; n--)
                if (new GaussTensor(n).CountNodes(laws) <= MostOfGrid) return new GaussSpec { Nodes = n };
            return new SobolSpec { Nodes = MostRandom };
        }
    }

    private static double NodesError(ParticleLimit limit, PredictedGap gap, Machine machine, int draws) =>
        TypeKnob.All(limit.Model).Sum(knob => knob.Others(limit).First() is ParticleLimit { Fits: true } other
            && MovedMassField.Obstacle(other.Initial, other.Model.Objective) is null
                ? SafetyOfNodes * Math.Abs(TangentDraws.Run(other, machine, draws).Gap - gap.Gap) : double.NaN);
}
