namespace MeanFieldLimit.Solvers.Transport;

/// <summary>
/// The Newton direction of the dual in g, where f = softmin(c - g - eps log b): the gradient is b - k, k the columns of
/// the plan P, and -eps times the Hessian is H = diag(k) - P' diag(1/a) P. H s = eps (b - k) is solved by conjugate
/// gradients with the preconditioner diag(k); constants are the kernel of H, and b - k sums to 0.
/// </summary>
internal sealed class SinkhornHessian(IEntropicPass pass, double[] b)
{
    private const double Reduction = 0.05;
    private const int MostProducts = 100;

    private readonly double[] columns = new double[b.Length], direction = new double[b.Length];
    private readonly double[] residual = new double[b.Length], search = new double[b.Length];
    private readonly double[] product = new double[b.Length];

    /// <summary>The products that <see cref="Solve"/> has taken, as dear as Sinkhorn's iterations.</summary>
    public int Products { get; private set; }

    /// <param name="epsilon">eps.</param>
    /// <param name="g">[target].</param>
    /// <param name="next">The soft minimum of that of g: both are of the last evaluation.</param>
    /// <returns>s [target], 0 where b is.</returns>
    public double[] Solve(double epsilon, double[] g, double[] next)
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
            pass.Multiply(search, product);
            Products++;
            var curvature = 0.0;
            for (var j = 0; j < b.Length; j++)
            {
                product[j] = columns[j] * search[j] - product[j];
                curvature += search[j] * product[j];
            }
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
}
