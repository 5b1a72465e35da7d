namespace MeanFieldLimit.Solvers.Diffusions;

/// <summary>
/// What particles feel of the measure mu = sum_j m_j delta_{x_j} that they are: a few numbers for each. A particle of
/// mass 0, a tracer, feels but is not felt.
/// </summary>
public interface IParticleInteraction
{
    /// <summary>d.</summary>
    int Dimension { get; }

    /// <summary>How many numbers a particle feels.</summary>
    int Size { get; }

    /// <summary>felt[i, :] = what x_i feels of mu at time t.</summary>
    /// <param name="t">Time.</param>
    /// <param name="points">x [particle, d].</param>
    /// <param name="masses">m [particle].</param>
    /// <param name="felt">[particle, size].</param>
    void Evaluate(double t, ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> felt);
}
