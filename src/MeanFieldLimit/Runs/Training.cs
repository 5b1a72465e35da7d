using MeanFieldLimit.Data;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Solvers.Matrices;
using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Runs;

/// <summary>How an ensemble moves: by the gradient flow with a method, or by SGD.</summary>
/// <param name="Dynamics">Flow or SGD.</param>
/// <param name="Method">Flow: name of the method.</param>
/// <param name="Tolerance">Flow, method with error estimate: relative and absolute tolerance.</param>
/// <param name="Step">SGD: eps. Flow, method without error estimate: its step.</param>
/// <param name="BatchSeed">SGD: the seed of its batches.</param>
/// <param name="BatchStep">SGD: the time between batches of the stream, <paramref name="Step"/> where absent. Runs of
/// several steps that name the shortest of them see the same batch at the same time.</param>
/// <param name="LongestStep">Flow, method with error estimate: no step is longer.</param>
public readonly record struct Motion(Dynamics Dynamics, string Method, double Tolerance, double? Step, ulong BatchSeed,
    double? BatchStep = null, double? LongestStep = null)
{
    /// <summary>How the limit of a problem moves. Under SGD it shares the batches of all finite networks.</summary>
    public static Motion OfLimit(Problem problem) =>
        new(problem.Limit.Dynamics, problem.Limit.Method, problem.Limit.Tolerance,
            problem.Limit.Dynamics == Dynamics.Sgd ? problem.Training.Step : problem.Limit.Step, (ulong)problem.Seed,
            LongestStep: problem.Limit.LongestStep);

    /// <summary>
    /// How finite networks of a problem move. Against a limit under SGD they use its batches, so that width alone
    /// makes the gap; against a gradient flow every replicate draws its own, as the theorems have it.
    /// </summary>
    public static Motion OfNetwork(Problem problem, int replicate) =>
        new(problem.Training.Dynamics, problem.Training.Method,
            problem.Training.Tolerance, problem.Training.Step,
            problem.Limit.Dynamics == Dynamics.Sgd
                ? (ulong)problem.Seed
                : Streams.Replicate((ulong)problem.Seed, replicate), LongestStep: problem.Training.LongestStep);
}

/// <summary>A finished run: what was recorded, and how it ended.</summary>
public sealed record Trained(Ensemble Ensemble, Trajectory Trajectory, RunResult Run)
{
    /// <summary>Where it stopped before its final time; null where it did not.</summary>
    public Stop? Stop { get; init; }

    /// <summary>The layer whose parameters stopped being finite, for a run that diverged; otherwise 0.</summary>
    public int DivergedLayer => Run.NonFiniteIndex >= 0 ? Ensemble.LayerOf(Run.NonFiniteIndex) : 0;
}

/// <summary>A run on its way, from save time to save time.</summary>
public sealed class TrainingInProgress
{
    private readonly Trajectory trajectory;
    private readonly UntilWatch? watch;
    private readonly RunInProgress run;

    internal TrainingInProgress(Ensemble ensemble, Trajectory trajectory, UntilWatch? watch, TimeLoop loop, double end)
    {
        (Ensemble, this.trajectory, this.watch) = (ensemble, trajectory, watch);
        run = loop.Begin(ensemble.State, new(0, end));
    }

    /// <summary>What is trained.</summary>
    public Ensemble Ensemble { get; }

    /// <summary>The state at the last save time, or where the run ended.</summary>
    public ReadOnlySpan<double> State => run.State;

    /// <summary>What was recorded so far.</summary>
    public Trajectory Recorded => trajectory;

    /// <inheritdoc cref="RunInProgress.AdvanceToNextSave"/>
    /// <remarks>A run whose risk or predictions are no numbers at a save time ends there, as not finite.</remarks>
    public bool AdvanceToNextSave()
    {
        if (!run.AdvanceToNextSave()) return false;
        if (trajectory.IsMeasured) return true;
        run.End(RunStatus.NonFinite);
        return false;
    }

    /// <summary>The finished run.</summary>
    /// <exception cref="InvalidOperationException">It has not ended yet.</exception>
    public Trained Result => watch?.Of(Ensemble, run.Result) ?? new(Ensemble, trajectory, run.Result);
}

/// <summary>Runs ensembles, finite or limit, through a model's time.</summary>
public static class Training
{
    /// <summary>
    /// Moves <paramref name="ensemble"/> from its initial state to the final time. The result says whether it got
    /// there; what was recorded up to a failure is kept. Where it <paramref name="stops"/>, as limits do, it is at
    /// the problem's <c>training.until</c>, unless its model is one that a limit has stopped already.
    /// </summary>
    public static Trained Run(Model model, Ensemble ensemble, Motion motion, IMatrixEngine engine,
        IProgress<double>? progress = null, bool stops = false, CancellationToken cancellation = default)
    {
        var training = Begin(model, ensemble, motion, engine, progress, stops, cancellation);
        while (training.AdvanceToNextSave())
        {
        }
        return training.Result;
    }

    /// <summary>The same, to be taken from save time to save time: for ensembles side by side.</summary>
    public static TrainingInProgress Begin(Model model, Ensemble ensemble, Motion motion,
        IMatrixEngine engine,
        IProgress<double>? progress = null, bool stops = false, CancellationToken cancellation = default)
    {
        var sgd = motion.Dynamics == Dynamics.Sgd;
        var data = model.Data;
        IExpectation expectation = sgd
            ? new BatchExpectation(data.Source, Streams.Batches(motion.BatchSeed),
                (motion.BatchStep ?? motion.Step)!.Value,
                model.Problem.Training.Batch!.Value, data.Train)
            : data.Lengths is { } law ? new UnkinkedExpectation(law, ensemble, engine)
            : new FullExpectation(data.Train);
        var method = TimeMethod.Find(sgd ? "euler" : motion.Method);
        var velocity = new MeanFieldVelocity(ensemble, model.Loss, expectation, engine, model.Schedules);
        // With tracers the limit is a larger system: what auto chooses must not depend on them.
        var (stepper, control) = method.EstimatesError
            ? method.Adaptive(velocity, new(motion.Tolerance, motion.Tolerance), new MassNorm(ensemble),
                model.Tracers > 0 ? 0 : AutomaticMethod.SmallSystem)
            : method.Fixed(velocity, motion.Step!.Value);
        var watch = stops ? UntilWatch.Of(model, ensemble, engine) : null;
        var trajectory = watch?.Trajectory ?? new Trajectory(model, ensemble, engine);
        var saves = watch is { MetAtStart: true } ? [0] : model.SaveTimes;
        return new(ensemble, trajectory, watch, new()
        {
            Stepper = stepper,
            Control = control,
            SaveTimes = saves,
            LongestStep = motion.LongestStep ?? double.PositiveInfinity,
            Events = watch?.Events ?? [],
            EventsAtSaves = model.Problem.Training.Dynamics == Dynamics.Sgd,
            // SGD has no time between its steps, and Euler's method is to be compared with it.
            Jumps = method.Order == 1 ? [] : [.. model.Schedules.SelectMany(s => s.Jumps).Distinct().Order()],
            Recorder = trajectory,
            Progress = progress,
            Cancellation = cancellation,
        }, saves[^1]);
    }
}
