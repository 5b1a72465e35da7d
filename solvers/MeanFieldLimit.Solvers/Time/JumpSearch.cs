using System.Numerics.Tensors;

namespace MeanFieldLimit.Solvers.Time;

/// <summary>
/// Looks for a discontinuity of f a step ahead, by bisection of a piece of a line: the half is kept across which f
/// changes more. The change halves every time where f is Lipschitz, however stiff, and stays where f jumps.
/// </summary>
internal sealed class JumpSearch(IVectorField system, Tolerance tolerance, IErrorNorm norm)
{
    internal const int Vectors = 5;

    // A smooth f keeps 2^-20 of its change; a jump that is one of many keeps its share of theirs.
    private const int Halvings = 20;
    private const double Kept = 1e-3;
    private static readonly Tolerance Unit = new(1, 1);

    private readonly double[] slope = new double[system.Dimension], scratch = new double[system.Dimension];
    private double[] low = new double[system.Dimension], high = new double[system.Dimension],
        middle = new double[system.Dimension];
    private double beyond;      // how far ahead the jump that was found is passed, in time

    /// <summary>The size of the jump that was found, in units of the tolerance.</summary>
    internal double Jump { get; private set; }

    /// <summary>Evaluations of f so far.</summary>
    internal long Evaluations { get; private set; }

    internal void Carry(Snapshot snapshot) => Evaluations = snapshot.Value(Evaluations);

    /// <summary>
    /// Whether f(t, .) jumps between y and y + 2 h f(t, y). (Twice: a step that ends before a kink has stages beyond
    /// it.)
    /// </summary>
    internal bool Finds(double t, ReadOnlySpan<double> y, double h)
    {
        Evaluate(t, y, slope);
        slope.CopyTo(low, 0);
        double start = 0, end = 2 * h;
        Evaluate(t, Ahead(y, end), high);
        var change = Change(low, high, y);
        for (var k = 0; k < Halvings; k++)
        {
            var half = start + (end - start) / 2;
            Evaluate(t, Ahead(y, half), middle);
            if (Change(low, middle, y) >= Change(middle, high, y)) (end, middle, high) = (half, high, middle);
            else (start, middle, low) = (half, low, middle);
        }
        (beyond, Jump) = (end, Change(low, high, y));
        return Jump > 0 && Jump >= Kept * change && double.IsFinite(change);
    }

    /// <summary>The same from beyond the jump that was found: whether f leads back there, as where it slides and not
    /// where it crosses.</summary>
    internal bool FindsBack(double t, ReadOnlySpan<double> y, double h) => Finds(t, [.. Ahead(y, beyond)], h);

    /// <summary>|f(t, y)| in units of 1 + |y|: one over the time in which the state changes by its own size.</summary>
    internal double Velocity(double t, ReadOnlySpan<double> y)
    {
        Evaluate(t, y, slope);
        return norm.Measure(slope, y, y, Unit);
    }

    /// <summary>The same on both sides of the jump that was found, the larger one.</summary>
    internal double VelocityAtJump(ReadOnlySpan<double> y) =>
        Math.Max(norm.Measure(low, y, y, Unit), norm.Measure(high, y, y, Unit));

    /// <summary>The mean velocity of a step.</summary>
    internal double Velocity(double length, ReadOnlySpan<double> y, ReadOnlySpan<double> next)
    {
        TensorPrimitives.Subtract(next, y, scratch);
        return norm.Measure(scratch, y, next, Unit) / length;
    }

    private double[] Ahead(ReadOnlySpan<double> y, double s)
    {
        TensorPrimitives.MultiplyAdd(slope, s, y, scratch);
        return scratch;
    }

    private double Change(double[] a, double[] b, ReadOnlySpan<double> y)
    {
        TensorPrimitives.Subtract(b, a, scratch);
        return norm.Measure(scratch, y, y, tolerance);
    }

    private void Evaluate(double t, ReadOnlySpan<double> y, double[] f)
    {
        Evaluations++;
        system.Evaluate(t, y, f);
    }
}
