using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Solvers.Diffusions;

/// <summary>A function of one particle whose mean is wanted.</summary>
public delegate double Observable(ReadOnlySpan<double> x);

/// <summary>The mean of an observable over the particles at the end of a run.</summary>
/// <param name="Value">sum_i m_i f(x_i), with the half step.</param>
/// <param name="Error">|difference to that with the full step| / (2^q - 1), q the weak order: what the step costs. What
/// finitely many particles cost is seen by other seeds.</param>
public readonly record struct Expectation(double Value, double Error);

/// <summary>
/// A run with its error: the same particles on the same paths with steps h and h/2. With D = sqrt(sum_i m_i |x_i(h) -
/// x_i(h/2)|^2) the error of the run with h/2 is at most D / (2^p - 1) as h -> 0, p the strong order, by the triangle
/// inequality; tracers have no part in it. Both runs evaluate coefficients at multiples of h/2, and may pass over what
/// these do between: a third one with steps 5/16 h meets every sixteenth of h. Where it is further from the run with
/// h/2 than the orders allow, D / (2^p - 1) (1 + (5/8)^p), coefficients change within a step, and errors are 5/4 of
/// what it differs by, 1 if it had none itself.
/// </summary>
public sealed record StepDoubling
{
    private const double Watching = 5.0 / 16, OfFine = 2 * Watching, Allowance = 1.25;

    /// <summary>D, the largest over the save times and the end.</summary>
    public required double Distance { get; init; }

    /// <summary>The strong error of the run with h/2: D / (2^p - 1), or more by the third run.</summary>
    public required double StrongError { get; init; }

    /// <summary>The distance of the run with h/2 to the third one, the largest likewise.</summary>
    public required double Watched { get; init; }

    /// <summary>The means of the observables.</summary>
    public required IReadOnlyList<Expectation> Expectations { get; init; }

    /// <summary>The state at the end of the run with h/2.</summary>
    public required double[] State { get; init; }

    /// <summary>Makes the three runs.</summary>
    /// <param name="method">The method.</param>
    /// <param name="system">The particles.</param>
    /// <param name="motion">Their paths.</param>
    /// <param name="run">Times.</param>
    /// <param name="step">h in units of time.</param>
    /// <param name="order">p: the method's <see cref="StochasticMethod.AdditiveOrder"/> or, where the noise depends on
    /// the state, its <see cref="StochasticMethod.StrongOrder"/>.</param>
    /// <param name="saveTimes">Times at which the runs are compared, beside the end.</param>
    /// <param name="observables">Functions whose means are wanted.</param>
    /// <exception cref="ArgumentOutOfRangeException">The order is not positive.</exception>
    /// <exception cref="RunFailedException">A run did not reach its end.</exception>
    public static StepDoubling Run(StochasticMethod method, ParticleSystem system, IBrownianMotion motion, Interval run,
        double step, double order, IReadOnlyList<double> saveTimes, params ReadOnlySpan<Observable> observables)
    {
        if (!(order > 0))
            throw new ArgumentOutOfRangeException(nameof(order), $"a strong order must be positive, got {order}: take "
                + "that of the method for the noise");
        var (coarse, fine, watching) = (Begin(step), Begin(step / 2), Begin(step * Watching));
        double distance = 0, watched = 0;
        while (coarse.AdvanceToNextSave() && fine.AdvanceToNextSave() && watching.AdvanceToNextSave()) Compare();
        while (fine.AdvanceToNextSave())
        {
        }
        while (watching.AdvanceToNextSave())
        {
        }
        var (first, state, other) =
            (coarse.Result.OrThrow().State, fine.Result.OrThrow().State, watching.Result.OrThrow().State);
        Compare();
        var strong = distance / (Math.Pow(2, order) - 1);
        var passedOver = watched > (1 + Math.Pow(OfFine, order)) * strong;
        var expectations = new Expectation[observables.Length];
        for (var k = 0; k < expectations.Length; k++)
        {
            var value = system.Mean(state, observables[k]);
            var error = Math.Abs(value - system.Mean(first, observables[k])) / (Math.Pow(2, method.WeakOrder) - 1);
            if (passedOver)
                error = Math.Max(error, Allowance * Math.Abs(value - system.Mean(other, observables[k])));
            expectations[k] = new(value, error);
        }
        return new()
        {
            Distance = distance,
            Watched = watched,
            StrongError = passedOver ? Math.Max(strong, Allowance * watched) : strong,
            Expectations = expectations,
            State = state,
        };

        void Compare()
        {
            distance = Math.Max(distance, system.Distance(coarse.State, fine.State));
            watched = Math.Max(watched, system.Distance(watching.State, fine.State));
        }

        RunInProgress Begin(double length)
        {
            var (stepper, control) = method.Fixed(system, motion, length);
            return new TimeLoop
            {
                Stepper = stepper,
                Control = control,
                SaveTimes = saveTimes,
                Jumps = system.Jumps,
            }.Begin(system.Initial, run);
        }
    }
}
