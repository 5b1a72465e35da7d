using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Geometries;
using MeanFieldLimit.Networks.Interactions;

namespace MeanFieldLimit.Ensembles;

/// <summary>How the biases b_i behave: absent, kept at their initial values, or trained.</summary>
public enum BiasMode
{
    /// <summary>No biases.</summary>
    None,

    /// <summary>Biases that keep their initial values.</summary>
    Frozen,

    /// <summary>Biases that follow the gradient.</summary>
    Trained,
}

/// <summary>
/// What networks of every width have in common: inputs, outputs, activations s_1..s_L, biases, and where the values of
/// a neuron stand: of images, neurons are the channels.
/// </summary>
public sealed class Architecture
{
    /// <summary>
    /// One layer an activation, the last being the output layer; weighted sums of single values unless given.
    /// </summary>
    /// <exception cref="ArgumentException">Numbers of layers differ, or a layer does not fit the one below.</exception>
    public Architecture(int inputs, int outputs, IReadOnlyList<IActivation> activations, BiasMode biases,
        IReadOnlyList<IInteraction>? interactions = null, IReadOnlyList<LayerGeometry>? geometry = null)
    {
        if (activations.Count < 2)
            throw new ArgumentException($"a network needs at least 2 layers, got {activations.Count}",
                nameof(activations));
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        Interactions = interactions ?? [.. Enumerable.Repeat(new WeightedSum(), activations.Count)];
        if (Interactions.Count != activations.Count)
            throw new ArgumentException(
                $"{activations.Count} layers need {activations.Count} interactions, got {Interactions.Count}",
                nameof(interactions));
        Geometry = geometry ?? [.. Enumerable.Repeat(LayerGeometry.Dense(Extent.Point), activations.Count)];
        if (Geometry.Count != activations.Count || Geometry[^1].Pooled != Extent.Point
            || Geometry.Skip(1).Zip(Geometry, (layer, below) => layer.Below == below.Pooled).Any(fits => !fits))
            throw new ArgumentException("each layer must take up the positions below, the last in one place",
                nameof(geometry));
        if (Interactions.Index().Any(phi => phi.Item is not WeightedSum && !IsPlain(phi.Index + 1)))
            throw new ArgumentException("layers on images must be weighted sums", nameof(interactions));
        (Inputs, Outputs, Activations, Biases) = (inputs, outputs, activations, biases);
    }

    /// <summary>Input dimension d; of images their channels.</summary>
    public int Inputs { get; }

    /// <summary>Number of outputs K.</summary>
    public int Outputs { get; }

    /// <summary>s_1..s_L.</summary>
    public IReadOnlyList<IActivation> Activations { get; }

    /// <summary>phi_1..phi_L: how a layer takes up what the layer below sends.</summary>
    internal IReadOnlyList<IInteraction> Interactions { get; }

    /// <summary>Positions and taps of layers 1..L.</summary>
    internal IReadOnlyList<LayerGeometry> Geometry { get; }

    /// <summary>Whether every neuron has one value a point.</summary>
    public bool IsDense => Geometry.All(g => g.IsPlain);

    /// <summary>Whether layer i = 1..L takes up one value of each neuron below, which is not pooled.</summary>
    internal bool IsPlain(int layer) =>
        Geometry[layer - 1].IsPlain && (layer == 1 || Geometry[layer - 2].Pooling is null);

    /// <summary>Taps of layer i = 1..L: weights per pair of neurons.</summary>
    public int Taps(int layer) => Geometry[layer - 1].Taps;

    /// <summary>How the biases behave.</summary>
    public BiasMode Biases { get; }

    /// <summary>What the incoming weights of layer 1 must satisfy.</summary>
    public WeightConstraint Constraint { get; init; }

    /// <summary>Whether predictions have kinks as functions of the parameters.</summary>
    public bool HasKinks => Enumerable.Range(1, Depth).Any(HasKinksIn);

    /// <summary>Whether what layer i = 1..L hands on has kinks as a function of its H_i.</summary>
    internal bool HasKinksIn(int layer) =>
        Activations[layer - 1] is IPiecewiseLinear || Geometry[layer - 1].Pooling is { HasKinks: true };

    /// <summary>Number of layers L.</summary>
    public int Depth => Activations.Count;
}
