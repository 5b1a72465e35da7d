using static MeanFieldLimit.Validation.Studies.Chaos.ChaosResult;

namespace MeanFieldLimit.Validation.Studies.Chaos;

/// <summary>The propagation of chaos in words.</summary>
internal static class ChaosText
{
    /// <summary>Whether gaps fall, and as the theory has it.</summary>
    internal static string Headline(IReadOnlyList<Fitted> fits, Squares? quiet)
    {
        Squares[] totals = [.. fits.Select(f => f.Total), .. quiet is null ? [] : new[] { quiet }];
        Squares[] told = [.. totals.Where(s => s.Law.Reason is null)];
        const string gap = "E sup |W^N - W*|^2 between neurons and copies of the limit process";
        if (told.Length == 0) return $"{gap} has no rate: {totals[0].Law.Reason}.";
        // Below beta = 1 a power of its own has the noise part alone: the total is a sum of two.
        Squares[] powers = [.. fits.Select(Power), .. quiet is null ? [] : new[] { quiet }];
        powers = [.. powers.Where(s => double.IsFinite(s.Law.Low))];
        // Without an interval, of one seed, the sign of the exponent has to do.
        return $"{gap} falls with the width N in {told.Count(s => s.Law.Slope < 0 && !(s.Law.High >= 0))} of " +
            $"{totals.Length} cases" +
            (told.All(s => double.IsFinite(s.Law.High)) ? ", by 95 % intervals below 0" : "") +
            (powers.Length == 0 ? "."
            : $"; {powers.Count(s => s.Law.Low <= s.Theory && s.Theory <= s.Law.High)} of {powers.Length} " +
                "exponents have the theory's inside their 95 % intervals.");
    }

    /// <summary>Exponents of N in total and noise part beside the theory's, in 44 columns.</summary>
    internal static string Table(IReadOnlyList<Fitted> fits, Squares? quiet) => $"\n{"",-6}{"exponents of N",-14}" +
        string.Concat(fits.GroupBy(f => f.Kind).Select(g =>
            $"\nnoise {g.Key}\n{"beta",6}{"total",15}{"noise part",15}{"theory",8}" + string.Concat(g.Select(f =>
                $"\n{f.Of.Beta,6:0.##}{Exponent(f.Total),15}{(f.Of.IsStochastic ? "" : Exponent(f.Parts[2])),15}" +
                $"{f.Total.Theory,8:0.##}")))) +
        (quiet is null ? "" : $"\nwithout noise\n{"",6}{Exponent(quiet),15}{"",15}{quiet.Theory,8:0.##}") +
        string.Concat(fits.Select(f => f.Total).Concat(quiet is null ? [] : [quiet]).Select(s => s.Law.Reason)
            .OfType<string>().Distinct().Select(reason => $"\n- no rate: {reason}"));

    private static Squares Power(Fitted fit) => fit.Of.IsStochastic ? fit.Total : fit.Parts[2];

    private static string Exponent(Squares part) => part.Law.Reason is not null ? "-"
        : $"{part.Law.Slope:0.00}" +
            (double.IsFinite(part.Law.Low) ? $" +- {part.Law.High - part.Law.Slope:0.00}" : "");
}
