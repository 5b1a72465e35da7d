using System.Xml.Linq;
using ScottPlot;

namespace MeanFieldLimit.Validation.Figures;

/// <summary>
/// Dashed lines of an SVG. The SVG canvas cannot draw them: it draws them solid and complains on standard error. So
/// they are taken out before and put back into the SVG by their colour, which no solid line of the figure may share.
/// </summary>
internal sealed class Dashes
{
    private readonly (LineStyle Line, LinePattern Pattern)[] lines;

    /// <summary>Makes all lines of the plots and of their legends solid.</summary>
    internal Dashes(IEnumerable<Plot> plots)
    {
        lines = [.. plots.SelectMany(plot => plot.GetPlottables().OfType<IHasLine>().Select(p => p.LineStyle)
                .Concat(plot.Legend.ManualItems.Select(item => item.LineStyle)))
            .Where(line => line.Pattern.Name != LinePattern.Solid.Name).Select(line => (line, line.Pattern))];
        foreach (var (line, _) in lines) line.Pattern = LinePattern.Solid;
    }

    /// <summary>Dashes the lines of their colours in <paramref name="svg"/> and the lines of the plots again.</summary>
    internal void Restore(XElement svg)
    {
        var dashed = lines.ToLookup(l => l.Line.Color.ToHex(),
            l => l.Pattern.Name == LinePattern.Dotted.Name ? "3 5" : "10 8");
        foreach (var element in svg.Descendants())
            if (element.Attribute("stroke")?.Value is ['#', ..] stroke
                && dashed[Color.FromHex(stroke).ToHex()].LastOrDefault() is { } array)
                element.SetAttributeValue("stroke-dasharray", array);
        foreach (var (line, pattern) in lines) line.Pattern = pattern;
    }
}
