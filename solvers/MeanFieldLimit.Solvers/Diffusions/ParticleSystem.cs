using System.Runtime.InteropServices;
using MeanFieldLimit.Solvers.Measures;

namespace MeanFieldLimit.Solvers.Diffusions;

/// <summary>
/// Interacting particles of a McKean-Vlasov equation as one stochastic equation of the flat state [particle, d]: each
/// has its own motions and a mass with which it counts in mu. Masses 1/N are the N-particle approximation; particles of
/// mass 0 are tracers, which see mu and, behind the others, change no bit of these.
/// </summary>
/// <remarks>
/// Motions are ordered [common | particle, own]: the common ones, and those of particle k, are the same for any number
/// of particles. What is felt is kept from drift to noise of a step, so an object serves one run at a time.
/// </remarks>
public sealed class ParticleSystem : IDiagonalNoise
{
    private readonly McKeanVlasov equation;
    private readonly DiscreteMeasure start;
    private readonly double[] felt;
    private readonly double[] seen;         // the points of which `felt` holds, at `seenTime`
    private readonly double[] matrix;
    private double seenTime = double.NaN;

    /// <summary>Particles that start as a measure.</summary>
    /// <exception cref="ArgumentException">Dimensions differ, or noise and its motions do not fit.</exception>
    public ParticleSystem(McKeanVlasov equation, DiscreteMeasure start)
    {
        equation.Check();
        if (start.Dimension != equation.Dimension)
            throw new ArgumentException($"points must have the equation's dimension {equation.Dimension}, "
                + $"got {start.Dimension}");
        (this.equation, this.start) = (equation, start);
        var size = equation.Interaction?.Size ?? 0;
        const string fewer = "take fewer particles or motions";
        felt = new double[ArraySize.Of("what particles feel", fewer, start.Count, size)];
        seen = new double[size == 0 ? 0 : start.Points.Length];
        matrix = new double[ArraySize.Of("the noise of a particle", fewer, equation.Dimension,
            Math.Max(equation.OwnMotions, equation.CommonMotions))];
        NoiseDimension = ArraySize.Of("motions", fewer, equation.CommonMotions
            + (long)ArraySize.Of("motions", fewer, start.Count, equation.OwnMotions));
    }

    /// <summary>The initial state, [particle, d].</summary>
    public ReadOnlySpan<double> Initial => start.Points;

    /// <summary>m [particle].</summary>
    public ReadOnlySpan<double> Masses => start.Masses;

    /// <summary>The number of particles.</summary>
    public int Count => start.Count;

    /// <summary>Times at which coefficients jump, for a time loop.</summary>
    public IReadOnlyList<double> Jumps => equation.Jumps;

    /// <summary>d.</summary>
    public int ParticleDimension => equation.Dimension;

    /// <inheritdoc/>
    public int Dimension => start.Points.Length;

    /// <inheritdoc/>
    public int NoiseDimension { get; }

    /// <inheritdoc/>
    public bool HasDiagonalNoise => equation.Diagonal is not null && equation.CommonNoise is null;

    /// <summary>The state as a measure.</summary>
    public DiscreteMeasure Measure(double[] state) => new(equation.Dimension, state, start.Masses);

    /// <summary>sum_i m_i f(x_i).</summary>
    public double Mean(ReadOnlySpan<double> state, Observable observable)
    {
        var (sum, d) = (0.0, equation.Dimension);
        for (var i = 0; i < Count; i++)
            if (Masses[i] != 0) sum += Masses[i] * observable(state.Slice(i * d, d));
        return sum;
    }

    /// <summary>sqrt(sum_i m_i |x_i - y_i|^2), the mass-weighted distance of two states.</summary>
    public double Distance(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var (sum, d) = (0.0, equation.Dimension);
        for (var i = 0; i < Count; i++)
            for (var k = i * d; k < (i + 1) * d && Masses[i] != 0; k++)
                sum += Masses[i] * (x[k] - y[k]) * (x[k] - y[k]);
        return Math.Sqrt(sum);
    }

    /// <inheritdoc/>
    public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity)
    {
        Feel(t, y);
        velocity.Clear();
        var d = equation.Dimension;
        for (var i = 0; i < Count; i++)
            equation.Drift(t, y.Slice(i * d, d), Felt(i), velocity.Slice(i * d, d));
    }

    /// <inheritdoc/>
    public void Diffuse(double t, ReadOnlySpan<double> y, ReadOnlySpan<double> increments, Span<double> noise)
    {
        Feel(t, y);
        noise.Clear();
        ReadOnlySpan<double> common = increments[..equation.CommonMotions], own = increments[common.Length..];
        var (d, m) = (equation.Dimension, equation.OwnMotions);
        Span<double> slopes = d <= 64 ? stackalloc double[d] : new double[d];
        for (var i = 0; i < Count; i++)
        {
            var x = y.Slice(i * d, d);
            var sum = noise.Slice(i * d, d);
            if (equation.Diagonal is { } diagonal)
            {
                slopes.Clear();
                diagonal(t, x, Felt(i), sum, slopes);
                for (var r = 0; r < d; r++) sum[r] *= own[i * d + r];
            }
            else if (equation.Noise is { } coefficient)
            {
                Apply(coefficient, t, x, Felt(i), own.Slice(i * m, m), sum);
            }
            if (equation.CommonNoise is { } shared) Apply(shared, t, x, Felt(i), common, sum);
        }
    }

    /// <inheritdoc/>
    public void Diagonal(double t, ReadOnlySpan<double> y, Span<double> deviations, Span<double> slopes)
    {
        if (!HasDiagonalNoise || equation.Diagonal is not { } diagonal)
            throw new InvalidOperationException("the noise is not diagonal: give it as Diagonal and no common noise");
        Feel(t, y);
        deviations.Clear();
        slopes.Clear();
        var d = equation.Dimension;
        for (var i = 0; i < Count; i++)
            diagonal(t, y.Slice(i * d, d), Felt(i), deviations.Slice(i * d, d), slopes.Slice(i * d, d));
    }

    private ReadOnlySpan<double> Felt(int particle)
    {
        var size = equation.Interaction?.Size ?? 0;
        return felt.AsSpan(particle * size, size);
    }

    private void Apply(Coefficient coefficient, double t, ReadOnlySpan<double> x, ReadOnlySpan<double> feels,
        ReadOnlySpan<double> increments, Span<double> sum)
    {
        var s = matrix.AsSpan(0, x.Length * increments.Length);
        s.Clear();
        coefficient(t, x, feels, s);
        for (var r = 0; r < x.Length; r++)
            for (var k = 0; k < increments.Length; k++)
                sum[r] += s[r * increments.Length + k] * increments[k];
    }

    /// <summary>Drift and noise of a step are taken at one state: the interaction is evaluated once.</summary>
    private void Feel(double t, ReadOnlySpan<double> y)
    {
        if (equation.Interaction is not { } interaction) return;
        if (t == seenTime && MemoryMarshal.AsBytes(y).SequenceEqual(MemoryMarshal.AsBytes<double>(seen))) return;
        interaction.Evaluate(t, y, start.Masses, felt);
        y.CopyTo(seen);
        seenTime = t;
    }
}
