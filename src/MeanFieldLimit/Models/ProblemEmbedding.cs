using MeanFieldLimit.Data;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Interactions;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Models;

/// <summary>The embedding that a problem describes: its architecture, and the laws of its weights and biases.</summary>
internal static class ProblemEmbedding
{
    /// <summary>That on data of <paramref name="data"/>'s size; in principal directions of its points if given.</summary>
    internal static Embedding Build(Problem problem, Dataset data, PrincipalDirections? directions)
    {
        var network = problem.Network;
        IActivation[] activations = [.. network.Layers.Select(l => Catalogue.Find<IActivation>(l.Activation ?? "identity"))];
        var architecture = new Architecture(network.Image?.Channels ?? data.Inputs, data.Outputs, activations,
            network.Biases, [.. network.Layers.Select(l => Catalogue.Find<IInteraction>(l.Interaction))],
            ImageKeys.Geometry(network))
        { Constraint = network.Layers[0].Constraint };
        LayerLaws[] laws = [.. network.Layers.Select(l =>
            new LayerLaws(l.Weights.Build(), l.Bias?.Build() ?? new Constant(0)))];
        var filters = new MeanFilters([.. network.Layers.Select(l => l.Filter?.ToArray() ?? [])]);
        return network.Embedding is CorrelatedSpec correlated
            ? CorrelatedInitialization.Build(architecture, laws, filters, correlated, (ulong)problem.Seed)
            : new Embedding(architecture, laws, directions, problem.Scaling?.Build()) { Filters = filters };
    }
}
