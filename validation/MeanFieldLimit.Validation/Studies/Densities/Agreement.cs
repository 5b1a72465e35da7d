namespace MeanFieldLimit.Validation.Studies.Densities;

/// <summary>
/// Whether two ways to one law agree: W2 at the end is at most the sum of what both are known to, by the triangle
/// inequality.
/// </summary>
internal sealed record Agreement(Way A, Way B, double Distance)
{
    internal string Name => $"{A.InWords} and {B.InWords}";

    internal double Errors => A.Error + B.Error;

    internal bool Holds => Distance <= Errors;

    /// <summary>Whether all agree, a sentence with the two that are farthest apart for their errors.</summary>
    internal static string InWords(IReadOnlyList<Agreement> pairs)
    {
        Way[] ways = [.. pairs.SelectMany(p => new[] { p.A, p.B }).Distinct()];
        var names = $"{string.Join(", ", ways.SkipLast(1).Select(w => w.InWords))} and {ways[^1].InWords}";
        if (Array.Find(ways, w => double.IsNaN(w.Error)) is { } unknown)
            return $"Whether {names} have one law cannot be told: the error of {unknown.InWords} is not known.";
        var worst = pairs.MaxBy(p => p.Distance / p.Errors)!;
        var place = worst.Holds ? "closest to not agreeing" : "farthest from it";
        return $"The laws of {names} {(worst.Holds ? "agree" : "do not agree")} within their errors: at the end " +
            (pairs.Count == 1 ? "they" : $"{worst.Name}, which are {place},") +
            $" are W2 = {LimitText.Short(worst.Distance)} apart, and their errors add up to " +
            $"{LimitText.Short(worst.Errors)}.";
    }

    /// <summary>All distances beside the sums of the errors, in 44 columns.</summary>
    internal static string Table(IReadOnlyList<Agreement> pairs) =>
        $"\n{"W2 at the end",-14}{"distance",15}{"errors",12}" + string.Concat(pairs.Select(p =>
            $"\n{p.A.Name,-10} {p.B.Name,-10}{LimitText.Short(p.Distance),8}{LimitText.Short(p.Errors),12}" +
            (p.Distance > p.Errors ? " !" : "")));
}
