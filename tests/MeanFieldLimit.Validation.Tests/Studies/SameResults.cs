using MeanFieldLimit.Data;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Validation.Tests.Studies;

/// <summary>Results of a study that were come to in different ways, and have the same bits.</summary>
internal static class SameResults
{
    internal static void Check(StudyResult expected, StudyResult actual)
    {
        Assert.Equal(expected.Headline, actual.Headline);
        Assert.Equal(expected.Findings, actual.Findings);
        Assert.Equal(expected.Tables.Select(t => t.Name), actual.Tables.Select(t => t.Name));
        foreach (var (a, b) in expected.Tables.Zip(actual.Tables))
        {
            Assert.Equal(a.Columns, b.Columns);
            Assert.Equal(Bits(a), Bits(b));
        }
        Assert.Equal(expected.Figures.Select(f => f?.Name), actual.Figures.Select(f => f?.Name));
        Assert.Equal(expected.Failures.Select(f => (f.What, f.Run.Status, f.Run.Time, f.Run.Steps, f.Layer)),
            actual.Failures.Select(f => (f.What, f.Run.Status, f.Run.Time, f.Run.Steps, f.Layer)));
        Assert.Equal(expected.Neurons?.Keys, actual.Neurons?.Keys);
        foreach (var (name, array) in expected.Neurons ?? new Dictionary<string, NumPyArray>())
            Assert.Equal(array.Values.Select(BitConverter.DoubleToInt64Bits),
                actual.Neurons![name].Values.Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal(expected.Limit?.Error, actual.Limit?.Error);
        Assert.Equal(expected.Coupled?.Rates.Select(r =>
                (r.Quantity.Name, r.Fitted.Slope, r.Fitted.Low, r.Fitted.High, r.Replicates)),
            actual.Coupled?.Rates.Select(r => (r.Quantity.Name, r.Fitted.Slope, r.Fitted.Low, r.Fitted.High, r.Replicates)));
    }

    /// <summary>What a plan comes to with its cells in a folder, those that are missing there computed.</summary>
    internal static StudyResult InFolder(StudyPlan plan, string folder) => plan.Reduce(Cells(plan, folder));

    /// <summary>Its cells; <paramref name="eachStep"/> is told of every step of a run.</summary>
    internal static Done Cells(StudyPlan plan, string folder, Action? eachStep = null,
        CancellationToken cancellation = default)
    {
        using var locks = new CellLocks(folder, TimeProvider.System);
        return new CellRunner(new(plan.Cells, (_, _) => new("")), new(folder, Assert.Fail), locks, new()
        {
            DefaultFolder = "",
            Machine = new() { Cancellation = cancellation },
            Checkpoint = eachStep is null ? TimeSpan.FromHours(1) : TimeSpan.Zero,
            Clock = eachStep is null ? TimeProvider.System : new Told(eachStep),
        }).Run();
    }

    // Numbers by their bits: -0 is not 0, and NaN is NaN.
    private static object[] Bits(StudyTable table) => [.. table.Rows.SelectMany(r => r)
        .Select(f => f is double d ? BitConverter.DoubleToInt64Bits(d) : f)];

    /// <summary>A clock that journals look at after every step.</summary>
    private sealed class Told(Action looked) : TimeProvider
    {
        public override long GetTimestamp()
        {
            looked();
            return System.GetTimestamp();
        }
    }
}
