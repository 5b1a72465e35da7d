namespace MeanFieldLimit.Solvers.Time;

/// <summary>The right-hand side of dy/dt = f(t, y).</summary>
public interface IVectorField
{
    /// <summary>Length of y.</summary>
    int Dimension { get; }

    /// <summary>velocity = f(t, y). The same t and y give the same bits.</summary>
    void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity);
}
