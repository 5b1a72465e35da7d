namespace MeanFieldLimit.Solvers.Time;

/// <summary>A right-hand side that knows its Jacobian, for implicit methods; others have it by differences.</summary>
public interface IDifferentiableField : IVectorField
{
    /// <summary>jacobian[i * n + j] = d f_i / d y_j at (t, y), row-major.</summary>
    void Jacobian(double t, ReadOnlySpan<double> y, Span<double> jacobian);
}
