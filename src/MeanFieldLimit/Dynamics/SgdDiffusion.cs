using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Interactions;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;

namespace MeanFieldLimit.Dynamics;

/// <summary>
/// SGD with step eps on batches of B points, t = k eps, as a diffusion:
/// dw = -h(w, nu) dt + sqrt(eps / B) Sigma(w, nu)^(1/2) dB, with H_x the gradient at one data point (rescaled, times
/// its learning rate), h = E_P[H_x], -h the mean-field velocity, and Sigma = Cov_P[H_x] = sum_x m_x (H_x - h)(H_x -
/// h)^T, m the masses of the data. Sigma is never formed: sum_x sqrt(m_x) xi_x (H_x - h), xi of independent standard
/// normals, has exactly that covariance, and equals sum_x a_x H_x with a_x = sqrt(m_x) xi_x - m_x sum_y sqrt(m_y) xi_y,
/// one pass through the network. (De Bortoli et al., arXiv:2007.06352.)
/// </summary>
/// <remarks>
/// In that paper's gamma_N = gamma N^beta the step is eps = gamma_N / N = gamma N^(beta - 1). One step of SGD takes the
/// time eps and has the covariance eps^2 Sigma / B: hence the root of Sigma in the equation and Sigma itself, times
/// eps / 2, in the Fokker-Planck equation. (The slides of a talk by the authors have gamma^(1/2) Sigma in the limit,
/// and the drift h where its definition there asks for -h; all steps that SGD may take, enumerated, have what stands
/// here.) Increments are [point] where the noise is shared and [neuron, point] otherwise; a neuron's
/// noise moves all of w_1(., c), b_1(c) and w_2(c, .). Not for use by two threads at once.
/// </remarks>
public sealed class SgdDiffusion : IStochasticField
{
    private readonly MeanFieldVelocity velocity;
    private readonly Dataset data;
    private readonly SgdNoise noise;
    private readonly double scale;
    private readonly double[] roots;
    private readonly double[] weights;

    /// <summary>
    /// That of an ensemble, for SGD of step eps (0 for none of its noise) on batches of B of the training points.
    /// </summary>
    /// <exception cref="ArgumentException">The step is negative, or the network has no noise per particle.</exception>
    public SgdDiffusion(Ensemble ensemble, Objective objective, IMatrixEngine engine, SgdNoise noise, double step,
        int batch = 1)
    {
        if (!(step >= 0 && double.IsFinite(step)))
            throw new ArgumentException($"the step of SGD must be finite and not negative, got {step}");
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        if (noise == SgdNoise.PerParticle && Refuse(ensemble.Architecture) is { } rule)
            throw new ArgumentException(rule);
        (data, this.noise, scale) = (objective.Data.Train, noise, Math.Sqrt(step / batch));
        velocity = objective.Velocity(ensemble, engine, new FullExpectation(data));
        roots = [.. data.Masses.Select(Math.Sqrt)];
        weights = Arrays.New("the noise of neurons", noise == SgdNoise.Shared ? 1 : ensemble.Size(1), data.Count);
    }

    /// <summary>Why networks cannot have noise per particle, or null.</summary>
    internal static string? Refuse(Architecture architecture) =>
        architecture.Depth > 2
            ? $"noise per particle must be of two layers, got {architecture.Depth}: a weight between two hidden " +
                "neurons belongs to neither alone; use shared noise"
        : architecture.Biases == BiasMode.Trained
            ? "noise per particle must be without trained biases, got trained: those of the outputs belong to no " +
                "particle; use shared noise, or frozen biases"
        : architecture.Interactions[^1] is not WeightedSum
            ? $"noise per particle must be of an output layer of kind weighted-sum, got " +
                $"{architecture.Interactions[^1].Name}; use shared noise"
        : null;

    /// <inheritdoc/>
    public int Dimension => velocity.Dimension;

    /// <inheritdoc/>
    public int NoiseDimension => weights.Length;

    /// <inheritdoc/>
    public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity) =>
        this.velocity.Evaluate(t, y, velocity);

    /// <inheritdoc/>
    public void Diffuse(double t, ReadOnlySpan<double> y, ReadOnlySpan<double> increments, Span<double> noise)
    {
        var points = data.Count;
        for (var start = 0; start < weights.Length; start += points)
        {
            var a = weights.AsSpan(start, points);
            TensorPrimitives.Multiply(increments.Slice(start, points), roots, a);
            TensorPrimitives.MultiplyAdd(data.Masses, -TensorPrimitives.Sum<double>(a), a, a);
            TensorPrimitives.Multiply(a, scale, a);
        }
        velocity.Sum(t, y, data, weights, noise, each: this.noise == SgdNoise.PerParticle);
    }
}
