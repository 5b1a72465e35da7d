namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>Which row of an image below each row of one above takes up under each tap: source(u, t), -1 for none. A
/// convolution has a tap for each place of its window, a dense layer on images one for each of their positions.</summary>
public sealed class TapTable
{
    private readonly int[] sources;

    /// <summary>The sources, [row u, tap t].</summary>
    /// <exception cref="ArgumentException">They are not of so many rows and taps, or not among the rows below.</exception>
    public TapTable(int rows, int taps, int below, int[] sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        if (rows < 1 || taps < 1 || below < 1 || sources.Length != (long)rows * taps)
            throw new ArgumentException($"there must be a source for each of {rows} rows and {taps} taps over {below} " +
                $"rows, at least one of each, got {sources.Length}", nameof(sources));
        if (sources.FirstOrDefault(v => v < -1 || v >= below, -1) is var wrong and not -1)
            throw new ArgumentException($"sources must be -1 or below {below}, got {wrong}", nameof(sources));
        (Rows, Taps, Below, this.sources) = (rows, taps, below, [.. sources]);
        var reads = new List<(int, int)>[rows];
        for (var u = 0; u < rows; u++)
            reads[u] = [.. Enumerable.Range(0, taps).Select(t => (t, Source(u, t))).Where(read => read.Item2 >= 0)];
        Up = new([.. Enumerable.Range(0, taps)], reads);
        Down = Turned();
    }

    /// <summary>Rows of an image above.</summary>
    public int Rows { get; }

    /// <summary>Taps.</summary>
    public int Taps { get; }

    /// <summary>Rows of an image below.</summary>
    public int Below { get; }

    /// <summary>What rows above take from rows below.</summary>
    internal TapRows Up { get; }

    /// <summary>What rows below take from rows above on the way back.</summary>
    internal TapRows Down { get; }

    /// <summary>source(u, t), -1 for none.</summary>
    public int Source(int row, int tap) => sources[row * Taps + tap];

    // Under one tap a row below may be read by several rows above, where an image goes round: a slot for each of them.
    private TapRows Turned()
    {
        var slots = new List<int>();
        var reads = new List<(int, int)>[Below];
        for (var v = 0; v < Below; v++) reads[v] = [];
        for (var t = 0; t < Taps; t++)
        {
            var taken = new Dictionary<int, int>();
            for (var u = 0; u < Rows; u++)
                if (Source(u, t) is var v and >= 0)
                {
                    var before = taken.GetValueOrDefault(v);
                    reads[v].Add((slots.Count + before, u));
                    taken[v] = before + 1;
                }
            slots.AddRange(Enumerable.Repeat(t, taken.Values.DefaultIfEmpty().Max()));
        }
        return new([.. slots], reads);
    }
}

/// <summary>Rows of an image, and for each the slots that it reads, with the row that it reads there.</summary>
internal sealed class TapRows
{
    /// <summary>With (slot, source) of each row in the order of slots.</summary>
    public TapRows(int[] taps, List<(int Slot, int Source)>[] reads)
    {
        (Taps, Count, Reads) = (taps, reads.Length, reads.Sum(row => row.Count));
        Classes = [.. Enumerable.Range(0, reads.Length)
            .GroupBy(row => string.Join(',', reads[row].Select(read => read.Slot)))
            .Select(rows => new RowClass([.. rows], [.. reads[rows.First()].Select(read => read.Slot)],
                [.. rows.SelectMany(row => reads[row].Select(read => read.Source))]))];
    }

    /// <summary>The tap of each slot.</summary>
    public int[] Taps { get; }

    /// <summary>Rows of an image.</summary>
    public int Count { get; }

    /// <summary>How many rows they read together.</summary>
    public int Reads { get; }

    /// <summary>How many of the slots there are to each one that a row reads.</summary>
    public double SlotsToRead => Math.Max(1, (double)Taps.Length * Count / Math.Max(1, Reads));

    /// <summary>Rows that read the same slots: inside of an image, along an edge, in a corner.</summary>
    public RowClass[] Classes { get; }
}

/// <param name="Rows">Rows of an image.</param>
/// <param name="Slots">Those they read, rising.</param>
/// <param name="Sources">What they read, [row, slot].</param>
internal sealed record RowClass(int[] Rows, int[] Slots, int[] Sources);
