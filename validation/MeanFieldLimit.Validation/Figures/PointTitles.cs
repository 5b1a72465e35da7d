using System.Xml.Linq;
using ScottPlot;
using Coordinates = ScottPlot.Coordinates;

namespace MeanFieldLimit.Validation.Figures;

/// <summary>Points of a curve, or markers, that tell their values.</summary>
internal sealed record Trace(Color Color, Coordinates[] Points, bool IsMarked);

/// <summary>
/// Circles over an SVG that are not drawn: their titles, the values of a point, are shown by browsers where the pointer
/// rests on them, and read by the script of reports.
/// </summary>
internal static class PointTitles
{
    internal const string Class = "values";

    // Of a curve; a cloud with more has no values to be read.
    private const int MostPoints = 40, MostMarkers = 100, Radius = 5;

    /// <summary>The values of a panel that was just drawn.</summary>
    internal static XElement Of(XNamespace svg, Panel panel, Plot plot, IReadOnlyList<LegendItem> legend)
    {
        var frame = plot.RenderManager.LastRender.DataRect;
        // Where points are marked, a line of their colour is fitted to them or joins them up.
        var marked = panel.Traces.Where(t => t.IsMarked).Select(t => t.Color).ToHashSet();
        return new(svg + "g", new XAttribute("class", Class),
            new XAttribute("data-left", Places(frame.Left)), new XAttribute("data-bottom", Places(frame.Bottom)),
            panel.Traces.Where(t => t.IsMarked ? t.Points.Length <= MostMarkers : !marked.Contains(t.Color))
                .SelectMany(t => Shown(t).Select(p => Circle(t.Color, p))));

        XElement Circle(Color color, Coordinates point)
        {
            var pixel = plot.GetPixel(point);
            return new(svg + "circle", new XAttribute("cx", Places(pixel.X)), new XAttribute("cy", Places(pixel.Y)),
                new XAttribute("r", Radius), new XAttribute("fill", "none"),
                new XAttribute("pointer-events", "all"),
                new XElement(svg + "title", string.Join('\n', new[]
                {
                    Label(color), $"{panel.X.Label}: {Scripts.Number(panel.X.Of(point.X))}",
                    $"{panel.Y.Label}: {Scripts.Number(panel.Y.Of(point.Y))}",
                }.Where(line => line.Length > 0))));
        }

        // Of two entries of one colour it is not known which.
        string Label(Color color) =>
            legend.Where(e => e.LineColor == color).ToArray() is [var only] ? only.LabelText : "";
    }

    private static IEnumerable<Coordinates> Shown(Trace trace) => trace.IsMarked || trace.Points.Length <= MostPoints
        ? trace.Points
        : Enumerable.Range(0, MostPoints).Select(i => trace.Points[i * (trace.Points.Length - 1) / (MostPoints - 1)]);

    private static string Places(float value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
