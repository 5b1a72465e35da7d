namespace MeanFieldLimit.Validation.Studies;

/// <summary>
/// Limits of gradient descent in a scaling depend on its step: networks beside them must take the same steps.
/// </summary>
internal static class SameSteps
{
    /// <summary>Refuses networks that are trained otherwise than their limit is moved.</summary>
    /// <exception cref="ProblemException">They are.</exception>
    internal static void Require(Model model)
    {
        var (training, limit) = (model.Problem.Training, model.Problem.Limit);
        if (model.Problem.Scaling is null || limit.Method != "euler"
            || training is { Dynamics: DynamicsKind.Flow, Method: "euler" } && training.Step == limit.Step) return;
        var (found, key) = training.Dynamics != DynamicsKind.Flow ? (Names.Of(training.Dynamics), "dynamics")
            : training.Method != "euler" ? ($"the flow by {training.Method}", "method")
            : (Step(training.Step), "step");
        throw model.Loaded.Error($"$.training.{key}", "networks must take the steps of gradient descent that their " +
            $"limit takes in a scaling, got {found} and {Step(limit.Step)} of the limit; give training.method and " +
            "training.step as those of limit");
    }

    private static string Step(double? step) =>
        step is { } h ? FormattableString.Invariant($"the step {h:R}") : "no step";
}
