using System.Text.RegularExpressions;

namespace MeanFieldLimit.Validation.Figures;

/// <summary>Exponents, indices and roots as they are printed: N^(-1/2), W2, x_1, sqrt(N) and 1e-4.</summary>
internal static partial class Scripts
{
    private const string Plain = "0123456789+-./N\u03b2", PlainIndex = "0123456789+-ij";

    internal const string Raised =
        "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207a\u207b\u00b7\u2044\u1d3a\u1d5d";

    internal const string Lowered =
        "\u2080\u2081\u2082\u2083\u2084\u2085\u2086\u2087\u2088\u2089\u208a\u208b\u1d62\u2c7c";

    /// <summary>What a typeface must have beside the letters of English.</summary>
    internal const string Needed = Raised + Lowered + "\u221a\u00d7\u0177\u03b2\u03b3\u03b4\u03b5\u03c3\u2264";

    /// <summary>
    /// The text with raised exponents (numbers, N and beta), lowered indices of single letters, and roots.
    /// </summary>
    internal static string Typeset(string text)
    {
        text = Root().Replace(text.Replace("^(beta", "^(\u03b2", StringComparison.Ordinal), "\u221a$1");
        text = Wasserstein().Replace(text, "W_$1");
        text = Index().Replace(text, m => m.Groups[1].Value + Map(m, PlainIndex, Lowered));
        return Exponent().Replace(text, m => Map(m, Plain, Raised));
    }

    /// <summary>0.002, 300, 10 to the power -4, 2.5 times that: so many digits.</summary>
    internal static string Number(double value, int digits = 4, double least = 1e-3)
    {
        var invariant = CultureInfo.InvariantCulture;
        if (value == 0 || (Math.Abs(value) >= 0.9999 * least && Math.Abs(value) < 1e5))
        {
            var rounded = double.Parse(value.ToString($"G{digits}", invariant), invariant);
            return rounded.ToString("0.###############", invariant);
        }
        if (!double.IsFinite(value)) return value.ToString(invariant);
        var parts = value.ToString($"0.{new string('#', digits - 1)}e0", invariant).Split('e');
        var power = Typeset($"10^{parts[1]}");
        return parts[0] switch { "1" => power, "-1" => $"-{power}", _ => $"{parts[0]}\u00d7{power}" };
    }

    private static string Map(Match match, string from, string to) =>
        string.Concat(match.Groups["script"].Value.Where(c => c != ' ').Select(c => to[from.IndexOf(c)]));

    // sqrt(N), sqrt N, sqrt(log N / N): the root of what stands in brackets keeps them.
    [GeneratedRegex(@"\bsqrt(?: (?=\w)|\((\w+)\)|(?=\())")]
    private static partial Regex Root();

    [GeneratedRegex(@"\bW([12])\b")]
    private static partial Regex Wasserstein();

    [GeneratedRegex(@"(?<!\w)(d?[A-Za-z\u03c3])_(?:\{(?<script>[0-9ij+-]+)\}|(?<script>[0-9]+|[ij])(?!\w))")]
    private static partial Regex Index();

    [GeneratedRegex(@"\^(?:\((?<script>[-+0-9./N\u03b2 ]+)\)|(?<script>-?[0-9]+(?:\.[0-9]+)?|N\b))")]
    private static partial Regex Exponent();
}
