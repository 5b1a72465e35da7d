using System.Numerics.Tensors;
using MeanFieldLimit.Solvers.Randomness;

namespace MeanFieldLimit.Solvers.Diffusions;

/// <summary>
/// Brownian paths seen in steps of one length: increments[p, k] over step number s are draws s K, ..., (s + 1) K - 1 of
/// the stream of particle p, times the square root of the step.
/// </summary>
/// <param name="particles">Number of particles.</param>
/// <param name="noises">Paths of each, K.</param>
/// <param name="step">The length of all steps.</param>
/// <param name="stream">The stream of a particle.</param>
public sealed class SteppedPaths(int particles, int noises, double step, Func<int, RandomStream> stream)
    : IBrownianMotion
{
    /// <inheritdoc/>
    public int Dimension => particles * noises;

    /// <inheritdoc/>
    public void Increments(double start, double end, Span<double> increments)
    {
        var s = (ulong)Math.Round(start / step);
        for (var p = 0; p < particles; p++)
            stream(p).FillNormal(s * (ulong)noises, increments.Slice(p * noises, noises));
        TensorPrimitives.Multiply(increments, Math.Sqrt(end - start), increments);
    }
}
