using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Losses;

namespace MeanFieldLimit.Problems;

/// <summary>
/// What the infimum over laws of neurons asks of the rest of the problem: a risk that is convex in the law, over a
/// compact set of neurons.
/// </summary>
internal static class StaticsCheck
{
    internal static Refusal? Refuse(Problem problem) => problem.Statics is not { } statics ? null
        : RefuseNetwork(problem.Network) ?? RefuseRest(problem) ?? (statics is { Bound: null, Penalty: 0 }
            ? new("$.statics.bound", "bound must be given where there is no penalty, or large weights would fit all " +
                "there is to fit, found neither; add one, such as 3")
            : null);

    private static Refusal? RefuseNetwork(NetworkSpec network) => network switch
    {
        { Image: not null } => new("$.network.image",
            "image must not be given with statics, whose neurons have two inputs each, found one; remove it"),
        { Layers: { Count: not 2 } layers } => new("$.network.layers", "a network must have one hidden layer for " +
            "statics: the risk is convex in the law of neurons of one alone, got " +
            $"{layers.Count - 1} hidden layers; use one"),
        { Biases: not BiasMode.None and var biases } => new("$.network.biases", "biases must be none for statics, " +
            $"got {Names.Of(biases)}; remove the key, and give inputs a coordinate that is 1 in place of biases"),
        { Layers: [{ Activation: { } hidden }, _] } when Catalogue.Find<IActivation>(hidden).Curvature(1) is null =>
            new("$.network.layers[0].activation", "the curvature of an activation must have a bound for statics, " +
                $"which the duality gap needs, got {hidden} without one; use tanh, or give it a method Curvature"),
        { Layers: [_, { Activation: not (null or "identity") and var output }] } =>
            new("$.network.layers[1].activation", "the loss must be convex in the sum over neurons for statics, got " +
                $"the activation {output} in the output layer; remove it"),
        var any => any.Layers.FirstRefusal((layer, i) => layer.Interaction == "weighted-sum" ? null
            : new($"$.network.layers[{i}].interaction", "interaction must be weighted-sum for statics, got " +
                $"{layer.Interaction}; remove the key")),
    };

    private static Refusal? RefuseRest(Problem problem) => problem switch
    {
        { Training.Loss: var loss } when !Catalogue.Find<ILoss>(loss).IsConvex => new("$.training.loss",
            $"loss must be convex in the prediction for statics, got {loss}, which does not say that it is; use " +
            string.Join(" or ", Catalogue.All<ILoss>().Where(l => l.IsConvex).Select(l => l.Name))),
        { Training.WeightDecay: > 0 and var decay } => new("$.training.weightDecay",
            $"weightDecay must be 0 for statics, got {Number.Text(decay)}; remove it, and use statics.penalty"),
        { Scaling: { } scaling } => new("$.scaling", "scaling must not be given with statics, which is of the " +
            $"mean-field scaling, got {Names.Of(scaling.Kind)}; remove it"),
        { Limit.Reduction: not Reduction.None and var reduction } => new("$.limit.reduction",
            $"reduction must be none for statics, got {Names.Of(reduction)}; remove it"),
        _ => null,
    };
}
