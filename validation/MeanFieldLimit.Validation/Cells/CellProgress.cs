namespace MeanFieldLimit.Validation.Cells;

/// <summary>
/// The progress of cells that run beside each other, as one phase that begins with the first of them: the sum of their
/// costs, each by the part of it that is done.
/// </summary>
/// <param name="cells">Them, none of which has come to anything yet.</param>
/// <param name="show">Shows a phase.</param>
internal sealed class CellProgress(IEnumerable<ICell> cells, Func<string, double, IProgress<double>?> show)
{
    private const double Least = 1e-3, MostBefore = 0.999;

    // The part of each that is done.
    private readonly Dictionary<ICell, double> parts = cells.Where(c => !c.WholeMachine).ToDictionary(c => c, _ => 0.0);
    private readonly Lock one = new();
    private double? total;
    private IProgress<double>? shown;
    private bool hasBegun;
    private double sum;
    private int ended;

    private double Total => total ??= parts.Keys.Sum(c => c.Cost);

    /// <summary>What a run of a cell reports to, up to <paramref name="end"/>.</summary>
    internal IProgress<double> Of(ICell cell, double end) => new Part(this, cell, end);

    /// <summary>A cell begins.</summary>
    internal void Begin(ICell cell) => Report(cell, 0);

    /// <summary>A cell has ended, by this process or another one.</summary>
    internal void End(ICell cell) => Report(cell, 1);

    private void Report(ICell cell, double part)
    {
        lock (one)
        {
            if (!parts.TryGetValue(cell, out var before)) return;
            if (!hasBegun) (hasBegun, shown) = (true, show("networks", Total));
            if (!(part > before)) return;
            parts[cell] = part;
            sum += cell.Cost * (part - before);
            if (part == 1) ended++;
            // To the last bit where all have ended, and not before.
            shown?.Report(ended == parts.Count ? Total : Math.Min(sum, MostBefore * Total));
        }
    }

    // A step may take microseconds, and other cells wait for the sum.
    private sealed class Part(CellProgress all, ICell cell, double end) : IProgress<double>
    {
        private double told;

        public void Report(double value)
        {
            if (value / end < told + Least || value >= end) return;
            told = value / end;
            all.Report(cell, told);
        }
    }
}
