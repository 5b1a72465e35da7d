using MathNet.Numerics.LinearAlgebra;

namespace MeanFieldLimit.Solvers.Transport;

/// <summary>
/// W_2 between Gaussians, |m - n|^2 + tr(A + B - 2 (A^(1/2) B A^(1/2))^(1/2)), the Bures distance of the covariances
/// (Olkin and Pukelsheim 1982; Takatsu 2011), and a lower bound of W_2 between any two laws of these moments (Gelbrich
/// 1990).
/// </summary>
public sealed class WassersteinGaussian
{
    // Eigenvalues of a covariance computed from data are negative by roundings of about d times 1e-16 of the largest.
    private const double Rounding = 1e-12;

    private WassersteinGaussian(double cost, double? dualValue, double[]? map, double[] from, double[] to) =>
        (Cost, DualValue, Map, this.from, this.to) = (cost, dualValue, map, from, to);

    private readonly double[] from, to;

    /// <summary>W_2^2.</summary>
    public double Cost { get; }

    /// <summary>W_2.</summary>
    public double Distance => Math.Sqrt(Cost);

    /// <summary>
    /// |m - n|^2 + tr(A - M A) + tr(B - M^-1 B), the value of the potentials |x|^2 - x.M x and |y|^2 - y.M^-1 y of the
    /// centred laws: feasible for any positive definite M, hence W_2^2 or less. Null where A or B is singular.
    /// </summary>
    public double? DualValue { get; }

    /// <summary>M [d, d] of the optimal map x -> n + M (x - m), M = A^(-1/2) (A^(1/2) B A^(1/2))^(1/2) A^(-1/2). Null
    /// where A is singular: a plan need not be a map then.</summary>
    public double[]? Map { get; }

    /// <summary>W_2 between N(m, A) and N(n, B).</summary>
    /// <param name="sourceMean">m [d].</param>
    /// <param name="sourceCovariance">A [d, d], symmetric and positive semi-definite.</param>
    /// <param name="targetMean">n [d].</param>
    /// <param name="targetCovariance">B [d, d] likewise.</param>
    /// <exception cref="ArgumentException">The sizes do not fit, or a covariance is not finite, not symmetric or has a
    /// negative eigenvalue.</exception>
    public static WassersteinGaussian Between(
        double[] sourceMean, double[] sourceCovariance, double[] targetMean, double[] targetCovariance)
    {
        var d = sourceMean.Length;
        if (d == 0 || targetMean.Length != d)
            throw new ArgumentException(
                $"both means must have the same positive length, got {d} and {targetMean.Length}");
        var a = new Roots(d, sourceCovariance, "source");
        var b = new Roots(d, targetCovariance, "target");
        var shift = 0.0;
        for (var k = 0; k < d; k++)
            shift += (sourceMean[k] - targetMean[k]) * (sourceMean[k] - targetMean[k]);
        if (!double.IsFinite(shift))
            throw new ArgumentException("means must be finite: mend the coordinates that are not");
        // With B^(1/2) A^(1/2) = P S Q', S its singular values, the distance is |A^(1/2) - Q P' B^(1/2)|, a difference
        // before it is squared: the traces would leave 1e-8 of two equal Gaussians.
        var svd = (b.Root * a.Root).Svd();
        var bures = (a.Root - svd.VT.TransposeThisAndMultiply(svd.U.Transpose()) * b.Root).FrobeniusNorm();
        var cost = shift + bures * bures;
        if (a.Inverse is not { } inverse)
            return new(cost, null, null, sourceMean, targetMean);
        var map = inverse * svd.VT.TransposeThisAndMultiply(svd.W * svd.VT) * inverse;
        double? dual = b.Inverse is null
            ? null
            : shift + (a.Covariance - map * a.Covariance).Trace() + (b.Covariance - map.Solve(b.Covariance)).Trace();
        return new(cost, dual, map.ToRowMajorArray(), sourceMean, targetMean);
    }

    /// <summary>The optimal map at x.</summary>
    /// <exception cref="InvalidOperationException">The source is singular.</exception>
    public double[] Apply(ReadOnlySpan<double> x)
    {
        var map = Map ?? throw new InvalidOperationException(
            "there is no map from a singular Gaussian: add a small multiple of the identity to its covariance");
        var image = to.ToArray();
        for (var i = 0; i < image.Length; i++)
            for (var k = 0; k < image.Length; k++)
                image[i] += map[i * image.Length + k] * (x[k] - from[k]);
        return image;
    }

    private sealed class Roots
    {
        public Roots(int d, double[] covariance, string name)
        {
            if (covariance.Length != d * d)
                throw new ArgumentException(
                    $"the covariance of the {name} must be {d} x {d}, got {covariance.Length} numbers");
            Covariance = Matrix<double>.Build.Dense(d, d, covariance);
            var scale = covariance.Max(Math.Abs);
            if (!covariance.All(double.IsFinite))
                throw new ArgumentException($"covariances must be finite, that of the {name} is not: mend it");
            for (var i = 0; i < d; i++)
                for (var j = 0; j < i; j++)
                    if (Math.Abs(Covariance[i, j] - Covariance[j, i]) > Rounding * scale)
                        throw new ArgumentException($"covariances must be symmetric, that of the {name} has "
                            + $"{covariance[i * d + j]:R} at ({i}, {j}) and {covariance[j * d + i]:R} at ({j}, {i}): "
                            + "take the mean of it and its transpose");
            var eigen = Covariance.Evd(Symmetricity.Symmetric);
            var values = eigen.EigenValues.Map(v => v.Real);
            if (values.Minimum() < -Rounding * d * scale)
                throw new ArgumentException("covariances must be positive semi-definite, that of the "
                    + $"{name} has the eigenvalue {values.Minimum():G6}: leave out the negative part");
            var roots = values.Map(v => Math.Sqrt(Math.Max(0, v)));
            Root = Scaled(eigen.EigenVectors, roots);
            if (values.Minimum() > Rounding * d * scale)
                Inverse = Scaled(eigen.EigenVectors, roots.Map(v => 1 / v));
        }

        public Matrix<double> Covariance { get; }

        public Matrix<double> Root { get; }

        public Matrix<double>? Inverse { get; }

        private static Matrix<double> Scaled(Matrix<double> vectors, Vector<double> values) =>
            vectors * Matrix<double>.Build.DiagonalOfDiagonalVector(values) * vectors.Transpose();
    }
}
