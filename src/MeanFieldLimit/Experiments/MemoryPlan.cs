using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Solvers.Quadrature;
using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Experiments;

/// <summary>What runs will need in memory, known before they start, and refused where there is not that much.</summary>
public static class MemoryPlan
{
    // Beside the slopes: initial state, state, next state, error.
    private const int Copies = 4;
    private const int BlockPoints = 512;

    private static double Available => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Bytes of solving the limit of an experiment.</summary>
    public static double Limit(Experiment experiment) =>
        Bytes(LimitSizes(experiment.Loaded, experiment.Embedding), experiment.Problem, limit: true);

    /// <summary>Bytes and parameters of a limit with so many nodes in its hidden layers.</summary>
    internal static (double Bytes, double Parameters) Limit(Experiment experiment, IReadOnlyList<double> nodes)
    {
        var architecture = experiment.Embedding.Architecture;
        List<long> sizes = [architecture.Inputs, .. nodes.Select(n => (long)Math.Min(n, 1e18)), architecture.Outputs];
        return (Bytes(sizes, experiment.Problem, limit: true), Parameters(sizes, biases: true));
    }

    /// <summary>Parameters of the limit of an experiment.</summary>
    internal static double Parameters(Experiment experiment) =>
        Parameters(LimitSizes(experiment.Loaded, experiment.Embedding), biases: experiment.Problem.Network.Biases != BiasMode.None);

    /// <summary>Whether the limit of an experiment fits.</summary>
    internal static bool Fits(Experiment experiment) => Fits(experiment, experiment.Rules);

    /// <summary>Bytes of training one finite network of an experiment, and its tracers where they are asked for.</summary>
    public static double Network(Experiment experiment, int width)
    {
        var network = NetworkSizes(experiment.Embedding.Architecture, width);
        var bytes = Bytes(network, experiment.Problem, limit: false);
        if (!experiment.Problem.Couple.Tracers) return bytes;
        return bytes + Bytes(WithTracers(experiment, network), experiment.Problem, limit: true);
    }

    /// <summary>Refuses widths whose networks do not fit, <paramref name="atOnce"/> of them together.</summary>
    /// <exception cref="ProblemException">They do not; the message has the bytes.</exception>
    public static void CheckNetworks(Experiment experiment, int atOnce)
    {
        var widths = experiment.Problem.Couple.Widths;
        for (var i = 0; i < widths.Count; i++)
        {
            var bytes = atOnce * Network(experiment, widths[i]);
            var network = NetworkSizes(experiment.Embedding.Architecture, widths[i]);
            var parameters = Parameters(
                experiment.Problem.Couple.Tracers ? WithTracers(experiment, network) : network, biases: true);
            if (bytes > Available || parameters > Array.MaxLength)
                throw experiment.Loaded.Error($"$.couple.widths[{i}]",
                    $"networks must fit into memory, {atOnce} of width {widths[i]} at once " +
                    $"take {bytes / 1e9:N1} GB of {Available / 1e9:N1} GB, " +
                    $"each with {parameters:G3} parameters of at most " +
                    $"{Array.MaxLength:G3}; use smaller widths or fewer threads");
        }
    }

    /// <summary>Refuses generated points that do not fit.</summary>
    /// <exception cref="ProblemException">They do not; the message has the bytes.</exception>
    internal static void CheckPoints(LoadedProblem loaded, int points, int dimension)
    {
        var numbers = ((double)points + loaded.Problem.Data.Test) * (dimension + 1.0);
        if (numbers > Array.MaxLength || sizeof(double) * numbers > Available)
            throw loaded.Error("$.data.points", $"the points must fit into memory, {numbers:G3} numbers take " +
                $"{sizeof(double) * numbers / 1e9:N1} GB of {Available / 1e9:N1} GB " +
                $"(at most {Array.MaxLength:G3} numbers); use fewer points");
    }

    /// <summary>Refuses type rules whose limit does not fit into memory or into one array.</summary>
    /// <exception cref="ProblemException">It does not fit; the message has the nodes and the bytes.</exception>
    internal static void CheckLimit(LoadedProblem loaded, IEmbedding embedding)
    {
        var problem = loaded.Problem;
        for (var i = 0; i < problem.Limit.Types!.Count; i++)
            if (problem.Limit.Types[i] is SobolSpec
                && embedding.TypeLaws(i + 1).Count is var count and > Sobol.MostDimensions)
                throw loaded.Error($"$.limit.types[{i}].rule",
                    $"sobol has at most {Sobol.MostDimensions} coordinates, " +
                    $"the types of layer {i + 1} have {count}; use monte-carlo");
        var sizes = LimitSizes(loaded, embedding);
        var bytes = Bytes(sizes, problem, limit: true);
        var parameters = Parameters(sizes, biases: true);
        if (bytes < Available && parameters < Array.MaxLength) return;
        var layer = Math.Clamp(sizes.IndexOf(sizes.Max()), 1, sizes.Count - 2);
        throw loaded.Error($"$.limit.types[{layer - 1}]",
            $"the limit must fit into memory, {sizes[layer]:N0} nodes in layer {layer} " +
            $"make it {bytes / 1e9:N1} GB of {Available / 1e9:N1} GB " +
            $"(and {parameters:G3} parameters of at most {Array.MaxLength:G3}); " +
            "use fewer nodes, or the sobol rule");
    }

    /// <summary>Whether the limit fits with other rules than those asked for.</summary>
    internal static bool Fits(Experiment experiment, IReadOnlyList<IQuadratureRule> rules)
    {
        var sizes = LimitSizes(experiment.Embedding, rules);
        return Parameters(sizes, biases: true) < Array.MaxLength && Bytes(sizes, experiment.Problem, limit: true) < Available;
    }

    /// <summary>The copies of the state that the method holds, and the buffers of the passes.</summary>
    private static double Bytes(List<long> sizes, Problem problem, bool limit)
    {
        var sgd = (limit ? problem.Limit.Dynamics : problem.Training.Dynamics) == Problems.Dynamics.Sgd;
        var table = sgd ? RungeKutta.Euler : RungeKutta.Find(limit ? problem.Limit.Method : problem.Training.Method);
        return sizeof(double) * (Parameters(sizes, problem.Network.Biases != BiasMode.None) * (Copies + table.Stages)
            + 3.0 * BlockPoints * sizes.Skip(1).Sum(n => (double)n));
    }

    private static double Parameters(List<long> sizes, bool biases) =>
        Enumerable.Range(1, sizes.Count - 1).Sum(i => (double)sizes[i - 1] * sizes[i] + (biases ? sizes[i] : 0));

    /// <summary>Sizes of the limit with the hidden neurons of a network added.</summary>
    private static List<long> WithTracers(Experiment experiment, List<long> network)
    {
        var limit = LimitSizes(experiment.Loaded, experiment.Embedding);
        return [.. limit.Select((n, i) => i == 0 || i == limit.Count - 1 ? n : n + network[i])];
    }

    private static List<long> NetworkSizes(Architecture architecture, int width) =>
        [architecture.Inputs, .. Enumerable.Repeat((long)width, architecture.Depth - 1), architecture.Outputs];

    private static List<long> LimitSizes(LoadedProblem loaded, IEmbedding embedding) =>
        LimitSizes(embedding, TypeRules.Asked(loaded.Problem.Limit.Types!, 0));

    private static List<long> LimitSizes(IEmbedding embedding, IReadOnlyList<IQuadratureRule> rules) =>
    [
        embedding.Architecture.Inputs,
        .. rules.Select((rule, i) => rule.CountNodes(embedding.TypeLaws(i + 1))),
        embedding.Architecture.Outputs,
    ];
}
