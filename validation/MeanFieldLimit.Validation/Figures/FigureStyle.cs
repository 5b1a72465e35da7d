using ScottPlot;
using ScottPlot.Colormaps;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace MeanFieldLimit.Validation.Figures;

/// <summary>What all figures share: fonts, lines, and one colour a width.</summary>
internal static class FigureStyle
{
    internal const float LabelSize = 16, TickSize = 14, TitleSize = 16, LegendSize = 14;
    internal const float CurveWidth = 2, LimitWidth = 3;

    // Not quite black, which is for axes and text: lines of a colour are dashed together or not at all.
    internal static readonly Color Limit = Color.FromHex("#010101");
    internal static readonly Color Data = Color.FromHex("#1f5fa8");
    internal static readonly Color Guide = Color.FromHex("#767676");
    internal static readonly Color Warning = Color.FromHex("#c2410c");

    // Without this the first typeface that the machine lists is used, which may be a bold serif one.
    private static readonly string Font = Array.Find(
        ["DejaVu Sans", "Segoe UI", "Helvetica Neue", "Arial", "Liberation Sans"],
        SKFontManager.Default.FontFamilies.Contains) ?? Fonts.Default;

    /// <summary>The colour of one of so many widths: narrow ones are light, wide ones dark.</summary>
    internal static Color OfWidth(int index, int count) =>
        new Viridis().GetColor(count < 2 ? 0.4 : 0.88 - 0.75 * index / (count - 1));

    internal static Plot NewPlot(string title, string x, string y)
    {
        var plot = new Plot();
        plot.Font.Set(Font);
        plot.Title(title, TitleSize);
        plot.XLabel(x, LabelSize);
        plot.YLabel(y, LabelSize);
        foreach (var axis in new IAxis[] { plot.Axes.Bottom, plot.Axes.Left })
        {
            axis.Label.Bold = false;
            axis.TickLabelStyle.FontSize = TickSize;
            axis.TickGenerator = new NumericAutomatic
            {
                TickDensity = 0.6,
                MinorTickGenerator = new EvenlySpacedMinorTickGenerator(1),
            };
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

    /// <summary>A plot that shows a legend and nothing else, to stand beside panels without covering a curve.</summary>
    internal static Plot LegendPlot(IEnumerable<LegendItem> items)
    {
        var plot = NewPlot("", "", "");
        plot.HideAxesAndGrid();
        plot.Layout.Frameless();
        plot.Legend.ManualItems.AddRange(items);
        plot.ShowLegend(Alignment.MiddleLeft);
        return plot;
    }

    /// <summary>A legend of lines in the colours of widths.</summary>
    internal static LegendItem[] Legend(IEnumerable<string> labels)
    {
        string[] all = [.. labels];
        return [.. all.Select((l, i) => Entry(l, OfWidth(i, all.Length), LimitWidth))];
    }

    internal static LegendItem GuideEntry(string label) => Entry(label, Guide, CurveWidth, LinePattern.Dashed);

    internal static LegendItem PointEntry(string label, Color color)
    {
        var entry = Entry(label, color, width: 0);
        (entry.MarkerShape, entry.MarkerColor, entry.MarkerSize) = (MarkerShape.FilledCircle, color, 8);
        return entry;
    }

    internal static LegendItem Entry(string label, Color color, float width, LinePattern? pattern = null) => new()
    {
        LabelText = label,
        LabelFontSize = LegendSize,
        LabelFontName = Font,
        LineColor = color,
        LineWidth = width,
        LinePattern = pattern ?? LinePattern.Solid,
    };
}
