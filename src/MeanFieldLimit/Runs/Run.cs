using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Runs.Probes;

namespace MeanFieldLimit.Runs;

/// <summary>Ensembles or laws side by side on their way through a model's time, under probes at save times.</summary>
public sealed class Run(Model model, Machine machine) : IResumable
{
    private readonly IMatrixEngine matrices = machine.Matrices;
    private readonly List<Mover> movers = [];
    private readonly List<IProbe> probes = [];
    private int moving;         // movers before this one are at the next save time already

    /// <summary>What the machine's journal knows it by: no other run of the same computation has that name.</summary>
    public string Name { get; init; } = "run";

    /// <summary>When it is looked at; the model's save times unless others are given.</summary>
    public IReadOnlyList<double> SaveTimes { get; init; } = model.SaveTimes;

    /// <summary>What moves, in the order in which it was added.</summary>
    public IReadOnlyList<Mover> Movers => movers;

    /// <summary>The finished run of the one mover, recorded.</summary>
    public Trained Trained => movers[0].Trained;

    /// <summary>Told the time reached after every step: the mean over movers, by their numbers of parameters.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>The mover that did not reach its end; null where none failed.</summary>
    public Mover? Failed { get; private set; }

    /// <summary>The run of one ensemble, recorded.</summary>
    public static Run Of(Model model, Ensemble what, IDynamics dynamics, Draw draw, Machine machine)
    {
        var run = new Run(model, machine);
        run.Record(run.Add(what, dynamics, draw));
        return run;
    }

    /// <summary>One more ensemble that moves, from its initial state.</summary>
    public Mover Add(Ensemble what, IDynamics dynamics, Draw draw) => Add(what, dynamics, draw, null);

    /// <summary>The same of a limit, to the problem's <c>training.until</c> where there is one; recorded.</summary>
    internal Mover AddLimit(Ensemble what, IDynamics dynamics, Draw draw)
    {
        var watch = UntilWatch.Of(model, what, matrices);
        var mover = Add(what, dynamics, draw, watch);
        Record(mover, watch?.Recorder ?? TrajectoryProbe.Of(model, what, matrices));
        return mover;
    }

    /// <summary>Records the trajectory of a mover.</summary>
    public void Record(Mover mover)
    {
        ArgumentNullException.ThrowIfNull(mover);
        Record(mover, TrajectoryProbe.Of(model, mover.Ensemble, matrices));
    }

    /// <summary>Adds a law in coordinates of its own, with what records its predictions and itself.</summary>
    internal void AddLaw(Mover mover, TrajectoryProbe recorder, LawProbe laws)
    {
        Add(mover, recorder);
        Record(mover, laws);
    }

    /// <summary>Adds what moves in a space of its own, with what records its predictions.</summary>
    internal void Add(Mover mover, TrajectoryProbe recorder)
    {
        movers.Add(mover);
        Record(mover, recorder);
    }

    internal void Record(Mover mover, LawProbe laws) => Watch(mover.Laws = laws);

    /// <summary>Keeps the states of the one mover, where it has neurons, between start and end: as many in all as
    /// <c>record.states</c>.</summary>
    internal void KeepStates()
    {
        if (movers[0] is { IsEnsemble: true } mover && RecordPlan.StateTimes(model) is { Length: > 0 } times)
            Watch(mover.States = new(mover, times));
    }

    /// <summary>Adds a probe; probes look in the order in which they were added.</summary>
    public void Watch(IProbe probe) => probes.Add(probe);

    /// <summary>Movers go to the next save time, in turn, then probes look. False when the run has ended.</summary>
    public bool Advance()
    {
        var goesOn = false;
        for (; moving < movers.Count; moving++)
        {
            var mover = movers[moving];
            goesOn = mover.Advance();
            if (goesOn || mover.Result.Succeeded) continue;
            Failed = mover;
            return false;
        }
        moving = 0;
        if (!goesOn) return false;
        foreach (var probe in probes) probe.Look(this);
        Failed = movers.Find(mover => mover.Recorder is { IsMeasured: false });
        Failed?.InProgress.End(RunStatus.NonFinite);
        return Failed is null;
    }

    /// <summary>To the end, or until a mover fails; from where the machine's journal has it, and kept there.</summary>
    /// <exception cref="OperationCanceledException">It was asked to stop; the journal has where it is.</exception>
    public Run Complete()
    {
        machine.Journal.TryRestore(Name, (stream, length) => Snapshot.Read(stream, length, this));
        while (Advance())
        {
        }
        if (Failed?.Result.Status != RunStatus.Cancelled) return this;
        machine.Journal.CheckpointNow(Name, stream => Snapshot.Write(stream, this));
        throw new OperationCanceledException(machine.Cancellation);
    }

    /// <summary>Keeps the run where it is, if it is time: to be called after every step of a mover.</summary>
    internal void Checkpoint(RunInProgress mover) =>
        machine.Journal.Checkpoint(Name, stream => Snapshot.Write(stream, this));

    /// <inheritdoc/>
    public void Carry(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        snapshot.Carry(ref moving);
        foreach (var mover in movers) mover.InProgress.Carry(snapshot);
        foreach (var probe in probes) probe.Carry(snapshot);
    }

    private void Record(Mover mover, TrajectoryProbe recorder)
    {
        Watch(mover.Recorder = recorder);
        recorder.Mover = mover;
    }

    private Mover Add(Ensemble what, IDynamics dynamics, Draw draw, UntilWatch? watch)
    {
        var stepping = dynamics.Bind(what, model.Objective, draw, matrices);
        var mover = new Mover(Begin(stepping, what.State, watch), what, watch);
        movers.Add(mover);
        return mover;
    }

    /// <summary>A method on its way through the save times, kept where the run is and stopped when that is.</summary>
    internal RunInProgress Begin(Stepping stepping, double[] initial, UntilWatch? watch = null)
    {
        var saves = watch is { MetAtStart: true } ? [0] : SaveTimes;
        return new TimeLoop
        {
            Stepper = stepping.Stepper,
            Control = stepping.Control,
            SaveTimes = saves,
            LongestStep = stepping.LongestStep,
            Jumps = stepping.Jumps,
            Events = watch?.Events ?? [],
            EventsAtSaves = model.IsSgd,
            Progress = Progress is null ? null : new Reached(this),
            AfterStep = Checkpoint,
            Cancellation = machine.Cancellation,
        }.Begin(initial, new(0, saves[^1]));
    }

    private sealed class Reached(Run run) : IProgress<double>
    {
        public void Report(double value)
        {
            var (sum, parameters) = (0.0, 0.0);
            foreach (var mover in run.movers)
            {
                sum += mover.Time * mover.State.Length;
                parameters += mover.State.Length;
            }
            run.Progress!.Report(sum / parameters);
        }
    }
}
