using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Solvers.Diffusions;

/// <summary>
/// The right-hand side of the Ito equation dy = f(t, y) dt + S(t, y) dB, f being the vector field itself. S is never
/// formed: it is applied to increments, which is all that a method needs, and for the noise of SGD all that is
/// feasible. A system of interacting particles is one such equation over the flat state [particle, d].
/// </summary>
public interface IStochasticField : IVectorField
{
    /// <summary>Number of the independent Brownian motions B.</summary>
    int NoiseDimension { get; }

    /// <summary>noise = S(t, y) increments.</summary>
    /// <param name="t">Time.</param>
    /// <param name="y">State.</param>
    /// <param name="increments">dB, of length <see cref="NoiseDimension"/>.</param>
    /// <param name="noise">Receives the result, of the state's length; it is overwritten.</param>
    void Diffuse(double t, ReadOnlySpan<double> y, ReadOnlySpan<double> increments, Span<double> noise);
}
