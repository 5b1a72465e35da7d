using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Reports;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Validation.Sweeps;

/// <summary>The numbers of all points of a sweep, side by side.</summary>
/// <param name="Keys">The keys that have more values than one.</param>
/// <param name="Rows">A point each.</param>
internal sealed record SweepTable(IReadOnlyList<string> Keys, IReadOnlyList<SweepRow> Rows)
{
    private const int MostPanels = 3, MostFindings = 4;
    private const string Rate = "rates.prediction.slope";
    private const double Decade = 10;
    private static readonly string[] OfLimit = ["limit.risk", "limit.errorEstimate"];

    internal static SweepTable Of(IReadOnlyList<SweepPoint> points, IReadOnlyList<SweepResult> results) => new(
        [.. points[0].Settings.Select(s => s.Key).Where(k => points.Select(p => Value(p, k)).Distinct().Count() > 1)],
        [.. points.Zip(results, (p, r) => new SweepRow(p, r, SummaryNumber.Read(r.Summary)))]);

    private static string Value(SweepPoint point, string key) => point.Settings.First(s => s.Key == key).Value;

    private IReadOnlyList<string> Numbers => field ??= [.. Rows.SelectMany(r => r.Numbers.Keys).Distinct()];

    /// <summary>The rate of predictions, or what the study found; the risk of the limit and its error.</summary>
    private IReadOnlyList<string> Headline => field ??=
    [
        .. Numbers.Contains(Rate) ? [Rate] : Numbers.Where(n => n.StartsWith("findings.", StringComparison.Ordinal)
            && n.EndsWith(".value", StringComparison.Ordinal)).Take(MostFindings),
        .. OfLimit.Where(Numbers.Contains),
    ];

    /// <summary>All numbers that are not the same at all points.</summary>
    internal IReadOnlyList<string> Varying => field ??= [.. Numbers.Where(IsVarying)];

    /// <summary>The settings of all points, how they ended, and the numbers that vary.</summary>
    internal StudyTable Csv => new("sweep", [.. Keys, "status", .. Varying], Rows.Select(r => (IReadOnlyList<object>)
        [.. Keys.Select(k => Value(r.Point, k)), r.Result.Status, .. Varying.Select(n => (object)r.Value(n))]));

    /// <summary>Of the columns of <see cref="Cells"/>: the last parts of their names where these differ.</summary>
    internal IReadOnlyList<string> Headers
    {
        get
        {
            string[] all = [.. Keys, "status", .. Headline];
            return [.. all.Select(n => all.Count(other => Last(other) == Last(n)) == 1 ? Last(n) : n)];
        }
    }

    internal IReadOnlyList<IReadOnlyList<string>> Cells =>
        [.. Rows.Select(r => (IReadOnlyList<string>)[.. Keys.Select(k => Value(r.Point, k)), r.Result.Status,
            .. Headline.Select(n => LimitText.Cell(r.Told(n)))])];

    /// <summary>The numbers of the headline against the first key whose values are numbers; null where there is
    /// none.</summary>
    internal Figure? Draw()
    {
        if (Keys.FirstOrDefault(k => Rows.All(r => Number(r, k) is not double.NaN)) is not { } key) return null;
        var others = Keys.Where(k => k != key).ToArray();
        var groups = Rows.GroupBy(r => string.Join(", ", others.Select(k => $"{k} = {Value(r.Point, k)}"))).ToArray();
        string[] shown = [.. Headline.Where(n => IsVarying(n) && Rows.Any(r => double.IsFinite(r.Told(n))))
            .Take(MostPanels)];
        if (shown.Length == 0) return null;
        var panels = shown.Select(name =>
        {
            var panel = new Panel("", Axis(key, Rows.Select(r => Number(r, key))),
                Axis(name, Rows.Select(r => r.Told(name))));
            foreach (var (i, group) in groups.Index())
            {
                var rows = group.OrderBy(r => Number(r, key)).ToArray();
                double[] Of(Func<SweepRow, double> value) => [.. rows.Select(value)];
                var (xs, color) = (Of(r => Number(r, key)), FigureStyle.OfWidth(i, groups.Length));
                panel.Bars(xs, Of(r => r.ToldAs(name)?.Low ?? double.NaN), Of(r => r.ToldAs(name)?.High ?? double.NaN),
                    color);
                panel.Curve(xs, Of(r => r.Told(name)), color, FigureStyle.CurveWidth);
                panel.Points(xs, Of(r => r.Told(name)), color, shape: FigureStyle.ShapeOf(i));
            }
            return panel;
        });
        return Figure.Of("sweep", $"{string.Join(", ", shown)} against {key}; bars are 95 % intervals.", [.. panels],
            others.Length == 0 ? [] : FigureStyle.SeriesLegend([.. groups.Select(g => g.Key)]));
    }

    private static string Last(string name) => name[(name.LastIndexOf('.') + 1)..];

    private static double Number(SweepRow row, string key) => double.TryParse(Value(row.Point, key),
        NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;

    // Over a decade and more.
    private static Scale Axis(string label, IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        return new(label, finite.Length > 0 && finite.Min() > 0 && finite.Max() >= Decade * finite.Min());
    }

    private bool IsVarying(string name) => Rows.Select(r => r.Value(name)).Distinct().Count() > 1;
}

/// <summary>A point, what it has come to, and its numbers.</summary>
internal sealed record SweepRow(SweepPoint Point, SweepResult Result,
    IReadOnlyDictionary<string, SummaryNumber> Numbers)
{
    internal double Value(string name) => Numbers.GetValueOrDefault(name)?.Value ?? double.NaN;

    /// <summary>The same, NaN of a rate that is not to be trusted.</summary>
    internal double Told(string name) => ToldAs(name)?.Value ?? double.NaN;

    /// <summary>The number with its interval; null of a rate that is not to be trusted.</summary>
    internal SummaryNumber? ToldAs(string name) =>
        Numbers.GetValueOrDefault(name) is { IsUntold: false } number ? number : null;
}
