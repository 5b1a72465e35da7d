using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Validation.Tests.Cells;

public sealed class CellProgressTests
{
    private readonly List<double> told = [];
    private double end = double.NaN;

    private static Cell<CellRunnerTests.Number> Of(string key, double cost, bool whole = false) =>
        new(key, cost, [], _ => new(cost)) { WholeMachine = whole };

    private Told Show(string name, double all)
    {
        end = all;
        return new Told(told.Add);
    }

    [Fact]
    public void Cells_advance_one_phase_by_their_costs_which_ends_with_the_last_of_them()
    {
        ICell[] cells = [Of("a", 0.1), Of("b", 0.7), Of("limit", double.MaxValue, whole: true)];
        var progress = new CellProgress(cells, Show);
        progress.Begin(cells[2]);
        progress.End(cells[2]);
        Assert.Equal(double.NaN, end);          // it has a phase of its own
        progress.Begin(cells[1]);
        Assert.Equal(0.8, end, 1e-15);
        var b = progress.Of(cells[1], 3);
        b.Report(1.5);
        Assert.Equal(0.35, told[^1], 1e-15);
        // A cell that begins again, one network having failed, does not take the phase back.
        progress.Of(cells[1], 3).Report(0.3);
        b.Report(3);                            // measures and files are still to come
        progress.Of(cells[0], 3).Report(2.97);
        Assert.Equal(0.35 + 0.099, told[^1], 1e-15);
        progress.End(cells[0]);
        Assert.True(told[^1] < end);
        progress.End(cells[1]);
        Assert.Equal(end, told[^1]);
        Assert.Equal(told.Order(), told);
    }

    [Fact]
    public void Microsecond_steps_are_not_all_told()
    {
        ICell cell = Of("a", 5);
        var part = new CellProgress([cell], Show).Of(cell, 1);
        for (var step = 0; step < 100_000; step++) part.Report(step / 100_000.0);
        Assert.InRange(told.Count, 900, 1001);
    }

    private sealed class Told(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
