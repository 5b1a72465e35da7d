using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Reports;

namespace MeanFieldLimit.Validation.Comparisons;

/// <summary>A number that is not the same in two runs.</summary>
/// <param name="Name">Its keys in summary.json.</param>
/// <param name="There">What it is in the first run; NaN where that has none.</param>
/// <param name="Here">What it is in the other one.</param>
/// <param name="Relative">The difference over the absolute value there.</param>
/// <param name="InErrors">The absolute difference over the errors that both state together; NaN where one states
/// none.</param>
public sealed record NumberDifference(string Name, double There, double Here, double Relative, double InErrors)
{
    /// <summary>Here - there.</summary>
    public double Difference => Here - There;
}

/// <summary>The largest difference of a column of a table that has the same keys in both runs.</summary>
public sealed record ColumnDifference(string Table, string Column, double Largest);

/// <summary>Two runs of one study, side by side.</summary>
/// <param name="There">The folder of the first.</param>
/// <param name="Here">The folder of the other.</param>
/// <param name="Settings">Where their problems, or what ran them, differ.</param>
/// <param name="Numbers">Where their summaries differ.</param>
/// <param name="Columns">Where their tables differ.</param>
/// <param name="Beyond">What differs by more than the errors that both state, and so is another result.</param>
public sealed record RunComparison(string There, string Here, IReadOnlyList<JsonDifference> Settings,
    IReadOnlyList<NumberDifference> Numbers, IReadOnlyList<ColumnDifference> Columns, IReadOnlyList<string> Beyond)
{
    private const string Predictions = "predictions.csv", AllPredictions = "predictions, largest rms",
        OtherPlaces = "predictions at other times or points";

    // They say where a value stands; so does the first column of every table.
    private static readonly string[] Keys = ["t", "seed", "point", "output"];

    /// <summary>Whether nothing differs by more than its error.</summary>
    public bool AreEqual => Beyond.Count == 0;

    /// <summary>Compares the run of a folder with that of another one.</summary>
    /// <exception cref="RunFolderException">A folder has no finished run, or they are of two studies.</exception>
    public static RunComparison Of(string there, string here)
    {
        var (a, b) = (new WrittenRun(there), new WrittenRun(here));
        if (a.Study != b.Study)
            throw new RunFolderException($"runs to compare must be of one study, {there} is of {a.Study} and {here} " +
                $"of {b.Study}; name two of the same");
        NumberDifference[] numbers =
        [
            .. a.Numbers.Keys.Union(b.Numbers.Keys)
                .Select(name => Of(name, a.Numbers.GetValueOrDefault(name), b.Numbers.GetValueOrDefault(name)))
                .Concat(PredictionsOf(a, b)).Where(n => !n.There.Equals(n.Here)),
        ];
        string[] beyond =
        [
            .. a.Status == b.Status ? [] : new[] { "limit.status" }, .. numbers.Where(IsBeyond).Select(n => n.Name),
            .. ArePredictions(a, b) && !HaveSameKeys(a.Read(Predictions), b.Read(Predictions))
                ? [OtherPlaces] : Array.Empty<string>(),
        ];
        // Where nothing has an error all is exact.
        if (!a.Numbers.Values.Concat(b.Numbers.Values).Any(n => double.IsFinite(n.Error))
            && !double.IsFinite(a.ErrorEstimate + b.ErrorEstimate))
            beyond = [.. beyond.Union(numbers.Select(n => n.Name))];
        var columns = a.Tables.Intersect(b.Tables).SelectMany(table => ColumnsOf(table, a.Read(table), b.Read(table)));
        return new(there, here, [.. JsonDifference.Of("", a.Settings, b.Settings)], numbers, [.. columns], beyond);

        // A rate that one of them only has is beyond any error.
        bool IsBeyond(NumberDifference n) => n.InErrors > 1 || (double.IsNaN(n.There) && HasError(b, n.Name))
            || (double.IsNaN(n.Here) && HasError(a, n.Name));

        static bool HasError(WrittenRun run, string name) =>
            run.Numbers.GetValueOrDefault(name) is { } number && double.IsFinite(number.Error);
    }

    private static NumberDifference Of(string name, SummaryNumber? there, SummaryNumber? here)
    {
        var (x, y) = (there?.Value ?? double.NaN, here?.Value ?? double.NaN);
        return new(name, x, y, x == 0 ? double.NaN : (y - x) / Math.Abs(x),
            Math.Abs(y - x) / ((there?.Error + here?.Error) ?? double.NaN));
    }

    private static bool ArePredictions(WrittenRun a, WrittenRun b) =>
        a.Tables.Contains(Predictions) && b.Tables.Contains(Predictions);

    /// <summary>
    /// Largest over the save times of the rms difference over points and outputs, in units of what both limits err by;
    /// none where their keys differ.
    /// </summary>
    private static IEnumerable<NumberDifference> PredictionsOf(WrittenRun a, WrittenRun b)
    {
        if (!ArePredictions(a, b)) return [];
        var (x, y) = (a.Read(Predictions), b.Read(Predictions));
        if (!HaveSameKeys(x, y) || x.Length < 2) return [];
        var largest = x.Zip(y, (v, w) => (Time: v[0], Square: Math.Pow(Number(w[^1]) - Number(v[^1]), 2))).Skip(1)
            .GroupBy(row => row.Time).Max(group => Math.Sqrt(group.Average(row => row.Square)));
        return [new(AllPredictions, 0, largest, double.NaN, largest / (a.ErrorEstimate + b.ErrorEstimate))];
    }

    private static IEnumerable<ColumnDifference> ColumnsOf(string table, string[][] x, string[][] y) =>
        !HaveSameKeys(x, y) ? [] : x[0].Select((column, j) => new ColumnDifference(table, column,
            x.Zip(y, (v, w) => v[j] == w[j] ? 0 : Math.Abs(Number(w[j]) - Number(v[j]))).Max()))
            .Where(c => c.Largest != 0);

    private static bool HaveSameKeys(string[][] x, string[][] y) => x.Length == y.Length && x.Length > 0
        && x[0].SequenceEqual(y[0]) && Enumerable.Range(0, x[0].Length).Where(j => j == 0 || Keys.Contains(x[0][j]))
            .All(j => x.Zip(y).All(pair => pair.First[j] == pair.Second[j]));

    private static double Number(string field) => double.TryParse(field, NumberStyles.Float,
        CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
