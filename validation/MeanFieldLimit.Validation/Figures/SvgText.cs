using System.Xml.Linq;
using SkiaSharp;

namespace MeanFieldLimit.Validation.Figures;

/// <summary>
/// Text of an SVG for readers without its font. The canvas sets each letter at its place in one font, where those of
/// another stand apart or run into each other. Outlines in place of letters would fit, be ten times as large, and
/// neither be found nor read out; so a text stays one, in the first font of a list that there is, stretched to the
/// length that it has here, about its middle for programs that do not stretch.
/// </summary>
internal static class SvgText
{
    internal const string Fallback = "DejaVu Sans, Verdana, sans-serif";

    internal static void Settle(XElement svg)
    {
        foreach (var text in svg.Descendants(svg.Name.Namespace + "text"))
        {
            var family = text.Attribute("font-family")!.Value;
            var size = float.Parse(text.Attribute("font-size")!.Value, CultureInfo.InvariantCulture);
            using var typeface = SKTypeface.FromFamilyName(family);
            using var font = new SKFont(typeface, size);
            text.Value = text.Value.Trim();
            var length = font.MeasureText(text.Value);
            text.SetAttributeValue("font-family", family == "DejaVu Sans" ? Fallback : $"{family}, {Fallback}");
            text.SetAttributeValue("x", Places(First("x") + length / 2));
            text.SetAttributeValue("y", Places(First("y")));
            text.SetAttributeValue("text-anchor", "middle");
            text.SetAttributeValue("textLength", Places(length));
            text.SetAttributeValue("lengthAdjust", "spacingAndGlyphs");

            float First(string axis) =>
                float.Parse(text.Attribute(axis)!.Value.Split(',')[0], CultureInfo.InvariantCulture);
        }
    }

    private static string Places(float value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
