using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Runs.Probes;

/// <summary>The conditions of <c>training.until</c> along a limit: where it stops, and their values.</summary>
internal sealed class UntilWatch
{
    private readonly List<(StopCondition Condition, double Threshold)> conditions = [];
    private readonly int met = -1;      // the condition that is met at the start

    private UntilWatch(Model model, Ensemble ensemble, IMatrixEngine engine, UntilSpec until)
    {
        var watches = new List<EventFunction>();
        Recorder = TrajectoryProbe.Of(model, ensemble, engine, watches);
        if (until.Risk is { } risk)
        {
            conditions.Add((StopCondition.Risk, risk));
            watches.Add((t, y) => Recorder.Measure(t, y).Risk);
        }
        if (until.Velocity is { } least)
        {
            conditions.Add((StopCondition.Velocity, least));
            watches.Add(Velocity(model, ensemble, engine));
        }
        if (model.Stopped) return;
        Events = [.. conditions.Select((c, k) =>
            new TimeEvent((t, y) => watches[k](t, y) - c.Threshold, EventDirection.Falling))];
        met = Events.ToList().FindIndex(e => e.Function(0, ensemble.State) <= 0);
    }

    internal TrajectoryProbe Recorder { get; }

    /// <summary>The conditions as events; none where the limit that is compared with has stopped already.</summary>
    internal IReadOnlyList<TimeEvent> Events { get; } = [];

    /// <summary>Whether a condition is met at the start, where nothing has fallen yet.</summary>
    internal bool MetAtStart => met >= 0;

    internal static UntilWatch? Of(Model model, Ensemble ensemble, IMatrixEngine engine) =>
        model.Problem.Training.Until is { } until ? new(model, ensemble, engine, until) : null;

    internal Trained Of(Mover mover)
    {
        var (trained, run) = (Trained.Of(mover), mover.Result);
        if (MetAtStart)
            return trained with
            {
                Result = run with { Status = RunStatus.Stopped },
                Stop = At(met, 0, double.NaN) with { Error = 0 },
            };
        return run.Status != RunStatus.Stopped ? trained
            : trained with { Stop = At(run.Events[^1].Event, run.Time, run.Events[^1].Slope) };
    }

    private Stop At(int number, double time, double slope) =>
        new(conditions[number].Condition, conditions[number].Threshold, time, slope) { Number = number };

    private static EventFunction Velocity(Model model, Ensemble ensemble, IMatrixEngine engine)
    {
        var field = model.Objective.Velocity(ensemble, engine);
        var velocity = new double[ensemble.State.Length];
        return (t, y) =>
        {
            field.Evaluate(t, y, velocity);
            // On sparse grids, whose masses may be negative, the square may be too.
            return Math.Sqrt(Math.Abs(ensemble.SquaredMassNorm(velocity)));
        };
    }
}
