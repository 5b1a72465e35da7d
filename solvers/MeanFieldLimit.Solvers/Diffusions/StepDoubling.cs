using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Solvers.Diffusions;

/// <summary>A function of one particle whose mean is wanted.</summary>
public delegate double Observable(ReadOnlySpan<double> x);

/// <summary>The mean of an observable over the particles at the end of a run.</summary>
/// <param name="Value">sum_i m_i f(x_i), with the half step.</param>
/// <param name="Error">|difference to that with the full step| / (2^q - 1), q the weak order: what the step costs. What
/// finitely many particles cost is seen by other seeds.</param>
public readonly record struct Expectation(double Value, double Error);

/// <summary>A run with half the step, and its error.</summary>
public sealed record DoubledRun
{
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
}

/// <summary>
/// Runs with their error: the same particles on the same paths with steps h and h/2. With D = sqrt(sum_i m_i |x_i(h) -
/// x_i(h/2)|^2) the error of the run with h/2 is at most D / (2^p - 1) as h -> 0, p the strong order, by the triangle
/// inequality; tracers have no part in it. Both runs evaluate coefficients at multiples of h/2, and may pass over what
/// these do between: a third one with steps 5/16 h meets every sixteenth of h. Where it is further from the run with
/// h/2 than the orders allow, D / (2^p - 1) (1 + (5/8)^p), coefficients change within a step, and errors are 5/4 of
/// what it differs by, 1 if it had none itself.
/// </summary>
/// <param name="system">The particles.</param>
/// <param name="motion">Their paths.</param>
public sealed class StepDoubling(ParticleSystem system, IBrownianMotion motion)
{
    private const double Watching = 5.0 / 16, OfFine = 2 * Watching, Allowance = 1.25;
    private static readonly double[] Factors = [1, 0.5, Watching];

    /// <summary>The method.</summary>
    public required StochasticMethod Method { get; init; }

    /// <summary>h in units of time.</summary>
    public required double Step { get; init; }

    /// <summary>p: where the noise does not depend on the state, the method's
    /// <see cref="StochasticMethod.AdditiveOrder"/>; its <see cref="StochasticMethod.StrongOrder"/>, which is never too
    /// high, unless it is told.</summary>
    public double? Order { get; init; }

    /// <summary>Times at which the runs are compared, beside the end.</summary>
    public IReadOnlyList<double> SaveTimes { get; init; } = [];

    /// <summary>Functions whose means are wanted.</summary>
    public IReadOnlyList<Observable> Observables { get; init; } = [];

    /// <summary>Told after every step how far the three runs are together, as a time.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Asks to stop after the current step.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Makes the three runs over an interval.</summary>
    /// <exception cref="ArgumentException">The order is not positive, or the step too long to be stable.</exception>
    /// <exception cref="RunFailedException">A run did not reach its end.</exception>
    public DoubledRun Run(Interval interval)
    {
        var order = Order ?? Method.StrongOrder;
        if (!(order > 0))
            throw new ArgumentException($"a strong order must be positive, got {order}: take that of the method for "
                + "the noise");
        RunInProgress[] runs = [];
        runs = [.. Factors.Select(Begin)];
        var (coarse, fine, watching) = (runs[0], runs[1], runs[2]);
        double distance = 0, watched = 0;
        while (coarse.AdvanceToNextSave() && fine.AdvanceToNextSave() && watching.AdvanceToNextSave()) Compare();
        double[][] ends = [.. runs.Select(run => run.AdvanceToEnd().OrThrow().State)];
        Compare();
        var strong = distance / (Math.Pow(2, order) - 1);
        var passedOver = watched > (1 + Math.Pow(OfFine, order)) * strong;
        return new()
        {
            Distance = distance,
            Watched = watched,
            StrongError = passedOver ? Math.Max(strong, Allowance * watched) : strong,
            Expectations = [.. Observables.Select(observable => Mean(observable, ends, passedOver))],
            State = ends[1],
        };

        void Compare()
        {
            distance = Math.Max(distance, system.Distance(coarse.State, fine.State));
            watched = Math.Max(watched, system.Distance(watching.State, fine.State));
        }

        // The work of a run is one over its step.
        void Tell() => Progress!.Report(runs.Zip(Factors, (run, factor) => run.Time / factor).Sum()
            / Factors.Sum(factor => 1 / factor));

        RunInProgress Begin(double factor)
        {
            var (stepper, control) = Method.Fixed(system, motion, Step * factor);
            return new TimeLoop
            {
                Stepper = stepper,
                Control = control,
                SaveTimes = SaveTimes,
                Jumps = system.Jumps,
                AfterStep = Progress is null ? null : _ => Tell(),
                Cancellation = Cancellation,
            }.Begin(system.Initial, interval);
        }
    }

    /// <summary>The mean at the end of the run with h/2, its error by the ends of the others.</summary>
    private Expectation Mean(Observable observable, double[][] ends, bool passedOver)
    {
        var value = system.Mean(ends[1], observable);
        var error = Math.Abs(value - system.Mean(ends[0], observable)) / (Math.Pow(2, Method.WeakOrder) - 1);
        if (passedOver) error = Math.Max(error, Allowance * Math.Abs(value - system.Mean(ends[2], observable)));
        return new(value, error);
    }
}
