using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Problems;

/// <summary>What the propagation of chaos asks of the rest of the problem.</summary>
internal static class ChaosCheck
{
    internal static Refusal? Refuse(Problem problem) => problem switch
    {
        { Chaos: null } => null,
        { Network.Layers: { Count: not 2 } layers } => new("$.network.layers",
            $"a network under chaos must have two layers, whose neurons are particles, got {layers.Count}; use two"),
        { Network.Biases: BiasMode.Trained } => new("$.network.biases", "biases must not be trained under chaos, got " +
            "trained: those of the outputs belong to no particle; use frozen or none"),
        { Network.Layers: [_, { Interaction: not "weighted-sum" and var other }] } =>
            new("$.network.layers[1].interaction",
            $"the output layer must be a weighted-sum under chaos, got {other}; use that"),
        { Training.Dynamics: not DynamicsKind.Flow and var dynamics } => new("$.training.dynamics",
            "dynamics must be flow under chaos, whose noise is that of chaos.gamma and chaos.batch, " +
            $"got {Names.Of(dynamics)}; use flow"),
        { Limit.Reduction: not Reduction.None } => new("$.limit.reduction",
            "a reduction of the limit must not be given under chaos, which needs directions, got isotropic; remove it"),
        { Limit.Accuracy: { } accuracy } => new("$.limit.accuracy", "accuracy must not be given under chaos, whose " +
            $"limits take the types they are given, got {Number.Text(accuracy)}; give types"),
        { Chaos.Paths: var paths } when NoiseCheck.RefuseOdd("$.chaos.paths", paths) is { } odd => odd,
        { Chaos.Betas: var betas } when betas.RefuseOrder("$.chaos.betas") is { } refusal => refusal,
        { Chaos.Noise: var noise } when noise.GroupBy(n => n).FirstOrDefault(g => g.Count() > 1) is { Key: var twice }
            => new("$.chaos.noise", $"noise must name each kind once, got {Names.Of(twice)} twice; remove one"),
        { Chaos.Particles: var particles, Couple.Widths: [var least, ..] } when particles > least =>
            new("$.chaos.particles",
            $"particles must be at most the smallest width, got {particles} of {least}; use fewer"),
        _ => null,
    };
}
