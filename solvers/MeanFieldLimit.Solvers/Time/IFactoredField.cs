namespace MeanFieldLimit.Solvers.Time;

/// <summary>
/// A right-hand side whose values take fewer numbers than the state when they are kept as factors, as where a large
/// matrix moves by a product of two thin ones. Stages of a step are then kept in factors, and taken at states that are not
/// made but for a step's end.
/// </summary>
public interface IFactoredField : IVectorField
{
    /// <summary>The numbers of a velocity in factors; null where nothing is gained by them.</summary>
    int? FactorLength { get; }

    /// <summary>velocity = f(t, y + sum_j c_j f_j), in factors.</summary>
    void Evaluate(double t, ReadOnlySpan<double> y, FactoredSum sum, Span<double> velocity);

    /// <summary>result = y + sum_j c_j f_j.</summary>
    void Expand(ReadOnlySpan<double> y, FactoredSum sum, Span<double> result);

    /// <summary>result = sum_j c_j f_j, for the error norm of the system; entries that the norm does not read may be left as
    /// they are.</summary>
    void ExpandMeasured(FactoredSum sum, Span<double> result);
}

/// <summary>sum_j c_j f_j of velocities in factors, c_j = scale * weights[j]; those whose c_j is 0 are not read.</summary>
public readonly ref struct FactoredSum(double scale, ReadOnlySpan<double> weights, ReadOnlySpan<double[]> velocities)
{
    private readonly ReadOnlySpan<double> weights = weights;
    private readonly ReadOnlySpan<double[]> velocities = velocities;

    /// <summary>Terms.</summary>
    public int Count => weights.Length;

    /// <summary>c_j.</summary>
    public double Coefficient(int j) => scale * weights[j];

    /// <summary>f_j, in factors.</summary>
    public double[] Velocity(int j) => velocities[j];
}
