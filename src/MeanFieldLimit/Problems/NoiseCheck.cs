using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Problems;

/// <summary>What a law of motion with noise that stays in the limit asks of the rest of the problem.</summary>
internal static class NoiseCheck
{
    /// <summary>Whether every neuron has noise of its own, so that its limit is a law given its type.</summary>
    internal static bool IsOwn(Problem problem) => IsNoisy(problem) && problem.Training.Noise != SgdNoise.Shared;

    /// <summary>Particles at each type of the limit: paths of the noise, in pairs of opposite sign.</summary>
    internal static int Paths(Problem problem) => IsOwn(problem) ? (problem.Chaos ?? new()).Paths : 1;

    internal static void Check(LoadedProblem loaded)
    {
        var (network, limit, training) = (loaded.Problem.Network, loaded.Problem.Limit, loaded.Problem.Training);
        if (!IsNoisy(loaded.Problem)) return;
        if (limit.Reduction != Reduction.None)
            throw loaded.Error("$.training.dynamics",
                "dynamics must be without noise with a reduced limit, whose lengths have none of their own, got " +
                $"{ProblemJson.EnumNames.ConvertName($"{training.Dynamics}")}; use flow");
        if (!IsOwn(loaded.Problem)) return;
        var shared = training.Dynamics == DynamicsKind.SgdDiffusion ? ", or shared noise" : "";
        if (network.Layers.Count != 2)
            throw loaded.Error("$.network.layers",
                $"neurons with noise of their own must be those of two layers, got {network.Layers.Count}: a weight " +
                $"between two hidden neurons belongs to neither alone; use two{shared}");
        if (network.Biases == BiasMode.Trained)
            throw loaded.Error("$.network.biases",
                "biases must not be trained where neurons have noise of their own, got trained: those of the outputs " +
                $"belong to no neuron; use frozen or none{shared}");
        if (shared.Length > 0 && network.Layers[1].Interaction != "weighted-sum")
            throw loaded.Error("$.network.layers[1].interaction",
                "the output layer must be a weighted-sum where neurons have noise of their own, got " +
                $"{network.Layers[1].Interaction}; use that{shared}");
        if (limit.Accuracy is { } accuracy)
            throw loaded.Error("$.limit.accuracy",
                "accuracy must not be given with noise, whose limits take the types that they are given, got " +
                $"{Number.Text(accuracy)}; give types");
    }

    private static bool IsNoisy(Problem problem) =>
        problem.Training.Dynamics is DynamicsKind.Langevin or DynamicsKind.SgdDiffusion;
}
