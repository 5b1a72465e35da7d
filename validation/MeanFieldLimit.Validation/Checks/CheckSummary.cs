using System.Text.Json;
using MeanFieldLimit.Validation.Reports;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>summary.json of theory checks.</summary>
internal sealed record CheckSummary(
    string Version, string Engine, string Instructions, int Threads, ulong Seed, string Size, bool Holds,
    IReadOnlyList<CheckEntry> Checks)
{
    internal static CheckSummary Of(IReadOnlyList<CheckRun> runs, CheckSetting setting, RunInfo info) => new(
        info.Version, info.EngineName, info.Instructions, info.Threads, setting.Seed, setting.Small ? "small" : "full",
        runs.All(r => r.Holds),
        [.. runs.Select(r => (Run: r, Check: Catalogue.Find<ITheoryCheck>(r.Check))).Select(r => new CheckEntry(r.Check.Name,
            r.Check.Claim, r.Check.Source, r.Run.Holds, r.Run.Measurements, r.Run.Seconds))]);

    internal string ToJson() => JsonSerializer.Serialize(this, Summary.Options) + "\n";
}

/// <summary>One check: an end of an interval that is open is null.</summary>
internal sealed record CheckEntry(
    string Name, string Claim, string Source, bool Holds, IReadOnlyList<Measurement> Measurements, double Seconds);
