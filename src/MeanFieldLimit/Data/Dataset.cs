namespace MeanFieldLimit.Data;

/// <summary>Data points with masses: the law P as a finite sum, E_P[f] = sum_n mass_n f(x_n, y_n).</summary>
public sealed class Dataset
{
    /// <summary>Points x [point, d], y [point, K] with one mass each, summing to 1; equal ones where absent.</summary>
    /// <exception cref="ArgumentException">The lengths do not fit, or there is no point.</exception>
    public Dataset(int inputs, int outputs, double[] x, double[] y, LabelKind labels, double[]? masses = null)
    {
        (Inputs, Outputs, X, Y, Labels) = (inputs, outputs, x, y, labels);
        Count = y.Length / outputs;
        if (Count == 0 || (long)Count * outputs != y.Length || (long)Count * inputs != x.Length)
            throw new ArgumentException(
                $"x must be [points, {inputs}] and y [points, {outputs}], at least one point, " +
                $"got {x.Length} and {y.Length} numbers");
        Masses = masses ?? [.. Enumerable.Repeat(1.0 / Count, Count)];
        if (Masses.Length != Count)
            throw new ArgumentException($"there must be one mass per point, got {Masses.Length} for {Count}");
        HasEqualMasses = !Masses.AsSpan().ContainsAnyExcept(Masses[0]);
    }

    /// <summary>Input dimension d.</summary>
    public int Inputs { get; }

    /// <summary>Number of outputs K.</summary>
    public int Outputs { get; }

    /// <summary>What the labels mean.</summary>
    public LabelKind Labels { get; }

    /// <summary>Number of points.</summary>
    public int Count { get; }

    /// <summary>Inputs, [point, d].</summary>
    public double[] X { get; }

    /// <summary>Labels, [point, K].</summary>
    public double[] Y { get; }

    /// <summary>Mass of each point, summing to 1; on sparse grids alone some may be negative.</summary>
    public double[] Masses { get; }

    /// <summary>Whether all points have the same mass.</summary>
    public bool HasEqualMasses { get; }

    /// <summary>x of point <paramref name="n"/>.</summary>
    public Span<double> Input(int n) => X.AsSpan(n * Inputs, Inputs);

    /// <summary>y of point <paramref name="n"/>.</summary>
    public Span<double> Label(int n) => Y.AsSpan(n * Outputs, Outputs);

    /// <summary>The points with the given indices, in that order, their masses scaled to sum to 1 again.</summary>
    public Dataset Select(IReadOnlyList<int> indices) =>
        Select(indices, HasEqualMasses ? null : [.. indices.Select(n => Masses[n])]);

    /// <summary>
    /// At most <paramref name="most"/> points spread evenly over the set, which may be sorted; this set if it has no
    /// more. Of points with masses those that hold the quantiles (k + 1/2) / most of the mass, summed in the order of
    /// the points: each counts for the quantiles it holds.
    /// </summary>
    public Dataset Spread(int most)
    {
        if (Count <= most) return this;
        if (HasEqualMasses) return Select([.. Enumerable.Range(0, most).Select(n => (int)((long)n * Count / most))]);
        var search = new MassSearch(Masses);
        var held = Enumerable.Range(0, most).GroupBy(k => search.Find((k + 0.5) / most)).ToArray();
        return Select([.. held.Select(point => point.Key)], [.. held.Select(point => (double)point.Count())]);
    }

    /// <summary>sqrt(mass (number of points)): plain mean squares of values times it are those over P, of masses >= 0.
    /// </summary>
    public double RootOfMass(int n) => HasEqualMasses ? 1 : Math.Sqrt(Masses[n] * Count);

    private Dataset Select(IReadOnlyList<int> indices, double[]? masses)
    {
        var x = Arrays.New("the inputs of points", indices.Count, Inputs);
        var y = Arrays.New("the labels of points", indices.Count, Outputs);
        for (var n = 0; n < indices.Count; n++)
        {
            Input(indices[n]).CopyTo(x.AsSpan(n * Inputs, Inputs));
            Label(indices[n]).CopyTo(y.AsSpan(n * Outputs, Outputs));
        }
        if (masses is not null) TensorPrimitives.Divide(masses, TensorPrimitives.Sum<double>(masses), masses);
        return new(Inputs, Outputs, x, y, Labels, masses);
    }

    /// <summary>Whether prediction <paramref name="yhat"/> of point <paramref name="n"/> is an error.</summary>
    public bool IsError(int n, ReadOnlySpan<double> yhat) => Labels switch
    {
        LabelKind.Signs => Label(n)[0] * yhat[0] <= 0,
        LabelKind.OneHot => TensorPrimitives.IndexOfMax(yhat) != TensorPrimitives.IndexOfMax<double>(Label(n)),
        _ => false,
    };
}
