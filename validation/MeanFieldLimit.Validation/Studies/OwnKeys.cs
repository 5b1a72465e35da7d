namespace MeanFieldLimit.Validation.Studies;

/// <summary>Keys that a study sets itself: given ones would be passed over, and are refused.</summary>
internal static class OwnKeys
{
    /// <summary>Refuses a width of the limit, and an initial function, where limits have their own.</summary>
    /// <param name="model">The model.</param>
    /// <param name="study">The study's name.</param>
    /// <param name="starts">Where its limits start.</param>
    /// <exception cref="ProblemException">One is given.</exception>
    internal static void Refuse(Model model, string study, string starts)
    {
        var (ratio, initial) = (model.Problem.Limit.Ratio, model.Problem.Limit.Initial);
        if (ratio is not null)
            throw model.Loaded.Error("$.limit.ratio", $"ratio must not be given for {study}, whose limits are at an " +
                FormattableString.Invariant($"infinite width, got {ratio:R}; remove it"));
        if (initial.Values is not null || initial.Draw is not null)
            throw model.Loaded.Error("$.limit.initial", $"initial must not be given for {study}, whose limits start " +
                $"{starts}, got {(initial.Draw is { } draw ? $"draw {draw}" : "values")}; remove it");
    }
}
