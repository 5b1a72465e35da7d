using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Solvers.Quadrature;
using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Experiments;

/// <summary>What runs will need in memory, known before they start, and refused where there is not that much.</summary>
public static class MemoryPlan
{
    // Beside the method's: initial state, state, next state, error, state at a save time.
    private const int Copies = 5;
    private const int BlockPoints = 512;

    private static double Available => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Bytes of solving the limit of an experiment.</summary>
    public static double Limit(Experiment experiment) =>
        Bytes(LimitSizes(experiment.Loaded, experiment.OfLimit.Embedding), experiment.Problem, limit: true);

    /// <summary>Bytes and parameters of a limit with so many nodes in its hidden layers.</summary>
    internal static (double Bytes, double Parameters) Limit(Experiment experiment, IReadOnlyList<double> nodes)
    {
        var architecture = experiment.OfLimit.Embedding.Architecture;
        List<long> sizes = [architecture.Inputs, .. nodes.Select(n => (long)Math.Min(n, 1e18)), architecture.Outputs];
        return (Bytes(sizes, experiment.Problem, limit: true), Parameters(sizes, biases: true));
    }

    /// <summary>Parameters of the limit of an experiment.</summary>
    internal static double Parameters(Experiment experiment) =>
        Parameters(LimitSizes(experiment.Loaded, experiment.OfLimit.Embedding),
            biases: experiment.Problem.Network.Biases != BiasMode.None);

    /// <summary>Whether the limit of an experiment fits.</summary>
    internal static bool Fits(Experiment experiment) => Fits(experiment, experiment.Rules);

    /// <summary>
    /// Bytes of what is trained together of an experiment, for the first <paramref name="widths"/> of its widths: the
    /// widest network, or with tracers a network of each width and the limit that carries them.
    /// </summary>
    public static double Networks(Experiment experiment, int widths)
    {
        var bytes = experiment.Problem.Couple.Widths.Take(widths)
            .Select(n => Bytes(NetworkSizes(experiment.Embedding.Architecture, n), experiment.Problem, limit: false));
        return experiment.Tracers == 0 ? bytes.Last() : bytes.Sum()
            + Bytes(WithTracers(experiment, experiment.Problem.Couple.Widths[widths - 1]), experiment.Problem,
                limit: true);
    }

    /// <summary>
    /// Refuses widths whose networks do not fit, <paramref name="atOnce"/> of them together, or of their families with
    /// tracers.
    /// </summary>
    /// <exception cref="ProblemException">They do not; the message has the bytes.</exception>
    public static void CheckNetworks(Experiment experiment, int atOnce)
    {
        var widths = experiment.Problem.Couple.Widths;
        for (var i = 0; i < widths.Count; i++)
        {
            var bytes = atOnce * Networks(experiment, i + 1);
            var tracers = Math.Min(experiment.Tracers, widths[i]);
            var network = NetworkSizes(experiment.Embedding.Architecture, widths[i]);
            var parameters = Parameters(tracers > 0 ? WithTracers(experiment, widths[i]) : network, biases: true);
            var training = experiment.Problem.Training;
            if (training.Dynamics == Problems.Dynamics.Flow)
                CheckMethod(experiment.Loaded, "$.training.method", training.Method, Parameters(network, biases: true),
                    $"a network of width {widths[i]}");
            if (tracers > 0 && experiment.Problem.Limit.Dynamics == Problems.Dynamics.Flow)
                CheckMethod(experiment.Loaded, "$.limit.method", experiment.Problem.Limit.Method, parameters,
                    $"the limit with tracers of width {widths[i]}");
            if (bytes > Available || parameters > Array.MaxLength)
                throw experiment.Loaded.Error($"$.couple.widths[{i}]",
                    $"networks must fit into memory, {atOnce} of width {widths[i]} at once" +
                    (tracers > 0 ? $", the narrower ones and {tracers} neurons of each layer as tracers too, " : " ") +
                    $"take {bytes / 1e9:N1} GB of {Available / 1e9:N1} GB, " +
                    $"each with {parameters:G3} parameters of at most " +
                    $"{Array.MaxLength:G3}; use smaller widths or fewer threads" +
                    (tracers > 0 ? ", or fewer tracers (couple.tracers)" : ""));
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

    /// <summary>Refuses nodes for generated data that do not fit.</summary>
    /// <exception cref="ProblemException">They do not; the message has the bytes.</exception>
    internal static void CheckNodes(LoadedProblem loaded, long nodes, int pointsPerNode)
    {
        if (Fits(loaded.Problem, nodes, pointsPerNode, out var bytes)) return;
        throw loaded.Error("$.data.expectation",
            $"the nodes of the data must fit into memory, {(double)nodes * pointsPerNode:G3} points, and those drawn " +
            $"beside them, take {bytes / 1e9:N1} GB of {Available / 1e9:N1} GB (at most {Array.MaxLength:G3} numbers " +
            "in a list); use fewer nodes, fewer inputs, or points");
    }

    /// <summary>Whether nodes for generated data fit, and the points that are drawn beside them.</summary>
    internal static bool Fits(Problem problem, long nodes, int pointsPerNode, out double bytes)
    {
        var dimension = (double)((IGeneratedData)problem.Data).Dimension;
        var points = (double)nodes * pointsPerNode;
        var drawn = ((double)problem.Data.Test + problem.Record.Points) * (dimension + 1);
        bytes = sizeof(double) * (nodes * (dimension + 1) + points * (dimension + 2) + drawn);
        return Math.Max(points * dimension, drawn) <= Array.MaxLength && bytes <= Available;
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
        if (problem.Limit.Dynamics == Problems.Dynamics.Flow)
            CheckMethod(loaded, "$.limit.method", problem.Limit.Method, parameters, "the limit");
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
        var sizes = LimitSizes(experiment.OfLimit.Embedding, rules);
        var most = experiment.Problem.Limit.Dynamics == Problems.Dynamics.Flow
            ? TimeMethod.Find(experiment.Problem.Limit.Method).MostDimensions
            : int.MaxValue;
        return Parameters(sizes, biases: true) < Math.Min(most, Array.MaxLength)
            && Bytes(sizes, experiment.Problem, limit: true) < Available;
    }

    private static void CheckMethod(LoadedProblem loaded, string path, string method, double parameters, string what)
    {
        if (TimeMethod.Find(method).MostDimensions is var most and < int.MaxValue && parameters > most)
            throw loaded.Error(path, $"{method} takes at most {most} parameters, {what} has {parameters:N0}; " +
                "use chebyshev, or fewer nodes or neurons");
    }

    /// <summary>The copies of the state that the method holds, and the buffers of the passes.</summary>
    private static double Bytes(List<long> sizes, Problem problem, bool limit)
    {
        var sgd = (limit ? problem.Limit.Dynamics : problem.Training.Dynamics) == Problems.Dynamics.Sgd;
        var (method, tolerance) = sgd ? ("euler", problem.Limit.Tolerance)
            : limit ? (problem.Limit.Method, problem.Limit.Tolerance)
            : (problem.Training.Method, problem.Training.Tolerance);
        // The velocity that a limit is watched by, and the state where it is looked at inside a step.
        var watched = limit && problem.Training.Until is not null ? 2 : 0;
        var vectors = Copies + watched + TimeMethod.Find(method).Vectors(new(tolerance, tolerance));
        return sizeof(double) * (Parameters(sizes, problem.Network.Biases != BiasMode.None) * vectors
            + BlockPoints * (3.0 * sizes.Skip(1).Sum(n => (double)n) + 2.0 * sizes.Max()));
    }

    private static double Parameters(List<long> sizes, bool biases) =>
        Enumerable.Range(1, sizes.Count - 1).Sum(i => (double)sizes[i - 1] * sizes[i] + (biases ? sizes[i] : 0));

    /// <summary>Sizes of the limit with the tracers of a network added.</summary>
    private static List<long> WithTracers(Experiment experiment, int width)
    {
        var limit = LimitSizes(experiment.Loaded, experiment.Embedding);
        var tracers = Math.Min(experiment.Tracers, width);
        return [.. limit.Select((n, i) => i == 0 || i == limit.Count - 1 ? n : n + tracers)];
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
