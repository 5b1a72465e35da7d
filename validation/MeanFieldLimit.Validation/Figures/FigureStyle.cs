using ScottPlot;
using ScottPlot.Colormaps;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace MeanFieldLimit.Validation.Figures;

/// <summary>What all figures share: fonts, lines, and one colour a width.</summary>
internal static class FigureStyle
{
    internal const float LabelSize = 16, TickSize = 14, TitleSize = 16, LegendSize = 14, NoteSize = 13;
    internal const float CurveWidth = 2, LimitWidth = 3;

    private const int BarTicks = 5;

    // Not quite black, which is for axes and text: lines of a colour are dashed together or not at all.
    internal static readonly Color Limit = Color.FromHex("#010101");
    internal static readonly Color Data = Color.FromHex("#1f5fa8");
    internal static readonly Color Guide = Color.FromHex("#767676");
    internal static readonly Color Predicted = Color.FromHex("#15803d");
    internal static readonly Color Warning = Color.FromHex("#c2410c");

    // Without this the first typeface that the machine lists is used, which may be a bold serif one.
    internal static readonly string Font =
        new[] { "DejaVu Sans", "Segoe UI", "Helvetica Neue", "Arial", "Liberation Sans" }
            .Where(SKFontManager.Default.FontFamilies.Contains).DefaultIfEmpty(Fonts.Default).MinBy(Missing)!;

    // Lines of several colours that lie over each other are told by these, and by those who tell no colours.
    private static readonly MarkerShape[] Shapes =
    [
        MarkerShape.FilledCircle, MarkerShape.OpenSquare, MarkerShape.FilledTriangleUp, MarkerShape.OpenDiamond,
        MarkerShape.FilledSquare, MarkerShape.OpenTriangleDown,
    ];

    /// <summary>The colour of one of so many widths: narrow ones are light, wide ones dark.</summary>
    internal static Color OfWidth(int index, int count) =>
        new Viridis().GetColor(count < 2 ? 0.4 : 0.88 - 0.75 * index / (count - 1));

    internal static Plot NewPlot(string title, string x, string y)
    {
        var plot = new Plot();
        plot.Font.Set(Font);
        plot.Title(Scripts.Typeset(title), TitleSize);
        plot.XLabel(Scripts.Typeset(x), LabelSize);
        plot.YLabel(Scripts.Typeset(y), LabelSize);
        foreach (var axis in new IAxis[] { plot.Axes.Bottom, plot.Axes.Left })
        {
            axis.Label.Bold = false;
            axis.TickLabelStyle.FontSize = TickSize;
            axis.TickGenerator = Ticks();
        }
        // Labels come out a little above their ticks.
        plot.Axes.Left.TickLabelStyle.OffsetY = 3;
        plot.Axes.Title.Label.Bold = false;
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Grid.MajorLineColor = Color.FromHex("#e6e6e6");
        plot.Legend.FontSize = LegendSize;
        plot.Legend.FontName = Font;
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.BackgroundColor = Colors.White.WithAlpha(0.85);
        plot.Legend.SymbolWidth = 34;
        return plot;
    }

    /// <summary>Ticks of a linear axis.</summary>
    internal static NumericAutomatic Ticks() => new()
    {
        TickDensity = 0.6,
        MinorTickGenerator = new EvenlySpacedMinorTickGenerator(1),
        LabelFormatter = value => Scripts.Number(Math.Round(value, 12), digits: 10, least: 1e-5),
    };

    /// <summary>The bar of a map whose colours are square roots: its labels are the densities.</summary>
    internal static void ColourBar(Plot plot, IHasColorAxis map, double most)
    {
        var bar = plot.Add.ColorBar(map);
        bar.Label = "density";
        (bar.LabelStyle.FontName, bar.LabelStyle.FontSize, bar.LabelStyle.Bold) = (Font, LabelSize, false);
        (bar.Axis.TickLabelStyle.FontName, bar.Axis.TickLabelStyle.FontSize) = (Font, TickSize);
        var steps = Enumerable.Range(0, BarTicks + 1).Select(k => (double)k / BarTicks);
        bar.Axis.TickGenerator = new NumericManual([.. steps.Select(s =>
            Tick.Major(Math.Sqrt(most) * s, Scripts.Number(most * s * s, digits: 2)))]);
    }

    /// <summary>The length of a text in the legend.</summary>
    internal static float LengthInLegend(string text)
    {
        using var typeface = SKTypeface.FromFamilyName(Font);
        using var font = new SKFont(typeface, LegendSize);
        return font.MeasureText(text);
    }

    /// <summary>How many of the letters that are needed a typeface has not.</summary>
    internal static int Missing(string family)
    {
        using var typeface = SKTypeface.FromFamilyName(family);
        return Scripts.Needed.Count(letter => typeface.GetGlyph(letter) == 0);
    }

    /// <summary>A plot that shows a legend and nothing else, to stand under panels without covering a curve.</summary>
    internal static Plot LegendPlot(IEnumerable<LegendItem> items)
    {
        var plot = NewPlot("", "", "");
        plot.HideAxesAndGrid();
        plot.Layout.Frameless();
        plot.Legend.ManualItems.AddRange(items);
        plot.ShowLegend(Alignment.UpperLeft);
        return plot;
    }

    /// <summary>A legend of lines in the colours of widths.</summary>
    internal static LegendItem[] Legend(IEnumerable<string> labels)
    {
        string[] all = [.. labels];
        return [.. all.Select((l, i) => Entry(l, OfWidth(i, all.Length), LimitWidth))];
    }

    internal static LegendItem GuideEntry(string label) => Entry(label, Guide, CurveWidth, LinePattern.Dashed);

    /// <summary>The marker of a series.</summary>
    internal static MarkerShape ShapeOf(int index) => Shapes[index % Shapes.Length];

    /// <summary>Markers in the legend, on a line where that has a width.</summary>
    internal static LegendItem PointEntry(string label, Color color, MarkerShape shape = MarkerShape.FilledCircle,
        float width = 0)
    {
        var entry = Entry(label, color, width);
        (entry.MarkerShape, entry.MarkerColor, entry.MarkerSize) = (shape, color, 8);
        entry.MarkerStyle.LineWidth = CurveWidth;
        return entry;
    }

    /// <summary>A legend of markers on lines, one colour and shape a series.</summary>
    internal static LegendItem[] SeriesLegend(IReadOnlyList<string> labels) =>
        [.. labels.Select((l, i) => PointEntry(l, OfWidth(i, labels.Count), ShapeOf(i), CurveWidth))];

    internal static LegendItem Entry(string label, Color color, float width, LinePattern? pattern = null) => new()
    {
        LabelText = Scripts.Typeset(label),
        LabelFontSize = LegendSize,
        LabelFontName = Font,
        LineColor = color,
        LineWidth = width,
        LinePattern = pattern ?? LinePattern.Solid,
    };
}
