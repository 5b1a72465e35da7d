using ScottPlot;

namespace MeanFieldLimit.Validation.Figures;

/// <summary>Ticks of an axis of log10 of a quantity: labels are the quantity, minor ticks its digits 1..9.</summary>
internal static class LogTicks
{
    private const int Fewest = 3, Most = 9;

    // As a part of the axis: about the width of five letters in the narrowest panel.
    private const double LeastDistance = 0.1, Slack = 1e-9;

    /// <summary>Ticks from 10^<paramref name="low"/> to 10^<paramref name="high"/>.</summary>
    internal static Tick[] Between(double low, double high) => At(Labelled(low, high), low, high);

    /// <summary>Labels at <paramref name="values"/> (widths, say), as far as they do not run into each other.</summary>
    internal static Tick[] At(IEnumerable<double> values, double low, double high)
    {
        // Powers of ten first: a 0.8 does not drive out the 1.
        var positions = new List<double>();
        foreach (var value in values.OrderBy(v => Math.Log10(v) % 1 == 0 ? 0 : 1))
            if (Math.Log10(value) is var position && position >= low - Slack && position <= high + Slack
                && positions.All(p => Math.Abs(p - position) >= LeastDistance * (high - low))) positions.Add(position);
        List<Tick> ticks = [.. positions.Order().Select(p => Tick.Major(p, Scripts.Number(Math.Pow(10, p))))];
        if (high - low < 6)
            ticks.AddRange(Digits(low, high, [1, 2, 3, 4, 5, 6, 7, 8, 9]).Select(v => Tick.Minor(Math.Log10(v))));
        return [.. ticks];
    }

    // Powers of ten where there are enough of them, then 1-2-5, then every digit, then equal steps: a fixed choice
    // leaves a short axis without labels or crowds a long one.
    private static double[] Labelled(double low, double high)
    {
        var tens = Digits(low, high, [1]);
        if (tens.Length > Most) return [.. tens.Where((_, i) => i % ((tens.Length + Most - 1) / Most) == 0)];
        var crowded = Math.Log10(2) < LeastDistance * (high - low);
        if (tens.Length > Fewest || (tens.Length == Fewest && crowded)) return tens;
        foreach (int[] digits in (int[][])[[1, 2, 5], [1, 2, 3, 4, 6, 8]])
            if (Digits(low, high, digits) is { Length: > Fewest } found) return found;
        var (from, to) = (Math.Pow(10, low), Math.Pow(10, high));
        var step = RoundStep((to - from) / 6);
        var first = (long)Math.Ceiling(from / step);
        return [.. Enumerable.Range(0, Most).Select(k => (first + k) * step).TakeWhile(v => v <= to)];
    }

    private static double[] Digits(double low, double high, int[] digits)
    {
        // There are no numbers beyond.
        var (first, last) = ((int)Math.Floor(Math.Max(low, -324)), (int)Math.Ceiling(Math.Min(high, 309)));
        return [.. Enumerable.Range(first, Math.Max(0, last - first + 1))
            .SelectMany(e => digits.Select(d => d * Math.Pow(10, e)))
            .Where(v => Math.Log10(v) >= low - Slack && Math.Log10(v) <= high + Slack)];
    }

    private static double RoundStep(double step)
    {
        var unit = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return unit * (step / unit) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
    }
}
