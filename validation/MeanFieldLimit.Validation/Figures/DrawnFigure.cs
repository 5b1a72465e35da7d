using System.Xml.Linq;
using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Validation.Figures;

/// <summary>A figure as it is written, or why there is none.</summary>
internal sealed record DrawnFigure(string Name, string Caption, string? Obstacle, string Svg, byte[] Png)
{
    internal static DrawnFigure Of(Figure figure)
    {
        if (figure.Obstacle is { } obstacle) return new(figure.Name, figure.Caption, obstacle, "", []);
        using var png = new MemoryStream();
        figure.WritePng(png);
        return new(figure.Name, figure.Caption, null, figure.Svg().ToString(SaveOptions.DisableFormatting), png.ToArray());
    }

    /// <summary>Writes it as PNG and SVG into the folder figures.</summary>
    internal void Write(RunFolder folder)
    {
        if (Obstacle is not null) return;
        folder.Write($"figures/{Name}.png", stream => stream.Write(Png));
        folder.WriteText($"figures/{Name}.svg", writer => writer.Write(Svg));
    }
}
