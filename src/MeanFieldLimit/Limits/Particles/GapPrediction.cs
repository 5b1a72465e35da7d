using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>Predicts the gap of networks from limits: runs them with their tangents along noise of the masses.</summary>
public static class GapPrediction
{
    // Standard deviations of gaps change by 0.2 % from 256 to 144 nodes of types of two coordinates. A grid of fewer
    // nodes a coordinate than these misses the tails of a normal law: random ones are better then.
    private const int MostOfGrid = 144, LeastACoordinate = 6, MostRandom = 512;

    // What steps add is a mean over types, not its fluctuation.
    private const int MostForSteps = 64, MostRandomForSteps = 128;

    // Second derivatives need better limits than first ones: of two layers 128 nodes make them err by half.
    private const int MostRandomForBias = 1024, MostRandomOfMoreLayers = 256;

    // Draws of the noise of masses, for what is largest of the gap of parameters over time; fewer take less work. It is run
    // again on other nodes.
    private const int FewDraws = 64, LeastDraws = 40;

    // A tangent takes two products for each of the limit's three, which are 6 operations a parameter; of moved masses
    // two limits are run, with one more in so many.
    private const double OperationsOfDirection = 14, MostWork = 3e10;

    private const double SafetyOfNodes = 2;

    /// <summary>
    /// That of a solved limit, on at most so many nodes a layer as the law of the gap needs; or why there is none. Where
    /// <c>limit.predict</c> does not ask for it, it is not made at any price. With <paramref name="parameters"/> that of
    /// parameters too.
    /// </summary>
    public static (PredictedGap? Gap, string? Reason) Of(LimitSolution solution, Machine machine, bool parameters = false)
    {
        ArgumentNullException.ThrowIfNull(solution);
        var asked = solution.Model.Problem.Limit.Predict;
        if (asked is { Draws: 0 }) return (null, "limit.predict.draws is 0");
        if (!solution.Trained.Result.Succeeded) return (null, "the limit did not reach its end");
        if (Obstacle(solution.Limit) is { } obstacle) return (null, obstacle);
        var coarse = Coarse((ParticleLimit)solution.Limit, MostOfGrid, MostRandom);
        var (draws, initial) = ((asked ?? new()).Draws, coarse.Initial);
        var directions = Enumerable.Range(1, initial.Depth - 1).Sum(i => Math.Min(initial.Massive(i), draws));
        var kept = (double)(coarse.Model.IsSgd ? directions + draws : directions) * coarse.Model.SaveTimes.Length * coarse.Model.Watched.Count
            * coarse.Model.Watched.Outputs;
        if (kept * sizeof(double) > MemoryLimit.Bytes)
            return (null, FormattableString.Invariant($"derivatives of {kept:G2} predictions must fit into memory; ") +
                "use fewer of limit.predict.draws, record.saves or record.points");
        // Filters are applied at each position of an image.
        var positions = initial.Architecture.IsDense ? 1 : initial.Architecture.Geometry.Max(g => g.Positions);
        var work = OperationsOfDirection * directions * initial.State.Length * positions * solution.Trained.Result.Evaluations
            * solution.Model.Data.Train.Count + TangentDraws.OperationsOfNetworks * kept;
        // Evaluations of an implicit method say nothing of those of an explicit one.
        var isKnown = ((GradientFlow)coarse.Dynamics).Method is not ("bdf" or "auto");
        if (asked is null && !(isKnown && work <= MostWork))
            return (null, (isKnown ? FormattableString.Invariant($"it would take about {work:G2} operations") :
                "its work by an explicit method is not known") + "; limit.predict asks for it");
        try
        {
            var (steps, without) = Steps(solution, machine, draws);
            var gap = TangentDraws.Run(coarse, machine, draws, networks: true, steps: steps);
            var (pathwise, withoutPathwise) = parameters ? Parameters(solution, machine, draws) : (null, null);
            var (bias, withoutBias) = asked is { Bias: true } ? Bias(solution, machine) : (null, null);
            return (gap with
            {
                Bias = bias,
                WithoutBias = withoutBias,
                NodesError = Others(coarse).Sum(other => other is null ? double.NaN
                    : SafetyOfNodes * Math.Abs(TangentDraws.Run(other, machine, draws).Gap - gap.Gap)),
                WithoutSteps = without,
                Parameters = pathwise,
                WithoutParameters = withoutPathwise,
            }, null);
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
            : MovedMasses.Obstacle(particles.Initial, particles.Model.Objective);
    }

    /// <summary>The limit on at most so many nodes of a grid of Gauss, or random ones, in a layer.</summary>
    private static ParticleLimit Coarse(ParticleLimit limit, int mostOfGrid, int mostRandom)
    {
        var spec = limit.Model.Problem.Limit;
        return limit.With(spec with { Types = [.. spec.Types!.Select(Fewer)] });

        RuleSpec Fewer(RuleSpec rule, int i)
        {
            var laws = limit.Model.LimitModel.Embedding.TypeLaws(i + 1);
            if (rule.IsRandom) return rule.Of(Math.Min(rule.Size, mostRandom));
            if (rule is not GaussSpec gauss || new GaussTensor(gauss.Nodes).CountNodes(laws) <= mostOfGrid) return rule;
            for (var n = gauss.Nodes - 1; n >= LeastACoordinate; n--)
                if (new GaussTensor(n).CountNodes(laws) <= mostOfGrid) return new GaussSpec { Nodes = n };
            return new SobolSpec { Nodes = mostRandom };
        }
    }

    /// <summary>A limit on other nodes in each layer, null where there is none.</summary>
    private static IEnumerable<ParticleLimit?> Others(ParticleLimit limit) => TypeKnob.All(limit.Model).Select(knob =>
        knob.Others(limit).First() is ParticleLimit { Fits: true } other
            && MovedMasses.Obstacle(other.Initial, other.Model.Objective) is null ? other : null);

    private static (PredictedBias? Bias, string? Reason) Bias(LimitSolution solution, Machine machine)
    {
        var limit = (ParticleLimit)solution.Limit;
        var coarse = Coarse(limit, MostOfGrid, limit.Initial.Depth == 2 ? MostRandomForBias : MostRandomOfMoreLayers);
        var other = coarse.OnOtherNodes();
        return GapBias.Of(coarse, other.Fits && MovedMasses.Obstacle(other.Initial, other.Model.Objective) is null
            ? other : null, machine);
    }

    /// <summary>What the steps of SGD add, of so many draws; none under other dynamics, or with a reason.</summary>
    private static (StepTangents? Steps, string? Reason) Steps(LimitSolution solution, Machine machine, int draws)
    {
        var coarse = Coarse((ParticleLimit)solution.Limit, MostForSteps, MostRandomForSteps);
        var (model, training) = (coarse.Model, coarse.Model.Problem.Training);
        if (!model.IsSgd) return (null, null);
        if (MassTangentField.Obstacle(coarse.Initial, model.Objective) is { } obstacle) return (null, obstacle);
        if (model.Data.Train.Masses.ContainsAnyInRange(double.MinValue, -double.Epsilon))
            return (null, "masses of data must not be negative to be those of batches, as on a sparse grid; use gauss or sobol");
        var runs = TangentRuns.Of(coarse, machine);
        var work = Work(runs, draws, solution.Trained.Result.Evaluations);
        if (model.Problem.Limit.Predict is null && !(work <= MostWork))
            return (null, FormattableString.Invariant($"it would take about {work:G2} operations; limit.predict asks for it"));
        try
        {
            var found = StepNoise.Run(runs, training.Step!.Value, training.Batch!.Value, draws);
            if (!found.Law.IsResolved)
                return (null, "the noise forgets itself within the shortest intervals: training is too long, or too stiff");
            return (found with
            {
                Law = found.Law with
                {
                    NodesError = StepNoise.NodesError(runs,
                        Others(coarse).Select(other => other is null ? null : TangentRuns.Of(other, machine)), found.Law),
                },
            }, null);
        }
        catch (RunFailedException e)
        {
            return (null, $"the limit with its tangents ended early: {e.Result.Reason}");
        }
    }

    /// <summary>The pathwise gap of parameters, of at most so many draws; or why there is none.</summary>
    private static (PredictedParameters? Gap, string? Reason) Parameters(LimitSolution solution, Machine machine, int draws)
    {
        var coarse = Coarse((ParticleLimit)solution.Limit, MostForSteps,
            solution.Model.Problem.Network.Layers.Count == 2 ? MostRandomForSteps : MostForSteps);
        var (model, traced) = (coarse.Model, ParameterDraws.Traced(coarse));
        if (MassTangentField.Obstacle(traced, model.Objective) is { } obstacle) return (null, obstacle);
        var each = 2 * OperationsOfDirection * traced.State.Length * solution.Trained.Result.Evaluations
            * model.Data.Train.Count;
        draws = Math.Min(draws, Math.Max(FewDraws, ParameterDraws.Types(traced)));
        if (model.Problem.Limit.Predict is null)
        {
            var own = ParameterDraws.OfWeights(traced);
            if (!((Math.Min(draws, LeastDraws) + own) * each <= MostWork))
                return (null, FormattableString.Invariant($"it would take about {(draws + own) * each:G2} operations; ") +
                    "limit.predict asks for it");
            draws = (int)Math.Min(draws, MostWork / each - own);
        }
        try
        {
            var gap = ParameterDraws.Run(coarse, machine, draws);
            return (gap with
            {
                NodesError = coarse.OnOtherNodes() is { Fits: true } other
                    && MassTangentField.Obstacle(other.Initial, other.Model.Objective) is null
                    ? SafetyOfNodes * Math.Abs(ParameterDraws.Run(other, machine, draws).Largest - gap.Largest) : double.NaN,
            }, null);
        }
        catch (RunFailedException e)
        {
            return (null, $"the limit with its tangents ended early: {e.Result.Reason}");
        }
    }

    /// <summary>
    /// What SGD on batches of so many points adds to the flow of a network, over sqrt(eps), of so many draws; null where
    /// the network has no tangent flow, <c>limit.predict</c> has no draws or does not ask for as much work.
    /// </summary>
    public static PredictedSteps? OfSteps(Model model, Ensemble network, int batch, (int First, int Count) draws,
        Machine machine, long evaluationsOfFlow)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(network);
        if (model.Problem.Limit.Predict is { Draws: 0 } || MassTangentField.Obstacle(network, model.Objective) is not null)
            return null;
        var runs = new TangentRuns(model, network, (GradientFlow)model.LimitDynamics, machine);
        if (model.Problem.Limit.Predict is null && !(Work(runs, draws.Count, evaluationsOfFlow) <= MostWork)) return null;
        try
        {
            return StepNoise.Run(runs, 1, batch, draws.Count, draws.First).Law is { IsResolved: true } law ? law : null;
        }
        catch (RunFailedException)
        {
            return null;
        }
    }

    private static double Work(TangentRuns runs, int draws, long evaluations) => OperationsOfDirection * draws
        * runs.Ensemble.State.Length * runs.Model.Data.Train.Count
        * StepNoise.Evaluations(evaluations, runs.Model.SaveTimes.Length);
}
