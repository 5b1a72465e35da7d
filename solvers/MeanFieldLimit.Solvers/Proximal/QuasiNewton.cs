using System.Numerics.Tensors;
using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Solvers.Proximal;

/// <summary>A smooth function to be minimised, and an approximation of the inverse of its Hessian.</summary>
internal interface IObjective
{
    /// <summary>f(x); gradient = grad f(x). Infinite outside the domain of f.</summary>
    double Evaluate(ReadOnlySpan<double> x, Span<double> gradient);

    /// <summary>v = H v with H symmetric, positive definite, about the inverse of the Hessian at x.</summary>
    void Precondition(ReadOnlySpan<double> x, Span<double> v);

    /// <summary>The largest s for which x + s direction is in the domain of f.</summary>
    double LongestStep(ReadOnlySpan<double> x, ReadOnlySpan<double> direction);
}

/// <summary>
/// The limited-memory BFGS method (Nocedal and Wright 2006, algorithm 7.5), started in every step from the
/// preconditioner of the objective, with a line search that halves or doubles between the conditions of Wolfe, and goes
/// by slopes alone where rounding hides the decrease, as Hager and Zhang do (SIAM J. Optim. 16, 2005).
/// </summary>
/// <remarks>
/// It stops where sqrt(g' H g), the norm of the gradient dual to that of the preconditioner and about the distance to
/// the minimiser in the latter, is below <see cref="Tolerance"/> times that at the start, or below
/// <see cref="Rounding"/> times the size of the initial x, in the same norm, and times how far the Hessian exceeds the
/// inverse of the preconditioner, since the gradient is rounded by as much; or where no step decreases f any further
/// and it is below the root of the tolerance.
/// </remarks>
internal sealed class QuasiNewton(int n, int mostIterations = QuasiNewton.MostIterations)
{
    internal const double Tolerance = 1e-10, Rounding = 1e-14;
    internal const int MostIterations = 2000;
    // One slot is for a pair that may turn out not to be kept.
    private const int Memory = 12, Slots = Memory + 1, MostTrials = 60;
    private const double Decrease = 1e-4, Curvature = 0.9, ToBoundary = 0.9;

    // Where the decrease is below this part of f, its rounding would decide: slopes do, which must halve.
    private const double Hidden = 1e-11, Flat = 0.5;

    private readonly double[][] steps = Vectors(n), changes = Vectors(n);
    private readonly double[] products = new double[Slots], factors = new double[Slots];
    private readonly double[] gradient = new double[n], direction = new double[n], trial = new double[n],
        trialGradient = new double[n], scratch = new double[n];
    private int kept;
    private double stiffness;       // the largest y' H y / s' y, s a step and y the change of the gradient

    /// <summary>Evaluations of objectives so far.</summary>
    internal long Evaluations { get; private set; }

    /// <summary>Iterations of the last minimisation.</summary>
    internal int Iterations { get; private set; }

    /// <summary>Its evaluations: the rest is of one minimisation.</summary>
    internal void Carry(Snapshot snapshot) => Evaluations = snapshot.Value(Evaluations);

    /// <summary>
    /// x = a local minimiser that is reached from x without f rising. <paramref name="size"/> is that of x in the norm
    /// of the preconditioner. False where it did not get there.
    /// </summary>
    internal bool Minimise(IObjective objective, Span<double> x, double size)
    {
        (kept, stiffness) = (0, 1);
        var value = Evaluate(objective, x, gradient);
        var first = double.NaN;
        for (Iterations = 0; ; Iterations++)
        {
            gradient.CopyTo(scratch, 0);
            objective.Precondition(x, scratch);
            var left = Math.Sqrt(TensorPrimitives.Dot<double>(gradient, scratch));
            if (Iterations == 0) first = left;
            if (left <= Tolerance * first + Rounding * stiffness * size) return true;
            if (!double.IsFinite(left) || Iterations == mostIterations) return false;
            SetDirection(objective, x);
            if (Search(objective, x, ref value)) continue;
            if (kept == 0) return left <= Math.Sqrt(Tolerance) * first;
            kept = 0;       // once more, by the preconditioner alone
        }
    }

    /// <summary>direction = -H gradient, H the preconditioner updated by the last steps.</summary>
    private void SetDirection(IObjective objective, ReadOnlySpan<double> x)
    {
        TensorPrimitives.Negate(gradient, direction);
        for (var k = kept - 1; k >= Math.Max(0, kept - Memory); k--)
        {
            var at = k % Slots;
            factors[at] = TensorPrimitives.Dot<double>(steps[at], direction) / products[at];
            TensorPrimitives.MultiplyAdd(changes[at], -factors[at], direction, direction);
        }
        objective.Precondition(x, direction);
        for (var k = Math.Max(0, kept - Memory); k < kept; k++)
        {
            var at = k % Slots;
            var factor = factors[at] - TensorPrimitives.Dot<double>(changes[at], direction) / products[at];
            TensorPrimitives.MultiplyAdd(steps[at], factor, direction, direction);
        }
    }

    /// <summary>Moves x along the direction; false where no step does.</summary>
    private bool Search(IObjective objective, Span<double> x, ref double value)
    {
        var slope = TensorPrimitives.Dot<double>(gradient, direction);
        if (!(slope < 0)) return false;
        var bound = ToBoundary * objective.LongestStep(x, direction);
        double low = 0, high = bound, step = Math.Min(1, bound);
        for (var k = 0; k < MostTrials; k++)
        {
            TensorPrimitives.MultiplyAdd(direction, step, x, trial);
            var next = Evaluate(objective, trial, trialGradient);
            var nextSlope = TensorPrimitives.Dot<double>(trialGradient, direction);
            var hidden = Math.Max(-step * slope, Math.Abs(next - value)) <= Hidden * Math.Abs(value);
            var (lower, flat) = hidden
                ? (nextSlope <= -Flat * slope, Flat)
                : (next <= value + Decrease * step * slope, Curvature);
            if (!lower || !double.IsFinite(nextSlope)) high = step;
            else if (nextSlope < flat * slope && (high < bound || step < bound / 2)) low = step;
            else
            {
                Keep(objective, x);
                trial.CopyTo(x);
                trialGradient.CopyTo(gradient, 0);
                value = next;
                return true;
            }
            var middle = (low + high) / 2;
            step = low == 0 ? step / 2 : Math.Min(2 * step, middle);
        }
        return false;
    }

    private void Keep(IObjective objective, ReadOnlySpan<double> x)
    {
        var at = kept % Slots;
        TensorPrimitives.Subtract(trial, x, steps[at]);
        TensorPrimitives.Subtract(trialGradient, gradient, changes[at]);
        products[at] = TensorPrimitives.Dot<double>(steps[at], changes[at]);
        if (!(products[at] > 0)) return;
        kept++;
        changes[at].CopyTo(scratch, 0);
        objective.Precondition(x, scratch);
        stiffness = Math.Max(stiffness, TensorPrimitives.Dot<double>(changes[at], scratch) / products[at]);
    }

    private double Evaluate(IObjective objective, ReadOnlySpan<double> x, Span<double> gradient)
    {
        Evaluations++;
        return objective.Evaluate(x, gradient) is var value && double.IsNaN(value) ? double.PositiveInfinity : value;
    }

    private static double[][] Vectors(int n) => [.. Enumerable.Range(0, Slots).Select(_ => new double[n])];
}
