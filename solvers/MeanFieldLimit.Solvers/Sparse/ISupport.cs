using MeanFieldLimit.Solvers.Measures;

namespace MeanFieldLimit.Solvers.Sparse;

/// <summary>A compact set that carries signed measures, with its linear oracle.</summary>
public interface ISupport
{
    /// <summary>Where |delta F / delta nu| is largest on the set, at the measure nu = sum_i m_i delta_{x_i}.</summary>
    /// <param name="functional">F, whose first variation at points without mass is asked for.</param>
    /// <param name="points">x [atom, d].</param>
    /// <param name="masses">m [atom], of either sign.</param>
    Peak Highest(IFunctional functional, ReadOnlySpan<double> points, ReadOnlySpan<double> masses);

    /// <summary>difference = to - from, by the shortest way where there are several.</summary>
    void Subtract(ReadOnlySpan<double> to, ReadOnlySpan<double> from, Span<double> difference);
}

/// <summary>The largest size of a first variation.</summary>
/// <param name="Point">Where it was found.</param>
/// <param name="Value">The variation there.</param>
/// <param name="Bound">What its size exceeds nowhere on the support, but for roundings: at least |Value|.</param>
public sealed record Peak(double[] Point, double Value, double Bound);

/// <summary>A bound at a measure sum_i m_i delta_{x_i}.</summary>
public delegate double BoundAt(ReadOnlySpan<double> points, ReadOnlySpan<double> masses);
