namespace MeanFieldLimit.Runs;

/// <summary>
/// What runs are made on: threads, matrix products, a place for what is finished and for what is under way. Results
/// have the same bits for any threads, and with any journal.
/// </summary>
public sealed record Machine
{
    /// <summary>Threads.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Matrix products on so many threads; by default the managed engine.</summary>
    public Func<int, IMatrixEngine> Engine { get; init; } = threads => new ManagedEngine(threads);

    /// <summary>Shows the progress of a phase with a name and the value at which it is done.</summary>
    public Func<string, double, IProgress<double>?> Show { get; init; } = (_, _) => null;

    /// <summary>Keeps what is finished, and runs on their way.</summary>
    public IJournal Journal { get; init; } = new NoJournal();

    /// <summary>Asks to stop.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>One thread that makes its products with an engine.</summary>
    public static Machine Of(IMatrixEngine engine) => new() { Engine = _ => engine };

    internal IMatrixEngine Matrices => Engine(Threads);
}
