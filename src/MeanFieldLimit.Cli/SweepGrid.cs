using MeanFieldLimit.Validation.Sweeps;

namespace MeanFieldLimit.Cli;

/// <summary>
/// The points of <c>--set KEY=VALUE,VALUE --set ...</c>: the product of the values, those of the last key following on
/// each other. Commas in brackets, braces and quotes belong to a value.
/// </summary>
internal static class SweepGrid
{
    private const int Most = 1000, LongestName = 100;

    /// <exception cref="UsageException">There is no grid.</exception>
    internal static IReadOnlyList<SweepPoint> Of(IReadOnlyList<string> settings)
    {
        List<SweepSetting[]> axes = [];
        foreach (var setting in settings)
        {
            if (setting.Split('=', 2) is not [{ Length: > 0 } key, var values])
                throw new UsageException($"--set: a setting must be a key and its values, got '{setting}'; " +
                    "write it as limit.tolerance=1e-4,1e-6");
            if (axes.Any(axis => axis[0].Key == key))
                throw new UsageException($"--set: a key must be set once in a sweep, got {key} again; " +
                    $"write its values after each other, {key}=A,B");
            axes.Add([.. Split(values).Select(v => new SweepSetting(key, v))]);
        }
        var count = axes.Aggregate(1.0, (n, axis) => n * axis.Length);
        if (count is < 2 or > Most)
            throw new UsageException($"--set: a sweep must have 2 to {Most} points, got {count}; give a key " +
                (count < 2 ? "two values or more, as limit.tolerance=1e-4,1e-6" : "fewer values"));
        SweepSetting[][] all = [[]];
        foreach (var axis in axes) all = [.. all.SelectMany(at => axis.Select(s => (SweepSetting[])[.. at, s]))];
        var varying = axes.Where(axis => axis.Length > 1).Select(axis => axis[0].Key).ToHashSet();
        string[] names = [.. all.Select(at => string.Join(',', at.Where(s => varying.Contains(s.Key)).Select(NameOf)))];
        var areNames = names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == names.Length
            && names.All(n => n.Length <= LongestName);
        return [.. all.Select((at, i) => new SweepPoint(areNames ? names[i] : $"point-{i + 1}", at))];
    }

    // A sign is not one of the marks that are left out.
    private static string NameOf(SweepSetting setting) => $"{NameOf(setting.Key)}=" +
        (setting.Value.TrimStart('[', ' ').StartsWith('-') ? "-" : "") + NameOf(setting.Value);

    private static string NameOf(string part) => string.Concat(part.Replace("]", "", StringComparison.Ordinal)
        .Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '+' or '-' or '_' ? c : '-')).Trim('-');

    private static List<string> Split(string values)
    {
        List<string> parts = [""];
        var (depth, isQuoted) = (0, false);
        foreach (var (i, c) in values.Index())
        {
            if (c == '"' && (i == 0 || values[i - 1] != '\\')) isQuoted = !isQuoted;
            else if (!isQuoted) depth += c is '[' or '{' ? 1 : c is ']' or '}' ? -1 : 0;
            if (c == ',' && depth == 0 && !isQuoted) parts.Add("");
            else parts[^1] += c;
        }
        return parts;
    }
}
