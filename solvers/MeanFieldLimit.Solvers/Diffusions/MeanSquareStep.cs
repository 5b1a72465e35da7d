using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Solvers.Diffusions;

/// <summary>
/// Steps of one length, refused at the start of a run where an explicit method would blow up. With rho the spectral
/// radius of the drift's Jacobian at the initial state, and sigma the largest |dS_i/dy_i| of diagonal noise (else 0),
/// the mean square of Euler-Maruyama for dy = -rho y dt + sigma y dB is multiplied by (1 - rho h)^2 + sigma^2 h a step:
/// it decays for h &lt; (2 rho - sigma^2) / rho^2, which is 2 / rho for additive noise (Higham, SIAM J. Numer. Anal.
/// 38, 2000). Where sigma^2 >= 2 rho the equation itself does not decay, and there is no bound.
/// </summary>
/// <remarks>rho is that at the start: it costs at most 50 evaluations and does not foresee drift that stiffens later.
/// It includes rates of growth and of rotation, for which a step of 2 / rho is useless as well.</remarks>
public sealed class MeanSquareStep : IStepControl
{
    private const double Accuracy = 0.02;       // of rho, and a little

    private readonly IStochasticField system;
    private readonly FixedStep steps;
    private readonly double length;

    /// <summary>Steps of the given length in units of time.</summary>
    public MeanSquareStep(IStochasticField system, double length) =>
        (this.system, this.length, steps) = (system, length, new(length));

    /// <inheritdoc/>
    public bool NeedsErrorEstimate => false;

    /// <summary>The bound at a state, infinite where there is none; rho is accurate to about 1 %.</summary>
    public static double Bound(IStochasticField system, double t, ReadOnlySpan<double> state)
    {
        var slope = new double[system.Dimension];
        system.Evaluate(t, state, slope);
        var radius = new SpectralRadius(system, new(1e-6, 1e-6), new RootMeanSquareNorm());
        var rho = radius.Estimate(t, state, slope) / SpectralRadius.Safety;
        var sigma = 0.0;
        if (system is IDiagonalNoise { HasDiagonalNoise: true } noise)
        {
            var deviations = new double[system.Dimension];
            noise.Diagonal(t, state, deviations, slope);
            foreach (var s in slope) sigma = Math.Max(sigma, Math.Abs(s));
        }
        return rho > 0 && sigma * sigma < 2 * rho ? (2 * rho - sigma * sigma) / (rho * rho) : double.PositiveInfinity;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The step is above the bound.</exception>
    public double Start(Interval run, ReadOnlySpan<double> initial, IStepper stepper)
    {
        var bound = Bound(system, run.Start, initial);
        return length <= bound * (1 + Accuracy) ? steps.Start(run, initial, stepper) : throw new ArgumentException(
            $"an explicit step must not exceed the bound of mean-square stability, {bound:G3} at the initial state, "
            + $"got {length}: take a shorter step");
    }

    /// <inheritdoc/>
    public StepDecision Decide(double length, ReadOnlySpan<double> state, ReadOnlySpan<double> next,
        ReadOnlySpan<double> error) => steps.Decide(length, state, next, error);
}
