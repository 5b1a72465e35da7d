using MeanFieldLimit.Data;
using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>A limit with its features frozen at the start, to be held against the limit that moves them.</summary>
public static class Linearisation
{
    /// <summary>Why a limit has none, with a remedy; null where it has.</summary>
    public static string? Obstacle(ILimit limit)
    {
        ArgumentNullException.ThrowIfNull(limit);
        return limit is not ParticleLimit { Dynamics: GradientFlow } particles
            ? "limits must be of particles under the flow to be linearised; use limit.dynamics flow, without a scaling"
            : particles.Model.Problem.Limit.Reduction != Reduction.None
            ? "a reduced limit is not linearised; use limit.reduction none"
            : LinearisedField.Obstacle(particles.Initial);
    }

    /// <summary>Its predictions f_lin at the watched points at each save time, [point, K].</summary>
    /// <exception cref="ArgumentException">There is an <see cref="Obstacle"/>.</exception>
    /// <exception cref="RunFailedException">It did not reach the end.</exception>
    public static IReadOnlyList<double[]> Predictions(ILimit limit, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        if (Obstacle(limit) is { } obstacle) throw new ArgumentException(obstacle, nameof(limit));
        var (model, initial, flow) = (limit.Model, ((ParticleLimit)limit).Initial,
            (GradientFlow)((ParticleLimit)limit).Dynamics);
        var field = new LinearisedField(initial, model.Objective, machine.Engine(machine.Threads));
        var recorder = new Recorder(field, model.Watched);
        var method = TimeMethod.Find(flow.Method);
        var (stepper, control) = method.EstimatesError
            ? method.Adaptive(field, new(flow.Tolerance, flow.Tolerance), new MassNorm(initial), flow.MostImplicit)
            : method.Fixed(field, flow.Step!.Value);
        var result = new TimeLoop
        {
            Stepper = stepper,
            Control = control,
            SaveTimes = model.SaveTimes,
            Recorder = recorder,
            LongestStep = flow.LongestStep ?? double.PositiveInfinity,
            Jumps = [.. flow.Jumps(model.Objective)],
            Cancellation = machine.Cancellation,
        }.Run(new double[field.Dimension], new(0, model.SaveTimes[^1]));
        machine.Cancellation.ThrowIfCancellationRequested();
        result.OrThrow();
        return recorder.Seen;
    }

    private sealed class Recorder(LinearisedField field, Dataset points) : IRecorder
    {
        internal List<double[]> Seen { get; } = [];

        public void Record(double t, ReadOnlySpan<double> state)
        {
            var values = new double[points.Count * points.Outputs];
            field.Predict(state, points, values);
            Seen.Add(values);
        }

        public void Carry(Snapshot snapshot) => throw new NotSupportedException("linearised limits are not kept on the way");
    }
}
