using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Problems;

/// <summary>What a limit as a density asks of the rest of the problem.</summary>
internal static class DensityCheck
{
    private const int MostCoordinates = 2, MostInPlane = 1024;

    internal static Refusal? Refuse(Problem problem) => problem.Density is not { } density ? null
        : RefuseGrid(problem, density) ?? RefuseNetwork(problem) ?? RefuseLimit(problem);

    /// <summary>Whether a layer is trained.</summary>
    internal static bool Moves(LayerSpec layer) => layer.Rate is not ConstantRate { Value: 0 };

    /// <summary>The network is one whose neurons have a density.</summary>
    internal static void CheckNetwork(LoadedProblem loaded) => loaded.Throw(RefuseNetwork(loaded.Problem));

    /// <summary>A neuron has one or two coordinates, and the grid an end for each.</summary>
    internal static void CheckCoordinates(LoadedProblem loaded, int coordinates, int inputs, int outputs) =>
        loaded.Throw(loaded.Problem switch
        {
            _ when coordinates > MostCoordinates => new("$.network.layers",
                $"a neuron must have at most {MostCoordinates} trained parameters for a density, got {coordinates} " +
                $"with {inputs} inputs and {outputs} outputs; use fewer inputs, or the rate 0 in a layer"),
            { Density.Cells: > MostInPlane and var cells } when coordinates > 1 => new("$.density.cells",
                $"cells must be at most {MostInPlane} for two trained parameters of a neuron, got {cells}; use fewer"),
            { Density.Low: { } low } when low.Count != coordinates => new("$.density.low",
                $"low and high must have one end for each of {coordinates} trained parameters of a neuron, got " +
                $"{low.Count}; give {coordinates}"),
            { Training.Dynamics: DynamicsKind.SgdDiffusion } when coordinates > 1 => new("$.training.dynamics",
                $"a neuron must have one trained parameter for the noise of SGD on a grid, got {coordinates}, of " +
                "which it is correlated; use the rate 0 in a layer, or another law of motion"),
            _ => null,
        });

    private static Refusal? RefuseGrid(Problem problem, DensitySpec density) => density switch
    {
        { Cells: var cells } when cells % 2 != 0 => new("$.density.cells",
            $"cells must be even, the error estimate halves them, got {cells}; use {cells + 1}"),
        { Low: var low, High: var high } when low?.Count != high?.Count => new("$.density.low",
            $"low and high must have one end for each coordinate, got {low?.Count ?? 0} and {high?.Count ?? 0}; " +
            "give both, or neither"),
        { Low: { } low, High: { } high } when low.FirstRefusal((end, k) => end < high[k] ? null : new(
            $"$.density.low[{k}]", $"low must be below high, got {Number.Text(end)} and {Number.Text(high[k])}; swap " +
            "them")) is { } refusal => refusal,
        { Step: { } step } when problem.Training.Time / step is > TimeLoop.DefaultMostSteps and var steps =>
            new("$.density.step", $"a run must have at most {TimeLoop.DefaultMostSteps} steps, got " +
            $"{Math.Ceiling(steps):G12}; use a longer step"),
        _ => null,
    };

    private static Refusal? RefuseNetwork(Problem problem) => problem.Network switch
    {
        { Layers: { Count: not 2 } layers } => new("$.network.layers",
            $"a network with a density must have two layers, got {layers.Count}; use two"),
        var network when network.Layers.FirstRefusal((layer, i) => RefuseLayer(layer, $"$.network.layers[{i}]"))
            is { } refusal => refusal,
        { Layers: [{ Bias: { } bias } first, _], Biases: var biases }
            when RefuseLaw(bias, biases == BiasMode.Trained && Moves(first), "$.network.layers[0].bias")
            is { } refusal => refusal,
        { Biases: BiasMode.Trained, Layers: [_, var output] } when Moves(output) => new("$.network.biases",
            "biases must not be trained with the output layer for a density, got trained: those of the outputs " +
            "belong to no neuron; use frozen or none, or the rate 0 in the output layer"),
        { Layers: var layers } when !layers.Any(Moves) => new("$.network.layers",
            "one layer must be trained for a density, got none; leave a rate out"),
        _ => null,
    };

    private static Refusal? RefuseLayer(LayerSpec layer, string path) => layer switch
    {
        { Interaction: not "weighted-sum" and var other } => new($"{path}.interaction",
            $"the interaction must be weighted-sum for a density, got {other}; use that"),
        { Rate: not (null or ConstantRate { Value: 0 or 1 }) } => new($"{path}.rate",
            "the rate must be constant, 1 for a layer that is trained and 0 for one that is not, for a " +
            "density; leave it out, or use constant with the value 0"),
        _ => RefuseLaw(layer.Weights, Moves(layer), $"{path}.weights"),
    };

    private static Refusal? RefuseLaw(LawSpec law, bool moves, string path)
    {
        var name = Names.OfKind(law) + (law is GaussianLaw { Std: var std } ? $" with the std {Number.Text(std)}" : "");
        return (moves, law) switch
        {
            (true, GaussianLaw { Std: > 0 } or UniformLaw) or (false, ConstantLaw) => null,
            (true, _) => new(path, "a trained parameter must start from a law with a density, got " +
                $"{name}; use gaussian with a positive std, or uniform"),
            _ => new(path, "a parameter that is not trained must be the same for all neurons for a " +
                $"density, got {name}; use constant"),
        };
    }

    private static Refusal? RefuseLimit(Problem problem) => problem switch
    {
        { Limit.Dynamics: not DynamicsKind.Flow } => new("$.limit.dynamics",
            "dynamics of a limit with a density must be flow, got sgd; use flow"),
        { Limit.Accuracy: { } accuracy } => new("$.limit.accuracy", "accuracy must not be given with a density, " +
            $"whose particles are the types they are given, got {Number.Text(accuracy)}; give types"),
        { Limit.Types: [SmolyakSpec, ..] } => new("$.limit.types[0].rule",
            "the rule must have masses that are not negative for a density, got smolyak; use gauss or sobol"),
        { Training.Noise: SgdNoise.Shared } => new("$.training.noise", "noise must be per-particle for a density, " +
            "got shared, given which alone the law of neurons is one; use per-particle"),
        { Network.Biases: BiasMode.Trained, Training: { IsNoisy: true } or { WeightDecay: > 0 } } =>
            new("$.network.biases", "biases must not be trained with noise or weightDecay for a density, which move " +
            "weights only, got trained; use frozen or none"),
        _ => null,
    };
}
