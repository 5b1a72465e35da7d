using System.Xml.Linq;
using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Reports;

/// <summary>A moving picture: figures in one frame at several times, and a slider that shows one of them.</summary>
internal static class Frames
{
    // Without it the first and the last are there, one above the other.
    private const string Show = "for (const f of this.closest('figure').querySelectorAll('[data-frame]')) " +
        "f.style.display = f.dataset.frame == this.value ? '' : 'none'";

    /// <summary>None where one of them cannot be drawn.</summary>
    internal static IEnumerable<XElement> Section(IReadOnlyList<Figure> frames)
    {
        if (frames.Count == 0 || frames.Any(f => f.Obstacle is not null)) yield break;
        yield return Html.Heading("Neurons in time");
        yield return new("figure", frames.Select((frame, k) =>
            {
                var svg = frame.Svg();
                svg.SetAttributeValue("role", "img");
                svg.SetAttributeValue("aria-label", frame.Caption);
                svg.SetAttributeValue("data-frame", k);
                if (k > 0 && k < frames.Count - 1) svg.SetAttributeValue("style", "display: none");
                return svg;
            }),
            new XElement("input", new XAttribute("type", "range"), new XAttribute("aria-label", "time"),
                new XAttribute("min", 0), new XAttribute("max", frames.Count - 1), new XAttribute("value", 0),
                new XAttribute("style", "width: 100%"), new XAttribute("oninput", Show)),
            new XElement("figcaption", frames[0].Caption));
    }
}
