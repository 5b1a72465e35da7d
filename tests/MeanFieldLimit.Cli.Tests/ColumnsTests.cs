using System.Text.RegularExpressions;

namespace MeanFieldLimit.Cli.Tests;

/// <summary>Terminals of few columns.</summary>
public sealed partial class ColumnsTests : IDisposable
{
    private const int Narrow = 44;
    private readonly Mfl mfl = new();

    public void Dispose() => mfl.Dispose();

    [Theory]
    [InlineData("one two three", "one two\n  three")]
    [InlineData("one two", "one two")]
    [InlineData("runs/a-folder-of-a-long-name is it", "runs/a-folder-of-a-long-name\n  is it")]
    [InlineData("  a-word-that-is-long b", "  a-word-that-is-long\n  b")]
    [InlineData("a b\nlonger lines here", "a b\nlonger\n  lines\n  here")]
    [InlineData("", "")]
    public void Long_lines_are_broken_between_words_and_no_word_is_lost(string text, string expected) =>
        Assert.Equal(expected, Columns.Wrap(text, width: 8, hanging: 2));

    [Theory]
    [InlineData("--help")]
    [InlineData("couple --help")]
    [InlineData("example")]
    [InlineData("check --list")]
    [InlineData("check balance --small --out run")]
    [InlineData("couple --widths 20,40 --seeds 2 --set limit.predict.draws=4 --set training.time=0.5 --out run")]
    [InlineData("step --widths 10 --seeds 2 --set limit.predict.draws=4 --set training.time=0.5 --out run")]
    public void Nothing_is_wider_than_a_narrow_terminal(string command)
    {
        foreach (var narrow in new[] { $"stty cols {Narrow}; ", $"stty cols 100; COLUMNS={Narrow} " })
        {
            var (code, output, _) =
                mfl.Shell($"TERM=xterm script -qec \"{narrow}MFL {command}\" /dev/null && rm -rf run");
            Assert.Equal(0, code);
            var lines = Codes().Replace(output, "").Split('\n', '\r');
            Assert.Contains(lines, line => line.Length > Narrow / 2);
            Assert.All(lines, line => Assert.InRange(line.TrimEnd().Length, 0, Narrow));
        }
    }

    [GeneratedRegex(@"\x1b(\[[0-9;?]*[a-zA-Z]|=)")]
    private static partial Regex Codes();
}
