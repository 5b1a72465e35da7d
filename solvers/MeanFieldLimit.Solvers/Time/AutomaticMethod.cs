using System.Globalization;

namespace MeanFieldLimit.Solvers.Time;

/// <summary>
/// Chooses the method as it goes and says why. It starts with Dormand-Prince, of order 8 where the tolerance is tight
/// and 5 otherwise. Where stability, not the tolerance, holds its steps down, it goes over to differentiation formulas
/// if the system is small, otherwise to Runge-Kutta-Chebyshev, if a trial step says that this saves evaluations;
/// and back from there where the system is no longer stiff.
/// </summary>
public sealed class AutomaticMethod : IStepper, IStepControl
{
    /// <summary>Below this relative tolerance the explicit method is the one of order 8.</summary>
    public const double TightTolerance = 1e-7;

    /// <summary>The largest system that goes over to differentiation formulas unless told otherwise.</summary>
    public const int SmallSystem = 64;

    // Hairer and Wanner, IV.2, call a problem stiff after 15 steps at the limit of stability with no 6 others between.
    private const int StiffSteps = 15, OtherSteps = 6;

    private readonly IVectorField system;
    private readonly Tolerance tolerance;
    private readonly IErrorNorm norm;
    private readonly int mostImplicit;
    private readonly ButcherTable table;
    private readonly double bound;              // of h rho on the negative real axis, less a tenth
    private readonly RungeKuttaStepper explicitStepper;
    private readonly PiControl control;
    private readonly double[] a, b;
    private readonly List<string> choices = [];
    private ChebyshevStepper? chebyshev;
    private BackwardDifferences? formulas;
    private IStepper current, previous;
    private IStepControl judge;
    private Interval run, step;
    private int stiff, others, patience = StiffSteps;
    private double held;                        // the last h rho at the limit of stability

    /// <summary>
    /// The choice for <paramref name="system"/>; systems of more than <paramref name="mostImplicit"/> unknowns never go
    /// over to differentiation formulas.
    /// </summary>
    public AutomaticMethod(IVectorField system, Tolerance tolerance, IErrorNorm norm, int mostImplicit = SmallSystem)
    {
        (this.system, this.tolerance, this.norm, this.mostImplicit) = (system, tolerance, norm, mostImplicit);
        var tight = tolerance.Relative < TightTolerance;
        (table, bound) = tight ? (RungeKutta.DormandPrince8, 5.5) : (RungeKutta.DormandPrince, 3);
        (a, b) = (new double[system.Dimension], new double[system.Dimension]);
        explicitStepper = new(table, system, (tolerance, norm));
        judge = control = new(tolerance, norm);
        current = explicitStepper;
        previous = current;
    }

    /// <summary>The largest number of vectors of the state's length that it holds.</summary>
    internal static int Vectors(Tolerance tolerance) => 2 + ChebyshevStepper.Vectors + RungeKuttaStepper.Vectors(
        tolerance.Relative < TightTolerance ? RungeKutta.DormandPrince8 : RungeKutta.DormandPrince);

    /// <inheritdoc/>
    public int Dimension => system.Dimension;

    /// <inheritdoc/>
    public int ErrorOrder => current.ErrorOrder;

    /// <inheritdoc/>
    public long Evaluations => explicitStepper.Evaluations + (chebyshev?.Evaluations ?? 0)
        + (formulas?.Evaluations ?? 0);

    /// <inheritdoc/>
    public string InWords => "auto: " + string.Join(", then ", choices) +
        (choices.Count == 1 ? "; not stiff" : "");

    /// <inheritdoc/>
    public bool Interpolates => true;

    /// <inheritdoc/>
    public bool NeedsErrorEstimate => true;

    /// <inheritdoc/>
    public void Reset() => current.Reset();

    /// <inheritdoc/>
    public double Start(Interval run, ReadOnlySpan<double> initial, IStepper stepper)
    {
        this.run = run;
        (current, judge) = (explicitStepper, control);
        (stiff, others, patience) = (0, 0, StiffSteps);
        choices.Clear();
        choices.Add($"{table.Name} (order {table.Order} for a tolerance of {Text(tolerance.Relative)})");
        return judge.Start(run, initial, current);
    }

    /// <inheritdoc/>
    public void Step(Interval step, ReadOnlySpan<double> state, Span<double> next, Span<double> error)
    {
        (this.step, previous) = (step, current);
        current.Step(step, state, next, error);
    }

    /// <inheritdoc/>
    public StepDecision Decide(
        double length, ReadOnlySpan<double> state, ReadOnlySpan<double> next, ReadOnlySpan<double> error)
    {
        var decision = judge.Decide(length, state, next, error);
        if (!decision.Accepted || current is BackwardDifferences || step.End >= run.End) return decision;
        return new(true, current == explicitStepper ? WatchStiffness(decision, next) : WatchCalm(decision, next));
    }

    /// <inheritdoc/>
    public void Interpolate(double t, ReadOnlySpan<double> state, ReadOnlySpan<double> next, Span<double> result) =>
        previous.Interpolate(t, state, next, result);

    /// <inheritdoc/>
    public void Carry(Snapshot snapshot)
    {
        snapshot.Tag($"auto, {tolerance}");
        explicitStepper.Carry(snapshot);
        control.Carry(snapshot);
        if (snapshot.Value(chebyshev is not null)) (chebyshev ??= new(system, tolerance, norm)).Carry(snapshot);
        if (snapshot.Value(formulas is not null)) (formulas ??= new(system, tolerance, norm)).Carry(snapshot);
        current = Methods[snapshot.Value(Array.IndexOf(Methods, current))]!;
        previous = Methods[snapshot.Value(Array.IndexOf(Methods, previous))]!;
        judge = (IStepControl?)(current as BackwardDifferences) ?? control;
        snapshot.Carry(choices);
        snapshot.Carry(ref stiff);
        snapshot.Carry(ref others);
        snapshot.Carry(ref patience);
    }

    private IStepper?[] Methods => [explicitStepper, chebyshev, formulas];

    /// <summary>Counts the steps at the limit of stability; returns the next length, of whichever method.</summary>
    private double WatchStiffness(StepDecision decision, ReadOnlySpan<double> state)
    {
        var number = explicitStepper.StabilityNumber(state, tolerance, norm, a, b);
        if (number > bound)
        {
            (held, others) = (number, 0);
            stiff++;
        }
        else if (stiff > 0 && ++others >= OtherSteps) stiff = others = 0;
        if (stiff < patience) return decision.NextLength;
        stiff = others = 0;
        return Dimension <= mostImplicit ? GoImplicit(state) : TryChebyshev(decision.NextLength, state);
    }

    private double GoImplicit(ReadOnlySpan<double> state)
    {
        formulas ??= new(system, tolerance, norm);
        formulas.Reset();
        choices.Add($"{Why()} bdf (a small system: {Dimension} unknowns)");
        (current, judge) = (formulas, formulas);
        return formulas.Start(new(step.End, run.End), state, formulas);
    }

    /// <summary>A trial step, five times as long; it is not carried on with.</summary>
    private double TryChebyshev(double length, ReadOnlySpan<double> state)
    {
        chebyshev ??= new(system, tolerance, norm);
        chebyshev.Reset();
        var trial = new Interval(step.End, Math.Min(run.End, step.End + 5 * length));
        chebyshev.Step(trial, state, a, b);
        var error = norm.Measure(b, state, a, tolerance);
        var best = trial.Length * Math.Clamp(0.8 * Math.Pow(Math.Max(error, 1e-10), -1.0 / 3), 0.1, 10);
        var stages = chebyshev.StagesFor(best);
        var saved = best / stages / (length / (table.Stages - 1));
        if (!(saved > 1.5))
        {
            patience *= 2;      // ask again, but not at every corner
            return length;
        }
        patience = StiffSteps;
        choices.Add($"{Why()} chebyshev ({stages} stages, {Text(saved)} times fewer evaluations by a trial step)");
        Go(chebyshev, state);
        return best;
    }

    /// <summary>Goes back where the steps would not need their stages for stability.</summary>
    private double WatchCalm(StepDecision decision, ReadOnlySpan<double> state)
    {
        stiff = chebyshev!.StabilityNumber < 1 ? stiff + 1 : 0;
        if (stiff < StiffSteps) return decision.NextLength;
        stiff = others = 0;
        choices.Add($"from t = {Text(step.End)} {table.Name} (no longer stiff)");
        Go(explicitStepper, state);
        return decision.NextLength;
    }

    private void Go(IStepper stepper, ReadOnlySpan<double> state)
    {
        stepper.Reset();
        current = stepper;
        control.Start(new(step.End, run.End), state, stepper);
    }

    private string Why() => $"from t = {Text(step.End)}, where stability held its steps to " +
        $"{Text(step.Length)} (h rho = {Text(held)}),";

    private static string Text(double value) => value.ToString("G2", CultureInfo.InvariantCulture);
}
