using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Problems;

/// <summary>What a law of motion with noise that stays in the limit asks of the rest of the problem.</summary>
internal static class NoiseCheck
{
    private const int DefaultPaths = 8;

    /// <summary>Whether every neuron has noise of its own, so that its limit is a law given its type.</summary>
    internal static bool IsOwn(Problem problem) => problem.Training is { IsNoisy: true, Noise: not SgdNoise.Shared };

    /// <summary>Particles at each type of the limit: paths of the noise, in pairs of opposite sign.</summary>
    internal static int Paths(Problem problem) => IsOwn(problem) ? problem.Limit.Paths ?? DefaultPaths : 1;

    internal static Refusal? Refuse(Problem problem)
    {
        var dynamics = problem.Training.Dynamics;
        var shared = dynamics == DynamicsKind.SgdDiffusion ? ", or shared noise" : "";
        return problem switch
        {
            { Limit.Paths: { } paths } when !IsOwn(problem) => new("$.limit.paths", "paths must not be given where " +
                $"neurons have no noise of their own, got {paths}; " +
                (problem.Chaos is null ? "remove it" : "use chaos.paths")),
            { Limit.Paths: { } paths } when RefuseOdd("$.limit.paths", paths) is { } odd => odd,
            { Training.IsNoisy: false } => null,
            { Limit.Reduction: not Reduction.None } => new("$.training.dynamics", "dynamics must be without noise " +
                $"with a reduced limit, whose lengths have none of their own, got {Names.Of(dynamics)}; use flow"),
            _ when !IsOwn(problem) => null,
            { Network.Layers: { Count: not 2 } layers } => new("$.network.layers",
                $"neurons with noise of their own must be those of two layers, got {layers.Count}: a weight " +
                $"between two hidden neurons belongs to neither alone; use two{shared}"),
            { Network.Biases: BiasMode.Trained } => new("$.network.biases",
                "biases must not be trained where neurons have noise of their own, got trained: those of the outputs " +
                $"belong to no neuron; use frozen or none{shared}"),
            { Training.Dynamics: DynamicsKind.SgdDiffusion, Network.Layers: [_, { Interaction: var other }] }
                when other is not "weighted-sum" => new("$.network.layers[1].interaction", "the output layer must be " +
                $"a weighted-sum where neurons have noise of their own, got {other}; use that{shared}"),
            { Limit.Accuracy: { } accuracy } => new("$.limit.accuracy", "accuracy must not be given with noise, " +
                $"whose limits take the types that they are given, got {Number.Text(accuracy)}; give types"),
            _ => null,
        };
    }

    internal static Refusal? RefuseOdd(string path, int paths) => paths % 2 == 0 ? null : new(path, "paths must be " +
        $"even, they come in pairs of opposite sign, got {paths}; use {paths + (paths < int.MaxValue ? 1 : -1)}");
}
