namespace MeanFieldLimit.Solvers.Time;

/// <summary>
/// A method on a manifold: its steps, each followed by a projection. The order of the method stays, since a step leaves
/// the manifold of an exact solution by no more than its error (Hairer, Lubich and Wanner, Geometric Numerical
/// Integration, IV.4).
/// </summary>
/// <remarks>The right-hand side must be the same at a state and at its projection: a method that keeps slopes or
/// differences of earlier steps then keeps those of the projected states, but for the error of a step.</remarks>
/// <param name="stepper">Takes the steps.</param>
/// <param name="control">Judges them; it sees projected states.</param>
/// <param name="project">Puts a state on the manifold.</param>
public sealed class ProjectedMethod(IStepper stepper, IStepControl control, Action<Span<double>> project)
    : IStepper, IStepControl
{
    /// <inheritdoc/>
    public int Dimension => stepper.Dimension;

    /// <inheritdoc/>
    public int ErrorOrder => stepper.ErrorOrder;

    /// <inheritdoc/>
    public long Evaluations => stepper.Evaluations;

    /// <inheritdoc/>
    public string InWords => stepper.InWords;

    /// <inheritdoc/>
    public Sliding? Slid => stepper.Slid;

    /// <inheritdoc/>
    public bool Interpolates => stepper.Interpolates;

    /// <inheritdoc/>
    public bool NeedsErrorEstimate => control.NeedsErrorEstimate;

    /// <inheritdoc/>
    public void Reset() => stepper.Reset();

    /// <inheritdoc/>
    public void Step(Interval step, ReadOnlySpan<double> state, Span<double> next, Span<double> error)
    {
        stepper.Step(step, state, next, error);
        project(next);
    }

    /// <inheritdoc/>
    public void Interpolate(double t, ReadOnlySpan<double> state, ReadOnlySpan<double> next, Span<double> result)
    {
        stepper.Interpolate(t, state, next, result);
        project(result);
    }

    /// <inheritdoc/>
    public double Start(Interval run, ReadOnlySpan<double> initial, IStepper stepper) =>
        control.Start(run, initial, stepper);

    /// <inheritdoc/>
    public StepDecision Decide(
        double length, ReadOnlySpan<double> state, ReadOnlySpan<double> next, ReadOnlySpan<double> error) =>
        control.Decide(length, state, next, error);

    /// <inheritdoc/>
    public void Carry(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        stepper.Carry(snapshot);
        if (!ReferenceEquals(control, stepper)) control.Carry(snapshot);
    }
}
