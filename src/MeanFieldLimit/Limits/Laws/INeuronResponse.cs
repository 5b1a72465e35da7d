using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Interactions;

namespace MeanFieldLimit.Limits.Laws;

/// <summary>What neurons of the first layer answer to an input x: phi(w, b, x), for many (w, b) at once.</summary>
internal interface INeuronResponse
{
    /// <summary>values[i] = phi of neuron i, of w [coordinate][neuron] and b [neuron].</summary>
    void Values(ReadOnlySpan<double> x, double[][] incoming, double[] biases, Span<double> values);

    /// <summary>slopes[i] x_j = d phi / d w_j, inBias[i] = d phi / d b, given the values too.</summary>
    void Slopes(ReadOnlySpan<double> x, double[][] incoming, double[] biases, ReadOnlySpan<double> values,
        Span<double> slopes, Span<double> inBias);
}

/// <summary>phi = s(&lt;w, x&gt; + b).</summary>
internal sealed class PlainResponse(IActivation activation) : INeuronResponse
{
    private double[] preactivations = [];

    public void Values(ReadOnlySpan<double> x, double[][] incoming, double[] biases, Span<double> values) =>
        activation.Apply(Preactivations(x, incoming, biases), values);

    public void Slopes(ReadOnlySpan<double> x, double[][] incoming, double[] biases, ReadOnlySpan<double> values,
        Span<double> slopes, Span<double> inBias)
    {
        activation.Derivative(Preactivations(x, incoming, biases), values, slopes);
        slopes.CopyTo(inBias);
    }

    private double[] Preactivations(ReadOnlySpan<double> x, double[][] incoming, double[] biases)
    {
        if (preactivations.Length != biases.Length) preactivations = new double[biases.Length];
        biases.CopyTo(preactivations, 0);
        for (var j = 0; j < x.Length; j++)
            TensorPrimitives.MultiplyAdd(incoming[j], x[j], preactivations, preactivations);
        return preactivations;
    }
}

/// <summary>phi = E_u s(rho r u + b) of <see cref="Radial"/>.</summary>
internal sealed class RadialResponse(IAngularMean mean) : INeuronResponse
{
    public void Values(ReadOnlySpan<double> x, double[][] incoming, double[] biases, Span<double> values)
    {
        for (var i = 0; i < values.Length; i++) values[i] = mean.Value(incoming[0][i] * x[0], biases[i]);
    }

    public void Slopes(ReadOnlySpan<double> x, double[][] incoming, double[] biases, ReadOnlySpan<double> values,
        Span<double> slopes, Span<double> inBias)
    {
        for (var i = 0; i < values.Length; i++)
        {
            slopes[i] = mean.SlopeInRadius(incoming[0][i] * x[0], biases[i]);
            inBias[i] = mean.SlopeInBias(incoming[0][i] * x[0], biases[i]);
        }
    }
}
