using System.Collections.Concurrent;

namespace MeanFieldLimit.Validation.Cells;

/// <summary>A cell whose run did not reach its end.</summary>
/// <param name="What">Which one: its key.</param>
/// <param name="Run">How it ended, when, and its last good state.</param>
/// <param name="Layer">Where the first component that is not finite is; 0 where that is not known.</param>
public sealed record CellFailure(string What, RunResult Run, int Layer = 0)
{
    /// <summary>Neurons of layers 0..L where its state is that of an ensemble; none where it is another.</summary>
    public IReadOnlyList<int> Sizes { get; init; } = [];

    /// <summary>That of a run which ended early, <paramref name="what"/> being which one.</summary>
    internal static CellFailure Of(string what, Trained ended) =>
        new(what, ended.Result, ended.DivergedLayer) { Sizes = ended.Sizes };
}

/// <summary>Ends a cell, and no other one, with a failure in words of its own.</summary>
internal sealed class CellFailedException(CellFailure failure) : Exception(failure.What)
{
    internal CellFailure Failure => failure;
}

/// <summary>A record that may say that its run did not reach its end, and keeps what was recorded before.</summary>
internal interface IMayFail
{
    /// <summary>How it ended early; null where it did not.</summary>
    CellFailure? Failure { get; }
}

/// <summary>What the cells of a plan have come to.</summary>
internal sealed class Done
{
    private readonly ConcurrentDictionary<ICell, object> results = new();

    /// <summary>The record of a cell.</summary>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    internal T Get<T>(Cell<T> cell) where T : class => Find(cell)
        ?? throw new InvalidOperationException($"{cell.Key} has no record; ask for its failure first");

    /// <summary>The same, or null where there is none.</summary>
    internal T? Find<T>(Cell<T> cell) where T : class => results.GetValueOrDefault(cell) as T;

    internal T[] Found<T>(IEnumerable<Cell<T>> cells) where T : class => [.. cells.Select(Find).OfType<T>()];

    /// <summary>
    /// Why a cell has no record, or one that ends early: its own failure, or that of a cell which it needs, and
    /// without which it was not run; null where all went well.
    /// </summary>
    internal CellFailure? Failure(ICell cell) =>
        results.TryGetValue(cell, out var result) ? result as CellFailure ?? (result as IMayFail)?.Failure
            : cell.Needs.Select(Failure).FirstOrDefault(f => f is not null);

    internal CellFailure[] Failures(IEnumerable<ICell> cells) =>
        [.. cells.Select(Failure).OfType<CellFailure>().Distinct()];

    internal bool Has(ICell cell) => results.ContainsKey(cell);

    internal void Add(ICell cell, object result) => results[cell] = result;

    /// <summary>Whether nothing is left to do for it: it has ended, or cannot begin.</summary>
    internal bool IsSettled(ICell cell) => Has(cell) || Failure(cell) is not null;

    /// <summary>Whether it can begin: what it needs has ended well.</summary>
    internal bool IsReady(ICell cell) => cell.Needs.All(n => Has(n) && Failure(n) is null);
}
