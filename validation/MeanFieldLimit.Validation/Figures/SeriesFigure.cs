using ScottPlot;

namespace MeanFieldLimit.Validation.Figures;

/// <summary>Values at some x: points, joined up unless they have a line of their own.</summary>
internal sealed record Series(string Label, IReadOnlyList<double> Xs, IReadOnlyList<double> Ys)
{
    internal Series(string label, IReadOnlyList<int> xs, IReadOnlyList<double> ys)
        : this(label, [.. xs.Select(x => (double)x)], ys)
    {
    }

    /// <summary>Ends of their intervals; NaN where there is none.</summary>
    internal (IReadOnlyList<double> Lows, IReadOnlyList<double> Highs)? Bars { get; init; }

    /// <summary>The slope of a line through their middle, in place of joining them up.</summary>
    internal double? Slope { get; init; }

    /// <summary>The slope of a dashed line through their middle.</summary>
    internal double? Theory { get; init; }

    /// <summary>What is predicted for it, a curve of its own colour.</summary>
    internal IReadOnlyList<double>? Predicted { get; init; }

    /// <summary>C x^slope through the geometric means of x and y.</summary>
    internal IEnumerable<double> Line(double slope) => Line(slope, Xs);

    /// <summary>The same at other x.</summary>
    internal IEnumerable<double> Line(double slope, IEnumerable<double> at)
    {
        if (Xs.Count == 0) return [];
        var (x, y) = (Xs.Average(Math.Log), Ys.Average(Math.Log));
        return at.Select(v => Math.Exp(y + slope * (Math.Log(v) - x)));
    }
}

/// <summary>A curve with a look of its own.</summary>
internal sealed record Curve(string Label, IEnumerable<double> Ys, Color Color, float Width = FigureStyle.LimitWidth)
{
    internal static Curve Thin(string label, IEnumerable<double> ys, Color color) =>
        new(label, ys, color, FigureStyle.CurveWidth);

    /// <summary>A dashed line at one height.</summary>
    internal static Curve Level(string label, double height, int count) =>
        Dashed(label, Enumerable.Repeat(height, count));

    /// <summary>What a theory has.</summary>
    internal static Curve Dashed(string label, IEnumerable<double> ys) =>
        Thin(label, ys, FigureStyle.Guide) with { Pattern = LinePattern.Dashed };

    /// <summary>Solid unless it says otherwise.</summary>
    internal LinePattern? Pattern { get; private init; }
}

/// <summary>Some series in one panel, one colour and marker each.</summary>
internal static class SeriesFigure
{
    /// <summary>The figure; <paramref name="identity"/> names the dashed line y = x, if there is one.</summary>
    internal static Figure Draw(string name, string caption, Scale x, Scale y, IReadOnlyList<Series> series,
        string? identity = null)
    {
        var panel = new Panel("", x, y);
        for (var i = 0; i < series.Count; i++)
        {
            var (s, color) = (series[i], FigureStyle.OfWidth(i, series.Count));
            if (s.Theory is { } theory) Dashed(s.Xs, s.Line(theory));
            if (s.Bars is var (lows, highs)) panel.Bars(s.Xs, lows, highs, color);
            panel.Curve(s.Xs, s.Slope is { } slope ? s.Line(slope) : s.Ys, color, FigureStyle.CurveWidth);
            if (s.Predicted is { } predicted)
                panel.Curve(s.Xs, predicted, FigureStyle.Predicted, FigureStyle.CurveWidth, LinePattern.Dashed);
            panel.Points(s.Xs, s.Ys, color, shape: FigureStyle.ShapeOf(i));
        }
        List<LegendItem> legend = [.. FigureStyle.SeriesLegend([.. series.Select(s => s.Label)])];
        if (series.Any(s => s.Theory is not null)) legend.Add(FigureStyle.GuideEntry("slope of theory"));
        if (series.Any(s => s.Predicted is not null))
            legend.Add(FigureStyle.Entry("predicted", FigureStyle.Predicted, FigureStyle.CurveWidth,
                LinePattern.Dashed));
        if (identity is not null)
        {
            double[] all = [.. series.SelectMany(s => s.Xs).Distinct().Order()];
            Dashed(all, all);
            legend.Add(FigureStyle.GuideEntry(identity));
        }
        return Figure.Of(name, caption, [panel], legend);

        void Dashed(IEnumerable<double> xs, IEnumerable<double> ys) =>
            panel.Curve(xs, ys, FigureStyle.Guide, FigureStyle.CurveWidth, LinePattern.Dashed);
    }

    /// <summary>Curves over common x, in their own looks.</summary>
    internal static Figure Draw(string name, string caption, IReadOnlyList<double> xs, Scale x, Scale y,
        IReadOnlyList<Curve> curves)
    {
        var panel = new Panel("", x, y) { FromZero = true };
        foreach (var c in curves) panel.Curve(xs, c.Ys, c.Color, c.Width, c.Pattern);
        return Figure.Of(name, caption, [panel],
            [.. curves.Select(c => FigureStyle.Entry(c.Label, c.Color, c.Width, c.Pattern))]);
    }
}
