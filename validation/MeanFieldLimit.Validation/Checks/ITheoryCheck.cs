using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>
/// A theorem as a measurement: what it says is set beside what is measured, on limits and networks of the check's own.
/// A new check is known to the program by existing.
/// </summary>
public interface ITheoryCheck : INamed
{
    /// <summary>What the theory says, in a sentence.</summary>
    string Claim { get; }

    /// <summary>Where it says so.</summary>
    string Source { get; }

    /// <summary>Measures it, on the machine of the setting, in seconds where that says small.</summary>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    /// <exception cref="RunFailedException">A run did not reach its end.</exception>
    CheckResult Run(CheckSetting setting);
}

/// <summary>What a check has found.</summary>
/// <param name="Measurements">Its numbers; it holds where all of them do.</param>
/// <param name="Figures">Its figures, named after the check.</param>
/// <param name="Models">Of whose limits or networks; their problems are written beside the report.</param>
public sealed record CheckResult(
    IReadOnlyList<Measurement> Measurements, IReadOnlyList<Figure> Figures, IReadOnlyList<Model> Models);

/// <summary>How checks are run.</summary>
public sealed record CheckSetting
{
    /// <summary>Fewer widths and seeds: seconds in place of minutes.</summary>
    public bool Small { get; init; }

    /// <summary>Seed of everything random.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>What it runs on; the result has the same bits for any threads.</summary>
    public Machine Machine { get; init; } = new();

    /// <summary>What <paramref name="measure"/> gives of every width and replicate, in parallel.</summary>
    internal Measured<T> Each<T>(IReadOnlyList<int> widths, int replicates, Func<int, int, T> measure)
    {
        var all = new T[widths.Count * replicates];
        LastFirst.Run(all.Length, Machine.Threads, n => all[n] = measure(widths[n / replicates], n % replicates),
            Machine.Cancellation);
        return new(widths, all);
    }

    /// <summary>The same of the networks of a model; of one replicate, those of all widths are nested.</summary>
    internal Measured<T> Networks<T>(Model model, IReadOnlyList<int> widths, int replicates,
        Func<Subject, T> measure) => Each(widths, replicates, (n, r) => measure(Subject.Network(model, n, r, this)));

    /// <summary>The state at the end of [0, <paramref name="time"/>].</summary>
    internal double[] End(IStepper stepper, IStepControl control, double[] initial, double time)
    {
        var run = new TimeLoop { Stepper = stepper, Control = control, Cancellation = Machine.Cancellation }
            .Run(initial, new(0, time));
        Machine.Cancellation.ThrowIfCancellationRequested();
        return run.OrThrow().State;
    }

    internal static Run Complete(Run run)
    {
        run.Complete().Failed?.Result.OrThrow();
        return run;
    }

    internal NeuronLaw Law(ILimit limit) => Complete(limit.Begin(Machine with { Threads = 1 })).Trained.Law!;
}
