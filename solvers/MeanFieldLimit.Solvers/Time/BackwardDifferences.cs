using System.Numerics.Tensors;

namespace MeanFieldLimit.Solvers.Time;

/// <summary>
/// The numerical differentiation formulas of Shampine and Reichelt (The MATLAB ODE suite, SIAM J. Sci. Comput. 18,
/// 1997), variable order 1 to 5, quasi-constant steps: backward differences D_j of the solution, rescaled when the step
/// changes, and simplified Newton iterations with dense factors. For small stiff systems of any spectrum but the
/// imaginary axis. It chooses order and step together, so it is its own control.
/// </summary>
internal sealed class BackwardDifferences : IStepper, IStepControl
{
    /// <summary>The largest system: its Jacobian is dense, n^2 numbers from n evaluations, n^3/3 operations a
    /// factor.</summary>
    public const int MostDimensions = 512;

    /// <summary>The highest order; from 6 on the formulas are hardly stable.</summary>
    public const int HighestOrder = 5;

    // A step may err a 3000th of the tolerance: errors of formulas of low order add up over many steps. With the test
    // at the tolerance itself, as in MATLAB and SciPy, those at the end are 7 to 370 times the tolerance on Robertson's
    // and Van der Pol's problems (benchmarks/WorkPrecision); so they stay below it, for 2.5 to 3.5 times the
    // evaluations.
    private const double Caution = 3000, LeastRelative = 2e-14;

    // The differences, three vectors, Newton's three; the Jacobian and its factors.
    internal const int Vectors = HighestOrder + 9 + 2 * MostDimensions;

    private const double Least = 0.2, Most = 10;
    private static readonly double[] Kappa = [0, -0.1850, -1.0 / 9, -0.0823, -0.0415, 0];
    private static readonly double[] Unchanged = Change(1);
    private static readonly double[] Gamma = [0, 1, 3.0 / 2, 11.0 / 6, 25.0 / 12, 137.0 / 60];

    private readonly IVectorField system;
    private readonly Tolerance tolerance;
    private readonly IErrorNorm norm;
    private readonly NewtonIteration newton;
    private readonly int highest;
    private readonly double[][] differences;
    private readonly double[] predicted, psi, correction;
    private readonly int[] stepsOfOrder = new int[HighestOrder + 1];
    private double known = double.NaN;      // the time of the differences
    private double end, h;
    private int order, used, equalSteps;
    private bool converged;
    private long evaluations;

    /// <summary>
    /// The method on <paramref name="system"/>, with orders up to <paramref name="highestOrder"/>. The Jacobian is the
    /// system's if it is an <see cref="IDifferentiableField"/>, or by differences.
    /// </summary>
    /// <exception cref="ArgumentException">The system is too large.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The order is not 1 to 5.</exception>
    public BackwardDifferences(IVectorField system, Tolerance tolerance, IErrorNorm norm,
        int highestOrder = HighestOrder)
    {
        if (system.Dimension > MostDimensions)
            throw new ArgumentException($"bdf takes systems of at most {MostDimensions} unknowns, " +
                $"got {system.Dimension}; use chebyshev");
        ArgumentOutOfRangeException.ThrowIfLessThan(highestOrder, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(highestOrder, HighestOrder);
        tolerance = new(Math.Max(tolerance.Relative / Caution, Math.Min(tolerance.Relative, LeastRelative)),
            tolerance.Absolute / Caution);
        (this.system, this.tolerance, this.norm, highest) = (system, tolerance, norm, highestOrder);
        newton = new(system, tolerance, norm);
        differences = [.. Enumerable.Range(0, HighestOrder + 3).Select(_ => Vector())];
        (predicted, psi, correction) = (Vector(), Vector(), Vector());
        double[] Vector() => new double[system.Dimension];
    }

    /// <inheritdoc/>
    public int Dimension => system.Dimension;

    /// <inheritdoc/>
    public int ErrorOrder => order + 1;

    /// <inheritdoc/>
    public long Evaluations => evaluations + newton.Evaluations;

    /// <inheritdoc/>
    public string InWords => $"bdf of orders {Array.FindIndex(stepsOfOrder, n => n > 0)} to " +
        $"{Array.FindLastIndex(stepsOfOrder, n => n > 0)}, {newton.Jacobians} Jacobians";

    /// <inheritdoc/>
    public bool Interpolates => true;

    /// <inheritdoc/>
    public bool NeedsErrorEstimate => true;

    /// <summary>kappa_k gamma_k + 1/(k + 1): the factor of D_{k+1} in the error of order k.</summary>
    private static double ErrorFactor(int k) => Kappa[k] * Gamma[k] + 1.0 / (k + 1);

    /// <summary>
    /// The first length: the explicit Euler step whose error is a hundredth of the tolerance (Hairer, Norsett and
    /// Wanner, Solving ODEs I, II.4).
    /// </summary>
    public double Start(Interval run, ReadOnlySpan<double> initial, IStepper stepper)
    {
        Evaluate(run.Start, initial, psi);
        double size = norm.Measure(initial, initial, initial, tolerance);
        var slope = norm.Measure(psi, initial, initial, tolerance);
        var guess = size < 1e-5 || !(slope >= 1e-5) ? 1e-6 * run.Length : 0.01 * size / slope;
        guess = Math.Min(run.Length, Math.Max(guess, Interval.Resolution(run.Start)));
        TensorPrimitives.MultiplyAdd(psi, guess, initial, predicted);
        Evaluate(run.Start + guess, predicted, correction);
        TensorPrimitives.Subtract(correction, psi, correction);
        var curvature = norm.Measure(correction, initial, initial, tolerance) / guess;
        var length = Math.Max(slope, curvature) is var most and > 0 ? Math.Sqrt(0.01 / most) : run.Length;
        return Math.Min(run.Length, Math.Max(Math.Min(100 * guess, length), Interval.Resolution(run.Start)));
    }

    /// <inheritdoc/>
    public void Reset()
    {
        known = double.NaN;
        newton.Reset();
    }

    /// <inheritdoc/>
    public void Step(Interval step, ReadOnlySpan<double> state, Span<double> next, Span<double> error)
    {
        if (step.Start != known) Begin(step, state);
        // Not the rounding of t + h: rescaling for it would keep the order from ever rising.
        else if (Math.Abs(step.Length - h) > 4 * Math.Abs(step.End - Math.BitDecrement(step.End))) Rescale(step.Length);
        end = step.End;

        differences[0].CopyTo(predicted, 0);
        Array.Clear(psi);
        var alpha = (1 - Kappa[order]) * Gamma[order];
        for (var j = 1; j <= order; j++)
        {
            TensorPrimitives.Add(predicted, differences[j], predicted);
            TensorPrimitives.MultiplyAdd(differences[j], Gamma[j] / alpha, psi, psi);
        }
        converged = newton.Solve(end, h / alpha, psi, predicted, next, correction);
        if (converged) TensorPrimitives.Multiply(correction, ErrorFactor(order), error);
        else error.Fill(double.NaN);
    }

    /// <inheritdoc/>
    public StepDecision Decide(
        double length, ReadOnlySpan<double> state, ReadOnlySpan<double> next, ReadOnlySpan<double> error)
    {
        if (!converged) return new(false, h / 2);
        var measured = norm.Measure(error, state, next, tolerance);
        // Many iterations say that the next ones may fail.
        var safety = 0.9 * (2 * NewtonIteration.Most + 1) / (2 * NewtonIteration.Most + newton.Iterations);
        if (!(measured <= 1)) return new(false, h * Math.Max(Least, safety * Math.Pow(measured, -1.0 / (order + 1))));
        Accept(next);
        if (equalSteps < order + 1) return new(true, h);

        var best = (Factor: Math.Pow(Math.Max(measured, 1e-10), -1.0 / (order + 1)), Order: order);
        for (var k = order - 1; k <= order + 1; k += 2)
        {
            if (k < 1 || k > highest) continue;
            TensorPrimitives.Multiply(differences[k + 1], ErrorFactor(k), psi);
            var factor = Math.Pow(Math.Max(norm.Measure(psi, state, next, tolerance), 1e-10), -1.0 / (k + 1));
            if (factor > best.Factor) best = (factor, k);
        }
        if (best.Order != order) equalSteps = 0;
        order = best.Order;
        return new(true, h * Math.Min(Most, safety * best.Factor));
    }

    /// <inheritdoc/>
    public void Interpolate(double t, ReadOnlySpan<double> state, ReadOnlySpan<double> next, Span<double> result)
    {
        next.CopyTo(result);
        var product = 1.0;
        for (var j = 1; j <= used; j++)
        {
            product *= (t - (known - (j - 1) * h)) / (j * h);
            TensorPrimitives.MultiplyAdd(differences[j], product, result, result);
        }
    }

    /// <inheritdoc/>
    public void Carry(Snapshot snapshot)
    {
        snapshot.Tag($"bdf, {tolerance}");
        newton.Carry(snapshot);
        snapshot.Carry(ref evaluations);
        snapshot.Carry<int>(stepsOfOrder);
        snapshot.Carry(ref known);
        snapshot.Carry(ref h);
        snapshot.Carry(ref order);
        snapshot.Carry(ref used);
        snapshot.Carry(ref equalSteps);
        foreach (var difference in differences) snapshot.Carry<double>(difference);
    }

    private void Begin(Interval step, ReadOnlySpan<double> state)
    {
        state.CopyTo(differences[0]);
        Evaluate(step.Start, state, differences[1]);
        (known, h, order, equalSteps) = (step.Start, step.Length, 1, 0);
        TensorPrimitives.Multiply(differences[1], h, differences[1]);
    }

    /// <summary>D_{k+2} = d - D_{k+1}, D_{k+1} = d, D_j += D_{j+1} downwards: the differences at the end of the
    /// step.</summary>
    private void Accept(ReadOnlySpan<double> next)
    {
        TensorPrimitives.Subtract(correction, differences[order + 1], differences[order + 2]);
        correction.CopyTo(differences[order + 1], 0);
        for (var j = order; j > 0; j--) TensorPrimitives.Add(differences[j], differences[j + 1], differences[j]);
        next.CopyTo(differences[0]);
        (known, used) = (end, order);
        equalSteps++;
        stepsOfOrder[order]++;
    }

    /// <summary>
    /// D' = (R U)^T D: the differences of the same polynomial at another spacing, with
    /// R_ij = prod_{m=1..i} (m - 1 - j h'/h)/m and U = R at h' = h (Shampine and Reichelt 1997, section 2.2).
    /// </summary>
    private void Rescale(double length)
    {
        var n = order;
        // Of the rows and columns 0, which leave D_0 what it is, nothing is kept.
        Span<double> r = stackalloc double[n * n], change = stackalloc double[n * n], old = stackalloc double[n];
        FillChange(length / h, n, r);
        for (var i = 0; i < n; i++)
            for (var j = 0; j < n; j++)
            {
                // U is upper triangular.
                var sum = 0.0;
                for (var k = 0; k <= j; k++) sum += r[i * n + k] * Unchanged[k * HighestOrder + j];
                change[i * n + j] = sum;
            }
        for (var c = 0; c < predicted.Length; c++)
        {
            for (var j = 0; j < n; j++) old[j] = differences[j + 1][c];
            for (var j = 0; j < n; j++)
            {
                var sum = 0.0;
                for (var i = 0; i < n; i++) sum += change[i * n + j] * old[i];
                differences[j + 1][c] = sum;
            }
        }
        (h, equalSteps) = (length, 0);
    }

    /// <summary>R without row and column 0.</summary>
    private static void FillChange(double ratio, int n, Span<double> r)
    {
        for (var j = 0; j < n; j++)
        {
            var product = 1.0;
            for (var i = 0; i < n; i++) r[i * n + j] = product *= (i - ratio * (j + 1)) / (i + 1);
        }
    }

    private static double[] Change(double ratio)
    {
        var r = new double[HighestOrder * HighestOrder];
        FillChange(ratio, HighestOrder, r);
        return r;
    }

    private void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity)
    {
        evaluations++;
        system.Evaluate(t, y, velocity);
    }
}
