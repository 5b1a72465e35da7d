namespace MeanFieldLimit.Validation.Cells;

/// <summary>A piece of a study: a <see cref="Cell{T}"/>, whatever its record is.</summary>
internal interface ICell
{
    /// <summary>What it is in its plan: "network/width=100/replicate=3".</summary>
    string Key { get; }

    /// <summary>Its work, in any unit of its plan's: the longest begin first, and shares have equal sums.</summary>
    double Cost { get; }

    /// <summary>Cells whose records it reads.</summary>
    IReadOnlyList<ICell> Needs { get; }

    /// <summary>Whether it uses all threads inside, so that nothing runs beside it.</summary>
    bool WholeMachine { get; }

    object Run(CellContext context);

    /// <summary>Writes what it has come to: its record, or its failure.</summary>
    void Write(Stream stream, object result);

    object Read(Stream stream, long length);
}

/// <summary>A piece of a study: a pure function of the model and a key to a record that can be written.</summary>
/// <typeparam name="T">A plain record: numbers, texts, lists of them, arrays of double, and such records.</typeparam>
/// <param name="key">What it is in its plan.</param>
/// <param name="cost">Its work; not negative.</param>
/// <param name="needs">Cells whose records it reads.</param>
/// <param name="work">The function. What it throws as <see cref="Solvers.Time.RunFailedException"/> is its failure and
/// ends no other cell; anything else that it throws ends the run.</param>
internal sealed class Cell<T>(string key, double cost, IReadOnlyList<ICell> needs, Func<CellContext, T> work) : ICell
    where T : class
{
    public string Key => key;

    public double Cost => cost;

    public IReadOnlyList<ICell> Needs => needs;

    public bool WholeMachine { get; init; }

    public object Run(CellContext context) => work(context);

    public void Write(Stream stream, object result) =>
        CellJson.Write(stream, new Content(result as T, result as CellFailure));

    public object Read(Stream stream, long length)
    {
        var (record, failure) = CellJson.Read<Content>(stream, length);
        return (object?)failure ?? record ?? throw new System.Text.Json.JsonException();
    }

    private sealed record Content(T? Record, CellFailure? Failure);
}

/// <summary>What a cell is run with.</summary>
internal sealed class CellContext(ICell cell, Done done, Machine machine)
{
    /// <summary>
    /// What it is made on: all threads where it is marked so, or one. Asked to stop it makes a checkpoint and throws
    /// <see cref="OperationCanceledException"/>.
    /// </summary>
    public Machine Machine => machine;

    /// <summary>The record of a cell that it needs.</summary>
    /// <exception cref="InvalidOperationException">It has not said that it needs it.</exception>
    public T Get<T>(Cell<T> need) where T : class => cell.Needs.Contains(need) ? done.Get(need)
        : throw new InvalidOperationException($"{cell.Key} must name {need.Key} among its needs, to read it");
}
