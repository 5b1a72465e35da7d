using System.Diagnostics;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Reports;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>A check that was run.</summary>
/// <param name="Check">Its name.</param>
/// <param name="Measurements">The numbers.</param>
/// <param name="Seconds">Its wall time.</param>
public sealed record CheckRun(string Check, IReadOnlyList<Measurement> Measurements, double Seconds)
{
    /// <summary>Whether all of them agree with the theory.</summary>
    public bool Holds => Measurements.All(m => m.Holds);

    /// <summary>Its figures.</summary>
    [System.Text.Json.Serialization.JsonInclude]
    internal IReadOnlyList<DrawnFigure> Figures { get; init; } = [];

    /// <summary>The problems that were measured: the text of each by its name.</summary>
    [System.Text.Json.Serialization.JsonInclude]
    internal IReadOnlyDictionary<string, string> Problems { get; init; } = new Dictionary<string, string>();

    /// <summary>Runs checks in cells, one after the other, and writes their report.</summary>
    public static Plan Plan(IReadOnlyList<ITheoryCheck> checks, CheckSetting setting, RunInfo info)
    {
        Cell<CheckRun>[] cells = [.. checks.Select(check => new Cell<CheckRun>(check.Name, 1, [],
                        // Its runs have no names of their own: a check that was killed is done again.
            context => Of(check, setting with { Machine = context.Machine with { Journal = NoJournal.Instance } })) { WholeMachine = true })];
        return new(cells, (done, folder) =>
        {
            CheckRun[] runs = [.. cells.Select(done.Find).OfType<CheckRun>()];
            return CheckReport.Write(folder, runs, [.. cells.Select(done.Failure).OfType<CellFailure>()], setting, info);
        });
    }

    internal static CheckRun Of(ITheoryCheck check, CheckSetting setting)
    {
        var clock = Stopwatch.StartNew();
        var result = check.Run(setting);
        return new(check.Name, result.Measurements, clock.Elapsed.TotalSeconds)
        {
            Figures = [.. result.Figures.Select(DrawnFigure.Of)],
            Problems = result.Models.Select(m => m.Problem).DistinctBy(p => p.Name)
                .ToDictionary(p => p.Name, ProblemFile.Write),
        };
    }
}
