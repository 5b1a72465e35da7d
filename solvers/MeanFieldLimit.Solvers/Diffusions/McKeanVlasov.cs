namespace MeanFieldLimit.Solvers.Diffusions;

/// <summary>A coefficient at time t, at a point x of a particle and in what it feels of the measure.</summary>
/// <param name="t">Time.</param>
/// <param name="x">The particle, of length d.</param>
/// <param name="felt">What it feels, of the interaction's size.</param>
/// <param name="value">Receives the value; all zero before.</param>
public delegate void Coefficient(double t, ReadOnlySpan<double> x, ReadOnlySpan<double> felt, Span<double> value);

/// <summary>A diagonal coefficient and its own derivatives.</summary>
/// <param name="t">Time.</param>
/// <param name="x">The particle, of length d.</param>
/// <param name="felt">What it feels.</param>
/// <param name="deviations">Receives S_rr, of length d; all zero before.</param>
/// <param name="slopes">Receives dS_rr / dx_r, of length d; all zero before.</param>
public delegate void DiagonalCoefficient(double t, ReadOnlySpan<double> x, ReadOnlySpan<double> felt,
    Span<double> deviations, Span<double> slopes);

/// <summary>
/// The McKean-Vlasov equation dX = b(t, X, mu) dt + S(t, X, mu) dB + S_0(t, X, mu) dB_0 in the sense of Ito: mu the law
/// of X, or, where there is common noise B_0, its law given B_0. Coefficients see mu through
/// <see cref="Interaction"/>; each is a function of one particle. <see cref="ParticleSystem"/> makes it an equation of
/// interacting particles.
/// </summary>
public sealed class McKeanVlasov
{
    /// <summary>d, the number of coordinates of X.</summary>
    public required int Dimension { get; init; }

    /// <summary>What is felt of mu; nothing if there is none.</summary>
    public IParticleInteraction? Interaction { get; init; }

    /// <summary>b, of length d.</summary>
    public required Coefficient Drift { get; init; }

    /// <summary>S where it is diagonal: d motions for every particle, and the derivatives for Milstein's method.
    /// </summary>
    public DiagonalCoefficient? Diagonal { get; init; }

    /// <summary>S where it is not diagonal, [d, motions], row-major.</summary>
    public Coefficient? Noise { get; init; }

    /// <summary>Motions of every particle's own, for <see cref="Noise"/>.</summary>
    public int Motions { get; init; }

    /// <summary>S_0 [d, common motions], row-major.</summary>
    public Coefficient? CommonNoise { get; init; }

    /// <summary>Motions common to all particles.</summary>
    public int CommonMotions { get; init; }

    /// <summary>Times at which coefficients jump, increasing: for the time loop, whose steps then do not go across.
    /// </summary>
    public IReadOnlyList<double> Jumps { get; init; } = [];

    /// <summary>Motions of every particle's own.</summary>
    internal int OwnMotions => Diagonal is null ? Motions : Dimension;

    internal void Check()
    {
        if (Dimension < 1) throw new ArgumentException($"the dimension must be at least 1, got {Dimension}");
        if (Interaction is { } interaction && interaction.Dimension != Dimension)
            throw new ArgumentException(
                $"the interaction must have the equation's dimension {Dimension}, got {interaction.Dimension}");
        if (Diagonal is not null && (Noise is not null || Motions != 0))
            throw new ArgumentException("own noise must be diagonal or a matrix, got both: leave one out");
        if (Noise is null != (Motions == 0) || Motions < 0)
            throw new ArgumentException($"own noise needs its number of motions, and motions a noise, got {Motions}");
        if (CommonNoise is null != (CommonMotions == 0) || CommonMotions < 0)
            throw new ArgumentException(
                $"common noise needs its number of motions, and motions a noise, got {CommonMotions}");
    }
}
