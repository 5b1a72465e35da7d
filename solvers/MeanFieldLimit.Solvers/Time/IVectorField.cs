namespace MeanFieldLimit.Solvers.Time;

/// <summary>The right-hand side of dy/dt = f(t, y).</summary>
public interface IVectorField
{
    /// <summary>Length of y.</summary>
    int Dimension { get; }

    /// <summary>velocity = f(t, y). The same t and y give the same bits.</summary>
    void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity);

    /// <summary>Threads on which a method may combine velocities; no bit depends on them.</summary>
    int Threads => 1;
}

/// <summary>A right-hand side that can be added to the state where it stands, without being made.</summary>
public interface IEulerField : IVectorField
{
    /// <summary>y = y + h f(t, y), where that can be done; false where not, with y as it was.</summary>
    bool TryStep(double t, double h, Span<double> y);
}
