using MeanFieldLimit.Embeddings;

namespace MeanFieldLimit.Problems;

/// <summary>What scales of the output ask of the rest of the problem.</summary>
internal static class LazyCheck
{
    internal static Refusal? Refuse(Problem problem) => problem.Lazy is not { } lazy ? null
        : problem.Scaling is not { Kind: ScalingKind.MeanField or ScalingKind.IcMf }
            ? new("$.lazy", "lazy must be given with the scaling mean-field or ic-mf, whose limit has a scale of its " +
                $"output, got {(problem.Scaling is { } scaling ? Names.Of(scaling.Kind) : "no scaling")}; add that, " +
                "or remove lazy")
        : lazy.Alphas.RefuseOrder("$.lazy.alphas");
}
