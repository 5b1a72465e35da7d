namespace MeanFieldLimit.Data;

/// <summary>A continuous law of data points: drawn from, or put on nodes for its inputs.</summary>
internal interface IDataLaw : IDataSource
{
    /// <summary>How many data points stand for one node.</summary>
    int PointsPerNode { get; }

    /// <summary>
    /// The law as a finite sum, each node of the <paramref name="inputs"/> (standard normal ones, or those on the unit
    /// sphere) with all labels that it may have.
    /// </summary>
    Dataset On(Nodes inputs);
}

/// <summary>
/// Two classes that differ in scale alone: y = -1 or +1 with equal chance, x given y ~ N(0, (1 + y delta)^2 I_d)
/// (Nguyen, arXiv:1902.02880, section 4.2.1, after Mei, Montanari and Nguyen 2018).
/// </summary>
internal sealed class IsotropicGaussians(double delta) : IDataLaw
{
    private static readonly double[] Labels = [-1, 1];

    /// <inheritdoc/>
    public int PointsPerNode => Labels.Length;

    /// <inheritdoc/>
    public Dataset On(Nodes inputs)
    {
        var data = Copies.Of(inputs, Labels.Length, LabelKind.Signs);
        for (var n = 0; n < data.Count; n++)
        {
            var y = data.Label(n)[0] = Labels[n / inputs.Count];
            TensorPrimitives.Multiply(data.Input(n), 1 + y * delta, data.Input(n));
        }
        return data;
    }

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
/// <remarks>
/// On nodes the noise is -noise or +noise with equal chance, which has the first three moments of the normal one: exact
/// for the risk under a squared loss and for its gradient.
/// </remarks>
internal sealed class LabelledInputs(bool sphere, Func<ReadOnlySpan<double>, double> f, double noise) : IDataLaw
{
    private readonly double[] signs = noise > 0 ? [-1, 1] : [0];

    /// <inheritdoc/>
    public int PointsPerNode => signs.Length;

    /// <inheritdoc/>
    public Dataset On(Nodes inputs)
    {
        var data = Copies.Of(inputs, signs.Length, LabelKind.Real);
        for (var n = 0; n < data.Count; n++) data.Label(n)[0] = f(data.Input(n)) + signs[n / inputs.Count] * noise;
        return data;
    }

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

/// <summary>Nodes as data points without labels yet.</summary>
internal static class Copies
{
    /// <summary>The nodes so many times, one after the other, each time with an equal share of their masses.</summary>
    internal static Dataset Of(Nodes inputs, int times, LabelKind labels)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var x = Arrays.New("inputs", times, inputs.Points.Length);
        var masses = Arrays.New("masses", times, inputs.Count);
        for (var k = 0; k < times; k++)
        {
            inputs.Points.CopyTo(x, k * inputs.Points.Length);
            TensorPrimitives.Divide(inputs.Masses, times, masses.AsSpan(k * inputs.Count, inputs.Count));
        }
        return new(inputs.Dimension, 1, x, new double[masses.Length], labels, masses);
    }
}
