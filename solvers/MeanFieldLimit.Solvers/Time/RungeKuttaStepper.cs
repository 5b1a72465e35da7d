using System.Numerics.Tensors;
using MeanFieldLimit.Solvers.Threads;

namespace MeanFieldLimit.Solvers.Time;

/// <summary>One step of an explicit Runge-Kutta method on dy/dt = f(t, y).</summary>
public sealed class RungeKuttaStepper : IStepper
{
    // Sums of stages run over pieces of the state that stay in the first-level cache: each slope is then read
    // from memory once per stage and the sum itself never leaves the cache.
    private const int Piece = 1024;

    // Above this h rho the polynomial inside a step is not trusted. Measured on examples/anisotropic-stiff.json with
    // steps at h rho = 6, order 8, tolerance 1e-4: error 1e-4 at the ends of steps, 2e-1 in the polynomial between.
    private const double PolynomialLimit = 2.5;

    private readonly ButcherTable table;
    private readonly IVectorField system;
    private readonly IFactoredField? factored;  // where slopes are kept in factors
    private readonly double[][] slopes;         // the stages, then the further ones of the interpolant
    private readonly double[] weights;
    private readonly RangeMap sum, narrow;
    private (double H, double[] A) summed = (0, []);        // under way: delegates are made once
    private readonly (Tolerance Tolerance, IErrorNorm Norm)? scale;
    private readonly double[] scratch;
    private readonly int last;
    private double knownFirst = double.NaN;     // slopes[0] is f at this time, on the state of the last step
    private double knownLast = double.NaN;      // slopes[last] is f at this time, on the result of the last step
    private double h;
    private bool looked, trusted;

    /// <summary>The method <paramref name="table"/> on <paramref name="system"/>.</summary>
    /// <param name="table">The method.</param>
    /// <param name="system">The system.</param>
    /// <param name="scale">
    /// Tolerance and norm, with which the stepper sees whether a step is at the limit of stability. There a step's
    /// polynomial amplifies fast components, and the solution inside it is had by a shorter step from its start.
    /// </param>
    public RungeKuttaStepper(ButcherTable table, IVectorField system, (Tolerance, IErrorNorm)? scale = null)
    {
        this.scale = table.Stages > 1 && table.C[^2] == 1 ? scale : null;
        scratch = this.scale is null ? [] : new double[system.Dimension];
        this.table = table;
        this.system = system;
        last = table.Stages - 1;
        factored = KeepsFactors(table) && system is IFactoredField { FactorLength: not null } f ? f : null;
        slopes = [.. Enumerable.Range(0, Slopes(table))
            .Select(_ => new double[factored?.FactorLength ?? system.Dimension])];
        weights = new double[slopes.Length];
        sum = (first, y, result) => CombineRange(y, summed.H, summed.A, result, first);
        narrow = (first, _, error) => Narrow(first, error);
    }

    /// <inheritdoc/>
    public int Dimension => system.Dimension;

    /// <inheritdoc/>
    public int ErrorOrder => table.ErrorOrder;

    /// <inheritdoc/>
    public long Evaluations { get; private set; }

    /// <inheritdoc/>
    public string InWords => table.Name;

    /// <inheritdoc/>
    public bool Interpolates => table.Interpolant is not null;

    /// <summary>Vectors of the state's length that a stepper holds at most: one a stage, and scratch.</summary>
    internal static int Vectors(ButcherTable table) => Slopes(table) + 1;

    /// <summary>Whether it keeps slopes in factors where a field has them. A second estimate of the error combines with the
    /// first one in every component, hence in vectors that are made.</summary>
    internal static bool KeepsFactors(ButcherTable table) => table.CoarseError is null;

    /// <summary>How many of these are slopes: the stages, and the further ones of the interpolant.</summary>
    internal static int Slopes(ButcherTable table) => table.Stages + (table.Interpolant?.C.Length ?? 0);

    /// <inheritdoc/>
    public void Reset() => knownFirst = knownLast = double.NaN;

    /// <inheritdoc/>
    public void Step(Interval step, ReadOnlySpan<double> state, Span<double> next, Span<double> error)
    {
        h = step.Length;
        looked = false;
        if (step.Start == knownLast)            // the last step was accepted: its last slope is this one's first
            (slopes[0], slopes[last]) = (slopes[last], slopes[0]);
        else if (step.Start != knownFirst)      // not a shorter retry of the last step either
            Evaluate(step.Start, state, slopes[0]);
        knownFirst = step.Start;

        // `next` is scratch until it holds y + h sum b_i k_i, at which a last stage that is the next step's first is taken.
        var between = table.FirstSameAsLast ? last : table.Stages;
        for (var i = 1; i < between; i++)
            EvaluateStage(knownFirst + table.C[i] * h, state, h, table.A[i], next, slopes[i]);
        Combine(state, h, table.B, next);
        if (table.FirstSameAsLast) Evaluate(knownFirst + table.C[last] * h, next, slopes[last]);
        if (!error.IsEmpty) Estimate(error);
        knownLast = table.FirstSameAsLast ? step.End : double.NaN;
    }

    /// <inheritdoc/>
    public bool TryStep(Interval step, Span<double> state)
    {
        if (table.Stages > 1 || system is not IEulerField field || !field.TryStep(step.Start, step.Length, state))
            return false;
        Evaluations++;
        Reset();
        return true;
    }

    /// <inheritdoc/>
    public void Interpolate(double t, ReadOnlySpan<double> state, ReadOnlySpan<double> next, Span<double> result)
    {
        var interpolant = table.Interpolant
            ?? throw new InvalidOperationException($"'{table.Name}' has no interpolant; let steps end at save times");
        if (!looked)
        {
            trusted = scale is not { } s
                || !(StabilityNumber(next, s.Tolerance, s.Norm, result, scratch) > PolynomialLimit);
            for (var i = 0; trusted && i < interpolant.C.Length; i++)
                EvaluateStage(knownFirst + interpolant.C[i] * h, state, h, interpolant.A[i], result,
                    slopes[table.Stages + i]);
            looked = true;
        }
        if (trusted)
        {
            interpolant.Weights((t - knownFirst) / h, table.B, weights);
            Combine(state, h, weights, result);
            return;
        }
        for (var i = 1; i < last; i++)      // first and last slope stay: the next step needs them
            EvaluateStage(knownFirst + table.C[i] * (t - knownFirst), state, t - knownFirst, table.A[i], result, slopes[i]);
        Combine(state, t - knownFirst, table.B, result);
    }

    /// <inheritdoc/>
    public void Carry(Snapshot snapshot)
    {
        snapshot.Tag(InWords);
        Evaluations = snapshot.Value(Evaluations);
        snapshot.Carry(ref knownFirst);
        if (double.IsNaN(knownFirst)) return;       // reset, and nothing is interpolated
        snapshot.Carry(ref knownLast);
        snapshot.Carry(ref h);
        snapshot.Carry(ref looked);
        snapshot.Carry(ref trusted);
        for (var i = 0; i < slopes.Length; i++)
            if (Interpolates || i == 0 || i == last) snapshot.Carry<double>(slopes[i]);
    }

    /// <summary>
    /// An estimate of h rho, rho the dominant eigenvalue of df/dy, from the last two stages of the last step, both at
    /// its end: h |k_s - k_{s-1}| / |g_s - g_{s-1}| (Hairer and Wanner, Solving ODEs II, IV.2). In units of the
    /// tolerance, so that the norm's masses apply; the vectors <paramref name="a"/> and <paramref name="b"/> are
    /// scratch.
    /// </summary>
    internal double StabilityNumber(ReadOnlySpan<double> next, Tolerance tolerance, IErrorNorm norm,
        Span<double> a, Span<double> b)
    {
        for (var i = 0; i < last; i++) weights[i] = table.A[last][i] - (i < last - 1 ? table.A[last - 1][i] : 0);
        weights.AsSpan(last).Clear();
        CombineMeasured(1, weights, a);
        weights.AsSpan().Clear();
        (weights[last], weights[last - 1]) = (1, -1);
        CombineMeasured(1, weights, b);
        var arguments = norm.Measure(a, next, next, tolerance);
        return arguments > 0 ? norm.Measure(b, next, next, tolerance) / arguments : 0;
    }

    private void Evaluate(double t, ReadOnlySpan<double> y, double[] velocity)
    {
        Evaluations++;
        if (factored is not null) factored.Evaluate(t, y, default, velocity);
        else system.Evaluate(t, y, velocity);
    }

    /// <summary>velocity = f(t, y + h sum_i a_i k_i), at a state that is made, if at all, in
    /// <paramref name="made"/>.</summary>
    private void EvaluateStage(double t, ReadOnlySpan<double> y, double h, double[] a, Span<double> made,
        double[] velocity)
    {
        if (factored is null)
        {
            Combine(y, h, a, made);
            Evaluate(t, made, velocity);
            return;
        }
        Evaluations++;
        factored.Evaluate(t, y, new(h, a, slopes), velocity);
    }

    /// <summary>
    /// error = h sum_i e_i k_i; with a second estimate the combination e^2 / sqrt(e^2 + (ecoarse/10)^2) of Hairer,
    /// Norsett and Wanner (II.10), here in every component, not of two norms: a step then needs no norm.
    /// </summary>
    private void Estimate(Span<double> error)
    {
        if (table.ErrorWeights is null)
            throw new InvalidOperationException($"'{table.Name}' has no error estimate; use a fixed step");
        CombineMeasured(h, table.ErrorWeights, error);
        if (table.CoarseError is not null) Workers.Ranges(system.Threads, [], error, narrow);
    }

    private void Narrow(int first, Span<double> error)
    {
        Span<double> coarse = stackalloc double[Piece];
        for (var start = 0; start < error.Length; start += Piece)
        {
            var fine = error[start..Math.Min(start + Piece, error.Length)];
            CombineRange([], h, table.CoarseError!.Value.Weights, coarse[..fine.Length], first + start);
            for (var j = 0; j < fine.Length; j++)
            {
                if (fine[j] == 0) continue;
                var ratio = 0.1 * coarse[j] / fine[j];      // no squares of errors, which may overflow
                fine[j] /= Math.Sqrt(1 + ratio * ratio);
            }
        }
    }

    /// <summary>result = h sum_i a_i k_i, to be measured.</summary>
    private void CombineMeasured(double h, double[] a, Span<double> result)
    {
        if (factored is not null) factored.ExpandMeasured(new(h, a, slopes), result);
        else Combine([], h, a, result);
    }

    /// <summary>result = y + h sum_i a_i k_i; y empty counts as 0.</summary>
    private void Combine(ReadOnlySpan<double> y, double h, double[] a, Span<double> result)
    {
        summed = (h, a);
        if (factored is not null) factored.Expand(y, new(h, a, slopes), result);
        else Workers.Ranges(system.Threads, y, result, sum);
    }

    /// <summary>The same of the entries from <paramref name="offset"/> on.</summary>
    private void CombineRange(ReadOnlySpan<double> y, double h, double[] a, Span<double> result, int offset)
    {
        for (var start = 0; start < result.Length; start += Piece)
        {
            var length = Math.Min(Piece, result.Length - start);
            var sum = result.Slice(start, length);
            var before = y.IsEmpty ? [] : y.Slice(start, length);
            var begun = false;
            for (var i = 0; i < a.Length; i++)
            {
                if (a[i] == 0) continue;
                var slope = slopes[i].AsSpan(offset + start, length);
                if (begun) TensorPrimitives.MultiplyAdd(slope, h * a[i], sum, sum);
                else if (y.IsEmpty) TensorPrimitives.Multiply(slope, h * a[i], sum);
                else TensorPrimitives.MultiplyAdd(slope, h * a[i], before, sum);
                begun = true;
            }
            if (begun) continue;
            if (y.IsEmpty) sum.Clear();
            else before.CopyTo(sum);
        }
    }
}
