using MeanFieldLimit.Networks.Activations;
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

/// <summary>What networks of every width have in common: inputs, outputs, activations s_1..s_L, biases.</summary>
public sealed class Architecture
{
    /// <summary>One layer an activation, the last being the output layer; weighted sums unless given.</summary>
    internal Architecture(int inputs, int outputs, IReadOnlyList<IActivation> activations, BiasMode biases,
        IReadOnlyList<IInteraction>? interactions = null)
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
        (Inputs, Outputs, Activations, Biases) = (inputs, outputs, activations, biases);
    }

    /// <summary>Input dimension d.</summary>
    public int Inputs { get; }

    /// <summary>Number of outputs K.</summary>
    public int Outputs { get; }

    /// <summary>s_1..s_L.</summary>
    public IReadOnlyList<IActivation> Activations { get; }

    /// <summary>phi_1..phi_L: how a layer takes up what the layer below sends.</summary>
    internal IReadOnlyList<IInteraction> Interactions { get; }

    /// <summary>How the biases behave.</summary>
    public BiasMode Biases { get; }

    /// <summary>Whether predictions have kinks as functions of the parameters.</summary>
    public bool HasKinks => Activations.Any(s => s is IPiecewiseLinear);

    /// <summary>Number of layers L.</summary>
    public int Depth => Activations.Count;
}
