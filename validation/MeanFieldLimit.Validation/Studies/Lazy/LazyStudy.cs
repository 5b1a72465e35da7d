namespace MeanFieldLimit.Validation.Studies.Lazy;

/// <summary>
/// When is training lazy, when rich? With a scaling of one hidden layer, against the scale of the output (Chizat,
/// Oyallon and Bach 2019, arXiv:1812.07956), the kernel limit and the mean-field limit beside networks; without, at any
/// depth, the mean-field limit beside the kernel limit, and networks of both scalings against the width.
/// </summary>
internal sealed class LazyStudy : IStudy
{
    public string Name => "lazy";

    public string Question => "When is training lazy, as the kernel limit has it, and when rich, as the mean-field " +
        "limit has it?";

    public string Help => "How far weights and tangent kernel move, against the output scale and the width, beside " +
        "the kernel limit and the mean-field limit. Example: mfl lazy problem.json --seeds 4";

    public string Example => "lazy";

    public bool HasTracers => false;

    public Problem Complete(Problem problem) => problem with
    {
        Lazy = problem.Lazy ?? (problem.Scaling is { Kind: ScalingKind.MeanField or ScalingKind.IcMf } ? new() : null),
    };

    public IEnumerable<(string Name, string Value)> Settings(Model model) => model.Problem.Lazy is not { } lazy
        ? MotionText.Rows(model, hasNetworks: true)
        : MotionText.Rows(model, hasNetworks: true)
            .Append(("output scales", $"alpha = {string.Join(", ", lazy.Alphas)}"));

    public StudyPlan Plan(Model model, int threads)
    {
        var (problem, loaded) = (model.Problem, model.Loaded);
        if (problem.Training.Dynamics != DynamicsKind.Flow)
            throw loaded.Error("$.training.dynamics", "dynamics must be flow for lazy, whose limits move so, got " +
                $"{Names.Of(problem.Training.Dynamics)}; use flow, for gradient descent with the method euler");
        if (problem.Scaling is { Kind: not (ScalingKind.MeanField or ScalingKind.IcMf) and var kind })
            throw loaded.Error("$.scaling.kind", "kind must be mean-field or ic-mf for lazy, or scaling not there, " +
                $"got {Names.Of(kind)}; use mean-field, or remove scaling");
        OwnKeys.Refuse(model, Name, "at 0 and at the functions of networks");
        var plain = model.With(problem with { Couple = problem.Couple with { Tracers = 0 } });
        return problem.Scaling is null ? new LazyWidths(plain).Plan(threads) : new LazyScales(plain).Plan(threads);
    }
}
