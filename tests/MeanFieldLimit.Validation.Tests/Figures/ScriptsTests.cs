using System.Text.RegularExpressions;
using MeanFieldLimit.Validation.Figures;
using SkiaSharp;

namespace MeanFieldLimit.Validation.Tests.Figures;

public partial class ScriptsTests
{
    private const string Digits = "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";

    [Theory]
    [InlineData("N^(-1/2)", "N\u207b\u00b9\u2044\u00b2")]
    [InlineData("fit N^(-0.457)", "fit N\u207b\u2070\u00b7\u2074\u2075\u2077")]
    [InlineData("E sup |W^N - W*|^2.", "E sup |W\u1d3a - W*|\u00b2.")]
    [InlineData("N^(beta - 1)", "N\u1d5d\u207b\u00b9")]
    [InlineData("y = x_1 + x_2^2 / 2", "y = x\u2081 + x\u2082\u00b2 / 2")]
    [InlineData("W2 and W_2", "W\u2082 and W\u2082")]
    [InlineData("dJ/dw_i, w_{i+1}(c, C)", "dJ/dw\u1d62, w\u1d62\u208a\u2081(c, C)")]
    [InlineData("1/sqrt(N), sqrt N, sqrt(log(N/delta))", "1/\u221aN, \u221aN, \u221a(log(N/delta))")]
    [InlineData("my_1.csv, WN2, a^b, 3^, W^NTK", "my_1.csv, WN2, a^b, 3^, W^NTK")]
    public void Exponents_indices_and_roots_are_printed_as_such(string plain, string expected)
    {
        Assert.Equal(expected, Scripts.Typeset(plain));
        Assert.Equal(expected, Scripts.Typeset(expected));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-300)]
    [InlineData(-2.5e-4)]
    [InlineData(1e-4)]
    [InlineData(0.001)]
    [InlineData(0.1 + 0.2)]
    [InlineData(-316.2)]
    [InlineData(10000)]
    [InlineData(1e5)]
    [InlineData(-1e16)]
    [InlineData(1.5e308)]
    public void A_number_reads_back_to_its_digits(double value)
    {
        var read = Read(Scripts.Number(value));
        Assert.True(Math.Abs(read - value) <= 6e-4 * Math.Abs(value), $"{value} is written {Scripts.Number(value)}");
        Assert.Matches("^-?[0-9]*(\\.[0-9]+)?(\u00d7?10[\u207b\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+)?$",
            Scripts.Number(value));
    }

    [Fact]
    public void The_font_of_figures_has_every_letter_that_scripts_need()
    {
        using var typeface = SKTypeface.FromFamilyName(FigureStyle.Font);
        Assert.Equal("", string.Concat(Scripts.Needed.Where(letter => typeface.GetGlyph(letter) == 0)));
    }

    /// <summary>What a reader takes a number for.</summary>
    internal static double Read(string text)
    {
        var raised = Raised().Match(text);
        if (!raised.Success) return double.Parse(text, CultureInfo.InvariantCulture);
        var power = string.Concat(raised.Groups[2].Value.Select(c => "-0123456789"[Digits.IndexOf(c)]));
        var mantissa = raised.Groups[1].Value switch { "" => "1", "-" => "-1", var digits => digits.TrimEnd('\u00d7') };
        return double.Parse($"{mantissa}e{power}", CultureInfo.InvariantCulture);
    }

    [GeneratedRegex($"^(.*)10([{Digits}]+)$")]
    private static partial Regex Raised();
}
