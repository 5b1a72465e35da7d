using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Validation.Studies.Advice;

/// <summary>
/// What limit describes networks of the problem's widths, step and batch to an accuracy, from predictions and limits
/// alone: none is trained.
/// </summary>
internal sealed class AdviseStudy : IStudy
{
    public string Name => "advise";

    public string Question => "Does the limit describe these networks, and what is to be changed first if not?";

    public string Help => "Say what of the gap comes from widths and steps, which limit describes the networks, and from " +
        "which width on. Example: mfl advise problem.json --set advise.accuracy=0.05";

    public bool HasNetworks => false;

    public bool HasWidths => true;

    public Problem Complete(Problem problem) => Predicting.Complete(problem);

    public IEnumerable<(string Name, string Value)> Settings(Model model) =>
    [
        ("training of networks", MotionText.Training(model, model.Dynamics.InWords)),
        ("limit", MotionText.Limit(model, model.LimitDynamics)),
        ("widths", string.Join(", ", model.Problem.Couple.Widths)),
        ("accuracy", FormattableString.Invariant($"{(model.Problem.Advise ?? new()).Accuracy:G6} of the rms of the limit's predictions")),
    ];

    public StudyPlan Plan(Model model, int threads)
    {
        var plain = Predicting.Of(model, Name);
        var limit = new LimitCell(plain, predicts: true);
        Cell<OtherLimits> others = new("others", 1, [limit.Cell], context => OtherLimits.Of(limit.Of(context), context.Machine))
        {
            WholeMachine = true,
        };
        ICell[] all = [limit.Cell, others];
        return new(all, done => done.Failures(all) is { Length: > 0 } failures ? StudyResult.Ended(failures)
            : AdviceResult.Of(limit.Of(done), limit.Predicted(done), done.Get(others)), MemoryText.Limit(plain));
    }
}

/// <summary>Other limits beside the limit of the flow: rms differences of predictions at the final time.</summary>
/// <param name="Frozen">Of the limit with its features frozen at the start, the kernel's; NaN where there is none.</param>
/// <param name="NoFrozen">Why there is none.</param>
/// <param name="Stepped">Of the limit that takes the fixed steps of the networks, on all data; 0 where these take none.
/// </param>
internal sealed record OtherLimits(double Frozen, string? NoFrozen, double Stepped)
{
    internal static OtherLimits Of(LimitSolution solution, Machine machine)
    {
        var model = solution.Model;
        var obstacle = Linearisation.Obstacle(solution.Limit);
        var frozen = obstacle is not null ? double.NaN
            : solution.Trajectory.RmsFrom(Linearisation.Predictions(solution.Limit, machine)[^1]);
        var training = model.Problem.Training;
        GradientFlow? own = training.Dynamics == DynamicsKind.Sgd ? new("euler", Step: training.Step)
            : model.Dynamics is GradientFlow { Method: var method } flow && !TimeMethod.Find(method).EstimatesError ? flow : null;
        if (own is null) return new(frozen, obstacle, 0);
        const string name = "the limit in the steps of networks";
        var trained = ((ParticleLimit)solution.Limit with { Dynamics = own }).Begin(machine, name).Complete().Trained;
        return trained.Result.Succeeded
            ? new(frozen, obstacle, solution.Trajectory.RmsFrom(trained.Trajectory.Predictions[^1]))
            : throw new CellFailedException(CellFailure.Of(name, trained));
    }
}
