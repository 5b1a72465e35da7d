using System.Numerics.Tensors;

namespace MeanFieldLimit.Solvers.Time;

/// <summary>
/// A field run backwards, as one in s = -t: dy/ds = -f(-s, y). A run from t_1 back to t_0 is one over
/// [-t_1, -t_0] with save times -t; <see cref="Over"/>, <see cref="Times"/>, <see cref="Jumps"/> and
/// <see cref="Recorder"/> translate; conditions of events are given s. What decays forwards grows backwards, errors
/// too: by e^(rho (t_1 - t_0)), rho the fastest rate.
/// </summary>
/// <remarks>Not steps or intervals of negative length, which every stepper, control and path would have to
/// know.</remarks>
public static class Reversed
{
    /// <summary>The field in s = -t; it has a Jacobian where <paramref name="field"/> has one.</summary>
    public static IVectorField Of(IVectorField field) => field is IDifferentiableField differentiable
        ? new DifferentiableField(differentiable)
        : new Field(field);

    /// <summary>The interval in s of a run from <paramref name="from"/> back to <paramref name="to"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A time is not finite, or <paramref name="to"/> the later one.
    /// </exception>
    public static Interval Over(double from, double to) => new(-from, -to);

    /// <summary>Save times in s, of times that decrease.</summary>
    public static IReadOnlyList<double> Times(IReadOnlyList<double> times) => [.. times.Select(t => -t)];

    /// <summary>
    /// Jumps in s, of jumps in t that increase. From a jump on f is as it is after it; backwards, the first moment that
    /// sees it as before is one rounding earlier.
    /// </summary>
    public static IReadOnlyList<double> Jumps(IReadOnlyList<double> jumps) =>
        [.. jumps.Reverse().Select(t => -Math.BitDecrement(t))];

    /// <summary>Shows <paramref name="recorder"/> the times t.</summary>
    public static IRecorder Recorder(IRecorder recorder) => new Mirror(recorder);

    private sealed class Field(IVectorField forward) : IVectorField
    {
        public int Dimension => forward.Dimension;

        public int Threads => forward.Threads;

        public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity)
        {
            forward.Evaluate(-t, y, velocity);
            Negate(velocity);
        }
    }

    private sealed class DifferentiableField(IDifferentiableField forward) : IDifferentiableField
    {
        private readonly Field reversed = new(forward);

        public int Dimension => forward.Dimension;

        public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity) =>
            reversed.Evaluate(t, y, velocity);

        public void Jacobian(double t, ReadOnlySpan<double> y, Span<double> jacobian)
        {
            forward.Jacobian(-t, y, jacobian);
            Negate(jacobian);
        }
    }

    private sealed class Mirror(IRecorder recorder) : IRecorder
    {
        public void Record(double t, ReadOnlySpan<double> state) => recorder.Record(-t, state);

        public void Carry(Snapshot snapshot) => recorder.Carry(snapshot);
    }

    private static void Negate(Span<double> values) => TensorPrimitives.Negate(values, values);
}
