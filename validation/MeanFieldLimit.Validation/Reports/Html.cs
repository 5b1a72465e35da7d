using System.Xml;
using System.Xml.Linq;

namespace MeanFieldLimit.Validation.Reports;

/// <summary>
/// Pages as XML trees: text is escaped by construction, and the page is well-formed for XML readers and browsers alike.
/// </summary>
internal static class Html
{
    // No character that XML would escape may stand in it.
    private const string Css = """

        :root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --soft: #57606a;
          --line: #d0d7de; --mark: #eef4fb; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e6edf3; --paper: #14181d; --soft: #9aa5b1; --line: #3a434d; --mark: #1d2a38; }
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
        table.numbers th, table.numbers td { text-align: right; font-variant-numeric: tabular-nums; }
        table.numbers .text { text-align: left; }
        .flag { color: #c2410c; font-weight: 600; }
        figure { margin: 1.5rem 0; }
        figure svg { width: 100%; height: auto; background: #ffffff; border-radius: 6px; }
        code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }

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
            new XElement("body", body));
        return "<!DOCTYPE html>\n" + page + "\n";
    }

    internal static XElement Heading(string text) => new("h2", text);

    internal static XElement Paragraph(string text, string? kind = null) =>
        new("p", kind is null ? null : new XAttribute("class", kind), Clean(text));

    /// <summary>A table of names and what they are.</summary>
    internal static XElement Settings(IEnumerable<(string Name, string Value)> rows) => Scrolled(new("table",
        rows.Select(r =>
            new XElement("tr", new XElement("th", new XAttribute("scope", "row"), r.Name), Cell("td", r.Value)))));

    /// <summary>A table of numbers under a row of headers; cells that start with "!" are flags.</summary>
    internal static XElement Numbers(IEnumerable<string> headers, IEnumerable<IEnumerable<string>> rows)
    {
        string[][] cells = [.. rows.Select(r => r.ToArray())];
        // Columns of words stand at the left.
        bool IsText(int column) => !cells.Any(r => r[column] is [(>= '0' and <= '9') or '-' or '[' or '!', ..]);
        return Scrolled(new("table",
            new XAttribute("class", "numbers"),
            new XElement("tr", headers.Select((h, j) => Cell("th", h, IsText(j)))),
            cells.Select(row => new XElement("tr", row.Select((c, j) => Cell("td", c, IsText(j)))))));
    }

    /// <summary>A figure with its caption.</summary>
    internal static XElement Figure(XElement svg, string caption)
    {
        var inline = new XElement(svg);
        inline.SetAttributeValue("role", "img");
        inline.SetAttributeValue("aria-label", caption);
        return new("figure", inline, new XElement("figcaption", caption));
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

    private static XElement Cell(string kind, string text, bool isText = false) => text.StartsWith('!')
        ? new(kind, new XAttribute("class", "flag"), Clean(text[1..]))
        : new(kind, isText ? new XAttribute("class", "text") : null, Clean(text));

    private static XElement Scrolled(XElement table) => new("div", new XAttribute("class", "scroll"), table);
}
