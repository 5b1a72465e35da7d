namespace MeanFieldLimit.Data;

/// <summary>A law of points, drawn or on nodes: an input, normal or on the sphere, and a mark, say a class.</summary>
internal interface IDataLaw : IDataSource
{
    LabelKind Labels { get; }

    /// <summary>Marks of equal chance that stand for their law on nodes.</summary>
    double[] Marks { get; }

    bool OnSphere => false;

    double DrawMark(RandomStream stream, ulong index);

    /// <summary>Makes the data point of an input and a mark.</summary>
    void Complete(double mark, Span<double> x, out double y);

    /// <summary>The law as a finite sum, each node of the inputs with all marks.</summary>
    Dataset On(Nodes inputs)
    {
        var x = Arrays.New("inputs", Marks.Length, inputs.Points.Length);
        var masses = Arrays.New("masses", Marks.Length, inputs.Count);
        for (var k = 0; k < Marks.Length; k++)
        {
            inputs.Points.CopyTo(x, k * inputs.Points.Length);
            TensorPrimitives.Divide(inputs.Masses, Marks.Length, masses.AsSpan(k * inputs.Count, inputs.Count));
        }
        var data = new Dataset(inputs.Dimension, 1, x, new double[masses.Length], Labels, masses);
        for (var n = 0; n < data.Count; n++) Complete(Marks[n / inputs.Count], data.Input(n), out data.Y[n]);
        return data;
    }

    void IDataSource.Draw(RandomStream stream, ulong first, Dataset batch)
    {
        var draws = (ulong)(batch.Inputs + 1);      // per point: d normals, then the mark
        for (var n = 0; n < batch.Count; n++)
        {
            var index = (first + (ulong)n) * draws;
            var x = batch.Input(n);
            stream.FillNormal(index, x);
            if (OnSphere) TensorPrimitives.Divide(x, TensorPrimitives.Norm<double>(x), x);
            Complete(DrawMark(stream, index + (ulong)batch.Inputs), x, out batch.Y[n]);
        }
    }
}

/// <summary>
/// Two classes that differ in scale alone: y = -1 or +1 with equal chance, x given y ~ N(0, (1 + y delta)^2 I_d)
/// (Nguyen, arXiv:1902.02880, section 4.2.1, after Mei, Montanari and Nguyen 2018).
/// </summary>
internal sealed class IsotropicGaussians(double delta) : IDataLaw
{
    public LabelKind Labels => LabelKind.Signs;

    public double[] Marks { get; } = [-1, 1];

    public double DrawMark(RandomStream stream, ulong index) => stream.Uniform(index) < 0.5 ? -1 : 1;

    public void Complete(double mark, Span<double> x, out double y)
    {
        y = mark;
        TensorPrimitives.Multiply(x, 1 + y * delta, x);
    }
}

/// <summary>Inputs x ~ N(0, I_d), or uniform on the unit sphere, with y = f(x) + noise * N(0, 1).</summary>
/// <remarks>
/// On nodes the noise is -noise or +noise with equal chance, which has the first three moments of the normal one: exact
/// for the risk under a squared loss and for its gradient.
/// </remarks>
internal sealed class LabelledInputs(bool sphere, Func<ReadOnlySpan<double>, double> f, double noise) : IDataLaw
{
    public LabelKind Labels => LabelKind.Real;

    public double[] Marks { get; } = noise > 0 ? [-1, 1] : [0];

    public bool OnSphere => sphere;

    public double DrawMark(RandomStream stream, ulong index) => noise > 0 ? stream.Normal(index) : 0;

    public void Complete(double mark, Span<double> x, out double y) => y = f(x) + mark * noise;
}
