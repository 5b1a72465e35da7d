using MeanFieldLimit.Networks.Activations;

namespace MeanFieldLimit.Networks.Interactions;

/// <summary>The pairs (c, c') of a block of neurons c of layer i-1 and c' of layer i, on a block of points n.</summary>
public readonly ref struct Pairs
{
    /// <summary>The matrix products.</summary>
    public required IMatrixEngine Engine { get; init; }

    /// <summary>s_{i-1}; the identity where layer i-1 is the inputs.</summary>
    public required IActivation Activation { get; init; }

    /// <summary>w_i, [c, c'].</summary>
    public required ReadOnlyMatrixView Weights { get; init; }

    /// <summary>b_i, [c']; empty without biases.</summary>
    public required ReadOnlySpan<double> Biases { get; init; }

    /// <summary>H_{i-1}, [n, c]; x for i = 1.</summary>
    public required ReadOnlyMatrixView H { get; init; }

    /// <summary>s_{i-1}(H_{i-1}), [n, c]; x for i = 1.</summary>
    public required ReadOnlyMatrixView S { get; init; }

    /// <summary>s_{i-1}'(H_{i-1}), [n, c]; there on the way back only.</summary>
    public ReadOnlyMatrixView Slopes { get; init; }

    /// <summary>Masses of the neurons summed over, c' on the way back and c otherwise; empty where all are 1.</summary>
    public required ReadOnlySpan<double> Masses { get; init; }

    /// <summary>Room for (points + 1) x (neurons of the larger layer) numbers, at least four such rows.</summary>
    public required Span<double> Scratch { get; init; }

    /// <summary>p of neuron number <paramref name="j"/> of those summed over.</summary>
    public double Mass(int j) => Masses.IsEmpty ? 1 : Masses[j];

    /// <summary>b of neuron <paramref name="j"/> of layer i; 0 without biases.</summary>
    public double Bias(int j) => Biases.IsEmpty ? 0 : Biases[j];
}
