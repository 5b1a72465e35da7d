using System.Numerics.Tensors;
using MeanFieldLimit.Solvers.Measures;

namespace MeanFieldLimit.Solvers.Diffusions;

/// <summary>
/// Paths in pairs (B, -B): those of particles 2 p and 2 p + 1 are the paths of particle p of another motion and their
/// mirror images, which are Brownian too. Means over a pair have no error that is odd in the noise.
/// </summary>
public sealed class AntitheticMotion : IBrownianMotion
{
    private readonly IBrownianMotion paths;
    private readonly int noises;
    private readonly double[] single;

    /// <summary>Paths in pairs.</summary>
    /// <param name="paths">The paths, [particle, noise].</param>
    /// <param name="noises">Paths of each particle.</param>
    /// <exception cref="ArgumentException">The paths are not of whole particles.</exception>
    public AntitheticMotion(IBrownianMotion paths, int noises)
    {
        if (noises < 1 || paths.Dimension % noises != 0)
            throw new ArgumentException($"{paths.Dimension} paths must be of whole particles, got {noises} each");
        Dimension = ArraySize.Of("motions", "take fewer", 2, paths.Dimension);
        (this.paths, this.noises, single) = (paths, noises, new double[paths.Dimension]);
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public void Increments(double start, double end, Span<double> increments)
    {
        paths.Increments(start, end, single);
        for (var first = 0; first < single.Length; first += noises)
        {
            var own = single.AsSpan(first, noises);
            own.CopyTo(increments[(2 * first)..]);
            TensorPrimitives.Negate(own, increments[(2 * first + noises)..]);
        }
    }
}
