using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Problems;

/// <summary>What the propagation of chaos asks of the rest of the problem.</summary>
internal static class ChaosCheck
{
    internal static void Check(LoadedProblem loaded)
    {
        var problem = loaded.Problem;
        if (problem.Chaos is not { } chaos) return;
        var network = problem.Network;
        if (network.Layers.Count != 2)
            throw loaded.Error("$.network.layers",
                $"a network under chaos must have two layers, whose neurons are particles, got " +
                $"{network.Layers.Count}; use two");
        if (network.Biases == BiasMode.Trained)
            throw loaded.Error("$.network.biases",
                "biases must not be trained under chaos, got trained: those of the outputs belong to no particle; " +
                "use frozen or none");
        if (network.Layers[1].Interaction != "weighted-sum")
            throw loaded.Error("$.network.layers[1].interaction",
                $"the output layer must be a weighted-sum under chaos, got {network.Layers[1].Interaction}; use that");
        if (problem.Training.Dynamics != DynamicsKind.Flow)
            throw loaded.Error("$.training.dynamics",
                "dynamics must be flow under chaos, whose noise is that of chaos.gamma and chaos.batch, " +
                $"got {ProblemJson.EnumNames.ConvertName($"{problem.Training.Dynamics}")}; use flow");
        if (problem.Limit.Reduction != Reduction.None)
            throw loaded.Error("$.limit.reduction",
                "a reduction of the limit must not be given under chaos, which needs directions, got isotropic; " +
                "remove it");
        if (problem.Limit.Accuracy is { } accuracy)
            throw loaded.Error("$.limit.accuracy",
                $"accuracy must not be given under chaos, whose limits take the types they are given, got " +
                $"{Number.Text(accuracy)}; give types");
        if (chaos.Paths % 2 != 0)
            throw loaded.Error("$.chaos.paths",
                $"paths must be even, they come in pairs of opposite sign, got {chaos.Paths}; " +
                $"use {chaos.Paths + (chaos.Paths < int.MaxValue ? 1 : -1)}");
        for (var i = 1; i < chaos.Betas.Count; i++)
            if (chaos.Betas[i] <= chaos.Betas[i - 1])
                throw loaded.Error($"$.chaos.betas[{i}]",
                    $"betas must be strictly increasing, got {Number.Text(chaos.Betas[i])} after " +
                    $"{Number.Text(chaos.Betas[i - 1])}; sort them and name each once");
        if (chaos.Noise.GroupBy(n => n).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw loaded.Error("$.chaos.noise", "noise must name each kind once, got " +
                $"{ProblemJson.EnumNames.ConvertName($"{twice.Key}")} twice; remove one");
        if (chaos.Particles > problem.Couple.Widths[0])
            throw loaded.Error("$.chaos.particles",
                $"particles must be at most the smallest width, got {chaos.Particles} of {problem.Couple.Widths[0]}; " +
                "use fewer");
    }
}
