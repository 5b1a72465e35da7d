using System.Text;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Problems;

public class SyntaxTests
{
    [Theory]
    [InlineData("\"name\": \"gap\",", "\"name\": \"gap\"", 3, "$", "valid JSON|mend the syntax")]
    [InlineData("\"time\": 3", "\"time\": NaN", 14, "$.training.time", "finite|got NaN")]
    [InlineData("\"time\": 3", "\"time\": Infinity", 14, "$.training.time", "finite|got Infinity")]
    [InlineData("[0, -1]", "[0,\n-Infinity]", 5, "$.data.x[1][1]", "finite|got -Infinity")]
    [InlineData("[0, -1]", "[0, 1e999]", 4, "$.data.x[1][1]", "x must be a finite number, got 1e999|overflows|1.8e308")]
    [InlineData("[0, -1]", "[0, 1e-400]", 4, "$.data.x[1][1]", "x must be 0 or a number that is not read as 0, got 1e-400")]
    [InlineData("\"seeds\": 8", "\"seeds\": -0.01e-330", 20, "$.couple.seeds", "not read as 0, got -0.01e-330")]
    [InlineData("\"time\": 3", "\"time\": 3, \"loss\": \"huber\"", 14, "$.training.loss", "key 'loss'|once|line 14|keep one")]
    [InlineData("\"seeds\": 8", "\"seeds\": 8,\n\"widths\": [1]", 21, "$.couple.widths", "after line 19")]
    [InlineData("\"name\": \"gap\"", "\"name\": \"\\ud800\"", 2, "$.name", "Unicode|UTF-8")]
    [InlineData("\"widths\": [50, 100]", "\"widths\": [50, 100", 20, "$.couple.widths[3]", "valid JSON")]
    public void Broken_json_is_located(string old, string replacement, int line, string path, string fragments) =>
        Texts.Refused(Texts.With(old, replacement), line, path, fragments);

    [Theory]
    [InlineData("")]
    [InlineData("  \n ")]
    public void An_empty_file_is_refused(string text) =>
        Texts.Refused(text, 1, "$", "found it empty|start from an example");

    [Theory]
    [InlineData("[]", "the problem must be an object, found a list of 0")]
    [InlineData("null", "the problem must be an object, found null")]
    [InlineData("{} {}", "valid JSON")]
    [InlineData("{ // nothing\n", "valid JSON")]
    public void A_file_that_holds_no_object_is_refused(string text, string fragment) =>
        Assert.Contains(fragment, Texts.Refusal(text).Rule, StringComparison.Ordinal);

    [Fact]
    public void Comments_trailing_commas_and_a_byte_order_mark_are_allowed()
    {
        var text = "\uFEFF// about\r\n" + Texts.With("\"seeds\": 8 }", "/* eight */ \"seeds\": 8, },")
            .ReplaceLineEndings("\r\n");
        Assert.Equal(8, Texts.Parse(text).Problem.Couple.Seeds);
    }

    [Fact]
    public void Lines_are_counted_through_comments_and_carriage_returns()
    {
        var text = "/* a\n b */\n" + Texts.With("\"seeds\": 8", "\"seeds\": 0");
        Texts.Refused(text.ReplaceLineEndings("\r\n"), 22, "$.couple.seeds", "between 1 and 100000, got 0");
    }

    [Fact]
    public void Bytes_that_are_not_unicode_are_refused()
    {
        var bytes = Encoding.Latin1.GetBytes(Texts.With("gap", "\u00e9t\u00e9"));
        var e = Assert.Throws<ProblemException>(() => ProblemFile.Parse("a.json", bytes));
        Assert.Equal(2, e.Line);
    }

    [Fact]
    public void Zero_is_written_in_many_ways()
    {
        foreach (var zero in new[] { "0", "-0", "0.000", "0e-500", "-0.0E5", "5e-324" })
            Texts.Parse(Texts.With("[0, -1]", $"[{zero}, -1]"));
    }

    [Fact]
    public void Text_in_another_encoding_is_refused_by_name()
    {
        string Refusal(Encoding encoding, bool mark) => Assert.Throws<ProblemException>(() => ProblemFile.Parse("a.json",
            [.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes(Texts.With("gap", "gap"))])).Message;
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            Assert.Contains("must be UTF-8, found UTF-16 (by its byte order mark)", Refusal(encoding, true));
            Assert.Contains("must be UTF-8, found UTF-16 (by the zeros in it)", Refusal(encoding, false));
        }
        Assert.Contains("must be UTF-8, found UTF-32", Refusal(Encoding.UTF32, true));
    }

    [Fact]
    public void A_key_with_a_line_break_keeps_the_message_on_one_line()
    {
        var e = Texts.Refusal(Texts.With("\"name\"", "\"na\\nme\""));
        Assert.Contains("did you mean 'name'", e.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_key_or_name_is_cut_in_the_message()
    {
        var name = new string('x', 100_000);
        Assert.InRange(Texts.Refusal(Texts.With("\"name\"", $"\"{name}\"")).Message.Length, 1, 400);
        Assert.InRange(Texts.Refusal(Texts.With("\"tanh\"", $"\"{name}\"")).Message.Length, 1, 400);
    }

    [Fact]
    public void Deep_nesting_is_refused() =>
        Assert.Contains("valid JSON", Texts.Refusal(new string('[', 100)).Rule, StringComparison.Ordinal);

    [Fact]
    public void A_missing_file_and_a_folder_are_refused_by_name()
    {
        var missing = Assert.Throws<ProblemException>(() => ProblemFile.Read("no-such-file.json"));
        Assert.StartsWith("no-such-file.json: a problem file must be a readable file, found none at ", missing.Message,
            StringComparison.Ordinal);
        Assert.Equal(0, missing.Line);
        var folder = Assert.Throws<ProblemException>(() => ProblemFile.Read(Path.GetTempPath()));
        Assert.Contains("found a folder; check the path", folder.Message, StringComparison.Ordinal);
    }
}
