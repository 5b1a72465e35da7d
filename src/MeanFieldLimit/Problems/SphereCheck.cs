using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Problems;

/// <summary>What weights on the unit sphere ask of the rest of the problem.</summary>
internal static class SphereCheck
{
    private const string Remedy = "remove the constraint";

    internal static Refusal? Refuse(Problem problem)
    {
        var layers = problem.Network.Layers;
        var elsewhere = layers.Skip(1).FirstRefusal((layer, i) => layer.Constraint == WeightConstraint.None ? null
            : new($"$.network.layers[{i + 1}].constraint", "constraint must stand in layer 1, whose neurons have " +
                "finitely many incoming weights, the same at every width; in another layer a neuron has as many as " +
                $"the layer below has neurons, got {Names.Of(layer.Constraint)} in layer {i + 2}; remove it"));
        return elsewhere is not null || layers[0].Constraint == WeightConstraint.None ? elsewhere
            : RefuseLaw(layers[0].Weights) ?? RefuseRest(problem, Names.Of(layers[0].Constraint))
                ?? (layers[0].Constraint == WeightConstraint.Sphere ? RefuseHeld(problem) : null);
    }

    private static Refusal? RefuseLaw(LawSpec law) => law switch
    {
        ConstantLaw { Value: 0 } or GaussianLaw { Mean: 0, Std: 0 } => Zero("0 alone"),
        RademacherLaw { Mean: var mean, Scale: var scale } when Math.Abs(mean) == scale => Zero("0 with a chance"),
        _ => null,
    };

    private static Refusal Zero(string found) => new("$.network.layers[0].weights", "weights must have a direction " +
        $"to start on the sphere, got a law of {found}; use gaussian: directions are uniform where its mean is 0");

    private static Refusal? RefuseRest(Problem problem, string constraint) => problem switch
    {
        { Limit.Types: [(GaussSpec or MidpointSpec or SmolyakSpec) and var rule, ..] } => new("$.limit.types[0].rule",
            "the rule of layer 1 must be sobol, monte-carlo or panels where weights are on the sphere, got " +
            $"{Names.OfKind(rule)}, which may have a node at 0, without direction; use sobol"),
        { Limit.Reduction: not Reduction.None } => Beside("$.limit.reduction", "a reduced limit, which has the lengths "
            + "of weights alone", constraint),
        { Scaling: not null } => Beside("$.scaling", "a scaling, which has laws of single weights", constraint),
        { Density: not null } => Beside("$.density", "a density, which has coordinates of its own, those of the law of "
            + "single weights", constraint),
        { Chaos: not null } => Beside("$.chaos", "chaos, whose limits have the law of single weights", constraint),
        _ => null,
    };

    private static Refusal Beside(string path, string what, string constraint) => new(path,
        $"weights must be without constraint beside {what}, got {constraint} in layer 1; remove either");

    private static Refusal? RefuseHeld(Problem problem) => problem.Training.IsNoisy
        ? new("$.training.dynamics", "dynamics must be flow or sgd where weights are held on the sphere, on which " +
            $"noise has a drift of its own, got {Names.Of(problem.Training.Dynamics)}; use sgd, or {Remedy}")
        : null;
}
