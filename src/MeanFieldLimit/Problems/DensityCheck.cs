using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Problems;

/// <summary>What a limit as a density asks of the rest of the problem.</summary>
internal static class DensityCheck
{
    private const int MostCoordinates = 2, MostInPlane = 1024;

    internal static void Check(LoadedProblem loaded)
    {
        if (loaded.Problem.Density is not { } density) return;
        if (density.Cells % 2 != 0)
            throw loaded.Error("$.density.cells",
                $"cells must be even, the error estimate halves them, got {density.Cells}; use {density.Cells + 1}");
        if ((density.Low is null) != (density.High is null) || density.Low?.Count != density.High?.Count)
            throw loaded.Error("$.density.low",
                $"low and high must have one end for each coordinate, got {density.Low?.Count ?? 0} and " +
                $"{density.High?.Count ?? 0}; give both, or neither");
        for (var k = 0; k < density.Low?.Count; k++)
            if (!(density.Low[k] < density.High![k]))
                throw loaded.Error($"$.density.low[{k}]",
                    $"low must be below high, got {Number.Text(density.Low[k])} and {Number.Text(density.High[k])}; " +
                    "swap them");
        if (loaded.Problem.Training.Time / density.Step is { } steps && steps > TimeLoop.DefaultMostSteps)
            throw loaded.Error("$.density.step",
                $"a run must have at most {TimeLoop.DefaultMostSteps} steps, got {Math.Ceiling(steps):G12}; " +
                "use a longer step");
        CheckNetwork(loaded);
        CheckLimit(loaded);
        CheckNoise(loaded);
    }

    /// <summary>Whether a layer is trained.</summary>
    internal static bool Moves(LayerSpec layer) => layer.Rate is not ConstantRate { Value: 0 };

    /// <summary>The network is one whose neurons have a density.</summary>
    internal static void CheckNetwork(LoadedProblem loaded)
    {
        var network = loaded.Problem.Network;
        if (network.Layers.Count != 2)
            throw loaded.Error("$.network.layers",
                $"a network with a density must have two layers, got {network.Layers.Count}; use two");
        for (var i = 0; i < 2; i++)
        {
            var (layer, path) = (network.Layers[i], $"$.network.layers[{i}]");
            if (layer.Interaction != "weighted-sum")
                throw loaded.Error($"{path}.interaction",
                    $"the interaction must be weighted-sum for a density, got {layer.Interaction}; use that");
            if (layer.Rate is not (null or ConstantRate { Value: 0 or 1 }))
                throw loaded.Error($"{path}.rate",
                    "the rate must be constant, 1 for a layer that is trained and 0 for one that is not, for a " +
                    "density; leave it out, or use constant with the value 0");
            CheckLaw(loaded, layer.Weights, Moves(layer), $"{path}.weights");
        }
        if (network.Layers[0].Bias is { } bias)
            CheckLaw(loaded, bias, network.Biases == BiasMode.Trained && Moves(network.Layers[0]),
                "$.network.layers[0].bias");
        if (network.Biases == BiasMode.Trained && Moves(network.Layers[1]))
            throw loaded.Error("$.network.biases",
                "biases must not be trained with the output layer for a density, got trained: those of the outputs " +
                "belong to no neuron; use frozen or none, or the rate 0 in the output layer");
        if (!network.Layers.Any(Moves))
            throw loaded.Error("$.network.layers", "one layer must be trained for a density, got none; leave a rate " +
                "out");
    }

    /// <summary>A neuron has one or two coordinates, and the grid an end for each.</summary>
    internal static void CheckCoordinates(LoadedProblem loaded, int coordinates, int inputs, int outputs)
    {
        if (coordinates > MostCoordinates)
            throw loaded.Error("$.network.layers",
                $"a neuron must have at most {MostCoordinates} trained parameters for a density, got {coordinates} " +
                $"with {inputs} inputs and {outputs} outputs; use fewer inputs, or the rate 0 in a layer");
        if (coordinates > 1 && loaded.Problem.Density?.Cells is > MostInPlane and var cells)
            throw loaded.Error("$.density.cells",
                $"cells must be at most {MostInPlane} for two trained parameters of a neuron, got {cells}; use fewer");
        if (loaded.Problem.Density?.Low is { } low && low.Count != coordinates)
            throw loaded.Error("$.density.low",
                $"low and high must have one end for each of {coordinates} trained parameters of a neuron, got " +
                $"{low.Count}; give {coordinates}");
        if (loaded.Problem.Training.Dynamics == DynamicsKind.SgdDiffusion && coordinates > 1)
            throw loaded.Error("$.training.dynamics",
                $"a neuron must have one trained parameter for the noise of SGD on a grid, got {coordinates}, of " +
                "which it is correlated; use the rate 0 in a layer, or another law of motion");
    }

    private static void CheckNoise(LoadedProblem loaded)
    {
        var training = loaded.Problem.Training;
        var noisy = training.Dynamics is DynamicsKind.Langevin or DynamicsKind.SgdDiffusion;
        if (training.Noise == SgdNoise.Shared)
            throw loaded.Error("$.training.noise",
                "noise must be per-particle for a density, got shared, given which alone the law of neurons is one; " +
                "use per-particle");
        if (loaded.Problem.Network.Biases == BiasMode.Trained && (noisy || training.WeightDecay > 0))
            throw loaded.Error("$.network.biases",
                "biases must not be trained with noise or weightDecay for a density, which move weights only, got " +
                "trained; use frozen or none");
    }

    private static void CheckLaw(LoadedProblem loaded, LawSpec law, bool moves, string path)
    {
        if (moves && law is not (GaussianLaw { Std: > 0 } or UniformLaw))
            throw loaded.Error(path, $"a trained parameter must start from a law with a density, got {Name(law)}; " +
                "use gaussian with a positive std, or uniform");
        if (!moves && law is not ConstantLaw)
            throw loaded.Error(path, "a parameter that is not trained must be the same for all neurons for a " +
                $"density, got {Name(law)}; use constant");
    }

    private static string Name(LawSpec law) => law switch
    {
        GaussianLaw gaussian => $"gaussian with the std {Number.Text(gaussian.Std)}",
        UniformLaw => "uniform",
        RademacherLaw => "rademacher",
        _ => "constant",
    };

    private static void CheckLimit(LoadedProblem loaded)
    {
        var limit = loaded.Problem.Limit;
        if (limit.Dynamics != DynamicsKind.Flow)
            throw loaded.Error("$.limit.dynamics", "dynamics of a limit with a density must be flow, got sgd; use " +
                "flow");
        if (limit.Accuracy is { } accuracy)
            throw loaded.Error("$.limit.accuracy",
                $"accuracy must not be given with a density, whose particles are the types they are given, got " +
                $"{Number.Text(accuracy)}; give types");
        if (limit.Types is [SmolyakSpec, ..])
            throw loaded.Error("$.limit.types[0].rule",
                "the rule must have masses that are not negative for a density, got smolyak; use gauss or sobol");
    }
}
