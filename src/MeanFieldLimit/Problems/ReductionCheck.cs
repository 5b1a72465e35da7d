namespace MeanFieldLimit.Problems;

/// <summary>What a reduction of the limit asks of the rest of the problem.</summary>
internal static class ReductionCheck
{
    private const string Remedy = "remove limit.reduction";

    internal static Refusal? Refuse(Problem problem) => problem switch
    {
        { Limit: { Reduction: Reduction.None, Radii: { } radii } } => new("$.limit.radii",
            $"radii must not be given without a reduction, got {radii}; set limit.reduction to isotropic"),
        { Limit.Reduction: Reduction.None } => null,
        { Data: not IsotropicData } => new("$.limit.reduction", "data of a reduced limit must be rotation-invariant, " +
            $"got another kind; use isotropic-gaussians, or {Remedy}"),
        { Data: IsotropicData { Dimension: < 2 and var dimension } } => new("$.data.dimension",
            $"dimension must be at least 2 for a reduced limit, got {dimension}; use more, or {Remedy}"),
        { Network.Embedding: CorrelatedSpec } => new("$.network.embedding",
            $"the embedding of a reduced limit must be independent, got correlated; leave it out, or {Remedy}"),
        { Network.Layers: [{ Weights: not GaussianLaw { Mean: 0, Std: > 0 } }, ..] } =>
            new("$.network.layers[0].weights", "the first weights must be normal with mean 0 for a reduced limit, so " +
            $"that no direction is singled out, got another law; use gaussian with a std, or {Remedy}"),
        { Network.Layers: [{ Interaction: not "weighted-sum" and var other }, ..] } =>
            new("$.network.layers[0].interaction", "the first layer must depend on w_1 through <w_1, x> for a " +
            $"reduced limit, got {other}; use weighted-sum, or {Remedy}"),
        { Limit.Types: [SmolyakSpec, ..] } => new("$.limit.types[0].rule",
            "the rule of the lengths of w_1 must not be smolyak, which needs laws symmetric about their mean, " +
            $"got smolyak; use gauss, panels or sobol, or {Remedy}"),
        // Layer 2 is given E_u s_1(h), in place of the h of all directions: phi_2 must be linear in s_1(h).
        { Network.Layers: [_, { Interaction: not ("weighted-sum" or "gated") and var other }, ..] } =>
            new("$.network.layers[1].interaction", "the second layer must be linear in the activations of the first " +
            $"for a reduced limit, got {other}; use weighted-sum or gated, or {Remedy}"),
        { Training.Dynamics: not DynamicsKind.Sgd } => new("$.training.dynamics",
            "dynamics must be sgd beside a reduced limit: networks then draw from the law that it integrates, " +
            $"got flow on a sample of it; use sgd, or {Remedy}"),
        { Limit.Dynamics: not DynamicsKind.Flow } => new("$.limit.dynamics",
            $"dynamics of a reduced limit must be flow, got sgd, whose batches have directions; use flow, or {Remedy}"),
        { Couple.Tracers: > 0 and var tracers } => new("$.couple.tracers", "tracers must be 0 beside a reduced " +
            $"limit, which knows no directions, got {tracers}; leave them out, or {Remedy}"),
        _ => null,
    };
}
