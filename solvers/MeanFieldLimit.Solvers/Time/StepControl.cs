namespace MeanFieldLimit.Solvers.Time;

/// <summary>Whether a step is kept, and how long the next one should be.</summary>
public readonly record struct StepDecision(bool Accepted, double NextLength);

/// <summary>Chooses step lengths. Its memory of past errors is the controller's only state.</summary>
public interface IStepControl : IResumable
{
    /// <summary>Whether <see cref="Decide"/> needs an error estimate.</summary>
    bool NeedsErrorEstimate { get; }

    /// <summary>
    /// Begins a run over <paramref name="run"/> from <paramref name="initial"/> with <paramref name="stepper"/>;
    /// returns the first length.
    /// </summary>
    double Start(Interval run, ReadOnlySpan<double> initial, IStepper stepper);

    /// <summary>Judges a step of <paramref name="length"/>.</summary>
    StepDecision Decide(
        double length, ReadOnlySpan<double> state, ReadOnlySpan<double> next, ReadOnlySpan<double> error);
}

/// <summary>Steps of one length, never refused.</summary>
public sealed class FixedStep : IStepControl
{
    private readonly double length;

    /// <summary>Steps of the given length in units of time; shorter only to meet a save time.</summary>
    public FixedStep(double length)
    {
        if (!(length > 0 && double.IsFinite(length)))
            throw new ArgumentOutOfRangeException(nameof(length), $"a step must be positive and finite, got {length}");
        this.length = length;
    }

    /// <inheritdoc/>
    public bool NeedsErrorEstimate => false;

    /// <inheritdoc/>
    public double Start(Interval run, ReadOnlySpan<double> initial, IStepper stepper) => length;

    /// <inheritdoc/>
    public StepDecision Decide(double length, ReadOnlySpan<double> state, ReadOnlySpan<double> next,
        ReadOnlySpan<double> error) => new(true, this.length);

    /// <inheritdoc/>
    public void Carry(Snapshot snapshot) => snapshot.Tag($"steps of {length}");
}

/// <summary>
/// Proportional-integral control (Gustafsson 1991; Hairer, Norsett and Wanner, Solving ODEs I, II.4 and
/// IV.2): h' = 0.9 h e_n^(-1/q + 0.75 beta) e_{n-1}^beta, beta = 0.2/q, q the order of the error estimate (beta = 0,
/// which is proportional control, for q = 8: the default of their DOPRI5 and of their DOP853),
/// h'/h within [0.2, 5], not growing right after a refusal. A NaN error refuses the step and cuts it to a fifth.
/// </summary>
public sealed class PiControl(Tolerance tolerance, IErrorNorm norm) : IStepControl
{
    private const double Safety = 0.9, Least = 0.2, Most = 5, SmallError = 1e-4;
    private double order, previous;
    private bool refused;

    /// <inheritdoc/>
    public bool NeedsErrorEstimate => true;

    /// <inheritdoc/>
    public double Start(Interval run, ReadOnlySpan<double> initial, IStepper stepper)
    {
        order = stepper.ErrorOrder;
        previous = SmallError;
        refused = false;
        // A hundredth of the run costs two refusals where that is too long and three growing steps where it is
        // too short; an estimate from f and df/dt costs two evaluations always and knows no better scale.
        return run.Length / 100;
    }

    /// <inheritdoc/>
    public StepDecision Decide(
        double length, ReadOnlySpan<double> state, ReadOnlySpan<double> next, ReadOnlySpan<double> error)
    {
        var measured = norm.Measure(error, state, next, tolerance);
        if (!(measured <= 1))
        {
            refused = true;
            var cut = double.IsFinite(measured) ? Safety * Math.Pow(measured, -1 / order) : Least;
            return new(false, length * Math.Max(Least, cut));
        }
        var beta = order < 8 ? 0.2 / order : 0;
        var factor = Safety * Math.Pow(Math.Max(measured, 1e-10), -1 / order + 0.75 * beta) * Math.Pow(previous, beta);
        factor = Math.Clamp(factor, Least, refused ? 1 : Most);
        previous = Math.Max(measured, SmallError);
        refused = false;
        return new(true, length * factor);
    }

    /// <inheritdoc/>
    public void Carry(Snapshot snapshot)
    {
        snapshot.Tag($"proportional-integral control, {tolerance}");
        snapshot.Carry(ref order);
        snapshot.Carry(ref previous);
        snapshot.Carry(ref refused);
    }
}
