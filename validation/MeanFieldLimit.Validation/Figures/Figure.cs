using System.Xml.Linq;
using MeanFieldLimit.Validation.Cells;
using ScottPlot;
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
    private static readonly PixelPadding Frame = new(92, 22, 60, 44);

    private readonly List<(Plot Plot, PixelRect Place)> cells = [];

    /// <summary>Why it cannot be drawn, a clause; null where it can.</summary>
    internal string? Obstacle { get; private init; }

    internal int PngHeight => (int)Math.Round((double)PngWidth * Height / Width);

    internal static Figure NotDrawn(string name, string obstacle) => new(name, "", 0, 0) { Obstacle = obstacle };

    internal static Figure NotDrawn(string name, double value) => NotDrawn(name,
        string.Create(CultureInfo.InvariantCulture, $"it has values of {value:0.0e0}, which no axis can show"));

    internal static Figure Of(string name, string caption, Plot plot)
    {
        var figure = new Figure(name, caption, 800, 600);
        plot.Layout.Fixed(Frame);
        figure.Add(plot, 0, 0, 800, 600);
        return figure;
    }

    /// <summary>
    /// A page with a grid of panels, row by row, of equal frames, and their common legend, if any, at the right.
    /// Without a value that has a place on its axes, or with one that no axis can show, it is not drawn.
    /// </summary>
    internal static Figure Of(
        string name, string caption, IReadOnlyList<Panel> panels, IReadOnlyList<LegendItem> legend)
    {
        if (panels.All(p => p.IsEmpty)) return NotDrawn(name, "no value in it has a place on its axes");
        if (panels.Select(p => p.Beyond).FirstOrDefault(v => v is not null) is { } beyond)
            return NotDrawn(name, beyond);
        // 66 for the line before a label, 9 for a letter, of which a wide one, as m, has 14.
        var legendWidth = legend.Count == 0 ? 0 : Math.Max(150, 66 + 9 * legend.Max(e => e.LabelText.Length));
        var columns = Math.Min(2, panels.Count);
        var rows = (panels.Count + columns - 1) / columns;
        var (width, height) = columns == 1 ? (650, 600) : (500, rows == 1 ? 460 : 430);
        var figure = new Figure(name, caption, columns * width + legendWidth, rows * height);
        for (var i = 0; i < panels.Count; i++)
        {
            var plot = panels[i].Finish();
            plot.Layout.Fixed(Frame);
            figure.Add(plot, i % columns * width, i / columns * height, width, height);
        }
        if (legend.Count > 0)
            figure.Add(FigureStyle.LegendPlot(legend), columns * width, 0, legendWidth, rows * height);
        return figure;
    }

    private void Add(Plot plot, float left, float top, float width, float height) =>
        cells.Add((plot, new PixelRect(left, left + width, top + height, top)));

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

    /// <summary>The figure as SVG. Its ids start with its name, so that several figures fit into one page.</summary>
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
        // Clearing to transparent comes out as a rectangle without fill, which is black; the white one over it
        // would leave a dark seam around every plot where the page is scaled.
        svg.Descendants().Where(e => e.Name.LocalName == "rect" && e.Parent!.Name.LocalName != "clipPath"
            && e.Attribute("fill") is null).Remove();
        svg.SetAttributeValue("viewBox", $"0 0 {Width} {Height}");
        foreach (var attribute in svg.DescendantsAndSelf().Attributes())
        {
            if (attribute.Name.LocalName == "id") attribute.Value = $"{Name}-{attribute.Value}";
            else if (attribute.Name.LocalName == "href" && attribute.Value.StartsWith('#'))
                attribute.Value = $"#{Name}-{attribute.Value[1..]}";
            else attribute.Value = attribute.Value.Replace("url(#", $"url(#{Name}-", StringComparison.Ordinal);
        }
        return svg;
    }

    private void Draw(SKCanvas canvas)
    {
        canvas.Clear(SKColors.White);
        foreach (var (plot, place) in cells)
        {
            // A plot first clears all of the canvas that it may draw on.
            canvas.Save();
            canvas.ClipRect(new SKRect(place.Left, place.Top, place.Right, place.Bottom));
            plot.Render(canvas, place);
            canvas.Restore();
        }
    }
}
