using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Interactions;
using MeanFieldLimit.Networks.Losses;

namespace MeanFieldLimit.Problems;

/// <summary>What the curvature of the risk, recorded or compared, asks of the rest of the problem.</summary>
internal static class CurvatureCheck
{
    internal static Refusal? Refuse(Problem problem) => problem is { Record.Probes.Count: 0, Sharpness: null } ? null
        : problem switch
        {
            { Training.Loss: var loss } when Catalogue.Find<ILoss>(loss) is not ICurvedLoss => new("$.training.loss",
                $"loss must have second derivatives for the Hessian (ICurvedLoss), got {loss} without; use " +
                "half-squared"),
            { Scaling: { } scaling } => new("$.scaling", "scaling must not be given with the Hessian, whose edge " +
                $"2/eta is that of the mean-field scaling, got {Names.Of(scaling.Kind)}; remove it"),
            { Limit.Reduction: not Reduction.None and var reduction } => new("$.limit.reduction", "reduction must be " +
                "none for the Hessian: a reduced limit knows the directions alone that do not depend on angles, got " +
                $"{Names.Of(reduction)}; remove it"),
            _ => RefuseLayers(problem.Network) ?? RefuseMasses(problem)
                ?? (problem.Sharpness is { } sharpness ? RefuseSteps(problem, sharpness) : null),
        };

    private static Refusal? RefuseLayers(NetworkSpec network) => network.Layers.FirstRefusal((layer, i) => layer switch
    {
        { Interaction: var name } when Catalogue.Find<IInteraction>(name) is not ITangentInteraction =>
            new($"$.network.layers[{i}].interaction", "interaction must have tangents for the Hessian " +
                $"(ITangentInteraction), got {name} without; use weighted-sum"),
        { Constraint: WeightConstraint.Sphere } => new($"$.network.layers[{i}].constraint", "constraint must not be " +
            "sphere beside the Hessian, which is that of free weights, got sphere; use starts-on-sphere or none"),
        { Pool.Kind: PoolName.Max } => new($"$.network.layers[{i}].pool.kind", "kind must be average for " +
            "the Hessian: maxima have no second derivatives, got max; use average"),
        _ => null,
    });

    private static Refusal? RefuseMasses(Problem problem) =>
        problem.Data is IGeneratedData { Expectation: SmolyakSpec }
        && (problem.Sharpness is not null || problem.Record.Probes.Contains(CurvatureProbe.NonUniformity))
            ? new("$.data.expectation.rule", "rule must have masses that are not negative for non-uniformity, a " +
                "covariance, got smolyak; use gauss")
        : (problem.Limit.Types ?? []).FirstRefusal((rule, i) => rule is not SmolyakSpec ? null
            : new($"$.limit.types[{i}].rule", "rule must have masses that are not negative for the Hessian, which no " +
                "eigenvalues belong to, got smolyak; use sobol or gauss"));

    private static Refusal? RefuseEscape(Problem problem, SharpnessSpec sharpness, EscapeSpec escape) =>
        escape.Batches.RefuseOrder("$.sharpness.escape.batches")
            ?? problem.Network.Layers.FirstRefusal((layer, i) => layer.Rate is null or ConstantRate ? null
                : new($"$.network.layers[{i}].rate", "rate must be constant beside sharpness.escape, whose branches " +
                    $"go on with the step, got {Names.OfKind(layer.Rate)}; use a constant one"))
            ?? sharpness.Steps.FirstRefusal((step, _) => step > escape.Time
                ? new("$.sharpness.escape.time", "time must be at least a step, got " +
                    $"{Number.Text(escape.Time)} for a step of {Number.Text(step)}; use a longer time")
                : escape.Time / step <= TimeLoop.DefaultMostSteps ? null : new("$.sharpness.escape.time",
                    $"a branch must have at most {TimeLoop.DefaultMostSteps} steps, got " +
                    $"{Number.Text(escape.Time / step)}; use a shorter time"));

    private static Refusal? RefuseSteps(Problem problem, SharpnessSpec sharpness) => problem.Training.IsNoisy
        ? new("$.training.dynamics", "dynamics must be flow or sgd for sharpness, which compares steps of gradient " +
            $"descent and SGD, got {Names.Of(problem.Training.Dynamics)}; use flow")
        : sharpness.Steps.RefuseOrder("$.sharpness.steps") ?? sharpness.Batches.RefuseOrder("$.sharpness.batches")
            ?? sharpness.Steps.FirstRefusal((step, i) => step <= problem.Training.Time
                ? TrainingCheck.RefuseCount(problem, $"$.sharpness.steps[{i}]", step)
                : new($"$.sharpness.steps[{i}]", $"steps must be at most training.time, got {Number.Text(step)} for a " +
                    $"time of {Number.Text(problem.Training.Time)}; use a shorter one"))
            ?? (sharpness.Escape is { } escape ? RefuseEscape(problem, sharpness, escape) : null);
}
