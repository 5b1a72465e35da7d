namespace MeanFieldLimit.Solvers.Transport;

/// <summary>
/// The Newton direction of the dual in g, where f = softmin(c - g - eps log b): the gradient is b - k, k the columns of
/// the plan P, and -eps times the Hessian is H = diag(k) - P' diag(1/a) P. H s = eps (b - k) is solved by conjugate
/// gradients with the preconditioner diag(k); constants are the kernel of H, and b - k sums to 0.
/// </summary>
/// <remarks>P is never formed: P v for positive v is a soft minimum with log v added, and v = (v + shift) - shift.
/// </remarks>
internal sealed class SinkhornHessian(ISoftMinimum cost, double[] a, double[] b)
{
    private const double Reduction = 0.05;
    private const int MostProducts = 100;

    private readonly double[] columns = new double[b.Length], direction = new double[b.Length];
    private readonly double[] residual = new double[b.Length], search = new double[b.Length];
    private readonly double[] product = new double[b.Length], softTarget = new double[b.Length];
    private readonly double[] argumentTarget = new double[b.Length], argumentSource = new double[a.Length];
    private readonly double[] softSource = new double[a.Length];

    /// <summary>The products that <see cref="Solve"/> has taken, as dear as Sinkhorn's iterations.</summary>
    public int Products { get; private set; }

    /// <param name="epsilon">eps.</param>
    /// <param name="f">The soft minimum of g.</param>
    /// <param name="g">[target].</param>
    /// <param name="next">The soft minimum of f.</param>
    /// <returns>s [target], 0 where b is.</returns>
    public double[] Solve(double epsilon, double[] f, double[] g, double[] next)
    {
        Products = 0;
        Array.Clear(direction);
        for (var j = 0; j < b.Length; j++)
        {
            columns[j] = b[j] > 0 ? b[j] * Math.Exp((g[j] - next[j]) / epsilon) : 0;
            residual[j] = b[j] - columns[j];
            search[j] = columns[j] > 0 ? residual[j] / columns[j] : 0;
        }
        var square = Preconditioned();
        for (var enough = Reduction * Reduction * square; square > enough && Products < MostProducts;)
        {
            Multiply(epsilon, f, g);
            Products++;
            var curvature = 0.0;
            for (var j = 0; j < b.Length; j++) curvature += search[j] * product[j];
            if (!(curvature > 0)) break;
            for (var j = 0; j < b.Length; j++)
            {
                direction[j] += square / curvature * search[j];
                residual[j] -= square / curvature * product[j];
            }
            var old = square;
            square = Preconditioned();
            for (var j = 0; j < b.Length; j++)
                search[j] = (columns[j] > 0 ? residual[j] / columns[j] : 0) + square / old * search[j];
        }
        for (var j = 0; j < b.Length; j++) direction[j] *= epsilon;
        return direction;
    }

    private double Preconditioned()
    {
        var sum = 0.0;
        for (var j = 0; j < b.Length; j++)
            if (columns[j] > 0) sum += residual[j] * residual[j] / columns[j];
        return sum;
    }

    // product = diag(k) search - P' diag(1/a) P search.
    private void Multiply(double epsilon, double[] f, double[] g)
    {
        var shift = Shift(search);
        for (var j = 0; j < b.Length; j++)
            argumentTarget[j] = Weighted(g[j], b[j], search[j] + shift, epsilon);
        cost.Rows(epsilon, argumentTarget, softSource);
        for (var i = 0; i < a.Length; i++)
            softSource[i] = a[i] > 0 ? Math.Exp((f[i] - softSource[i]) / epsilon) - shift : 0;
        var second = Shift(softSource);
        for (var i = 0; i < a.Length; i++)
            argumentSource[i] = Weighted(f[i], a[i], softSource[i] + second, epsilon);
        cost.Columns(epsilon, argumentSource, softTarget);
        for (var j = 0; j < b.Length; j++)
            product[j] = b[j] > 0
                ? columns[j] * (search[j] + second) - b[j] * Math.Exp((g[j] - softTarget[j]) / epsilon)
                : 0;
    }

    private static double Shift(double[] values)
    {
        var largest = double.Epsilon;
        foreach (var v in values) largest = Math.Max(largest, Math.Abs(v));
        return 2 * largest;
    }

    private static double Weighted(double potential, double mass, double factor, double epsilon) =>
        mass > 0 ? potential + epsilon * (Math.Log(mass) + Math.Log(factor)) : double.NegativeInfinity;
}
