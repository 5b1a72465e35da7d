using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Reports;

/// <summary>
/// Pages as XML trees: text is escaped by construction, and the page is well-formed for XML readers and browsers alike.
/// </summary>
internal static partial class Html
{
    // Of the width in units of the figure, where a letter is 14 high.
    private const double Least = 0.6, Most = 1.2;

    // A figure with more than one column of panels, which takes the whole width of the page.
    private const double Wide = 700;

    // Letters of a cell that is to have some width, and of one that is not broken.
    private const int LongText = 40, ShortText = 20;

    // No character that XML would escape may stand in it.
    private const string Css = """

        :root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --soft: #57606a;
          --line: #d0d7de; --mark: #eef4fb; --flag: #c2410c; }
        @media screen and (prefers-color-scheme: dark) {
          :root { --ink: #e6edf3; --paper: #14181d; --soft: #9aa5b1;
            --line: #3a434d; --mark: #1d2a38; --flag: #ff9466; }
        }
        body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
          max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.7rem; margin-bottom: .3rem; }
        h2 { font-size: 1.2rem; margin-top: 2.2rem; border-bottom: 1px solid var(--line); }
        .soft, figcaption { color: var(--soft); }
        .headline { background: var(--mark); padding: .8rem 1rem; border-radius: 6px; font-size: 1.1rem; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; }
        th, td { padding: .25rem .9rem .25rem 0; text-align: left; vertical-align: top;
          border-bottom: 1px solid var(--line); }
        th { vertical-align: bottom; }
        th[scope] { vertical-align: top; }
        th[scope] + td { overflow-wrap: anywhere; }
        .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
        .text { text-align: left; }
        .short { white-space: nowrap; }
        th.number, th.short { white-space: normal; }
        .long { min-width: 14rem; }
        a { color: inherit; }
        .flag { color: var(--flag); font-weight: 600; }
        details { margin-top: 2.2rem; }
        summary { cursor: pointer; font-weight: 600; font-size: 1.2rem; }
        .figures { display: grid; grid-auto-flow: dense; gap: 1.5rem; margin: 1.5rem 0; align-items: start;
          grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem), 1fr)); }
        .wide { grid-column: 1 / -1; }
        figure { margin: 0; min-width: 0; position: relative; }
        figure svg { width: 100%; height: auto; background: #ffffff; border-radius: 6px; display: block; }
        figcaption { max-width: 44rem; margin-top: .4rem; font-size: .92rem; }
        div.values { position: absolute; z-index: 1; pointer-events: none; white-space: pre; font-size: .85rem;
          line-height: 1.3; padding: .3rem .5rem; border: 1px solid var(--line); border-radius: 4px;
          color: var(--ink); background: var(--paper); }
        code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
        @media print {
          body { max-width: none; margin: 0; }
          figure, tr { break-inside: avoid; }
          h2, h3 { break-after: avoid; }
          .scroll { overflow: visible; }
        }

        """;

    /// <summary>The page, ready to be written.</summary>
    internal static string Page(string title, IEnumerable<XElement> body)
    {
        var page = new XElement("html", new XAttribute("lang", "en"),
            new XElement("head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta", new XAttribute("name", "viewport"),
                    new XAttribute("content", "width=device-width, initial-scale=1")),
                new XElement("title", Clean(title)),
                new XElement("style", Css)),
            new XElement("body", body, Hover.Script()));
        return "<!DOCTYPE html>\n" + page + "\n";
    }

    internal static XElement Heading(string text, string? id = null) =>
        new("h2", id is null ? null : new XAttribute("id", id), text);

    internal static XElement Paragraph(string text, string? kind = null) =>
        new("p", kind is null ? null : new XAttribute("class", kind), Clean(Scripts.Typeset(text)));

    /// <summary>What is folded under a line of text until the reader opens it.</summary>
    internal static XElement Folded(string summary, IEnumerable<XElement> content) =>
        new("details", new XElement("summary", summary), content);

    /// <summary>A table of names and what they are.</summary>
    internal static XElement Settings(IEnumerable<(string Name, string Value)> rows) => Scrolled(new("table",
        rows.Select(r =>
            new XElement("tr", new XElement("th", new XAttribute("scope", "row"), r.Name), Cell("td", r.Value)))));

    /// <summary>A table of numbers under a row of headers; cells that start with "!" are flags.</summary>
    internal static XElement Numbers(IEnumerable<string> headers, IEnumerable<IEnumerable<string>> rows)
    {
        string[][] cells = [.. rows.Select(r => r.ToArray())];
        string Kind(int column)
        {
            string[] said = [.. cells.Select(r => r[column]).Where(c => c is not ("" or "-"))];
            return said.Length > 0 && said.All(Numeric().IsMatch) ? "number"
                : said.Select(c => c.Length).DefaultIfEmpty().Max() switch
                {
                    > LongText => "text long",
                    <= ShortText => "text short",
                    _ => "text",
                };
        }

        string[] kinds = [.. headers.Select((_, j) => Kind(j))];
        return Scrolled(new("table",
            new XElement("tr", headers.Select((h, j) => Cell("th", h, kinds[j]))),
            cells.Select(row => new XElement("tr", row.Select((c, j) =>
                Cell("td", c, kinds[j] != "number" && Numeric().IsMatch(c) ? $"{kinds[j]} number" : kinds[j]))))));
    }

    /// <summary>
    /// A figure with its caption, at most a fifth larger than its letters ask for; where the page is narrower than
    /// they can be read at, it scrolls in its own box.
    /// </summary>
    internal static XElement Figure(XElement svg, string caption)
    {
        var inline = new XElement(svg);
        inline.SetAttributeValue("role", "img");
        inline.SetAttributeValue("aria-label", caption);
        var width = double.Parse(svg.Attribute("width")!.Value, CultureInfo.InvariantCulture);
        inline.SetAttributeValue("style", string.Create(CultureInfo.InvariantCulture,
            $"min-width: {Least * width:0}px; max-width: {Most * width:0}px"));
        return new("figure", width > Wide ? new XAttribute("class", "wide") : null, Scrolled(inline),
            new XElement("figcaption", caption));
    }

    /// <summary>The text without characters that XML has no way to write, which a JSON string may have.</summary>
    internal static string Clean(string text)
    {
        var clean = text.ToCharArray();
        for (var i = 0; i < clean.Length; i++)
            if (i + 1 < clean.Length && XmlConvert.IsXmlSurrogatePair(clean[i + 1], clean[i])) i++;
            else if (!XmlConvert.IsXmlChar(clean[i])) clean[i] = '\uFFFD';
        return new(clean);
    }

    private static XElement Cell(string tag, string text, string? kind = null)
    {
        var isFlag = text.StartsWith('!');
        var classes = string.Join(' ', new[] { kind, isFlag ? "flag" : null }.OfType<string>());
        if (kind is not null) text = Scripts.Typeset(text);
        return new(tag, classes.Length > 0 ? new XAttribute("class", classes) : null,
            Clean(isFlag ? text[1..] : text));
    }

    // A number, an interval, some numbers, or a bound: "up to 0.1", "1 to 2", "3 or more".
    [GeneratedRegex(@"^!? *(up to )?\[?-?[0-9][-0-9.,e+%/x\] ]*(to -?[0-9][-0-9.e+]*|or more|or less)?$")]
    private static partial Regex Numeric();

    private static XElement Scrolled(XElement wide) => new("div", new XAttribute("class", "scroll"), wide);
}
