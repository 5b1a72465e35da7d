using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Kernels;
using MeanFieldLimit.Networks.Interactions;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;

namespace MeanFieldLimit.Models;

/// <summary>What runs will need in memory, known before they start, and refused where there is not that much.</summary>
public static class MemoryPlan
{
    // Beside the method's: initial state, state, next state; error and state at a save time where steps are chosen.
    private const int Copies = 3, OfChosenSteps = 2;

    // Sigma and Theta; where they are not too large also eigenvectors, and what closed forms are made of.
    private const int Matrices = 2, MatricesOfModes = 8;

    // Increments, and what they are multiplied by.
    private const int NoiseVectors = 2;

    /// <summary>Bytes of solving the limit of a model.</summary>
    public static double Limit(Model model) => model.IsKernel
        ? sizeof(double) * Math.Pow(model.Watched.Count, 2)
            * (model.Data.Train.Count <= KernelFlow.MostPoints ? MatricesOfModes : Matrices)
        : LimitBytes(model, LimitSizes(model, model.Rules));

    /// <summary>Bytes and parameters of a limit with so many nodes in its hidden layers.</summary>
    internal static (double Bytes, double Parameters) Limit(Model model, IReadOnlyList<double> nodes)
    {
        var sizes = Sizes(model.LimitModel, nodes.Select(n => (long)Math.Min(n, 1e18)));
        return (LimitBytes(model, sizes), Parameters(model, sizes));
    }

    /// <summary>Parameters of the limit of a model.</summary>
    internal static double Parameters(Model model) => Parameters(model, LimitSizes(model, model.Rules));

    /// <summary>
    /// Bytes of what is trained together of a model, for the first <paramref name="widths"/> of its widths: the
    /// widest network, or with tracers a network of each width and the limit that carries them.
    /// </summary>
    public static double Networks(Model model, int widths)
    {
        var bytes = model.Problem.Couple.Widths.Take(widths).Select(n => NetworkBytes(model, n));
        return model.Tracers == 0 ? bytes.Last()
            : bytes.Sum() + Bytes(model, WithTracers(model, model.Problem.Couple.Widths[widths - 1]),
                LimitSizes(model, model.Rules), limit: true);
    }

    /// <summary>
    /// Refuses widths whose networks do not fit, <paramref name="atOnce"/> of them together, or of their families with
    /// tracers.
    /// </summary>
    /// <exception cref="ProblemException">They do not; the message has the bytes.</exception>
    public static void CheckNetworks(Model model, int atOnce)
    {
        var widths = model.Problem.Couple.Widths;
        if (model.IsSgd) DataPlan.CheckBatches(model, atOnce);
        RecordPlan.CheckNetworks(model, atOnce);
        for (var i = 0; i < widths.Count; i++)
        {
            var bytes = atOnce * Networks(model, i + 1) + RecordPlan.Networks(model, atOnce);
            var tracers = Math.Min(model.Tracers, widths[i]);
            var network = NetworkSizes(model, widths[i]);
            var parameters = Parameters(model, tracers > 0 ? WithTracers(model, widths[i]) : network);
            CheckMethod(model, "$.training.method", model.Dynamics, Parameters(model, network),
                $"a network of width {widths[i]}");
            if (tracers > 0)
                CheckMethod(model, "$.limit.method", model.LimitDynamics, parameters,
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
    internal static void CheckLimit(Model model)
    {
        var (limit, embedding) = (model.Problem.Limit, model.LimitModel.Embedding);
        if (limit.Dynamics == DynamicsKind.Sgd) DataPlan.CheckBatches(model.LimitModel, atOnce: 1);
        RecordPlan.CheckLimit(model);
        if (model.IsKernel)
        {
            CheckKernel(model);
            return;
        }
        for (var i = 0; i < limit.Types!.Count; i++)
            if (limit.Types[i] is SobolSpec && embedding.TypeLaws(i + 1).Count is var count and > Sobol.MostDimensions)
                throw model.Loaded.Error($"$.limit.types[{i}].rule", $"sobol has at most {Sobol.MostDimensions} " +
                    $"coordinates, the types of layer {i + 1} have {count}; use monte-carlo");
        var sizes = LimitSizes(model, model.Rules);
        var bytes = LimitBytes(model, sizes);
        double[] arrays = [Parameters(model, sizes), .. Types(sizes, embedding), Noises(model, sizes)];
        CheckMethod(model, "$.limit.method", model.LimitDynamics, arrays.Max(), "the limit");
        if (model.Problem.Record.States > 2) RecordPlan.CheckStates(model, arrays[0]);
        if (bytes < MemoryLimit.Bytes && arrays.Max() < Array.MaxLength) return;
        var layer = Math.Clamp(sizes.IndexOf(sizes.Max()), 1, sizes.Count - 2);
        throw model.Loaded.Error($"$.limit.types[{layer - 1}]", $"the limit must fit into memory, {sizes[layer]:N0} " +
            $"nodes in layer {layer} make it {MemoryLimit.Share(bytes)} (and {arrays.Max():G10} parameters of at " +
            $"most {Array.MaxLength}); use fewer nodes{(limit.Paths is null ? "" : " or paths (limit.paths)")}, or " +
            "the sobol rule");
    }

    private static void CheckKernel(Model model)
    {
        var (bytes, points) = (Limit(model), model.Watched.Count);
        if (bytes > MemoryLimit.Bytes || (double)points * points > Array.MaxLength)
            throw model.Loaded.Error("$.data", "Gram matrices must fit into memory and each into one array, " +
                $"{points:N0} points make them {MemoryLimit.Share(bytes)}, each of {(double)points * points:G3} " +
                $"numbers of at most {Array.MaxLength}; use fewer points");
    }

    /// <summary>Whether the limit fits with other rules than those asked for.</summary>
    internal static bool Fits(Model model, IReadOnlyList<IQuadratureRule> rules)
    {
        var sizes = LimitSizes(model, rules);
        var most = model.LimitDynamics is GradientFlow flow ? TimeMethod.Find(flow.Method).MostDimensions
            : int.MaxValue;
        return Parameters(model, sizes) < Math.Min(most, Array.MaxLength)
            && Types(sizes, model.LimitModel.Embedding).Max() <= Array.MaxLength
            && LimitBytes(model, sizes) < MemoryLimit.Bytes;
    }

    private static void CheckMethod(Model model, string path, IDynamics dynamics, double parameters,
        string what)
    {
        if (dynamics is GradientFlow { Method: var method }
            && TimeMethod.Find(method).MostDimensions is var most and < int.MaxValue && parameters > most)
            throw model.Loaded.Error(path, $"{method} takes at most {most} parameters, {what} has {parameters:N0}; " +
                "use chebyshev, or fewer nodes or neurons");
    }

    /// <summary>Those of <see cref="Bytes"/>, the nodes of the types, and what is recorded.</summary>
    private static double LimitBytes(Model model, List<long> sizes) =>
        Bytes(model, sizes, sizes, limit: true) + sizeof(double) * Types(sizes, model.LimitModel.Embedding).Sum()
            + RecordPlan.Limit(model);

    /// <summary>The same of a network, of whose types only latents are kept.</summary>
    private static double NetworkBytes(Model model, int width)
    {
        var sizes = NetworkSizes(model, width);
        return Bytes(model, sizes, sizes, limit: false)
            + (model.Embedding.IsCorrelated ? sizeof(double) * Types(sizes, model.Embedding).Sum() : 0);
    }

    /// <summary>Brownian motions of neurons that have their own.</summary>
    private static double Noises(Model model, List<long> sizes) => !NoiseCheck.IsOwn(model.Problem) ? 0
        : (double)sizes[1] * (model.Problem.Training.Dynamics == DynamicsKind.SgdDiffusion ? model.Data.Train.Count
            : sizes[0] + sizes[^1]);

    /// <summary>
    /// Numbers of the noise of neurons, with the parts of base steps that paths keep where a step ends inside of one. Massive
    /// neurons of limits have paths in pairs, those of one kept as well, and one part more, as steps are halved too.
    /// </summary>
    private static double NoiseNumbers(Model model, List<long> sizes, List<long> massive, bool limit)
    {
        var all = Noises(model, sizes);
        if (all == 0) return 0;
        const int mostKept = BrownianPaths.Depth + 1;
        var kept = BrownianPaths.Kept(model.NoisyStep, model.SaveTimes.Concat(model.Objective.Jumps));
        var ofPairs = limit ? Noises(model, massive) : 0;
        var ofHalves = Math.Clamp(kept + 1, 2, mostKept);
        return NoiseVectors * all + (all - ofPairs) * kept + ofPairs * (1 + ofHalves) / 2;
    }

    /// <summary>Coordinates of all types of each hidden layer.</summary>
    private static IEnumerable<double> Types(List<long> sizes, Embedding embedding) =>
        Enumerable.Range(1, sizes.Count - 2).Select(i => (double)sizes[i] * embedding.TypeLaws(i).Count);

    /// <summary>
    /// The copies of the state that the method holds at most (where it slides along kinks), the buffers of the passes, noise,
    /// and a batch. Blocks have as many points as the massive neurons leave room for.
    /// </summary>
    private static double Bytes(Model model, List<long> sizes, List<long> massive, bool limit)
    {
        var problem = model.Problem;
        var sgd = (limit ? problem.Limit.Dynamics : problem.Training.Dynamics) == DynamicsKind.Sgd;
        // Noisy steps are Euler and Maruyama's.
        var (name, tolerance) = sgd || problem.Training.IsNoisy ? ("euler", problem.Limit.Tolerance)
            : limit ? (problem.Limit.Method, problem.Limit.Tolerance)
            : (problem.Training.Method, problem.Training.Tolerance);
        var method = TimeMethod.Find(name);
        // The velocity that a limit is watched by, and the state where it is looked at inside a step.
        var watched = limit && problem.Training.Until is not null ? 2 : 0;
        // The state on the sphere, of which the velocity is taken.
        var held = model.Embedding.Architecture.Constraint == WeightConstraint.Sphere ? 1 : 0;
        var vectors = Copies + (method.EstimatesError ? OfChosenSteps : 0) + watched + held
            + method.Vectors(new(tolerance, tolerance));
        var moved = limit ? model.LimitModel : model;
        var trained = sgd ? problem.Training.Batch!.Value : moved.Data.Train.Count;
        var parameters = Parameters(model, sizes);
        var factors = FactorLength(moved, sizes, massive, trained);
        if (sgd || problem.Training.IsNoisy || !(factors < parameters)) factors = null;
        // The velocity's, in factors and made as well, that which is watched, and those of predictions on each data set.
        var velocities = 1 + (watched > 0 ? 1 : 0) + (factors is null ? 0 : 1);
        // Noise of each neuron's own goes by whole matrices, the drift by tiles: there are the passes' block and what tiles keep.
        if (problem.Training.Dynamics == DynamicsKind.SgdDiffusion && NoiseCheck.IsOwn(problem)
            && NeuronBlocks.Suit(moved.Embedding.Architecture, massive[1], trained)) velocities++;
        int[] passes = [.. Enumerable.Repeat(trained, velocities), .. moved.DataSets.Select(data => data.Count)];
        return sizeof(double) * (parameters * vectors
            + (factors is { } numbers ? method.FactoredVectors * (2 * numbers - parameters) : 0)
            + NoiseNumbers(model, sizes, massive, limit)
            + (sgd ? DataPlan.Batch(trained, model.Data.Train.Inputs, sizes[^1]) : 0)
            + passes.Sum(points => Buffers(model, sizes, Math.Min(points, Passes.Points(Values(model, massive).Sum())))));
    }

    /// <summary>Numbers of a velocity in factors; null where there are none. Factors are there twice, gathered for
    /// sums.</summary>
    private static double? FactorLength(Model model, List<long> sizes, List<long> massive, int points)
    {
        var architecture = model.Embedding.Architecture;
        return Parameters(model, sizes) > Array.MaxLength || model.Problem.Training.WeightDecay > 0
            || model.Data.Lengths is not null || model.Embedding.Scaling is not null
            || NeuronBlocks.Suit(architecture, massive[1], points) ? null
            : FactoredVelocity.Layout(architecture, NeuronGroup.Of([.. sizes.Select(n => (int)n)],
                [.. massive.Select(n => (int)n)]), points)?.Length;
    }

    private static double Parameters(Model model, List<long> sizes)
    {
        var (shape, biases) = (model.Embedding.Architecture, model.Problem.Network.Biases != BiasMode.None);
        return Enumerable.Range(1, sizes.Count - 1)
            .Sum(i => (double)sizes[i - 1] * shape.Taps(i) * sizes[i] + (biases ? sizes[i] : 0));
    }

    /// <summary>
    /// Of a block of points: pre-activations, activations, signals and slopes, what interactions other than sums need beside
    /// them, and on images pooled values and parts of gradients.
    /// </summary>
    private static double Buffers(Model model, List<long> sizes, int points)
    {
        var (values, shape) = (Values(model, sizes).ToArray(), model.LimitModel.Embedding.Architecture);
        var buffers = points * (3 * values.Sum() + values.Max());
        if (shape.Interactions.Any(phi => phi is not WeightedSum)) buffers += Math.Max(4, points + 1) * sizes.Max();
        if (shape.IsDense) return buffers;
        var pooled = shape.Geometry.Select((g, i) => (double)sizes[i + 1] * (g.Pooling?.Extent.Positions ?? 0)).Sum();
        return buffers + points * 2 * pooled + shape.Geometry.Select((g, i) => shape.IsPlain(i + 1) ? 0
            : TapProducts.Room((double)g.Taps * sizes[i] * sizes[i + 1])).Max();
    }

    /// <summary>Of a point in each layer: neurons at all their positions.</summary>
    private static IEnumerable<double> Values(Model model, List<long> sizes) =>
        model.LimitModel.Embedding.Architecture.Geometry.Select((g, i) => (double)g.Positions * sizes[i + 1]);

    private static List<long> Sizes(Model model, IEnumerable<long> hidden) =>
        [model.Embedding.Architecture.Inputs, .. hidden, model.Embedding.Architecture.Outputs];

    private static List<long> NetworkSizes(Model model, int width) =>
        Sizes(model, Enumerable.Range(1, model.Embedding.Architecture.Depth - 1)
            .Select(i => (long)width * model.Problem.Couple.RatioOf(i)));

    private static List<long> LimitSizes(Model model, IReadOnlyList<IQuadratureRule> rules)
    {
        long paths = NoiseCheck.Paths(model.Problem);
        return Sizes(model.LimitModel, rules.Select((rule, i) => paths *
            Math.Min(rule.CountNodes(model.LimitModel.Embedding.TypeLaws(i + 1)), long.MaxValue / paths)));
    }

    private static List<long> WithTracers(Model model, int width) =>
        Sizes(model, LimitSizes(model, model.Rules)[1..^1].Select((n, i) =>
            n + Math.Min(model.Tracers, (long)width * model.Problem.Couple.RatioOf(i + 1))));
}
