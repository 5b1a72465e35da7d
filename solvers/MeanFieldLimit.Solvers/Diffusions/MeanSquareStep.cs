using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Solvers.Diffusions;

/// <summary>
/// Steps of one length, refused at the start of a run where an explicit method would blow up. With rho the spectral
/// radius of the drift's Jacobian at the initial state, and sigma the largest |dS_i/dy_i| of diagonal noise (else 0),
/// the mean square of a solution of dy = -rho y dt + sigma y dB decays where sigma^2 &lt; 2 rho, and that of a method
/// where a step multiplies it by less than 1: by (1 - rho h)^2 + sigma^2 h for Euler-Maruyama (Higham, SIAM J. Numer.
/// Anal. 38, 2000), sigma^4 h^2/2 more for Milstein, and (1 - rho h + rho^2 h^2/2)^2 + sigma^2 h (1 - rho h/2)^2 for
/// stochastic Heun. So h must be below (2 rho - sigma^2)/rho^2, (2 rho - sigma^2)/(rho^2 + sigma^4/2) and 2/rho. Where
/// sigma^2 >= 2 rho the equation itself does not decay, and there is no bound.
/// </summary>
/// <remarks>rho is that at the start: it costs at most 50 evaluations and does not foresee drift that stiffens later.
/// It includes rates of growth and of rotation, for which a step of 2/rho is useless as well. The power method finds
/// rho to 1 % where it stands apart from the other eigenvalues, and is up to a tenth short of the end of a continuum
/// of them, as of many particles in a drift that is not linear: the bound is then as much too large.</remarks>
public sealed class MeanSquareStep : IStepControl
{
    private const double Accuracy = 0.02;       // of rho, and a little

    private readonly IStochasticField system;
    private readonly FixedStep steps;
    private readonly double length;
    private readonly StochasticMethod method;

    /// <summary>Steps of the given length in units of time.</summary>
    public MeanSquareStep(IStochasticField system, double length, StochasticMethod method) =>
        (this.system, this.length, this.method, steps) = (system, length, method, new(length));

    /// <inheritdoc/>
    public bool NeedsErrorEstimate => false;

    /// <summary>The bound at a state, infinite where there is none.</summary>
    public static double Bound(IStochasticField system, double t, ReadOnlySpan<double> state, StochasticMethod method)
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
        return rho > 0 && sigma * sigma < 2 * rho ? method.LongestStep(rho, sigma * sigma) : double.PositiveInfinity;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The step is above the bound.</exception>
    public double Start(Interval run, ReadOnlySpan<double> initial, IStepper stepper)
    {
        var bound = Bound(system, run.Start, initial, method);
        return length <= bound * (1 + Accuracy) ? steps.Start(run, initial, stepper) : throw new ArgumentException(
            $"an explicit step must not exceed the bound of mean-square stability, {bound:G3} at the initial state, "
            + $"got {length}: take a shorter step");
    }

    /// <inheritdoc/>
    public StepDecision Decide(double length, ReadOnlySpan<double> state, ReadOnlySpan<double> next,
        ReadOnlySpan<double> error) => steps.Decide(length, state, next, error);

    /// <inheritdoc/>
    public void Carry(Snapshot snapshot) => steps.Carry(snapshot);
}
