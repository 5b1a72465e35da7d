using System.Xml.Linq;
using MeanFieldLimit.Validation.Reports;

namespace MeanFieldLimit.Validation.Tests.Reports;

public class HtmlTests
{
    private static string ClassOf(string cell, params string[] others) =>
        Html.Numbers(["column"], [.. new[] { cell }.Concat(others).Select(c => new[] { c })])
            .Descendants("td").First().Attribute("class")!.Value;

    [Theory]
    [InlineData("12")]
    [InlineData("-0.457")]
    [InlineData("3.28e-4")]
    [InlineData("[-0.587, -0.327]")]
    [InlineData("0.328, 0.455, 0.345")]
    [InlineData("40 x 16")]
    [InlineData("95 %")]
    [InlineData("up to 1.00e-4")]
    [InlineData("-0.6 to -0.4")]
    [InlineData("2 or more")]
    public void A_cell_that_is_a_number_is_not_broken(string cell)
    {
        Assert.Equal("number", ClassOf(cell));
        Assert.Equal("number", ClassOf(cell, "-", ""));
        Assert.Equal("text short number", ClassOf(cell, "words"));
        Assert.Equal("number flag", ClassOf($"! {cell}"));
    }

    [Theory]
    [InlineData("N = 3", "text short")]
    [InlineData("1/sqrt N", "text short")]
    [InlineData("2 layers of neurons, and more", "text")]
    [InlineData("a sentence that is so long that it must be broken somewhere", "text long")]
    public void A_cell_of_words_is_text(string cell, string kind) => Assert.Equal(kind, ClassOf(cell));

    [Fact]
    public void A_long_table_is_folded_under_what_it_is_and_how_many_rows_it_has()
    {
        XElement[] Of(int rows) => [.. Sections.Table("Energy", ["t"],
            [.. Enumerable.Range(0, rows).Select(i => new[] { $"{i}" })], "What it is.")];
        Assert.Equal(["h2", "div", "p"], Of(Sections.MostRows).Select(e => e.Name.LocalName));
        var folded = Assert.Single(Of(Sections.MostRows + 1));
        Assert.Equal("details", folded.Name.LocalName);
        Assert.Null(folded.Attribute("open"));
        Assert.Equal("Energy: 13 rows", folded.Element("summary")!.Value);
        Assert.Equal(14, folded.Descendants("tr").Count());
    }

    [Fact]
    public void A_wide_table_scrolls_in_a_box_of_its_own()
    {
        var table = Html.Numbers(["a", "b"], [["1", "2"]]);
        Assert.Equal(("div", "scroll"), (table.Name.LocalName, table.Attribute("class")!.Value));
        Assert.Equal("table", table.Elements().Single().Name.LocalName);
    }

    [Fact]
    public void The_script_reads_the_same_for_browsers_and_for_readers_of_xml()
    {
        var text = Html.Page("page", [Html.Paragraph("1 < 2 && 3")]);
        var between = text[(text.IndexOf("<script>", StringComparison.Ordinal) + 8)..text.IndexOf("</script>",
            StringComparison.Ordinal)];
        // The marks of a section that XML does not escape stand behind //.
        Assert.StartsWith("//<![CDATA[\n", between, StringComparison.Ordinal);
        Assert.EndsWith("\n//]]>", between, StringComparison.Ordinal);
        Assert.Equal(between[12..^6].Trim(),
            XDocument.Parse(text).Descendants("script").Single().Value.Trim('/', '\n'));
    }
}
