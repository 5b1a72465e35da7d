using System.Reflection;

namespace MeanFieldLimit.Solvers.Tests.Time;

/// <summary>A run that can be built anew, with everything that it consists of.</summary>
internal sealed record ResumeCase(Func<(IStepper Stepper, IStepControl Control)> Method, double[] Initial,
    Interval Interval)
{
    internal IReadOnlyList<double> SaveTimes { get; init; } = [];

    internal IReadOnlyList<double> Jumps { get; init; } = [];

    /// <summary>Looked for at save times where there are no jumps.</summary>
    internal IReadOnlyList<TimeEvent> Events { get; init; } = [];

    internal double LongestStep { get; init; } = double.PositiveInfinity;

    /// <summary>The types of steppers and controls that it consists of, those that others hold included.</summary>
    internal IReadOnlyList<Type> Parts
    {
        get
        {
            var (stepper, control) = Method();
            List<object> parts = [stepper, control];
            for (var k = 0; k < parts.Count; k++)
                parts.AddRange(parts[k].GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
                    .Select(held => held.GetValue(parts[k])).OfType<IResumable>().Where(part => !parts.Contains(part)));
            return [.. parts.Select(part => part.GetType())];
        }
    }

    /// <summary>A fresh run, and what it records.</summary>
    /// <param name="attempted">Called at every step that is tried.</param>
    /// <param name="afterStep">Called after every one that is accepted.</param>
    /// <param name="cancellation">Asks it to stop.</param>
    internal (RunInProgress Run, Keeper Kept) Begin(Action? attempted = null, Action<RunInProgress>? afterStep = null,
        CancellationToken cancellation = default)
    {
        var (stepper, control) = Method();
        if (attempted is not null) stepper = new Counting(stepper, control, attempted);
        var kept = new Keeper();
        return (new TimeLoop
        {
            Stepper = stepper,
            Control = stepper as Counting ?? control,
            SaveTimes = SaveTimes,
            Jumps = Jumps,
            Events = Events,
            EventsAtSaves = Jumps.Count == 0,
            LongestStep = LongestStep,
            Recorder = kept,
            AfterStep = afterStep,
            Cancellation = cancellation,
        }.Begin(Initial, Interval), kept);
    }

    /// <summary>All that came of a run, numbers to the last bit.</summary>
    internal static string Outcome(RunInProgress run, Keeper kept)
    {
        var result = run.AdvanceToEnd();
        return string.Join('\n', kept.Saved.Select(saved => $"{saved.Time:R}: {Bits(saved.State)}").Prepend(
            $"{result.Status} at {result.Time:R}, {run.Time:R}, of {Bits(result.State)}, {Bits(run.State)}, steps "
            + $"{result.Steps}, {result.Refused}, {result.Evaluations}; {result.InWords}; {result.Slid}; "
            + $"{result.NonFiniteIndex}; {string.Join(", ", result.Events)}"));
    }

    private static string Bits(ReadOnlySpan<double> values) =>
        Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values));

    /// <summary>Tells of every step that is tried; is carried as the two that it consists of.</summary>
    private sealed class Counting(IStepper stepper, IStepControl control, Action attempted) : IStepper, IStepControl
    {
        public int Dimension => stepper.Dimension;

        public int ErrorOrder => stepper.ErrorOrder;

        public long Evaluations => stepper.Evaluations;

        public string InWords => stepper.InWords;

        public Sliding? Slid => stepper.Slid;

        public bool Interpolates => stepper.Interpolates;

        public bool NeedsErrorEstimate => control.NeedsErrorEstimate;

        public void Reset() => stepper.Reset();

        public double Start(Interval run, ReadOnlySpan<double> initial, IStepper _) =>
            control.Start(run, initial, stepper);

        public void Step(Interval step, ReadOnlySpan<double> state, Span<double> next, Span<double> error)
        {
            attempted();
            stepper.Step(step, state, next, error);
        }

        public StepDecision Decide(double length, ReadOnlySpan<double> state, ReadOnlySpan<double> next,
            ReadOnlySpan<double> error) => control.Decide(length, state, next, error);

        public void Interpolate(double t, ReadOnlySpan<double> state, ReadOnlySpan<double> next, Span<double> result) =>
            stepper.Interpolate(t, state, next, result);

        public void Carry(Snapshot snapshot)
        {
            stepper.Carry(snapshot);
            if (!ReferenceEquals(stepper, control)) control.Carry(snapshot);
        }
    }
}
