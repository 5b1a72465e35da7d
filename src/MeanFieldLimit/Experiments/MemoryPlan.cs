using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Experiments;

/// <summary>What runs will need in memory, known before they start.</summary>
public static class MemoryPlan
{
    // Beside the slopes: initial state, state, next state, error.
    private const int Copies = 4;
    private const int BlockPoints = 512;

    /// <summary>Bytes of a run: the copies of the state that the method holds, and the passes' buffers.</summary>
    /// <param name="sizes">Neurons of layers 0..L.</param>
    /// <param name="biases">Whether there are biases.</param>
    /// <param name="method">The method, which decides the number of slopes.</param>
    public static long Bytes(IReadOnlyList<long> sizes, BiasMode biases, string method)
    {
        double parameters = 0, neurons = 0;
        for (var i = 1; i < sizes.Count; i++)
        {
            parameters += (double)sizes[i - 1] * sizes[i] + (biases == BiasMode.None ? 0 : sizes[i]);
            neurons += sizes[i];
        }
        var bytes = sizeof(double) * (parameters * (Copies + RungeKutta.Find(method).Stages) + 3.0 * BlockPoints * neurons);
        return bytes < long.MaxValue ? (long)bytes : long.MaxValue;
    }

    /// <summary>Bytes of solving the limit of an experiment.</summary>
    public static long Limit(Experiment experiment) =>
        Bytes(Sizes(experiment.Loaded, experiment.Embedding), experiment.Problem.Network.Biases, Method(experiment.Problem, limit: true));

    /// <summary>Bytes of training one finite network of an experiment.</summary>
    public static long Network(Experiment experiment, int width)
    {
        var architecture = experiment.Embedding.Architecture;
        return Bytes([architecture.Inputs, .. Enumerable.Repeat((long)width, architecture.Depth - 1), architecture.Outputs],
            architecture.Biases, Method(experiment.Problem, limit: false));
    }

    /// <summary>Refuses type rules whose limit does not fit into memory or into one array.</summary>
    /// <exception cref="ProblemException">It does not fit; the message has the nodes and the bytes.</exception>
    internal static void CheckLimit(LoadedProblem loaded, IEmbedding embedding)
    {
        var problem = loaded.Problem;
        for (var i = 0; i < problem.Limit.Types!.Count; i++)
            if (problem.Limit.Types[i] is GaussRule { PerCoordinate: { } counts } && counts.Count != embedding.TypeLaws(i + 1).Count)
                throw loaded.Error($"$.limit.types[{i}].perCoordinate", $"perCoordinate must have one number for each of the " +
                    $"{embedding.TypeLaws(i + 1).Count} coordinates of a type of layer {i + 1}, got {counts.Count}; give one each");
        var sizes = Sizes(loaded, embedding);
        var bytes = Bytes(sizes, problem.Network.Biases, Method(problem, limit: true));
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var widest = sizes.IndexOf(sizes.Max());
        double entries = 0;
        for (var i = 1; i < sizes.Count; i++) entries += (double)sizes[i - 1] * sizes[i];
        if (bytes < available && entries < Array.MaxLength) return;
        var layer = Math.Clamp(widest, 1, sizes.Count - 2);
        throw loaded.Error($"$.limit.types[{layer - 1}]", $"the limit must fit into memory, {sizes[layer]:N0} nodes in layer {layer} " +
            $"make it {bytes / 1e9:N1} GB of {available / 1e9:N1} GB (and {entries:G3} parameters of at most {Array.MaxLength:G3}); " +
            "use fewer nodes, or the sobol rule");
    }

    private static string Method(Problem problem, bool limit) =>
        (limit ? problem.Limit.Dynamics : problem.Training.Dynamics) == Problems.Dynamics.Sgd ? RungeKutta.Euler.Name
            : limit ? problem.Limit.Method : problem.Training.Method;

    private static List<long> Sizes(LoadedProblem loaded, IEmbedding embedding)
    {
        var rules = TypeRules.Asked(loaded.Problem.Limit.Types!, 0);
        return [embedding.Architecture.Inputs, .. rules.Select((rule, i) => rule.CountNodes(embedding.TypeLaws(i + 1))),
            embedding.Architecture.Outputs];
    }
}
