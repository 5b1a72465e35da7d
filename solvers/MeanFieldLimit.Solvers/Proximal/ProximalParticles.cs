using System.Numerics.Tensors;
using MeanFieldLimit.Solvers.Measures;
using MeanFieldLimit.Solvers.Time;
using MeanFieldLimit.Solvers.Transport;

namespace MeanFieldLimit.Solvers.Proximal;

/// <summary>
/// The minimizing-movement scheme of Jordan, Kinderlehrer and Otto (SIAM J. Math. Anal. 29, 1998) on particles with
/// masses: x' = argmin F(sum_i m_i delta_{x_i}) + sum_i m_i |x_i - x_i^k|^2 / (2 tau). Of order 1 in tau, stable for
/// any tau, its energy never rises.
/// </summary>
/// <remarks>
/// The second term is W^2 / (2 tau) where moving each particle to its own new place is optimal, which holds where
/// |x|^2 / (2 tau) + (delta F / delta mu)(x) is convex (its gradient takes new places to old ones), hence for all tau
/// below 1/lambda where no Hessian of delta F / delta mu is below -lambda. Every step can say by how much it is not:
/// <see cref="ProximalStep.Excess"/>. Particles have no entropy: where there is diffusion take
/// <see cref="ProximalQuantiles"/> or particles with noise.
/// </remarks>
public sealed class ProximalParticles : IStepper
{
    private readonly IFunctional functional;
    private readonly double[] masses;
    private readonly bool certify;
    private readonly Objective objective;
    private readonly QuasiNewton minimiser;
    private readonly List<ProximalStep> steps = [];

    /// <summary>The scheme for a functional and the masses m of the particles, all positive, of sum 1.</summary>
    /// <param name="functional">F.</param>
    /// <param name="masses">m.</param>
    /// <param name="certify">Whether each step measures how far its coupling is from optimal: O(n^2) and more.</param>
    /// <exception cref="ArgumentException">A mass is not positive, or they do not sum to 1.</exception>
    public ProximalParticles(IFunctional functional, double[] masses, bool certify = false)
    {
        ProximalArguments.CheckMasses(masses);
        (this.functional, this.masses, this.certify) = (functional, masses, certify);
        Dimension = ArraySize.Of("the coordinates of particles", "take fewer", masses.Length, functional.Dimension);
        objective = new(functional, masses);
        minimiser = new(Dimension);
    }

    /// <summary>The number of coordinates of all particles: the state is [particle, d].</summary>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int ErrorOrder => 0;

    /// <inheritdoc/>
    public long Evaluations => minimiser.Evaluations;

    /// <inheritdoc/>
    public string InWords => $"jko, {steps.Sum(s => (long)s.Iterations)} iterations";

    /// <summary>The steps taken so far.</summary>
    public IReadOnlyList<ProximalStep> Steps => steps;

    /// <inheritdoc/>
    public void Reset()
    {
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The minimisation did not converge.</exception>
    public void Step(Interval step, ReadOnlySpan<double> state, Span<double> next, Span<double> error)
    {
        objective.From(state, step.Length);
        state.CopyTo(next);
        var before = functional.Value(state, masses);
        var size = Math.Sqrt(Math.Max(
            ProximalArguments.SquaredNorm(state, masses, functional.Dimension) / step.Length, Math.Abs(before)));
        if (!minimiser.Minimise(objective, next, size)) throw ProximalArguments.Unsolved(step, minimiser.Iterations);
        var excess = certify
            ? PairedCoupling.Of(functional.Dimension, state.ToArray(), next.ToArray(), masses).Excess
            : double.NaN;
        var made = new ProximalStep(step.End, step.Length, before, functional.Value(next, masses),
            objective.SquaredDistance(next), excess, minimiser.Iterations);
        steps.Add(made.Dissipates ? made : throw ProximalArguments.Rises(made));
    }

    /// <inheritdoc/>
    public void Carry(Snapshot snapshot)
    {
        snapshot.Tag("jko");
        snapshot.Carry(steps);
        minimiser.Carry(snapshot);
    }

    private sealed class Objective(IFunctional functional, double[] masses) : IObjective
    {
        private readonly double[] from = new double[masses.Length * functional.Dimension];
        private double tau;

        internal void From(ReadOnlySpan<double> state, double length)
        {
            state.CopyTo(from);
            tau = length;
        }

        internal double SquaredDistance(ReadOnlySpan<double> x)
        {
            var sum = 0.0;
            var d = functional.Dimension;
            for (var i = 0; i < masses.Length; i++)
                sum += masses[i] * Squared(TensorPrimitives.Distance(x.Slice(i * d, d), from.AsSpan(i * d, d)));
            return sum;
        }

        public double Evaluate(ReadOnlySpan<double> x, Span<double> gradient)
        {
            functional.Gradient(x, masses, gradient);
            for (var k = 0; k < x.Length; k++)
                gradient[k] = masses[k / functional.Dimension] * (gradient[k] + (x[k] - from[k]) / tau);
            return functional.Value(x, masses) + SquaredDistance(x) / (2 * tau);
        }

        public void Precondition(ReadOnlySpan<double> x, Span<double> v)
        {
            for (var k = 0; k < v.Length; k++) v[k] *= tau / masses[k / functional.Dimension];
        }

        public double LongestStep(ReadOnlySpan<double> x, ReadOnlySpan<double> direction) =>
            double.PositiveInfinity;

        private static double Squared(double value) => value * value;
    }
}
