using System.Text.Json;

namespace MeanFieldLimit.Validation.Reports;

/// <summary>A number of a summary.json.</summary>
/// <param name="Name">Its keys: "limit.risk", "rates.prediction.slope", "limit.nodes[0]".</param>
/// <param name="Value">The number.</param>
/// <param name="Low">The lower end of its interval; NaN where none is stated.</param>
/// <param name="High">The upper end.</param>
internal sealed record SummaryNumber(string Name, double Value, double Low, double High)
{
    // What was drawn from, what it ran on, and how long, is no result.
    private static readonly string[] NoResults = ["seed", "threads", "seconds", "errorSeconds"];

    /// <summary>Whether a rate is not to be trusted, for the reason that stands beside it.</summary>
    public bool IsUntold { get; private init; }

    /// <summary>What it is off by, half its interval; NaN where none is stated.</summary>
    public double Error => (High - Low) / 2;

    /// <summary>
    /// All numbers of a summary by their names, in its order, but for seed, threads and times; what is null is left
    /// out.
    /// </summary>
    public static IReadOnlyDictionary<string, SummaryNumber> Read(string summary)
    {
        using var parsed = JsonDocument.Parse(summary);
        return Of("", parsed.RootElement).DistinctBy(n => n.Name).ToDictionary(n => n.Name);
    }

    private static IEnumerable<SummaryNumber> Of(string name, JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => [new(name, element.GetDouble(), double.NaN, double.NaN)],
        JsonValueKind.Object => element.EnumerateObject().Where(m => !NoResults.Contains(m.Name))
            .SelectMany(m => Of(name.Length == 0 ? m.Name : $"{name}.{m.Name}", m.Value)
                .Select(number => Interval(element, m.Name, number))),
        JsonValueKind.Array => element.EnumerateArray().SelectMany((e, i) => Of(Entry(name, e, i), e)),
        _ => [],
    };

    // Those of rates and findings have names.
    private static string Entry(string list, JsonElement entry, int index) => entry.ValueKind == JsonValueKind.Object
        && (entry.TryGetProperty("quantity", out var name) || entry.TryGetProperty("name", out name))
            ? $"{list}.{name.GetString()}" : $"{list}[{index}]";

    private static SummaryNumber Interval(JsonElement holder, string key, SummaryNumber number)
    {
        // That of a measurement of a theory check is the theory's.
        if (key is "slope" or "value" && !holder.TryGetProperty("theory", out _))
            return number with
            {
                Low = End(holder, "low"),
                High = End(holder, "high"),
                IsUntold = holder.TryGetProperty("reason", out var reason) && reason.ValueKind == JsonValueKind.String,
            };
        return key == "time" && End(holder, "threshold") is not double.NaN && End(holder, "errorEstimate") is var error
            ? number with { Low = number.Value - error, High = number.Value + error } : number;
    }

    private static double End(JsonElement holder, string key) =>
        holder.TryGetProperty(key, out var end) && end.ValueKind == JsonValueKind.Number ? end.GetDouble() : double.NaN;
}
