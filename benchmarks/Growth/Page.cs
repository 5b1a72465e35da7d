using System.Runtime.Intrinsics.X86;

namespace MeanFieldLimit.Benchmarks.Growth;

/// <summary>The tables as they are written.</summary>
internal static class Page
{
    internal const string Head =
        "| work | size | from..to | time of the largest | exponent, 95 % interval | of the operations | expected "
        + "| bytes of the largest | over the formula | exponent | of the formula |\n|---|---|---|---|---|---|---|---|---|---|---|";

    internal const string PlanHead =
        "| run | size | | stated, MB | live, MB | stated / live |\n|---|---|---|---|---|---|";

    internal static string Row(Measured m) =>
        $"| {m.Work.Name} | {m.Work.Size} | {m.Work.Sizes[0]}..{m.Work.Sizes[^1]} | {1e3 * m.Seconds[^1]:G3} ms | {m.Time} "
        + $"| {(m.TimePlanned is { } planned ? $"{planned.Slope:0.00}" : "")} | {m.Work.Expected:0.##} | {m.Bytes[^1] / 1e6:G3} MB "
        + $"| {m.Bytes[^1] / m.Work.Bytes(m.Work.Sizes[^1]):0.00} | {m.Space.Slope:0.00} | {m.SpacePlanned.Slope:0.00} |";

    internal static string Row(PlannedModels plan, int size)
    {
        var (planned, taken) = plan.At(size);
        return $"| {plan.Name} | {plan.Size} | {size} | {planned / 1e6:G3} | {taken / 1e6:G3} | {planned / taken:0.00} |";
    }

    internal static string Of(IReadOnlyList<Measured> works, IEnumerable<string> plans) => $"""
        # Cost as the work grows

        Made by `dotnet run -c Release --project benchmarks/Growth` on {Environment.ProcessorCount} processors,
        {(Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : "no AVX2")}. What the columns say, and the formulas:
        [What a run costs](../docs/speed.md).

        {Head}
        {string.Join('\n', works.Select(Row))}

        ## Memory stated before a run

        {PlanHead}
        {string.Join('\n', plans)}

        """;
}
