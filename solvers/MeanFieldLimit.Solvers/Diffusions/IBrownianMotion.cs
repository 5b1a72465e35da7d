namespace MeanFieldLimit.Solvers.Diffusions;

/// <summary>
/// Paths of independent standard Brownian motions. A path is a pure function of its seed: methods that take other steps
/// see the same path, and increments over [a, b] and [b, c] sum to that over [a, c] up to rounding.
/// </summary>
public interface IBrownianMotion
{
    /// <summary>Number of paths.</summary>
    int Dimension { get; }

    /// <summary>increments[k] = B_k(end) - B_k(start).</summary>
    void Increments(double start, double end, Span<double> increments);
}
