namespace MeanFieldLimit.Validation.Studies;

/// <summary>How networks and limits move, in rows of settings: a name and a value.</summary>
internal static class MotionText
{
    internal const string RecordedName = "recorded";

    internal static (string Name, string Value)[] Rows(Model model, bool hasNetworks) =>
    [
        (hasNetworks ? "training of networks" : "training", Training(model, model.Dynamics.InWords)),
        ("limit", Limit(model, model.LimitDynamics) +
            (model.Problem.Limit.Paths is { } paths ? $", {paths} paths of the noise at each node of the types" : "")),
        .. hasNetworks ? [Networks(model)] : Array.Empty<(string, string)>(),
    ];

    /// <summary>A law of motion in words, with what is descended beside the risk and when it ends.</summary>
    internal static string Training(Model model, string motion)
    {
        var (time, until) = (model.Problem.Training.Time, model.Problem.Training.Until);
        return $"{motion}{Decay(model)}, until t = {time:G6}" +
            (until?.Risk is { } risk ? $", or until the risk has fallen to {risk:G6}" : "") +
            (until?.Velocity is { } velocity ? $", or until the velocity has fallen to {velocity:G6}" : "");
    }

    internal static string Limit(Model model, IDynamics dynamics) => dynamics.InWords + Decay(model);

    internal static (string, string) Networks(Model model) => model.Problem.Couple is var couple
        ? ("networks", $"widths {string.Join(", ", couple.Widths)}; {couple.Seeds} of each") : default;

    internal static (string, string) Recorded(Model model) => (RecordedName,
        $"{model.SaveTimes.Length} save times, predictions at {model.Watched.Count} " +
        (model.Data.Watched is null ? "training points" : "points drawn from the law of the data"));

    private static string Decay(Model model) =>
        model.Problem.Training.WeightDecay is > 0 and var decay ? $", weight decay {decay:G6}" : "";
}
