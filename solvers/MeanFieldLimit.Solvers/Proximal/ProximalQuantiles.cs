using MeanFieldLimit.Solvers.Measures;
using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Solvers.Proximal;

/// <summary>
/// The minimizing-movement scheme of Jordan, Kinderlehrer and Otto (SIAM J. Math. Anal. 29, 1998) for
/// F(mu) + D int log rho d mu on the line, in quantile coordinates: x is increasing, x_i at the middle of the mass m_i.
/// The entropy is D sum_g mu_g log(mu_g / (x_{g+1} - x_g)), mu_g = (m_g + m_{g+1}) / 2 being the mass between
/// neighbours, where the density is mu_g / (x_{g+1} - x_g). The distance sum_i m_i (x_i - x_i^k)^2 is W^2 itself: on
/// the line what keeps the order is optimal.
/// </summary>
/// <remarks>
/// Masses that change smoothly from point to point, such as m_i = rho_0(x_i) h on an even grid, give second order in
/// h. Equal masses leave the tails to their last points, and have first order. The Hessian of the entropy and of the
/// distance is tridiagonal and used exactly, that of F through past gradients, so that F may be non-local.
/// </remarks>
public sealed class ProximalQuantiles : IStepper
{
    private readonly IFunctional functional;
    private readonly double[] masses;
    private readonly Objective objective;
    private readonly QuasiNewton minimiser;
    private readonly List<ProximalStep> steps = [];

    /// <summary>The scheme for a functional on the line, masses m and a diffusion D.</summary>
    /// <exception cref="ArgumentException">The functional is not on the line, a mass is not positive, masses do not sum
    /// to 1, or the diffusion is negative.</exception>
    public ProximalQuantiles(IFunctional functional, double[] masses, double diffusion)
    {
        if (functional.Dimension != 1)
            throw new ArgumentException($"quantiles need a functional of measures on the line, got dimension "
                + $"{functional.Dimension}; take particles");
        if (!(diffusion >= 0 && double.IsFinite(diffusion)))
            throw new ArgumentException($"the diffusion must not be negative, got {diffusion}");
        ProximalArguments.CheckMasses(masses);
        (this.functional, this.masses) = (functional, masses);
        objective = new(functional, masses, diffusion);
        minimiser = new(masses.Length);
    }

    /// <inheritdoc/>
    public int Dimension => masses.Length;

    /// <inheritdoc/>
    public int ErrorOrder => 0;

    /// <inheritdoc/>
    public long Evaluations => minimiser.Evaluations;

    /// <inheritdoc/>
    public string InWords => $"jko in quantile coordinates, {steps.Sum(s => (long)s.Iterations)} iterations";

    /// <summary>The steps taken so far; their energies are those with entropy.</summary>
    public IReadOnlyList<ProximalStep> Steps => steps;

    /// <summary>F(mu) + D sum_g mu_g log(mu_g / (x_{g+1} - x_g)) of an increasing x.</summary>
    public double Energy(ReadOnlySpan<double> x) => functional.Value(x, masses) + objective.Entropy(x);

    /// <inheritdoc/>
    public void Reset()
    {
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The state does not increase strictly.</exception>
    /// <exception cref="InvalidOperationException">The minimisation did not converge.</exception>
    public void Step(Interval step, ReadOnlySpan<double> state, Span<double> next, Span<double> error)
    {
        for (var i = 1; i < state.Length; i++)
            if (!(state[i] > state[i - 1]))
                throw new ArgumentException($"quantiles must increase, got {state[i - 1]:R} and then {state[i]:R} at "
                    + $"{i}: merge points that agree");
        objective.From(state, step.Length);
        state.CopyTo(next);
        var before = Energy(state);
        var size = Math.Sqrt(Math.Max(ProximalArguments.SquaredNorm(state, masses, 1) / step.Length, Math.Abs(before)));
        if (!minimiser.Minimise(objective, next, size)) throw ProximalArguments.Unsolved(step, minimiser.Iterations);
        var made = new ProximalStep(step.End, step.Length, before, Energy(next), objective.SquaredDistance(next),
            0, minimiser.Iterations);
        steps.Add(made.Dissipates ? made : throw ProximalArguments.Rises(made));
    }

    /// <inheritdoc/>
    public void Carry(Snapshot snapshot)
    {
        snapshot.Tag("jko in quantile coordinates");
        snapshot.Carry(steps);
        minimiser.Carry(snapshot);
    }

    private sealed class Objective(IFunctional functional, double[] masses, double diffusion) : IObjective
    {
        private readonly double[] from = new double[masses.Length];
        private readonly double[] stiffness = new double[masses.Length], pivots = new double[masses.Length];
        private double tau;

        internal void From(ReadOnlySpan<double> state, double length)
        {
            state.CopyTo(from);
            tau = length;
        }

        internal double SquaredDistance(ReadOnlySpan<double> x)
        {
            var sum = 0.0;
            for (var i = 0; i < x.Length; i++) sum += masses[i] * (x[i] - from[i]) * (x[i] - from[i]);
            return sum;
        }

        internal double Entropy(ReadOnlySpan<double> x)
        {
            var sum = 0.0;
            for (var g = 0; diffusion > 0 && g + 1 < x.Length; g++)
                sum += diffusion * Between(g) * Math.Log(Between(g) / (x[g + 1] - x[g]));
            return sum;
        }

        public double Evaluate(ReadOnlySpan<double> x, Span<double> gradient)
        {
            functional.Gradient(x, masses, gradient);
            for (var i = 0; i < x.Length; i++) gradient[i] = masses[i] * (gradient[i] + (x[i] - from[i]) / tau);
            for (var g = 0; diffusion > 0 && g + 1 < x.Length; g++)
            {
                var pressure = diffusion * Between(g) / (x[g + 1] - x[g]);
                gradient[g] += pressure;
                gradient[g + 1] -= pressure;
            }
            return functional.Value(x, masses) + Entropy(x) + SquaredDistance(x) / (2 * tau);
        }

        /// <summary>
        /// Solves with M / tau + (Hessian of the entropy), which is tridiagonal with the off-diagonal -s_g, by
        /// elimination. Each pivot is s_g and what else its row has, all positive: sums without cancellation, where
        /// points are close and s_g = D mu_g / (x_{g+1} - x_g)^2 is beyond all m / tau.
        /// </summary>
        public void Precondition(ReadOnlySpan<double> x, Span<double> v)
        {
            var rest = 0.0;
            for (var i = 0; i < v.Length; i++)
            {
                if (i > 0) v[i] += stiffness[i - 1] / pivots[i - 1] * v[i - 1];
                rest += masses[i] / tau;
                stiffness[i] = diffusion > 0 && i + 1 < v.Length
                    ? diffusion * Between(i) / ((x[i + 1] - x[i]) * (x[i + 1] - x[i])) : 0;
                pivots[i] = rest + stiffness[i];
                rest *= stiffness[i] / pivots[i];
            }
            v[^1] /= pivots[^1];
            for (var i = v.Length - 2; i >= 0; i--) v[i] = (v[i] + stiffness[i] * v[i + 1]) / pivots[i];
        }

        public double LongestStep(ReadOnlySpan<double> x, ReadOnlySpan<double> direction)
        {
            var longest = double.PositiveInfinity;
            for (var g = 0; g + 1 < x.Length; g++)
                if (direction[g] > direction[g + 1])
                    longest = Math.Min(longest, (x[g + 1] - x[g]) / (direction[g] - direction[g + 1]));
            return longest;
        }

        private double Between(int g) => (masses[g] + masses[g + 1]) / 2;
    }
}
