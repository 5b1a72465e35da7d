using MeanFieldLimit.Data;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Models;

/// <summary>What runs will need in memory, known before they start, and refused where there is not that much.</summary>
public static class MemoryPlan
{
    // Beside the method's: initial state, state, next state, error, state at a save time.
    private const int Copies = 5;
    private const int BlockPoints = 512;

    // Increments, those of pairs, two levels of bridges, and what they are multiplied by.
    private const int NoiseVectors = 5;

    /// <summary>Bytes of solving the limit of a model.</summary>
    public static double Limit(Model model) =>
        LimitBytes(LimitSizes(model.Loaded, model.OfLimit.Embedding), model.OfLimit.Embedding,
            model.Problem, model.Data.Train);

    /// <summary>Bytes and parameters of a limit with so many nodes in its hidden layers.</summary>
    internal static (double Bytes, double Parameters) Limit(Model model, IReadOnlyList<double> nodes)
    {
        var architecture = model.OfLimit.Embedding.Architecture;
        List<long> sizes = [architecture.Inputs, .. nodes.Select(n => (long)Math.Min(n, 1e18)), architecture.Outputs];
        return (LimitBytes(sizes, model.OfLimit.Embedding, model.Problem, model.Data.Train),
            Parameters(sizes, biases: true));
    }

    /// <summary>Parameters of the limit of a model.</summary>
    internal static double Parameters(Model model) =>
        Parameters(LimitSizes(model.Loaded, model.OfLimit.Embedding),
            biases: model.Problem.Network.Biases != BiasMode.None);

    /// <summary>Whether the limit of a model fits.</summary>
    internal static bool Fits(Model model) => Fits(model, model.Rules);

    /// <summary>
    /// Bytes of what is trained together of a model, for the first <paramref name="widths"/> of its widths: the
    /// widest network, or with tracers a network of each width and the limit that carries them.
    /// </summary>
    public static double Networks(Model model, int widths)
    {
        var bytes = model.Problem.Couple.Widths.Take(widths)
            .Select(n => NetworkBytes(model, n));
        return model.Tracers == 0 ? bytes.Last() : bytes.Sum()
            + Bytes(WithTracers(model, model.Problem.Couple.Widths[widths - 1]), model.Problem,
                limit: true);
    }

    /// <summary>
    /// Refuses widths whose networks do not fit, <paramref name="atOnce"/> of them together, or of their families with
    /// tracers.
    /// </summary>
    /// <exception cref="ProblemException">They do not; the message has the bytes.</exception>
    public static void CheckNetworks(Model model, int atOnce)
    {
        var (widths, architecture) = (model.Problem.Couple.Widths, model.Embedding.Architecture);
        if (model.Problem.Training.Dynamics == DynamicsKind.Sgd)
            DataPlan.CheckBatches(model.Loaded, architecture.Inputs, architecture.Outputs, atOnce);
        RecordPlan.CheckNetworks(model, atOnce);
        for (var i = 0; i < widths.Count; i++)
        {
            var bytes = atOnce * Networks(model, i + 1) + RecordPlan.Networks(model, atOnce);
            var tracers = Math.Min(model.Tracers, widths[i]);
            var network = NetworkSizes(architecture, widths[i]);
            var parameters = Parameters(tracers > 0 ? WithTracers(model, widths[i]) : network, biases: true);
            var training = model.Problem.Training;
            if (training.Dynamics == DynamicsKind.Flow)
                CheckMethod(model.Loaded, "$.training.method", training.Method, Parameters(network, biases: true),
                    $"a network of width {widths[i]}");
            if (tracers > 0 && model.Problem.Limit.Dynamics == DynamicsKind.Flow)
                CheckMethod(model.Loaded, "$.limit.method", model.Problem.Limit.Method, parameters,
                    $"the limit with tracers of width {widths[i]}");
            if (bytes > MemoryLimit.Bytes || parameters > Array.MaxLength)
                throw model.Loaded.Error($"$.couple.widths[{i}]",
                    $"networks must fit into memory, {atOnce} of width {widths[i]} at once" +
                    (tracers > 0 ? $", the narrower ones and {tracers} neurons of each layer as tracers too, " : " ") +
                    $"take {MemoryLimit.Share(bytes)}, each with {parameters:G3} parameters of at most " +
                    $"{Array.MaxLength}; use smaller widths or fewer threads" +
                    (tracers > 0 ? ", or fewer tracers (couple.tracers)" : ""));
        }
    }

    /// <summary>Refuses type rules whose limit does not fit into memory or into one array.</summary>
    /// <exception cref="ProblemException">It does not fit; the message has the nodes and the bytes.</exception>
    internal static void CheckLimit(LoadedProblem loaded, Embedding embedding, ExperimentData data)
    {
        var problem = loaded.Problem;
        if (problem.Limit.Dynamics == DynamicsKind.Sgd)
            DataPlan.CheckBatches(loaded, embedding.Architecture.Inputs, embedding.Architecture.Outputs, atOnce: 1);
        RecordPlan.CheckLimit(loaded, data.Train);
        for (var i = 0; i < problem.Limit.Types!.Count; i++)
            if (problem.Limit.Types[i] is SobolSpec
                && embedding.TypeLaws(i + 1).Count is var count and > Sobol.MostDimensions)
                throw loaded.Error($"$.limit.types[{i}].rule",
                    $"sobol has at most {Sobol.MostDimensions} coordinates, " +
                    $"the types of layer {i + 1} have {count}; use monte-carlo");
        var sizes = LimitSizes(loaded, embedding);
        var bytes = LimitBytes(sizes, embedding, problem, data.Train);
        var parameters = new[] { Parameters(sizes, biases: true), Types(sizes, embedding).Max(),
            Noises(sizes, problem, data.Train) }.Max();
        if (problem.Limit.Dynamics == DynamicsKind.Flow)
            CheckMethod(loaded, "$.limit.method", problem.Limit.Method, parameters, "the limit");
        if (bytes < MemoryLimit.Bytes && parameters < Array.MaxLength) return;
        var layer = Math.Clamp(sizes.IndexOf(sizes.Max()), 1, sizes.Count - 2);
        throw loaded.Error($"$.limit.types[{layer - 1}]",
            $"the limit must fit into memory, {sizes[layer]:N0} nodes in layer {layer} " +
            $"make it {MemoryLimit.Share(bytes)} " +
            $"(and {parameters:G10} parameters of at most {Array.MaxLength}); " +
            "use fewer nodes, or the sobol rule");
    }

    /// <summary>Whether the limit fits with other rules than those asked for.</summary>
    internal static bool Fits(Model model, IReadOnlyList<IQuadratureRule> rules)
    {
        var sizes = LimitSizes(model.OfLimit.Embedding, rules, NoiseCheck.Paths(model.Problem));
        var most = model.Problem.Limit.Dynamics == DynamicsKind.Flow
            ? TimeMethod.Find(model.Problem.Limit.Method).MostDimensions
            : int.MaxValue;
        return Parameters(sizes, biases: true) < Math.Min(most, Array.MaxLength)
            && Types(sizes, model.OfLimit.Embedding).Max() <= Array.MaxLength
            && LimitBytes(sizes, model.OfLimit.Embedding, model.Problem, model.Data.Train)
                < MemoryLimit.Bytes;
    }

    private static void CheckMethod(LoadedProblem loaded, string path, string method, double parameters, string what)
    {
        if (TimeMethod.Find(method).MostDimensions is var most and < int.MaxValue && parameters > most)
            throw loaded.Error(path, $"{method} takes at most {most} parameters, {what} has {parameters:N0}; " +
                "use chebyshev, or fewer nodes or neurons");
    }

    /// <summary>Those of <see cref="Bytes"/>, the nodes of the types, and what is recorded.</summary>
    private static double LimitBytes(List<long> sizes, Embedding embedding, Problem problem, Dataset train) =>
        Bytes(sizes, problem, limit: true) + sizeof(double) * NoiseVectors * Noises(sizes, problem, train)
            + sizeof(double) * Types(sizes, embedding).Sum()
            + RecordPlan.Limit(problem, train);

    /// <summary>The same of a network, of whose types only latents are kept.</summary>
    private static double NetworkBytes(Model model, int width)
    {
        var sizes = NetworkSizes(model.Embedding.Architecture, width);
        return Bytes(sizes, model.Problem, limit: false)
            + sizeof(double) * NoiseVectors * Noises(sizes, model.Problem, model.Data.Train)
            + (model.Embedding.IsCorrelated ? sizeof(double) * Types(sizes, model.Embedding).Sum() : 0);
    }

    /// <summary>Brownian motions of neurons that have their own.</summary>
    private static double Noises(List<long> sizes, Problem problem, Dataset train) =>
        !NoiseCheck.IsOwn(problem) ? 0 : (double)sizes[1]
            * (problem.Training.Dynamics == DynamicsKind.SgdDiffusion ? train.Count : sizes[0] + sizes[^1]);

    /// <summary>Coordinates of all types of each hidden layer.</summary>
    private static IEnumerable<double> Types(List<long> sizes, Embedding embedding) =>
        Enumerable.Range(1, sizes.Count - 2).Select(i => (double)sizes[i] * embedding.TypeLaws(i).Count);

    /// <summary>The copies of the state that the method holds, the buffers of the passes, and a batch.</summary>
    private static double Bytes(List<long> sizes, Problem problem, bool limit)
    {
        var sgd = (limit ? problem.Limit.Dynamics : problem.Training.Dynamics) == DynamicsKind.Sgd;
        var (method, tolerance) = sgd ? ("euler", problem.Limit.Tolerance)
            : limit ? (problem.Limit.Method, problem.Limit.Tolerance)
            : (problem.Training.Method, problem.Training.Tolerance);
        // The velocity that a limit is watched by, and the state where it is looked at inside a step.
        var watched = limit && problem.Training.Until is not null ? 2 : 0;
        var vectors = Copies + watched + TimeMethod.Find(method).Vectors(new(tolerance, tolerance));
        return sizeof(double) * (Parameters(sizes, problem.Network.Biases != BiasMode.None) * vectors
            + (sgd ? DataPlan.Batch(problem.Training.Batch!.Value, sizes[0], sizes[^1]) : 0)
            + BlockPoints * (3.0 * sizes.Skip(1).Sum(n => (double)n) + 2.0 * sizes.Max()));
    }

    private static double Parameters(List<long> sizes, bool biases) =>
        Enumerable.Range(1, sizes.Count - 1).Sum(i => (double)sizes[i - 1] * sizes[i] + (biases ? sizes[i] : 0));

    /// <summary>Sizes of the limit with the tracers of a network added.</summary>
    private static List<long> WithTracers(Model model, int width)
    {
        var limit = LimitSizes(model.Loaded, model.Embedding);
        var tracers = Math.Min(model.Tracers, width);
        return [.. limit.Select((n, i) => i == 0 || i == limit.Count - 1 ? n : n + tracers)];
    }

    private static List<long> NetworkSizes(Architecture architecture, int width) =>
        [architecture.Inputs, .. Enumerable.Repeat((long)width, architecture.Depth - 1), architecture.Outputs];

    private static List<long> LimitSizes(LoadedProblem loaded, Embedding embedding) =>
        LimitSizes(embedding, TypeRules.Asked(loaded.Problem.Limit.Types!, 0), NoiseCheck.Paths(loaded.Problem));

    private static List<long> LimitSizes(Embedding embedding, IReadOnlyList<IQuadratureRule> rules, int paths) =>
    [
        embedding.Architecture.Inputs,
        .. rules.Select((rule, i) => paths * rule.CountNodes(embedding.TypeLaws(i + 1))),
        embedding.Architecture.Outputs,
    ];
}
