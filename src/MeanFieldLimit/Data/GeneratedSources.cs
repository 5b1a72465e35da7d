using System.Numerics.Tensors;
using MeanFieldLimit.Activations;
using MeanFieldLimit.Solvers.Randomness;

namespace MeanFieldLimit.Data;

/// <summary>
/// Two classes that differ in scale alone: y = -1 or +1 with equal chance, x given y ~ N(0, (1 + y delta)^2 I_d)
/// (Nguyen, arXiv:1902.02880, section 4.2.1, after Mei, Montanari and Nguyen 2018).
/// </summary>
public sealed class IsotropicGaussians(double delta) : IDataSource
{
    /// <inheritdoc/>
    public void Draw(RandomStream stream, ulong first, Dataset batch)
    {
        var draws = (ulong)(batch.Inputs + 1);      // per point: d normals, then the label
        for (var n = 0; n < batch.Count; n++)
        {
            var index = (first + (ulong)n) * draws;
            var y = stream.Uniform(index + (ulong)batch.Inputs) < 0.5 ? -1.0 : 1.0;
            batch.Label(n)[0] = y;
            var x = batch.Input(n);
            stream.FillNormal(index, x);
            TensorPrimitives.Multiply(x, 1 + y * delta, x);
        }
    }
}

/// <summary>Inputs x ~ N(0, I_d), or uniform on the unit sphere, with y = f(x) + noise * N(0, 1).</summary>
public sealed class LabelledInputs(bool sphere, Func<ReadOnlySpan<double>, double> f, double noise) : IDataSource
{
    /// <inheritdoc/>
    public void Draw(RandomStream stream, ulong first, Dataset batch)
    {
        var draws = (ulong)(batch.Inputs + 1);      // per point: d normals, then the noise
        for (var n = 0; n < batch.Count; n++)
        {
            var index = (first + (ulong)n) * draws;
            var x = batch.Input(n);
            stream.FillNormal(index, x);
            if (sphere) TensorPrimitives.Divide(x, TensorPrimitives.Norm<double>(x), x);
            batch.Label(n)[0] = f(x) + (noise > 0 ? noise * stream.Normal(index + (ulong)batch.Inputs) : 0);
        }
    }
}

/// <summary>
/// A random two-layer network f(x) = (1/width) sum_j a_j s(&lt;w_j, x&gt;), a_j and the entries of w_j N(0, 1).
/// </summary>
public sealed class Teacher
{
    private readonly IActivation activation;
    private const int OnStack = 256;
    private readonly double[] inner, outer;

    /// <summary>A teacher for inputs of dimension d, its parameters drawn from two streams.</summary>
    public Teacher(int inputs, int width, IActivation activation, RandomStream innerWeights, RandomStream outerWeights)
    {
        this.activation = activation;
        inner = Arrays.New("the weights of a teacher", width, inputs);
        outer = new double[width];
        innerWeights.FillNormal(0, inner);
        outerWeights.FillNormal(0, outer);
    }

    /// <summary>f(x). It keeps no scratch of its own: networks that train in parallel share one teacher.</summary>
    public double Value(ReadOnlySpan<double> x)
    {
        var hidden = outer.Length <= OnStack ? stackalloc double[outer.Length] : new double[outer.Length];
        for (var j = 0; j < outer.Length; j++)
            hidden[j] = TensorPrimitives.Dot(inner.AsSpan(j * x.Length, x.Length), x);
        activation.Apply(hidden, hidden);
        return TensorPrimitives.Dot<double>(outer, hidden) / outer.Length;
    }
}
