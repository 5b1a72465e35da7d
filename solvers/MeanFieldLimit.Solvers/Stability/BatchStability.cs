using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MeanFieldLimit.Solvers.Randomness;
using MeanFieldLimit.Solvers.Spectra;

namespace MeanFieldLimit.Solvers.Stability;

/// <summary>
/// Mean-square stability of SGD at a minimiser that all points share: e &lt;- (1 - eta H_S) e with H_S the mean of A_i
/// over a batch S of B points, drawn anew for each step. E e e^T goes by
/// T(M) = M - eta (H M + M H) + eta^2 (c (1/n) sum_i A_i M A_i + (1 - c) H M H),
/// c = (n - B) / (B (n - 1)) for points drawn without replacement, 1 / B with.
/// </summary>
/// <remarks>
/// T is self-adjoint for &lt;M, M'> = tr M M' and keeps positive matrices positive, so its spectral radius is its
/// largest eigenvalue (Krein and Rutman). With T = 1 - eta L_1 + eta^2 L_2 it is below 1 exactly for eta &lt; 1 / mu,
/// mu the largest eigenvalue of L_1^(-1/2) L_2 L_1^(-1/2), symmetric too; L_1 is diagonal along eigenvectors of H.
/// </remarks>
public sealed class BatchStability
{
    // Of the residual, relative to the eigenvalue.
    private const double Tolerance = 1e-13;

    // Vectors that are kept.
    private const int MostProducts = 300;

    private readonly SampledQuadratic of;
    private readonly Lazy<Eigenpair> mode;     // its vector is L_1^(1/2) M

    /// <summary>That of a batch size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The batch has no point, or more than there are.</exception>
    public BatchStability(SampledQuadratic of, int batch, bool withReplacement = false)
    {
        ArgumentNullException.ThrowIfNull(of);
        if (batch < 1 || (batch > of.Points && !withReplacement))
            throw new ArgumentOutOfRangeException(nameof(batch), batch, $"a batch must have 1 to {of.Points} of the " +
                $"points, got {batch}; use one in that range, or draw with replacement");
        this.of = of;
        Share = withReplacement ? 1.0 / batch : batch == of.Points ? 0
            : (of.Points - batch) / (batch * (of.Points - 1.0));
        mode = new(FindMode);
    }

    /// <summary>c, the variance of the mean over a batch in units of that of one point.</summary>
    public double Share { get; }

    /// <summary>The step eta below which E |e|^2 goes to 0 from everywhere, and above which it grows from
    /// somewhere.</summary>
    public double LargestStep => 1 / mode.Value.Value;

    /// <summary>What that is known to, by the residual of mu; its error is of second order in it where no other
    /// eigenvalue is close.</summary>
    public double Residual => LargestStep * LargestStep * mode.Value.Residual;

    /// <summary>Bytes that the search for an eigenvalue may take, of quadratics of a rank.</summary>
    public static double Bytes(int rank) =>
        sizeof(double) * (double)MostProducts * SymmetricMap.Count(rank);

    /// <summary>
    /// The step up to which no e has a larger E |e|^2 one step later, lambda_max{(1 - eta H)^2 + eta^2 c Sigma} &lt;=
    /// 1: sufficient for stability, not necessary.
    /// </summary>
    public double OneStep
    {
        get
        {
            var m = (DenseMatrix)(of.Squares() * Share);
            for (var i = 0; i < of.Rank; i++) m[i, i] += (1 - Share) * of.Curvatures[i] * of.Curvatures[i];
            for (var i = 0; i < of.Rank; i++)
                for (var j = 0; j < of.Rank; j++) m[i, j] /= Math.Sqrt(of.Curvatures[i] * of.Curvatures[j]);
            return 2 / m.Evd(Symmetricity.Symmetric).EigenValues[of.Rank - 1].Real;
        }
    }

    /// <summary>
    /// The step of the conditions eta lambda_max(H) &lt;= 2 and eta lambda_max(Sigma)^(1/2) c^(1/2) &lt;= 1, which
    /// <see cref="OneStep"/> needs; the first one stability needs as well, the second one not.
    /// </summary>
    public double TwoConditions => Math.Min(2 / of.Curvatures[0], 1 / (of.NonUniformity * Math.Sqrt(Share)));

    /// <summary>
    /// A step that <see cref="LargestStep"/> is not beyond: the one-dimensional threshold 2 a / (a^2 + c s^2) along v,
    /// a = &lt;v, H v> and s^2 = Var_i &lt;v, A_i v>, which is necessary for every v of length 1 (the quotient of
    /// Rayleigh at v v^T); the least one over eigenvectors of H and of the matrix that is the first to grow.
    /// </summary>
    public double AlongDirections
    {
        get
        {
            var r = of.Rank;
            var growing = new DenseMatrix(r, r, Mode()).Evd(Symmetricity.Symmetric).EigenVectors;
            return growing.EnumerateColumns().Concat(DenseMatrix.CreateIdentity(r).EnumerateColumns())
                .Min(v => Along(v.AsArray() ?? v.ToArray()));
        }
    }

    /// <summary>
    /// The factor by which E |e|^2 goes on in the long run with each step, the spectral radius of T: it is no less than
    /// the value, and there is an eigenvalue within the residual of that. Those of small curvatures crowd at 1: whether
    /// a step is stable is told by <see cref="LargestStep"/>.
    /// </summary>
    public (double Value, double Residual) Radius(double step)
    {
        var (value, _, residual) = Largest((m, next) => Step(step, m, next));
        return (value, residual);
    }

    /// <summary>E e e^T [r, r] that is the first to grow, |M| = 1: T(M) = M + O(eta - LargestStep) there.</summary>
    internal double[] Mode()
    {
        var m = new double[of.Rank * of.Rank];
        SymmetricMap.Unpack(mode.Value.Vector, m);
        Scale(m);
        var sign = Math.Sign(Enumerable.Range(0, of.Rank).Sum(i => m[i * (of.Rank + 1)]));
        TensorPrimitives.Multiply(m, sign / TensorPrimitives.Norm<double>(m), m);
        return m;
    }

    /// <summary>next = T(m).</summary>
    internal void Step(double step, ReadOnlySpan<double> m, Span<double> next)
    {
        var r = of.Rank;
        for (var i = 0; i < r; i++)
            for (var j = 0; j < r; j++)
            {
                var (hi, hj) = (of.Curvatures[i], of.Curvatures[j]);
                next[i * r + j] = m[i * r + j] * (1 - step * (hi + hj) + step * step * (1 - Share) * hi * hj);
            }
        if (Share > 0) of.AddMean(m, step * step * Share, next);
    }

    private Eigenpair FindMode()
    {
        var r = of.Rank;
        return Largest(Apply);

        void Apply(double[] scaled, double[] next)
        {
            Scale(scaled);
            for (var i = 0; i < r; i++)
                for (var j = 0; j < r; j++)
                    next[i * r + j] = (1 - Share) * of.Curvatures[i] * of.Curvatures[j] * scaled[i * r + j];
            if (Share > 0) of.AddMean(scaled, Share, next);
            Scale(next);
        }
    }

    private Eigenpair Largest(Action<double[], double[]> map) => Lanczos.Largest(new SymmetricMap(of.Rank, map), 1,
        new RandomStream(1, 0), Tolerance, MostProducts).Pairs[0];

    /// <summary>m = L_1^(-1/2) m.</summary>
    private void Scale(double[] m)
    {
        for (var i = 0; i < of.Rank; i++)
            for (var j = 0; j < of.Rank; j++) m[i * of.Rank + j] /= Math.Sqrt(of.Curvatures[i] + of.Curvatures[j]);
    }

    private double Along(double[] v)
    {
        double mean = 0, square = 0;
        var gradient = new double[v.Length];
        for (var i = 0; i < of.Points; i++)
        {
            Array.Clear(gradient);
            of.AddGradient(i, v, gradient);
            var a = TensorPrimitives.Dot<double>(v, gradient);
            (mean, square) = (mean + a / of.Points, square + a * a / of.Points);
        }
        return 2 * mean / (mean * mean + Share * (square - mean * mean));
    }
}
