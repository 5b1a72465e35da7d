using MathNet.Numerics.LinearAlgebra;
using MeanFieldLimit.Solvers.Functions;

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

    // Of coordinates, within which squares and products of covariances are normal numbers; beyond, powers of 2 are
    // divided out.
    private const int Moderate = 100;

    private WassersteinGaussian(
        double cost, int exponent, double? dualValue, double[]? map, double[] from, double[] to) =>
        (Cost, Distance, DualValue, Map, this.from, this.to) =
        (Math.ScaleB(cost, 2 * exponent), Math.ScaleB(Math.Sqrt(cost), exponent),
        dualValue is { } v ? Math.ScaleB(v, 2 * exponent) : null, map, from, to);

    private readonly double[] from, to;

    /// <summary>W_2^2; infinite or 0 where that is no double though W_2 is one.</summary>
    public double Cost { get; }

    /// <summary>W_2.</summary>
    public double Distance { get; }

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
        double[] difference = [.. sourceMean.Zip(targetMean, (m, n) => m - n)];
        if (!difference.All(double.IsFinite))
            throw new ArgumentException("means and their difference must be finite: mend the coordinates that are not");
        var a = new Roots(d, sourceCovariance, "source");
        var b = new Roots(d, targetCovariance, "target");
        var apart = PowerOfTwo.Exponent(difference.Max(Math.Abs), Moderate);
        var unit = Math.Max(apart, Math.Max(a.Exponent, b.Exponent));
        var shift = 0.0;
        foreach (var x in difference) shift += Math.ScaleB(x, -unit) * Math.ScaleB(x, -unit);
        // With B^(1/2) A^(1/2) = P S Q', S its singular values, the distance is |A^(1/2) - Q P' B^(1/2)|, a difference
        // before it is squared: the traces would leave 1e-8 of two equal Gaussians.
        var svd = (b.Root * a.Root).Svd();
        double ofA = Math.ScaleB(1, a.Exponent - unit), ofB = Math.ScaleB(1, b.Exponent - unit);
        var bures = (a.Root * ofA - svd.VT.TransposeThisAndMultiply(svd.U.Transpose()) * b.Root * ofB).FrobeniusNorm();
        var cost = shift + bures * bures;
        if (a.Inverse is not { } inverse)
            return new(cost, unit, null, null, sourceMean, targetMean);
        var map = inverse * svd.VT.TransposeThisAndMultiply(svd.W * svd.VT) * inverse;
        double? dual = b.Inverse is null
            ? null
            : shift + (a.Covariance * (ofA * ofA) - map * a.Covariance * (ofA * ofB)).Trace()
                + (b.Covariance * (ofB * ofB) - map.Solve(b.Covariance) * (ofA * ofB)).Trace();
        return new(cost, unit, dual, (map * Math.ScaleB(1, b.Exponent - a.Exponent)).ToRowMajorArray(), sourceMean,
            targetMean);
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
            if (covariance.Length != (long)d * d)
                throw new ArgumentException(
                    $"the covariance of the {name} must be {d} x {d}, got {covariance.Length} numbers");
            if (!covariance.All(double.IsFinite))
                throw new ArgumentException($"covariances must be finite, that of the {name} is not: mend it");
            Exponent = PowerOfTwo.Exponent(Math.Sqrt(covariance.Max(Math.Abs)), Moderate);
            Covariance = Matrix<double>.Build.Dense(d, d, Array.ConvertAll(covariance,
                v => Math.ScaleB(v, -2 * Exponent)));
            var scale = Covariance.Enumerate().Max(Math.Abs);
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
                    + $"{name} has the eigenvalue {Math.ScaleB(values.Minimum(), 2 * Exponent):G6}: "
                    + "leave out the negative part");
            var roots = values.Map(v => Math.Sqrt(Math.Max(0, v)));
            Root = Scaled(eigen.EigenVectors, roots);
            if (values.Minimum() > Rounding * d * scale)
                Inverse = Scaled(eigen.EigenVectors, roots.Map(v => 1 / v));
        }

        /// <summary>All that follows is of the coordinates divided by 2 to that.</summary>
        public int Exponent { get; }

        public Matrix<double> Covariance { get; }

        public Matrix<double> Root { get; }

        public Matrix<double>? Inverse { get; }

        private static Matrix<double> Scaled(Matrix<double> vectors, Vector<double> values) =>
            vectors * Matrix<double>.Build.DiagonalOfDiagonalVector(values) * vectors.Transpose();
    }
}
