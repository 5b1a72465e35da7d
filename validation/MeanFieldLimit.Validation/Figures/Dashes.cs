using System.Xml.Linq;
using ScottPlot;

namespace MeanFieldLimit.Validation.Figures;

/// <summary>
/// Dashed lines of an SVG. The SVG canvas cannot draw them: it draws them solid and complains on standard error. So
/// they are taken out before and put back into the SVG by their colour, which no solid line of the figure may share.
/// </summary>
internal sealed class Dashes
{
    private readonly Dictionary<string, string> arrays = [];
    private readonly List<(LineStyle Line, LinePattern Pattern)> lines = [];

    /// <summary>Makes all lines of the plots and of their legends solid.</summary>
    internal static Dashes Remove(IEnumerable<Plot> plots)
    {
        var dashes = new Dashes();
        foreach (var plot in plots)
        {
            foreach (var line in plot.GetPlottables().OfType<IHasLine>()) dashes.Remove(line.LineStyle);
            foreach (var item in plot.Legend.ManualItems) dashes.Remove(item.LineStyle);
        }
        return dashes;
    }

    /// <summary>
    /// Dashes the lines of their colours in <paramref name="svg"/>, and the lines of the plots again.
    /// </summary>
    internal void Restore(XElement svg)
    {
        foreach (var element in svg.Descendants())
            if (element.Attribute("stroke")?.Value is ['#', ..] stroke
                && arrays.TryGetValue(Color.FromHex(stroke).ToHex(), out var array))
                element.SetAttributeValue("stroke-dasharray", array);
        foreach (var (line, pattern) in lines) line.Pattern = pattern;
    }

    private void Remove(LineStyle line)
    {
        if (line.Pattern.Name == LinePattern.Solid.Name) return;
        lines.Add((line, line.Pattern));
        arrays[line.Color.ToHex()] = line.Pattern.Name == LinePattern.Dotted.Name ? "3 5" : "10 8";
        line.Pattern = LinePattern.Solid;
    }
}
