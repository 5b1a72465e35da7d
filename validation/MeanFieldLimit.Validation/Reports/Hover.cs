using System.Xml.Linq;
using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Reports;

/// <summary>
/// The script of a page that shows the values at the point of a figure nearest to the pointer, with lines to both axes.
/// Without it browsers show the titles of the points.
/// </summary>
internal static class Hover
{
    private const string Text = $$"""

        for (const svg of document.querySelectorAll("figure svg")) {
          const points = [...svg.querySelectorAll("g.{{PointTitles.Class}} > circle")].map(circle => {
            const title = circle.querySelector("title"), text = title.textContent;
            title.remove();
            return { x: +circle.getAttribute("cx"), y: +circle.getAttribute("cy"), text, ...circle.parentNode.dataset };
          });
          if (points.length === 0) continue;
          const cross = document.createElementNS(svg.namespaceURI, "path");
          cross.setAttribute("fill", "none");
          cross.setAttribute("stroke", "#767676");
          svg.append(cross);
          const figure = svg.closest("figure"), box = document.createElement("div");
          box.className = "{{PointTitles.Class}}";
          box.hidden = true;
          figure.append(box);
          const show = event => {
            const toPage = svg.getScreenCTM();
            const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(toPage.inverse());
            const distance = p => Math.hypot(p.x - at.x, p.y - at.y);
            const nearest = points.reduce((a, b) => distance(b) < distance(a) ? b : a);
            if (distance(nearest) > 60) return hide();
            const { x, y, left, bottom, text } = nearest;
            cross.setAttribute("d", `M${left} ${y}H${x}V${bottom}M${x - 6} ${y}a6 6 0 1 0 12 0a6 6 0 1 0 -12 0`);
            box.textContent = text;
            box.hidden = false;
            const page = new DOMPoint(x, y).matrixTransform(toPage), frame = figure.getBoundingClientRect();
            box.style.left = `${Math.max(0, Math.min(page.x - frame.left + 12, frame.width - box.offsetWidth))}px`;
            box.style.top = `${page.y - frame.top - box.offsetHeight - 12}px`;
          };
          const hide = () => { box.hidden = true; cross.setAttribute("d", ""); };
          svg.addEventListener("pointermove", show);
          svg.addEventListener("pointerdown", show);
          svg.addEventListener("pointerleave", hide);
        }
        //
        """;

    // Browsers read a script as it stands, XML readers escape it but for this.
    internal static XElement Script() => new("script", "//", new XCData(Text));
}
