using System.Numerics.Tensors;

namespace MeanFieldLimit.Solvers.Diffusions;

/// <summary>
/// Paths in pairs (B, -B): those of particles 2 p and 2 p + 1 are the paths of particle p and their mirror images, which
/// are Brownian too. Means over a pair have no error that is odd in the noise.
/// </summary>
/// <param name="paths">The paths, [particle, noise].</param>
/// <param name="noises">Paths of each particle.</param>
public sealed class AntitheticPaths(IBrownianMotion paths, int noises) : IBrownianMotion
{
    private readonly double[] single = new double[paths.Dimension];

    /// <inheritdoc/>
    public int Dimension => 2 * paths.Dimension;

    /// <inheritdoc/>
    public void Increments(double start, double end, Span<double> increments)
    {
        paths.Increments(start, end, single);
        for (var p = 0; p < single.Length / noises; p++)
        {
            var own = single.AsSpan(p * noises, noises);
            own.CopyTo(increments[(2 * p * noises)..]);
            TensorPrimitives.Negate(own, increments[((2 * p + 1) * noises)..]);
        }
    }
}
