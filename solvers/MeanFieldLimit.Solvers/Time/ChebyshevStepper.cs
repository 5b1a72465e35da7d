using System.Numerics.Tensors;

namespace MeanFieldLimit.Solvers.Time;

/// <summary>
/// The Runge-Kutta-Chebyshev method of order 2 (Sommeijer, Shampine and Verwer, J. Comput. Appl. Math. 88, 1997):
/// explicit, stable on the negative real axis up to h rho = 0.653 (s^2 - 1) with s stages, which it takes as many of as
/// the step needs. Gradient flows are stiff with a real spectrum: where stability holds the steps of a
/// Runge-Kutta method down, s stages here do the work of about s^2/3 of its stages.
/// </summary>
/// <remarks>
/// rho is estimated by the power method at the start, after every 25 steps and on a refused step. Inside a step the
/// solution is the cubic Hermite polynomial.
/// </remarks>
internal sealed class ChebyshevStepper : IStepper
{
    private const int StepsPerEstimate = 25;
    internal const int Vectors = 7;

    private readonly IVectorField system;
    private readonly SpectralRadius radius;
    private readonly Dictionary<int, ChebyshevPolynomials> polynomials = [];
    private readonly int most;
    private double[] first, last, before, current;
    private double knownFirst = double.NaN, knownLast = double.NaN, estimatedAt = double.NaN;
    private double h, rho;
    private int sinceEstimate;
    private long evaluations;
    private (int Least, int Most) used = (int.MaxValue, 0);

    /// <summary>
    /// The method on <paramref name="system"/>. Tolerance and norm set the scale of the power method's perturbations;
    /// the tolerance bounds the stages by sqrt(rtol/(10 2^-52)), where rounding inside a step would pass it.
    /// </summary>
    public ChebyshevStepper(IVectorField system, Tolerance tolerance, IErrorNorm norm)
    {
        this.system = system;
        radius = new(system, tolerance, norm);
        most = Math.Max(2, (int)Math.Sqrt(tolerance.Relative / (10 * (double.BitIncrement(1) - 1))));
        (first, last, before, current) = (Vector(), Vector(), Vector(), Vector());
        double[] Vector() => new double[system.Dimension];
    }

    /// <inheritdoc/>
    public int Dimension => system.Dimension;

    /// <inheritdoc/>
    public int ErrorOrder => 3;

    /// <inheritdoc/>
    public long Evaluations => evaluations + radius.Evaluations;

    /// <inheritdoc/>
    public string InWords => used.Most == 0 ? "chebyshev" : used.Least == used.Most
        ? $"chebyshev with {used.Least} stages"
        : $"chebyshev with {used.Least} to {used.Most} stages";

    /// <inheritdoc/>
    public bool Interpolates => true;

    /// <summary>h rho of the last step, rho the estimated spectral radius with its safety.</summary>
    internal double StabilityNumber => h * rho;

    /// <inheritdoc/>
    public void Reset()
    {
        knownFirst = knownLast = estimatedAt = double.NaN;
        radius.Reset();
    }

    /// <summary>Stages that a step of the given length takes: 1 + floor(sqrt(1 + 1.54 h rho)).</summary>
    internal int StagesFor(double length) =>
        Math.Max(2, 1 + (int)Math.Min(int.MaxValue / 2, Math.Sqrt(1 + 1.54 * length * rho)));

    /// <inheritdoc/>
    public void Step(Interval step, ReadOnlySpan<double> state, Span<double> next, Span<double> error)
    {
        h = step.Length;
        Prepare(step.Start, state);
        (knownFirst, knownLast) = (step.Start, double.NaN);
        var stages = StagesFor(h);
        if (stages > most || !double.IsFinite(rho))     // too long, or a slope is NaN: a shorter step may help
        {
            TensorPrimitives.MultiplyAdd(first, h, state, next);
            error.Fill(double.NaN);
            return;
        }
        if (!polynomials.TryGetValue(stages, out var p)) polynomials[stages] = p = new(stages);
        used = (Math.Min(used.Least, stages), Math.Max(used.Most, stages));

        state.CopyTo(before);
        TensorPrimitives.MultiplyAdd(first, h * p.First, state, current);
        for (var j = 2; j <= stages; j++)
        {
            Evaluate(step.Start + p.Node(j - 1) * h, current, last);
            Stage(p, j, state, j == stages ? next : before);
            (before, current) = (current, before);
        }
        Evaluate(step.End, next, last);
        knownLast = step.End;
        for (var i = 0; i < error.Length; i++)
            error[i] = 0.8 * (state[i] - next[i]) + 0.4 * h * (first[i] + last[i]);
    }

    /// <inheritdoc/>
    public void Interpolate(double t, ReadOnlySpan<double> state, ReadOnlySpan<double> next, Span<double> result)
    {
        var x = (t - knownFirst) / h;
        for (var i = 0; i < result.Length; i++)
        {
            double rise = next[i] - state[i], left = h * first[i] - rise, right = rise - h * last[i];
            result[i] = state[i] + x * (rise + (1 - x) * (left + x * (right - left)));
        }
    }

    /// <inheritdoc/>
    public void Carry(Snapshot snapshot)
    {
        snapshot.Tag("chebyshev");
        radius.Carry(snapshot);
        snapshot.Carry(ref evaluations);
        snapshot.Carry(ref used);
        snapshot.Carry(ref knownFirst);
        if (double.IsNaN(knownFirst)) return;       // reset, and nothing is interpolated
        snapshot.Carry(ref knownLast);
        snapshot.Carry(ref estimatedAt);
        snapshot.Carry(ref sinceEstimate);
        snapshot.Carry(ref rho);
        snapshot.Carry(ref h);
        snapshot.Carry<double>(first);
        snapshot.Carry<double>(last);
    }

    /// <summary>The slope at the start of a step, and the spectral radius where it is due.</summary>
    private void Prepare(double t, ReadOnlySpan<double> state)
    {
        var due = double.IsNaN(estimatedAt);
        if (t == knownLast)
        {
            (first, last) = (last, first);
            due |= ++sinceEstimate >= StepsPerEstimate;
        }
        else if (t == knownFirst) due |= estimatedAt != t;      // refused: the radius may have grown
        else Evaluate(t, state, first);
        if (!due) return;
        rho = radius.Estimate(t, state, first);
        (estimatedAt, sinceEstimate) = (t, 0);
    }

    /// <summary>
    /// Y_j = (1 - mu - nu) y + mu Y_{j-1} + nu Y_{j-2} + mu~ h F_{j-1} + gamma~ h F_0. The result may lie on Y_{j-2}.
    /// </summary>
    private void Stage(ChebyshevPolynomials p, int j, ReadOnlySpan<double> state, Span<double> result)
    {
        double mu = p.Mu(j), nu = p.Nu(j), slope = h * p.MuSlope(j), gamma = h * p.Gamma(j), rest = 1 - mu - nu;
        for (var i = 0; i < result.Length; i++)
            result[i] = rest * state[i] + mu * current[i] + nu * before[i] + slope * last[i] + gamma * first[i];
    }

    private void Evaluate(double t, ReadOnlySpan<double> y, double[] velocity)
    {
        evaluations++;
        system.Evaluate(t, y, velocity);
    }
}
