using System.Numerics.Tensors;

namespace MeanFieldLimit.Solvers.Time;

/// <summary>One step of an explicit Runge-Kutta method on dy/dt = f(t, y).</summary>
public sealed class RungeKuttaStepper : IStepper
{
    // Sums of stages run over pieces of the state that stay in the first-level cache: each slope is then read
    // from memory once per stage and the sum itself never leaves the cache.
    private const int Piece = 1024;

    private readonly ButcherTable table;
    private readonly IVectorField system;
    private readonly double[][] slopes;
    private double knownFirst = double.NaN;     // slopes[0] is f at this time, on the state of the last step
    private double knownLast = double.NaN;      // slopes[^1] is f at this time, on the result of the last step

    /// <summary>The method <paramref name="table"/> on <paramref name="system"/>.</summary>
    public RungeKuttaStepper(ButcherTable table, IVectorField system)
    {
        this.table = table;
        this.system = system;
        slopes = [.. Enumerable.Range(0, table.Stages).Select(_ => new double[system.Dimension])];
    }

    /// <inheritdoc/>
    public int Dimension => system.Dimension;

    /// <inheritdoc/>
    public int ErrorOrder => table.EstimatesError ? Math.Min(table.Order, table.EmbeddedOrder) + 1 : 0;

    /// <inheritdoc/>
    public void Reset() => knownFirst = knownLast = double.NaN;

    /// <inheritdoc/>
    public void Step(Interval step, ReadOnlySpan<double> state, Span<double> next, Span<double> error)
    {
        var h = step.Length;
        if (step.Start == knownLast)            // the last step was accepted: its last slope is this one's first
            (slopes[0], slopes[^1]) = (slopes[^1], slopes[0]);
        else if (step.Start != knownFirst)      // not a shorter retry of the last step either
            system.Evaluate(step.Start, state, slopes[0]);

        for (var i = 1; i < table.Stages; i++)
        {
            Combine(state, h, table.A[i], next);                // `next` is scratch until the last stage
            system.Evaluate(step.Start + table.C[i] * h, next, slopes[i]);
        }
        // First same as last: `next` already holds y + h sum b_i k_i, and the last slope is f there.
        if (!table.FirstSameAsLast) Combine(state, h, table.B, next);
        if (!error.IsEmpty)
        {
            if (table.ErrorWeights is null)
                throw new InvalidOperationException($"'{table.Name}' has no error estimate; use a fixed step");
            Combine([], h, table.ErrorWeights, error);
        }
        knownFirst = step.Start;
        knownLast = table.FirstSameAsLast ? step.End : double.NaN;
    }

    /// <summary>result = y + h sum_i a_i k_i; y empty counts as 0.</summary>
    private void Combine(ReadOnlySpan<double> y, double h, double[] a, Span<double> result)
    {
        for (var start = 0; start < result.Length; start += Piece)
        {
            var length = Math.Min(Piece, result.Length - start);
            var sum = result.Slice(start, length);
            if (y.IsEmpty) sum.Clear();
            else y.Slice(start, length).CopyTo(sum);
            for (var i = 0; i < a.Length; i++)
                if (a[i] != 0)
                    TensorPrimitives.MultiplyAdd(slopes[i].AsSpan(start, length), h * a[i], sum, sum);
        }
    }
}
