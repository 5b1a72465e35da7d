using System.Runtime.CompilerServices;

namespace MeanFieldLimit.Solvers.Laws;

/// <summary>
/// A Gauss quadrature rule of a probability law: <c>sum_i Weights[i] f(Nodes[i]) = E f(X)</c> for polynomials f of
/// degree up to 2n - 1. Nodes ascend, weights are positive and sum to 1. Against 50 digits, up to n = 256: nodes within
/// 5e-16, weights within 4e-13 (Legendre) and 7e-14 (Hermite), relative.
/// </summary>
/// <remarks>
/// The orthonormal polynomials of a symmetric law obey <c>sqrt(b_{k+1}) p_{k+1} = x p_k - sqrt(b_k) p_{k-1}</c>,
/// p_0 = 1 (of other laws with x - a_k in place of x, and a_k on the diagonal of J). The nodes are the zeros of p_n,
/// the eigenvalues of the Jacobi matrix J with off-diagonal sqrt(b_k); the weights are <c>1 / sum_{k &lt; n}
/// p_k(x)^2</c>. W. Gautschi, Orthogonal Polynomials: Computation and Approximation (2004), sections 1.4 and 3.1.
/// </remarks>
public sealed class GaussRule
{
    /// <summary>The largest rule: the outer weights fall like exp(-2n) for the normal law, 1e-218 here.</summary>
    public const int MaxNodes = 256;

    private const int Bisections = 40;
    private const int Polishings = 3;

    private GaussRule(double[] nodes, double[] weights) => (Nodes, Weights) = (nodes, weights);

    /// <summary>The nodes, ascending.</summary>
    public double[] Nodes { get; }

    /// <summary>The weights, in the order of the nodes.</summary>
    public double[] Weights { get; }

    /// <summary>The rule of N(0, 1), probabilists' Gauss-Hermite: <c>b_k = k</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="n"/> is outside 1..256.</exception>
    public static GaussRule Hermite(int n) => FromRecurrence(n, static k => k);

    /// <summary>The rule of the uniform law on [-1, 1], Gauss-Legendre: <c>b_k = k^2 / (4 k^2 - 1)</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="n"/> is outside 1..256.</exception>
    public static GaussRule Legendre(int n) => FromRecurrence(n, static k => k * k / (4 * k * k - 1));

    /// <summary>
    /// The rule of one coordinate of a uniform point on the unit sphere of R^<paramref name="dimension"/>,
    /// Gauss-Gegenbauer: density proportional to (1 - u^2)^((d-3)/2), <c>b_k = k (k + d - 3) / ((2k + d - 2) (2k + d -
    /// 4))</c>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">n is outside 1..256, or the dimension below 2.</exception>
    public static GaussRule SphereCoordinate(int n, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 2);
        double d = dimension;       // E u^2 = 1/d; the general formula is 0/0 for k = 1, d = 2
        return FromRecurrence(n, k => k == 1 ? 1 / d : k * (k + d - 3) / ((2 * k + d - 2) * (2 * k + d - 4)));
    }

    /// <summary>
    /// The rule of a law on finitely many points, of which the rule takes few: Stieltjes' procedure (Gautschi, section
    /// 2.2.3), <c>sqrt(b_{k+1}) p_{k+1} = (x - a_k) p_k - sqrt(b_k) p_{k-1}</c> with a_k = E x p_k^2.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// n is outside 1..256 or not below the number of points, or these have more coordinates than one.
    /// </exception>
    public static GaussRule Of(Nodes law, int n)
    {
        Requested(n);
        if (law.Dimension != 1 || law.Count <= n)
            throw new ArgumentException($"a rule of {n} nodes needs more points of one coordinate, got {law.Count}");
        double[] diagonal = new double[n], root = new double[n];
        double[] before = new double[law.Count], p = [.. Enumerable.Repeat(1.0, law.Count)];
        for (var k = 0; k < n; k++)
        {
            for (var i = 0; i < p.Length; i++) diagonal[k] += law.Masses[i] * law.Points[i] * p[i] * p[i];
            if (k + 1 == n) break;
            var squares = 0.0;
            for (var i = 0; i < p.Length; i++)
            {
                (before[i], p[i]) = (p[i], (law.Points[i] - diagonal[k]) * p[i] - root[k] * before[i]);
                squares += law.Masses[i] * p[i] * p[i];
            }
            root[k + 1] = Math.Sqrt(squares);
            for (var i = 0; i < p.Length; i++) p[i] /= root[k + 1];
        }

        double[] nodes = new double[n], weights = new double[n];
        for (var fromTop = 0; fromTop < n; fromTop++)
        {
            var x = Zero(diagonal, root, fromTop, law.Points.Min(), law.Points.Max());
            (nodes[n - 1 - fromTop], weights[n - 1 - fromTop]) = (x, 1 / Evaluate(diagonal, root, x).SumOfSquares);
        }
        var sum = weights.Sum();
        return new GaussRule(nodes, Array.ConvertAll(weights, w => w / sum));
    }

    /// <summary>
    /// Fejer's first rule of the uniform law on [-1, 1], no Gauss rule: nodes cos t_j, t_j = (2j - 1) pi / (2n), exact
    /// for polynomials of degree n - 1 and as dense at the ends as their oscillations; for discretising other laws.
    /// </summary>
    internal static GaussRule Fejer(int n)
    {
        double[] nodes = new double[n], weights = new double[n];
        for (var j = 0; j < n; j++)
        {
            var t = Math.PI * (n - j - 0.5) / n;
            (nodes[j], weights[j]) = (Math.Cos(t), 1.0 / n);
            for (var m = 1; m <= n / 2; m++) weights[j] -= 2.0 / n * Math.Cos(2 * m * t) / (4.0 * m * m - 1);
        }
        return new(nodes, weights);
    }

    /// <summary>A rule that is no Gauss rule, for where one is expected: nodes that ascend.</summary>
    internal static GaussRule FromNodes(Nodes nodes) => new(nodes.Points, nodes.Masses);

    /// <summary>Hands back a number of nodes that a rule can have.</summary>
    internal static int Requested(int n, [CallerArgumentExpression(nameof(n))] string name = "") =>
        n is >= 1 and <= MaxNodes
            ? n
            : throw new ArgumentOutOfRangeException(
                name, n,
                $"a Gauss rule must have between 1 and {MaxNodes} nodes, got {n}: take a number in this range, "
                + "the outer weights of larger rules underflow");

    /// <summary>The rule of <c>shift + scale X</c>.</summary>
    public GaussRule Map(double shift, double scale) =>
        new(Array.ConvertAll(Nodes, x => shift + scale * x), Weights);

    // Alternatives: (1) the symmetric QR algorithm (Golub and Welsch), whose small weights have absolute accuracy
    // only: those of 24 Hermite nodes reach 1e-16; (2) Newton from asymptotic guesses, other guesses for each law;
    // (3) here: the sign changes of p_0(x), ..., p_n(x) count the zeros above x, so bisection cannot miss one. It
    // costs 0.1 ms for 24 nodes of any symmetric law (11 ms for 256), and the weights come from their all-positive sum.
    private static GaussRule FromRecurrence(int n, Func<double, double> b)
    {
        Requested(n);
        var root = new double[n];
        for (var k = 1; k < n; k++)
            root[k] = Math.Sqrt(b(k));
        var bound = 2 * root.Max();
        var diagonal = new double[n];

        double[] nodes = new double[n], weights = new double[n];
        for (var fromTop = 0; fromTop < n / 2; fromTop++)
        {
            var x = Zero(diagonal, root, fromTop, 0, bound);
            nodes[n - 1 - fromTop] = x;
            nodes[fromTop] = -x;
            weights[n - 1 - fromTop] = weights[fromTop] = 1 / Evaluate(diagonal, root, x).SumOfSquares;
        }

        if (n % 2 == 1)
            weights[n / 2] = 1 / Evaluate(diagonal, root, 0).SumOfSquares;

        var sum = weights.Sum();
        return new GaussRule(nodes, Array.ConvertAll(weights, w => w / sum));
    }

    private static double Zero(double[] diagonal, double[] root, int fromTop, double low, double high)
    {
        for (var i = 0; i < Bisections; i++)
        {
            var middle = (low + high) / 2;
            if (Evaluate(diagonal, root, middle).ZerosAbove > fromTop)
                low = middle;
            else
                high = middle;
        }

        // The Newton step here is the Rayleigh quotient of v = (p_0(x), ..., p_{n-1}(x)): (x - J) v has one entry
        // that is not zero, the last.
        var zero = (low + high) / 2;
        for (var i = 0; i < Polishings; i++)
        {
            var at = Evaluate(diagonal, root, zero);
            zero -= at.LastResidual / at.SumOfSquares;
        }

        return zero;
    }

    private readonly record struct Values(double SumOfSquares, double LastResidual, int ZerosAbove);

    /// <summary>sum_{k &lt; n} p_k(x)^2, sqrt(b_n) p_n(x) p_{n-1}(x), and the number of zeros of p_n above x.</summary>
    private static Values Evaluate(double[] diagonal, double[] root, double x)
    {
        double previous = 0, p = 1, sum = 0, residual = 0;
        var signChanges = 0;
        for (var k = 0; k < root.Length; k++)
        {
            sum += p * p;
            var next = (x - diagonal[k]) * p - root[k] * previous;
            residual = next * p;
            if (next < 0 != p < 0)
                signChanges++;
            previous = p;
            p = k + 1 < root.Length ? next / root[k + 1] : next;
        }

        return new Values(sum, residual, signChanges);
    }
}
