namespace MeanFieldLimit.Problems;

/// <summary>What a reduction of the limit asks of the rest of the problem.</summary>
internal static class ReductionCheck
{
    private const string Remedy = "remove limit.reduction";

    internal static void Check(LoadedProblem loaded)
    {
        var problem = loaded.Problem;
        if (problem.Limit.Reduction == Reduction.None)
        {
            if (problem.Limit.Radii is { } radii)
                throw loaded.Error("$.limit.radii",
                    $"radii must not be given without a reduction, got {radii}; set limit.reduction to isotropic");
            return;
        }
        if (problem.Data is not IsotropicData data)
            throw loaded.Error("$.limit.reduction",
                "data of a reduced limit must be rotation-invariant, got another kind; use isotropic-gaussians, or " +
                Remedy);
        if (data.Dimension < 2)
            throw loaded.Error("$.data.dimension",
                $"dimension must be at least 2 for a reduced limit, got {data.Dimension}; use more, or {Remedy}");
        if (problem.Network.Embedding is CorrelatedSpec)
            throw loaded.Error("$.network.embedding",
                $"the embedding of a reduced limit must be independent, got correlated; leave it out, or {Remedy}");
        var first = problem.Network.Layers[0];
        if (first.Weights is not GaussianLaw { Mean: 0, Std: > 0 })
            throw loaded.Error("$.network.layers[0].weights",
                "the first weights must be normal with mean 0 for a reduced limit, so that no direction is singled " +
                $"out, got another law; use gaussian with a std, or {Remedy}");
        if (first.Interaction != "weighted-sum")
            throw loaded.Error("$.network.layers[0].interaction",
                "the first layer must depend on w_1 through <w_1, x> for a reduced limit, " +
                $"got {first.Interaction}; use weighted-sum, or {Remedy}");
        if (problem.Limit.Types is [SmolyakSpec, ..])
            throw loaded.Error("$.limit.types[0].rule",
                "the rule of the lengths of w_1 must not be smolyak, which needs laws symmetric about their mean, " +
                $"got smolyak; use gauss, panels or sobol, or {Remedy}");
        // Layer 2 is given E_u s_1(h), in place of the h of all directions: phi_2 must be linear in s_1(h).
        if (problem.Network.Layers[1].Interaction is not ("weighted-sum" or "gated"))
            throw loaded.Error("$.network.layers[1].interaction",
                "the second layer must be linear in the activations of the first for a reduced limit, " +
                $"got {problem.Network.Layers[1].Interaction}; use weighted-sum or gated, or {Remedy}");
        if (problem.Training.Dynamics != DynamicsKind.Sgd)
            throw loaded.Error("$.training.dynamics",
                "dynamics must be sgd beside a reduced limit: networks then draw from the law that it integrates, " +
                $"got flow on a sample of it; use sgd, or {Remedy}");
        if (problem.Limit.Dynamics != DynamicsKind.Flow)
            throw loaded.Error("$.limit.dynamics",
                $"dynamics of a reduced limit must be flow, got sgd, whose batches have directions; use flow, " +
                $"or {Remedy}");
        if (problem.Couple.Tracers > 0)
            throw loaded.Error("$.couple.tracers",
                "tracers must be 0 beside a reduced limit, which knows no directions, " +
                $"got {problem.Couple.Tracers}; leave them out, or {Remedy}");
    }
}
