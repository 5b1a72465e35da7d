using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace MeanFieldLimit.Kernels;

/// <summary>
/// The gradient flow of an infinitely wide network in the NTK scaling on a squared loss, df/dt = -c Theta_TX M (f_X -
/// y) with M the masses of the training points and c = 1 for half-squared, 2 for squared. Over the initialization f
/// is normal at any time: with A_t = Theta_TX M^(1/2) U (1 - e^(-c t lambda)) / lambda U' M^(1/2) and M^(1/2)
/// Theta_XX M^(1/2) = U lambda U', it has the mean A_t y and the covariance (S_t Sigma S_t')_TT of S_t = 1 - A_t (on
/// training points), Sigma the NNGP kernel (Lee et al. 2019, arXiv:1902.06720).
/// </summary>
/// <remarks>No inverse is taken: Theta may be singular, as where a point is there twice.</remarks>
public sealed class KernelFlow
{
    /// <summary>Training points of which eigenvectors are taken: those of larger Gram matrices take minutes.</summary>
    public const int MostPoints = 2048;

    private readonly Matrix<double> sigma, modes;       // modes: Theta_TX M^(1/2) U [point, mode]
    private readonly Matrix<double> weighted;           // U' M^(1/2) [mode, training point]
    private readonly double slope;

    /// <summary>That of kernels on training points, which come first, and others.</summary>
    /// <param name="kernels">The kernels.</param>
    /// <param name="masses">Of the training points.</param>
    /// <param name="slope">c: the second derivative of the loss in a prediction.</param>
    public KernelFlow(GaussianKernels kernels, IReadOnlyList<double> masses, double slope = 1)
    {
        ArgumentNullException.ThrowIfNull(kernels);
        ArgumentNullException.ThrowIfNull(masses);
        this.slope = slope;
        var (points, n) = (kernels.Points, masses.Count);
        sigma = new DenseMatrix(points, points, kernels.Nngp);
        var ntk = new DenseMatrix(points, points, kernels.Ntk);
        var roots = new DiagonalMatrix(n, n, [.. masses.Select(Math.Sqrt)]);
        var evd = (roots * ntk.SubMatrix(0, n, 0, n) * roots).Evd(Symmetricity.Symmetric);
        Eigenvalues = [.. evd.EigenValues.Select(v => v.Real)];
        weighted = evd.EigenVectors.TransposeThisAndMultiply(roots);
        modes = ntk.SubMatrix(0, points, 0, n) * roots * evd.EigenVectors;
    }

    /// <summary>Of M^(1/2) Theta_XX M^(1/2), increasing: mode k of the error decays like e^(-c t lambda_k).</summary>
    public IReadOnlyList<double> Eigenvalues { get; }

    /// <summary>
    /// f at all points and outputs [point, K], so much later: f + A_t (y - f_X) for labels y [training point, K].
    /// </summary>
    internal void Advance(double t, double[] y, ReadOnlySpan<double> f, Span<double> later)
    {
        var (n, outputs) = (Eigenvalues.Count, y.Length / Eigenvalues.Count);
        var errors = new double[y.Length];
        TensorPrimitives.Subtract(y, f[..y.Length], errors);
        var moved = modes * (Reached(t) * (weighted * DenseMatrix.OfColumnMajor(outputs, n, errors).Transpose()));
        TensorPrimitives.Add(f, moved.ToRowMajorArray(), later);
    }

    /// <summary>E f at all points and outputs [point, K] for labels y [training point, K].</summary>
    public double[] Mean(double t, double[] y, int outputs)
    {
        var labels = DenseMatrix.OfColumnMajor(outputs, Eigenvalues.Count, y).Transpose();
        return (Attraction(t) * labels).ToRowMajorArray();
    }

    /// <summary>Cov f [point, point], the same for each output; outputs are independent.</summary>
    public double[] Covariance(double t)
    {
        var (a, n) = (Attraction(t), Eigenvalues.Count);
        var cross = a * sigma.SubMatrix(0, n, 0, sigma.ColumnCount);
        var both = a * sigma.SubMatrix(0, n, 0, n);
        return (sigma - cross - cross.Transpose() + both.TransposeAndMultiply(a)).ToRowMajorArray();
    }

    /// <summary>Its diagonal alone, at half of the products.</summary>
    public double[] Variance(double t)
    {
        var (a, n) = (Attraction(t), Eigenvalues.Count);
        var both = a * sigma.SubMatrix(0, n, 0, n);
        return [.. Enumerable.Range(0, a.RowCount).Select(i => sigma[i, i] + Enumerable.Range(0, n)
            .Sum(k => a[i, k] * (both[i, k] - 2 * sigma[k, i])))];
    }

    /// <summary>A_t [point, training point].</summary>
    private Matrix<double> Attraction(double t) => modes * Reached(t) * weighted;

    // (1 - e^-x) / lambda at x = c t lambda, whose limit at 0 is c t.
    private DiagonalMatrix Reached(double t) => new(Eigenvalues.Count, Eigenvalues.Count, [.. Eigenvalues.Select(
        lambda => slope * t * lambda is var x && Math.Abs(x) < 1e-300 ? slope * t : -double.ExpM1(-x) / lambda)]);
}
