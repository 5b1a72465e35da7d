namespace MeanFieldLimit.Validation.Studies;

/// <summary>What runs need in memory, in words; and refused where there is not that much.</summary>
internal static class MemoryText
{
    /// <summary>Of a limit.</summary>
    internal static string Limit(Model model) =>
        FormattableString.Invariant($"limit {MemoryPlan.Limit(model) / 1e6:N0} MB");

    /// <summary>
    /// Of a limit, then of networks on so many threads, each with <paramref name="each"/> of them at once, or a family
    /// of one replicate with the limit that carries its tracers.
    /// </summary>
    /// <exception cref="Problems.ProblemException">They do not fit.</exception>
    internal static string Networks(Model model, int threads, int each = 1)
    {
        var couple = model.Problem.Couple;
        var families = model.Tracers > 0 ? couple.Seeds : (long)couple.Widths.Count * couple.Seeds;
        var atOnce = (int)Math.Min(threads, families);
        MemoryPlan.CheckNetworks(model, atOnce * each);
        return FormattableString.Invariant($"{Limit(model)}, then {atOnce * each} x ") +
            FormattableString.Invariant($"{MemoryPlan.Networks(model, couple.Widths.Count) / 1e6:N0} MB for ") +
            (model.Tracers > 0 ? "the networks of a seed and their tracers" : $"networks of width {couple.Widths[^1]}");
    }
}
