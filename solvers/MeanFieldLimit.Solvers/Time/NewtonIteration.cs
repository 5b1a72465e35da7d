using System.Numerics.Tensors;

namespace MeanFieldLimit.Solvers.Time;

/// <summary>
/// Simplified Newton iterations for d in c f(t, y + d) - psi - d = 0, with a Jacobian kept as long as they converge
/// (Hairer and Wanner, Solving ODEs II, IV.8) and the factors of I - c J.
/// </summary>
internal sealed class NewtonIteration
{
    internal const int Most = 4;
    private static readonly double Precision = double.BitIncrement(1) - 1;

    private readonly IVectorField system;
    private readonly Tolerance tolerance;
    private readonly IErrorNorm norm;
    private readonly double enough;
    private readonly double[] jacobian, slope, shifted, update;
    private readonly DenseLu lu;
    private double factored = double.NaN;       // c of the factors
    private bool known, fresh;                  // whether there is a Jacobian, and whether it is of this step

    internal NewtonIteration(IVectorField system, Tolerance tolerance, IErrorNorm norm)
    {
        (this.system, this.tolerance, this.norm) = (system, tolerance, norm);
        var n = system.Dimension;
        enough = Math.Max(10 * Precision / tolerance.Relative, Math.Min(0.03, Math.Sqrt(tolerance.Relative)));
        jacobian = new double[n * n];
        (slope, shifted, update) = (new double[n], new double[n], new double[n]);
        lu = new(n);
    }

    internal long Evaluations { get; private set; }

    internal int Jacobians { get; private set; }

    /// <summary>Iterations of the last solution.</summary>
    internal int Iterations { get; private set; }

    internal void Reset() => known = false;

    /// <summary>Without the factors: those of the same Jacobian and the same c have the same bits.</summary>
    internal void Carry(Snapshot snapshot)
    {
        Evaluations = snapshot.Value(Evaluations);
        Jacobians = snapshot.Value(Jacobians);
        snapshot.Carry(ref known);
        if (known) snapshot.Carry<double>(jacobian);
        if (snapshot.Reads) factored = double.NaN;
    }

    /// <summary>
    /// d, with y + d in <paramref name="y"/>, which holds the prediction y. False where the iterations do not converge
    /// with a new Jacobian either.
    /// </summary>
    internal bool Solve(double t, double c, double[] psi, double[] predicted, Span<double> y, double[] d)
    {
        fresh = false;
        if (!known) Differentiate(t, c, predicted);
        while (true)
        {
            predicted.CopyTo(y);
            Array.Clear(d);
            if (Factor(c) && Iterate(t, c, psi, y, d)) return true;
            if (fresh) return false;
            Differentiate(t, c, predicted);
        }
    }

    private bool Iterate(double t, double c, double[] psi, Span<double> y, double[] d)
    {
        var before = double.NaN;
        for (Iterations = 1; Iterations <= Most; Iterations++)
        {
            Evaluate(t, y, slope);
            for (var i = 0; i < d.Length; i++) update[i] = c * slope[i] - psi[i] - d[i];
            lu.Solve(update);
            TensorPrimitives.Add(y, update, y);
            TensorPrimitives.Add(d, update, d);
            var size = norm.Measure(update, y, y, tolerance);
            // What has no mass has no norm, but must be finite too.
            if (!double.IsFinite(size) || !double.IsFinite(TensorPrimitives.Sum<double>(update))) return false;
            if (size == 0) return true;
            var rate = size / before;
            if (rate >= 1 || Power(rate, Most - Iterations) / (1 - rate) * size > enough) return false;
            if (rate / (1 - rate) * size < enough) return true;
            before = size;
        }
        return false;
    }

    /// <summary>x^n of a small n, by products.</summary>
    private static double Power(double x, int n)
    {
        var power = 1.0;
        for (; n > 0; n--) power *= x;
        return power;
    }

    private bool Factor(double c)
    {
        if (c == factored) return true;
        var n = slope.Length;
        TensorPrimitives.Multiply(jacobian, -c, lu.Matrix);
        for (var i = 0; i < n; i++) lu.Matrix[i * n + i] += 1;
        factored = lu.Factor() ? c : double.NaN;
        return factored == c;
    }

    /// <summary>
    /// The Jacobian of the system, or by forward differences of sqrt(2^-52) max(|y_j|, |c f_j|, atol): what a component
    /// is, is about to be, or what of it counts.
    /// </summary>
    private void Differentiate(double t, double c, double[] y)
    {
        (known, fresh, factored) = (true, true, double.NaN);
        Jacobians++;
        if (system is IDifferentiableField differentiable)
        {
            differentiable.Jacobian(t, y, jacobian);
            return;
        }
        var n = y.Length;
        Evaluate(t, y, slope);
        for (var j = 0; j < n; j++)
        {
            var kept = y[j];
            var size = Math.Sqrt(Precision)
                * Math.Max(Math.Abs(kept), Math.Max(Math.Abs(c * slope[j]), tolerance.Absolute));
            y[j] = kept + (slope[j] < 0 ? -size : size);
            var shift = y[j] - kept;
            Evaluate(t, y, shifted);
            for (var i = 0; i < n; i++) jacobian[i * n + j] = (shifted[i] - slope[i]) / shift;
            y[j] = kept;
        }
    }

    private void Evaluate(double t, ReadOnlySpan<double> y, double[] velocity)
    {
        Evaluations++;
        system.Evaluate(t, y, velocity);
    }
}
