namespace MeanFieldLimit.Solvers.Time;

/// <summary>
/// An explicit Runge-Kutta method: k_i = f(t + c_i h, y + h sum_{j &lt; i} a_ij k_j), y' = y + h sum_i b_i k_i,
/// error = h sum_i (b_i - bhat_i) k_i. The constructor refuses a table that is not consistent.
/// </summary>
public sealed class ButcherTable
{
    private const double RoundOff = 1e-14;

    /// <summary>
    /// A table with nodes c, rows a (row i has i entries), weights b and embedded weights bhat or null.
    /// </summary>
    /// <param name="name">Name in problem files.</param>
    /// <param name="order">Order of b.</param>
    /// <param name="c">Nodes c_1..c_s, c_1 = 0.</param>
    /// <param name="a">Rows a_i of length i - 1, each summing to c_i.</param>
    /// <param name="b">Weights, summing to 1.</param>
    /// <param name="embedded">Weights bhat of the embedded method, summing to 1; null for none.</param>
    /// <param name="embeddedOrder">Order of the embedded method; 0 for none.</param>
    /// <exception cref="ArgumentException">Lengths, a row sum or a sum of weights is wrong.</exception>
    public ButcherTable(string name, int order, double[] c, double[][] a, double[] b,
        double[]? embedded = null, int embeddedOrder = 0)
    {
        Name = name;
        Order = order;
        EmbeddedOrder = embeddedOrder;
        Require(order >= 1, $"order must be at least 1, got {order}");
        Require(a.Length == c.Length && b.Length == c.Length, "a, b and c must have one entry per stage");
        Require(embedded is null == (embeddedOrder == 0), "embedded weights and their order come together");
        for (var i = 0; i < c.Length; i++)
        {
            Require(a[i].Length == i, $"row {i} of an explicit table has {i} entries, got {a[i].Length}");
            Require(Math.Abs(a[i].Sum() - c[i]) < RoundOff, $"row {i} must sum to c = {c[i]}, got {a[i].Sum()}");
        }
        Require(Math.Abs(b.Sum() - 1) < RoundOff, $"the weights must sum to 1, got {b.Sum()}");
        C = c;
        A = a;
        B = b;
        if (embedded is null) return;
        Require(embedded.Length == b.Length, "the embedded weights must have one entry per stage");
        ErrorWeights = [.. b.Zip(embedded, (x, y) => x - y)];
        Require(Math.Abs(ErrorWeights.Sum()) < RoundOff, "the error weights must sum to 0");
    }

    /// <summary>Name in problem files.</summary>
    public string Name { get; }

    /// <summary>Order of the solution carried on.</summary>
    public int Order { get; }

    /// <summary>Order of the embedded solution, 0 where there is none.</summary>
    public int EmbeddedOrder { get; }

    /// <summary>
    /// Order of the error estimate, which is O(h^q): q = min(p, phat) + 1, or 2 (phat + 1) - (pcoarse + 1) for the
    /// combination e^2/sqrt(e^2 + (ecoarse/10)^2). 0 where there is none.
    /// </summary>
    public int ErrorOrder => !EstimatesError ? 0
        : CoarseError is { } coarse ? 2 * EmbeddedOrder + 1 - coarse.Order : Math.Min(Order, EmbeddedOrder) + 1;

    /// <summary>The solution inside a step, for tables whose last stage is the next step's first; or null.</summary>
    /// <exception cref="ArgumentException">The last stage is not.</exception>
    public Interpolant? Interpolant
    {
        get;
        init
        {
            Require(value is null || FirstSameAsLast, "an interpolant needs the slope at the end of the step");
            field = value;
        }
    }

    /// <summary>Weights of a second error estimate, summing to 0, and the lower order of the method that it compares
    /// with; or null.</summary>
    /// <exception cref="ArgumentException">There is no first one, or they sum to something else.</exception>
    public (double[] Weights, int Order)? CoarseError
    {
        get;
        init
        {
            Require(value is null || (EstimatesError && Math.Abs(value.Value.Weights.Sum()) < RoundOff),
                "a second estimate needs a first one, and must sum to 0");
            field = value;
        }
    }

    /// <summary>Nodes c_i.</summary>
    internal double[] C { get; }

    /// <summary>Rows a_i.</summary>
    internal double[][] A { get; }

    /// <summary>Weights b_i.</summary>
    internal double[] B { get; }

    /// <summary>b_i - bhat_i, or null.</summary>
    internal double[]? ErrorWeights { get; }

    /// <summary>Number of stages s.</summary>
    public int Stages => C.Length;

    /// <summary>Whether the method estimates its error, so that step-size control may use it.</summary>
    public bool EstimatesError => ErrorWeights is not null;

    /// <summary>
    /// Whether the last stage is evaluated at the step's result, and so serves the next step as its first.
    /// </summary>
    public bool FirstSameAsLast => C[^1] == 1 && B[^1] == 0 && A[^1].AsSpan().SequenceEqual(B.AsSpan(0, B.Length - 1));

    private void Require(bool holds, string rule)
    {
        if (!holds) throw new ArgumentException($"Runge-Kutta table '{Name}': {rule}");
    }
}
