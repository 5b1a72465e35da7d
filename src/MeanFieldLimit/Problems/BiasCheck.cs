using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;

namespace MeanFieldLimit.Problems;

/// <summary>What teacher and student ask of the rest of the problem: a risk in closed form, a = 0 at first.</summary>
internal static class BiasCheck
{
    private const int MostWidth = 10_000;

    internal static Refusal? Refuse(Problem problem) => problem.Bias is not { } bias ? null
        : RefuseNetwork(problem.Network) ?? RefuseData(problem) ?? RefuseTraining(problem)
            ?? problem.Couple.Widths.FirstRefusal((width, i) => width <= MostWidth ? null : new($"$.couple.widths[{i}]",
                $"widths must be at most {MostWidth} for bias, whose risk is a sum over pairs of neurons, got " +
                $"{width}; use narrower networks"))
            ?? bias.Samples.RefuseOrder("$.bias.samples") ?? bias.Wide.RefuseOrder("$.bias.wide");

    private static Refusal? RefuseNetwork(NetworkSpec network) => network switch
    {
        { Image: not null } => new("$.network.image", "image must not be given with bias, found one; remove it"),
        { Layers: { Count: not 2 } layers } => new("$.network.layers", "a network must have one hidden layer for " +
            $"bias, got {layers.Count - 1} hidden layers; use one"),
        { Biases: not BiasMode.None and var biases } => new("$.network.biases", "biases must be none for bias, whose " +
            $"risk has a closed form without them, got {Names.Of(biases)}; remove the key"),
        { Layers: [{ Activation: var hidden }, _] } when hidden is null
            || Catalogue.Find<IActivation>(hidden) is not IPiecewiseLinear => new("$.network.layers[0].activation",
                $"the activation must be relu or leaky-relu for bias, got {hidden}; use relu"),
        { Layers: [{ Weights: not GaussianLaw { Mean: 0, Std: > 0 } }, _] } => new("$.network.layers[0].weights",
            "incoming weights must be of a gaussian law of mean 0 for bias, got another; use std 1 / sqrt(dimension)"),
        { Layers: [_, { Weights: not ConstantLaw { Value: 0 } }] } => new("$.network.layers[1].weights",
            "outgoing weights must start at 0 for bias, got another law; use { \"law\": \"constant\", \"value\": 0 }"),
        { Layers: [_, { Activation: not (null or "identity") and var output }] } => new(
            "$.network.layers[1].activation", $"the output layer must have no activation for bias, got {output}; " +
                "remove it"),
        var any => any.Layers.FirstRefusal((layer, i) => layer.Interaction != "weighted-sum"
            ? new($"$.network.layers[{i}].interaction", "interaction must be weighted-sum for bias, got " +
                $"{layer.Interaction}; remove the key")
            : layer.Constraint != WeightConstraint.None
            ? new($"$.network.layers[{i}].constraint", "constraint must not be given with bias, whose neurons are " +
                $"free, got {Names.Of(layer.Constraint)}; remove the key")
            : layer.Rate is not null
            ? new($"$.network.layers[{i}].rate", "rate must not be given with bias, which sets the rates of its " +
                $"networks, got {layer.Rate}; remove the key")
            : null),
    };

    private static Refusal? RefuseData(Problem problem) => problem.Data switch
    {
        SyntheticData
        {
            Points: { } points, Noise: 0, Inputs: InputLaw.Gaussian,
            Teacher: { Neurons: { } neurons } teacher
        } =>
            teacher.Activation != problem.Network.Layers[0].Activation
                ? new("$.data.teacher.activation", "the teacher must have the activation of the network for bias, " +
                    $"got {teacher.Activation}; use {problem.Network.Layers[0].Activation}")
            : !problem.Bias!.Samples.Contains(points)
                ? new("$.bias.samples", $"samples must have the number of data.points, {points}, got " +
                    $"{string.Join(", ", problem.Bias.Samples)}; add it")
            : neurons.FirstRefusal((neuron, i) => neuron.B == 0 ? null : new($"$.data.teacher.neurons[{i}].b",
                $"neurons of the teacher must have no bias for bias, got {Number.Text(neuron.B)}; remove the key")),
        _ => new("$.data", "data must be synthetic for bias, points with gaussian inputs and without noise, and a " +
            "teacher with neurons, found other data; use such, as examples/bias.json does"),
    };

    private static Refusal? RefuseTraining(Problem problem) => problem.Training switch
    {
        { Loss: not "squared" and var loss } => new("$.training.loss",
            $"loss must be squared for bias, got {loss}; use squared"),
        { Dynamics: not DynamicsKind.Flow and var dynamics } => new("$.training.dynamics",
            $"dynamics must be flow for bias, got {Names.Of(dynamics)}; use flow, with the method euler"),
        { Method: not "euler" and var method } => new("$.training.method", "method must be euler for bias, which is " +
            $"gradient descent, got {method}; use euler with its step"),
        { WeightDecay: > 0 and var decay } => new("$.training.weightDecay", "weightDecay must be 0 for bias, which " +
            $"asks what descent does without, got {Number.Text(decay)}; remove it"),
        { Until: not null } => new("$.training.until", "until must not be given with bias, found it; remove it"),
        _ => problem.Bias is { } bias && bias.ScaledTime < bias.ScaledStep
            ? new("$.bias.scaledTime", $"scaledTime must be at least scaledStep, {Number.Text(bias.ScaledStep)}, got " +
                $"{Number.Text(bias.ScaledTime)}; use a longer one")
            : problem.Scaling is { } scaling
            ? new("$.scaling", $"scaling must not be given with bias, which has its own, got " +
                $"{Names.Of(scaling.Kind)}; remove it")
            : null,
    };
}
