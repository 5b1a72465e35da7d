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
    private readonly double[][] slopes;         // the stages, then the further ones of the interpolant
    private readonly double[] weights;
    private readonly double[] coarse;
    private readonly int last;
    private double knownFirst = double.NaN;     // slopes[0] is f at this time, on the state of the last step
    private double knownLast = double.NaN;      // slopes[last] is f at this time, on the result of the last step
    private double h;
    private bool extended;

    /// <summary>The method <paramref name="table"/> on <paramref name="system"/>.</summary>
    public RungeKuttaStepper(ButcherTable table, IVectorField system)
    {
        this.table = table;
        this.system = system;
        last = table.Stages - 1;
        slopes = [.. Enumerable.Range(0, Vectors(table)).Select(_ => new double[system.Dimension])];
        weights = new double[slopes.Length];
        coarse = table.CoarseErrorWeights is null ? [] : new double[Piece];
    }

    /// <inheritdoc/>
    public int Dimension => system.Dimension;

    /// <inheritdoc/>
    public int ErrorOrder => table.ErrorOrder;

    /// <inheritdoc/>
    public long Evaluations { get; private set; }

    /// <inheritdoc/>
    public string Account => table.Name;

    /// <inheritdoc/>
    public bool Interpolates => table.Interpolant is not null;

    /// <summary>Vectors of the state's length that a stepper holds: one a stage.</summary>
    internal static int Vectors(ButcherTable table) => table.Stages + (table.Interpolant?.C.Length ?? 0);

    /// <inheritdoc/>
    public void Reset() => knownFirst = knownLast = double.NaN;

    /// <inheritdoc/>
    public void Step(Interval step, ReadOnlySpan<double> state, Span<double> next, Span<double> error)
    {
        h = step.Length;
        extended = false;
        if (step.Start == knownLast)            // the last step was accepted: its last slope is this one's first
            (slopes[0], slopes[last]) = (slopes[last], slopes[0]);
        else if (step.Start != knownFirst)      // not a shorter retry of the last step either
            Evaluate(step.Start, state, slopes[0]);
        knownFirst = step.Start;

        for (var i = 1; i < table.Stages; i++)
        {
            Combine(state, h, table.A[i], next);                // `next` is scratch until the last stage
            Evaluate(knownFirst + table.C[i] * h, next, slopes[i]);
        }
        // First same as last: `next` already holds y + h sum b_i k_i, and the last slope is f there.
        if (!table.FirstSameAsLast) Combine(state, h, table.B, next);
        if (!error.IsEmpty) Estimate(error);
        knownLast = table.FirstSameAsLast ? step.End : double.NaN;
    }

    /// <inheritdoc/>
    public void Interpolate(double t, ReadOnlySpan<double> state, ReadOnlySpan<double> next, Span<double> result)
    {
        var interpolant = table.Interpolant
            ?? throw new InvalidOperationException($"'{table.Name}' has no interpolant; let steps end at save times");
        for (var i = 0; i < interpolant.C.Length && !extended; i++)
        {
            Combine(state, h, interpolant.A[i], result);
            Evaluate(knownFirst + interpolant.C[i] * h, result, slopes[table.Stages + i]);
        }
        extended = true;
        interpolant.Weights((t - knownFirst) / h, table.B, weights);
        Combine(state, h, weights, result);
    }

    /// <summary>
    /// An estimate of h rho, rho the dominant eigenvalue of df/dy, from the last two stages of the last step, both at
    /// its end: h |k_s - k_{s-1}| / |g_s - g_{s-1}| (Hairer and Wanner, Solving ODEs II, IV.2). In units of the
    /// tolerance, so that the norm's masses apply; the vectors <paramref name="a"/> and <paramref name="b"/> are scratch.
    /// </summary>
    internal double StabilityNumber(ReadOnlySpan<double> next, Tolerance tolerance, IErrorNorm norm, double[] a, double[] b)
    {
        for (var i = 0; i < last; i++) weights[i] = table.A[last][i] - (i < last - 1 ? table.A[last - 1][i] : 0);
        weights.AsSpan(last).Clear();
        Combine([], 1, weights, a);
        TensorPrimitives.Subtract(slopes[last], slopes[last - 1], b);
        var arguments = norm.Measure(a, next, next, tolerance);
        return arguments > 0 ? norm.Measure(b, next, next, tolerance) / arguments : 0;
    }

    private void Evaluate(double t, ReadOnlySpan<double> y, double[] velocity)
    {
        Evaluations++;
        system.Evaluate(t, y, velocity);
    }

    /// <summary>
    /// error = h sum_i e_i k_i; with a second estimate the combination e^2 / sqrt(e^2 + (ecoarse/10)^2) of Hairer,
    /// Norsett and Wanner (II.10), here in every component, not of two norms: a step then needs no norm.
    /// </summary>
    private void Estimate(Span<double> error)
    {
        if (table.ErrorWeights is null)
            throw new InvalidOperationException($"'{table.Name}' has no error estimate; use a fixed step");
        Combine([], h, table.ErrorWeights, error);
        if (table.CoarseErrorWeights is not { } second) return;
        for (var start = 0; start < error.Length; start += Piece)
        {
            var fine = error.Slice(start, Math.Min(Piece, error.Length - start));
            Combine([], h, second, coarse.AsSpan(0, fine.Length), start);
            for (var j = 0; j < fine.Length; j++)
            {
                if (fine[j] == 0) continue;
                var ratio = 0.1 * coarse[j] / fine[j];      // no squares of errors, which may overflow
                fine[j] /= Math.Sqrt(1 + ratio * ratio);
            }
        }
    }

    /// <summary>result = y + h sum_i a_i k_i; y empty counts as 0. The slopes are read from their entry offset on.</summary>
    private void Combine(ReadOnlySpan<double> y, double h, double[] a, Span<double> result, int offset = 0)
    {
        for (var start = 0; start < result.Length; start += Piece)
        {
            var length = Math.Min(Piece, result.Length - start);
            var sum = result.Slice(start, length);
            if (y.IsEmpty) sum.Clear();
            else y.Slice(start, length).CopyTo(sum);
            for (var i = 0; i < a.Length; i++)
                if (a[i] != 0)
                    TensorPrimitives.MultiplyAdd(slopes[i].AsSpan(offset + start, length), h * a[i], sum, sum);
        }
    }
}
