using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Solvers.Densities;

/// <summary>
/// Drift b and variance a = S S^T of dX = b dt + S dB, where a is diagonal; both may depend on the law of X, through
/// the points and masses of a measure.
/// </summary>
public interface IItoCoefficients
{
    /// <summary>d.</summary>
    int Dimension { get; }

    /// <summary>drift[i, :] = b(t, x_i, mu), [point, d].</summary>
    void Drift(double t, ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> drift);

    /// <summary>variance[i, k] = a_kk(t, x_i, mu), [point, d], not negative.</summary>
    void Variance(double t, ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> variance);
}

/// <summary>
/// d/dt rho = -div(b rho) + 1/2 sum_k d^2/dx_k^2 (a_kk rho), the law of an Ito diffusion whose noise depends on the
/// state and the law; b need not be a gradient. With a_kk = 2 D it is -div(b rho) + D laplace rho.
/// </summary>
/// <remarks>The flux b rho - d(a rho / 2)/dx = (b - a'/2) rho - (a/2) d rho/dx has velocity b - a'/2 and diffusion a/2
/// at the faces, from b and a at the centres. There is no energy.</remarks>
public sealed class ItoEquation(IItoCoefficients coefficients) : IDensityEquation
{
    /// <inheritdoc/>
    public int Dimension => coefficients.Dimension;

    /// <inheritdoc/>
    public IGridEquation On(Grid grid) => grid.Dimension == Dimension ? new Discretised(coefficients, grid)
        : throw new ArgumentException($"the grid must have the equation's dimension {Dimension}, it has "
            + $"{grid.Dimension}");

    private sealed class Discretised(IItoCoefficients coefficients, Grid grid) : IGridEquation
    {
        private readonly double[] drift = new double[grid.Count * grid.Dimension];
        private readonly double[] variance = new double[grid.Count * grid.Dimension];

        public Grid Grid => grid;

        public IDensityEnergy? Energy => null;

        public void Evaluate(double t, ReadOnlySpan<double> masses, FaceCoefficients faces)
        {
            coefficients.Drift(t, grid.Centres, masses, drift);
            coefficients.Variance(t, grid.Centres, masses, variance);
            if (TimeLoop.NonFiniteIndex(drift) is var bad and >= 0)
                throw new ArgumentException($"the drift must be finite, in cell {bad / grid.Dimension} at t = {t:R} it "
                    + $"is {drift[bad]}: see what it does at such points");
            var d = grid.Dimension;
            for (var k = 0; k < d; k++)
            {
                var h = grid.Axes[k].Spacing;
                var neighbour = grid.Next(k);
                for (var face = 0; face < grid.Count; face++)
                {
                    int here = face * d + k, next = neighbour[face] * d + k;
                    if (!(variance[here] >= 0 && double.IsFinite(variance[here])))
                        throw new ArgumentException("the variance of noise must be finite and not negative, in cell "
                            + $"{face} at t = {t:R} it is {variance[here]} along axis {k}");
                    faces.Velocity[k][face] =
                        0.5 * (drift[here] + drift[next]) - 0.5 * (variance[next] - variance[here]) / h;
                    faces.Diffusion[k][face] = 0.25 * (variance[here] + variance[next]);
                }
            }
        }
    }
}
