using System.Xml.Linq;
using MeanFieldLimit.Validation.Cells;
using ScottPlot;
using ScottPlot.Rendering.RenderActions;
using SkiaSharp;

namespace MeanFieldLimit.Validation.Figures;

/// <summary>A figure as it is written, or why there is none.</summary>
internal sealed record DrawnFigure(string Name, string Caption, string? Obstacle, string Svg, byte[] Png)
{
    internal static DrawnFigure Of(Figure figure)
    {
        if (figure.Obstacle is { } obstacle) return new(figure.Name, figure.Caption, obstacle, "", []);
        using var png = new MemoryStream();
        figure.WritePng(png);
        var svg = figure.Svg().ToString(SaveOptions.DisableFormatting);
        return new(figure.Name, figure.Caption, null, svg, png.ToArray());
    }

    internal void Write(ReportFolder folder)
    {
        if (Obstacle is not null) return;
        folder.Write($"figures/{Name}.png", stream => stream.Write(Png));
        folder.WriteText($"figures/{Name}.svg", writer => writer.Write(Svg));
    }
}

/// <summary>A page of plots, drawn as PNG or SVG; a letter is 14 high in the units of width and height.</summary>
/// <param name="Name">The name of its files.</param>
/// <param name="Caption">What is plotted.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
public sealed record Figure(string Name, string Caption, int Width, int Height)
{
    internal const int PngWidth = 1200;

    // The same in every panel, so that frames line up; measured layouts differ with the labels of the ticks.
    private const int Left = 92, Right = 22, RightOfMap = 128, Bottom = 60, Top = 16, TopWithTitle = 44;

    // Of a legend: a row, a line and the gaps before and after its label, and the space around all.
    private const int Row = 22, Symbol = 92, Margin = 12;

    private readonly List<Cell> cells = [];
    private IReadOnlyList<LegendItem> legend = [];

    /// <summary>A plot in its place; a legend is of no panel.</summary>
    private sealed record Cell(Plot Plot, PixelRect Place, Panel? Panel);

    /// <summary>Why it cannot be drawn, a clause; null where it can.</summary>
    internal string? Obstacle { get; private init; }

    internal int PngHeight => (int)Math.Round((double)PngWidth * Height / Width);

    internal static Figure NotDrawn(string name, string obstacle) => new(name, "", 0, 0) { Obstacle = obstacle };

    internal static Figure NotDrawn(string name, double value) => NotDrawn(name,
        string.Create(CultureInfo.InvariantCulture, $"it has values of {value:0.0e0}, which no axis can show"));

    /// <summary>
    /// A page with a grid of panels, row by row, of equal frames, and their common legend, if any, beneath.
    /// Without a value that has a place on its axes, or with one that no axis can show, it is not drawn.
    /// </summary>
    internal static Figure Of(
        string name, string caption, IReadOnlyList<Panel> panels, IReadOnlyList<LegendItem> legend)
    {
        if (panels.All(p => p.IsEmpty)) return NotDrawn(name, "no value in it has a place on its axes");
        if (panels.Select(p => p.Beyond).FirstOrDefault(v => v is not null) is { } beyond)
            return NotDrawn(name, beyond);
        var columns = Math.Min(2, panels.Count);
        var rows = (panels.Count + columns - 1) / columns;
        var isMap = panels.Any(p => p.IsMap);
        var (right, top) = (isMap ? RightOfMap : Right, panels.Any(p => p.Title.Length > 0) ? TopWithTitle : Top);
        var (width, height) = columns == 1 ? (Left + (isMap ? 360 : 440) + right, top + 350 + Bottom)
            : (Left + 390 + right, top + 300 + Bottom);
        var entry = legend.Count == 0 ? 0
            : Symbol + (int)Math.Ceiling(legend.Max(e => FigureStyle.LengthInLegend(e.LabelText)));
        var page = Math.Max(columns * width, entry);
        var down = legend.Count == 0 ? 0 : (legend.Count - 1) / Math.Max(1, page / entry) + 1;
        var figure = new Figure(name, Scripts.Typeset(caption), page,
            rows * height + (down == 0 ? 0 : down * Row + 2 * Margin))
        {
            legend = legend,
        };
        for (var i = 0; i < panels.Count; i++)
        {
            var plot = panels[i].Finish();
            plot.Layout.Fixed(new PixelPadding(Left, right, Bottom, top));
            figure.Add(plot, i % columns * width, i / columns * height, width, height, panels[i]);
        }
        foreach (var (i, part) in legend.Chunk(Math.Max(1, down)).Index())
            figure.Add(FigureStyle.LegendPlot(part), i * entry, rows * height, entry, down * Row + 2 * Margin);
        return figure;
    }

    private void Add(Plot plot, float left, float top, float width, float height, Panel? panel = null)
    {
        // It would clear all of the canvas: around its place that leaves a dark seam.
        plot.RenderManager.RenderActions.RemoveAll(action => action is ClearCanvas);
        cells.Add(new(plot, new PixelRect(left, left + width, top + height, top), panel));
    }

    /// <summary>Writes it as PNG, 1200 pixels wide.</summary>
    public void WritePng(Stream stream)
    {
        using var surface = SKSurface.Create(new SKImageInfo(PngWidth, PngHeight));
        surface.Canvas.Scale((float)PngWidth / Width);
        Draw(surface.Canvas);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        data.SaveTo(stream);
    }

    /// <summary>
    /// The figure as SVG, with the values of its points as their titles. Its ids start with its name, so that several
    /// figures fit into one page.
    /// </summary>
    public XElement Svg()
    {
        // The first time a plot draws itself twice, as its layout settles: in an SVG both would stay.
        using (var nowhere = new SKNoDrawCanvas(Width, Height)) Draw(nowhere);
        using var stream = new MemoryStream();
        var dashes = new Dashes(cells.Select(c => c.Plot));
        using (var canvas = SKSvgCanvas.Create(SKRect.Create(Width, Height), stream)) Draw(canvas);
        stream.Position = 0;
        var svg = XElement.Load(stream);
        dashes.Restore(svg);
        // Cells of a map have edges.
        foreach (var image in svg.Descendants(svg.Name.Namespace + "image"))
            image.SetAttributeValue("style", "image-rendering: pixelated");
        SvgText.Settle(svg);
        svg.Add(cells.Where(c => c.Panel is not null)
            .Select(c => PointTitles.Of(svg.Name.Namespace, c.Panel!, c.Plot, legend)));
        svg.SetAttributeValue("viewBox", $"0 0 {Width} {Height}");
        // Skia numbers them over all figures of a process.
        var ids = svg.Descendants().Attributes("id").Select((a, n) => (a.Value, n)).ToDictionary();
        string Own(string id) => $"{Name}-{ids[id]}";
        foreach (var attribute in svg.DescendantsAndSelf().Attributes())
        {
            if (attribute.Name.LocalName == "id") attribute.Value = Own(attribute.Value);
            else if (attribute.Name.LocalName == "href" && attribute.Value.StartsWith('#'))
                attribute.Value = $"#{Own(attribute.Value[1..])}";
            else if (attribute.Value.StartsWith("url(#", StringComparison.Ordinal))
                attribute.Value = $"url(#{Own(attribute.Value[5..^1])})";
        }
        return svg;
    }

    private void Draw(SKCanvas canvas)
    {
        canvas.Clear(SKColors.White);
        foreach (var (plot, place, _) in cells)
        {
            canvas.Save();
            canvas.ClipRect(new SKRect(place.Left, place.Top, place.Right, place.Bottom));
            plot.Render(canvas, place);
            canvas.Restore();
        }
    }
}
