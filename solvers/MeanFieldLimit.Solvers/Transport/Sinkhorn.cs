using System.Numerics.Tensors;

namespace MeanFieldLimit.Solvers.Transport;

/// <summary>When Sinkhorn's iteration ends.</summary>
/// <param name="Tolerance">The marginal error |b - columns of the plan|_1 it must reach, positive.</param>
/// <param name="Iterations">Those after which no step begins, at least 1; one step of Newton's method counts all of its
/// products, some tens.</param>
public sealed record SinkhornLimits(double Tolerance = 1e-9, int Iterations = 10_000)
{
    /// <inheritdoc cref="SinkhornLimits"/>
    public double Tolerance { get; } = Tolerance > 0
        ? Tolerance
        : throw new ArgumentOutOfRangeException(nameof(Tolerance), $"Tolerance must be positive, got {Tolerance}");

    /// <inheritdoc cref="SinkhornLimits"/>
    public int Iterations { get; } = Iterations >= 1
        ? Iterations
        : throw new ArgumentOutOfRangeException(nameof(Iterations), $"Iterations must be at least 1, got {Iterations}");
}

/// <summary>
/// Sinkhorn's iteration on potentials, f = softmin(c - g - eps log b), g = softmin(c - f - eps log a): logarithms never
/// underflow, whatever eps. eps falls by halves from the range of the cost, each stage starting from the one before.
/// Where a stage is slow, Newton steps follow: clouds that fall into parts make the iteration alone crawl.
/// </summary>
internal sealed class Sinkhorn(IEntropicPass pass, double[] a, double[] b)
{
    // What a stage before the last must reach, and its share of iterations: more does not help the next stage.
    private const double StageError = 0.05;
    private const int StageIterations = 500;

    // Newton's method takes over after these. Its steps are halved at most so often before the plain one is taken.
    private const int PlainIterations = 20, Halvings = 20;
    private const double SufficientIncrease = 1e-4;

    private readonly double[] f = new double[a.Length], g = new double[b.Length], next = new double[b.Length];
    private int iterations;
    private double rounding;    // of the marginal error

    /// <param name="epsilon">eps.</param>
    /// <param name="limits">When to end.</param>
    /// <param name="symmetric">mu = nu: then f = g, and averaging the old and the new converges in a few steps (Feydy
    /// et al. 2019, section 3.1).</param>
    public EntropicTransport Solve(double epsilon, SinkhornLimits limits, bool symmetric)
    {
        for (var stage = pass.Range; stage > epsilon && iterations < limits.Iterations; stage /= 2)
            Iterate(stage, StageError, Math.Min(limits.Iterations, iterations + StageIterations), symmetric);
        var error = Iterate(epsilon, limits.Tolerance, limits.Iterations, symmetric);
        // The potentials at the optimum vary by no more than the cost, those here by what is measured.
        var gap = error * (pass.Range + Oscillation()) / 2;
        return new(epsilon, DualValue(), gap, error, iterations, error <= limits.Tolerance)
        {
            SourcePotentials = f,
            TargetPotentials = g,
        };
    }

    // Leaves g with f = softmin of it, and returns the marginal error of that pair.
    private double Iterate(double epsilon, double tolerance, int most, bool symmetric)
    {
        var newtonFrom = !symmetric ? iterations + PlainIterations : int.MaxValue;
        var hessian = new SinkhornHessian(pass, b);
        var error = Evaluate(epsilon);
        // Twice the rounding: iterations have no more to gain.
        while (!(error <= Math.Max(tolerance, 2 * rounding)) && iterations < most)
        {
            if (iterations >= newtonFrom && Newton(epsilon, hessian, ref error)) continue;
            for (var j = 0; j < b.Length; j++)
                g[j] = symmetric ? (f[j] + g[j]) / 2 : next[j];
            error = Evaluate(epsilon);
        }
        return error;
    }

    // One Newton step with halving. False, and g as it was, if none of the lengths increases the dual.
    private bool Newton(double epsilon, SinkhornHessian hessian, ref double error)
    {
        var (start, plain, value) = (g.ToArray(), next.ToArray(), DualValue());
        var step = hessian.Solve(epsilon, g, next);
        iterations += hessian.Products;
        var slope = 0.0;
        for (var j = 0; j < b.Length; j++)
            if (b[j] > 0) slope += b[j] * (1 - Math.Exp((g[j] - next[j]) / epsilon)) * step[j];
        // Between parts that hardly exchange mass the direction is long beyond sense.
        var length = Math.Min(1, pass.Range / Math.Abs(TensorPrimitives.MaxMagnitude<double>(step)));
        for (var k = 0; k < Halvings; k++, length /= 2)
        {
            for (var j = 0; j < b.Length; j++)
                g[j] = b[j] > 0 ? start[j] + length * step[j] : plain[j];
            error = Evaluate(epsilon);
            // Near the optimum the increase drowns in the roundings of the value.
            var rounding = 1e-13 * (Math.Abs(value) + pass.Range);
            if (DualValue() >= value + SufficientIncrease * length * slope - rounding) return true;
        }
        start.CopyTo(g, 0);
        plain.CopyTo(next, 0);
        return false;
    }

    // f and next of g; the marginal error of the plan of (f, g), whose columns are b_j exp((g_j - next_j) / eps).
    private double Evaluate(double epsilon)
    {
        iterations++;
        pass.Evaluate(epsilon, g, f, next);
        var error = 0.0;
        for (var j = 0; j < b.Length; j++)
            if (b[j] > 0) error += b[j] * Math.Abs(Math.Exp((g[j] - next[j]) / epsilon) - 1);
        // Costs are f + g where the mass is: potentials that agree to the last digit do not know the plan better.
        var magnitude = 0.0;
        for (var i = 0; i < a.Length; i++) if (a[i] > 0) magnitude += a[i] * Math.Abs(f[i]);
        for (var j = 0; j < b.Length; j++) if (b[j] > 0) magnitude += b[j] * Math.Abs(g[j]);
        rounding = magnitude / (1L << 52) / epsilon;
        return error + rounding;
    }

    private double DualValue()
    {
        var dual = 0.0;
        for (var i = 0; i < a.Length; i++) if (a[i] > 0) dual += a[i] * f[i];
        for (var j = 0; j < b.Length; j++) if (b[j] > 0) dual += b[j] * g[j];
        return dual;
    }

    private double Oscillation()
    {
        var (least, largest) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var j = 0; j < b.Length; j++)
            if (b[j] > 0) (least, largest) = (Math.Min(least, g[j]), Math.Max(largest, g[j]));
        return largest - least;
    }
}
