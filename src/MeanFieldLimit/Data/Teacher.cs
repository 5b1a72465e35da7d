using MeanFieldLimit.Networks.Activations;

namespace MeanFieldLimit.Data;

/// <summary>A two-layer network f(x) = (1/width) sum_j a_j s(&lt;w_j, x&gt; + b_j).</summary>
internal sealed class Teacher(IActivation activation, double[] inner, double[]? biases, double[] outer)
{
    private const int OnStack = 256;

    /// <summary>For inputs of dimension d, a_j and the entries of w_j from two streams of N(0, 1), b_j = 0.</summary>
    internal static Teacher Draw(int inputs, int width, IActivation activation, RandomStream innerWeights,
        RandomStream outerWeights)
    {
        double[] inner = Arrays.New("the weights of a teacher", width, inputs), outer = new double[width];
        innerWeights.FillNormal(0, inner);
        outerWeights.FillNormal(0, outer);
        return new(activation, inner, null, outer);
    }

    /// <summary>f(x). It keeps no scratch of its own: networks that train in parallel share one teacher.</summary>
    public double Value(ReadOnlySpan<double> x)
    {
        var hidden = outer.Length <= OnStack ? stackalloc double[outer.Length] : new double[outer.Length];
        for (var j = 0; j < outer.Length; j++)
            hidden[j] = TensorPrimitives.Dot(inner.AsSpan(j * x.Length, x.Length), x);
        if (biases is not null) TensorPrimitives.Add(hidden, biases, hidden);
        activation.Apply(hidden, hidden);
        return TensorPrimitives.Dot<double>(outer, hidden) / outer.Length;
    }
}
