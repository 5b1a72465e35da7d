using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Validation.Studies.Stability;

namespace MeanFieldLimit.Validation.Studies.Sharpness;

/// <summary>One network, or the limit, under gradient descent or SGD of one step; lists have an entry a save time.</summary>
/// <param name="Step">eta.</param>
/// <param name="Batch">Points of a batch; null for all.</param>
/// <param name="Replicate">Which network; null for the limit.</param>
/// <param name="Times">Those reached.</param>
/// <param name="Risks">The risk then.</param>
/// <param name="Sharpness">The largest eigenvalue of the Hessian then.</param>
/// <param name="Final">The curvature at the end; NaN where it diverged.</param>
internal sealed record Descent(double Step, int? Batch, int? Replicate, double[] Times, double[] Risks,
    double[] Sharpness, Curvature Final)
{
    private static readonly CurvatureProbe[] Both = [CurvatureProbe.Sharpness, CurvatureProbe.NonUniformity];

    /// <summary>Whether it left all bounds on its way.</summary>
    public bool Diverged { get; init; }

    /// <summary>The share of test points that it misclassifies, by save time; empty without any.</summary>
    public double[] TestErrors { get; init; } = [];

    /// <summary>Where it ended; empty where no branch goes on from there.</summary>
    public double[] State { get; init; } = [];

    internal double Risk => Risks[^1];

    /// <summary>Whether it ended at a minimum, as far as its risk tells: at most one given, or a thousandth of that at
    /// its start.</summary>
    internal bool IsMinimum(double? most) => !Diverged && Risk <= MostOfMinimum(most);

    /// <summary>The largest risk of a minimum.</summary>
    internal double MostOfMinimum(double? most) => most ?? StabilityResult.Misfit * Risks[0];

    /// <summary>2 / eta, above which gradient descent is not stable.</summary>
    internal double Edge => 2 / Step;

    /// <summary>
    /// The largest non-uniformity by the condition of one step in the talk, for batches drawn with replacement as here,
    /// sqrt(B) / eta; none for all points.
    /// </summary>
    internal double Bound => Batch is { } b ? Math.Sqrt(b) / Step : double.PositiveInfinity;

    /// <summary>The model whose runs take steps eta, of batches where one is given, to the same time.</summary>
    internal static Model Variant(Model model, double step, int? batch) => model.With(model.Problem with
    {
        Training = model.Problem.Training with
        {
            Dynamics = DynamicsKind.Sgd,
            Step = step,
            Batch = batch ?? 1,
            Until = null,
            LongestStep = null,
        },
        Limit = model.Problem.Limit with { Dynamics = DynamicsKind.Flow, Accuracy = null },
        Record = model.Problem.Record with { Probes = Both[..1] },
        Couple = model.Problem.Couple with { Tracers = 0 },
    }, model.Data with { Source = new EmpiricalSource(model.Data.Train), Endless = false });

    /// <summary>The model with sharpness and non-uniformity.</summary>
    internal static Model Measured(Model variant) => variant.With(variant.Problem with
    {
        Record = variant.Problem.Record with { Probes = Both },
    });

    /// <summary>A network of the first width.</summary>
    internal static Descent OfNetwork(Model model, double step, int? batch, int replicate, Machine machine)
    {
        var variant = Variant(model, step, batch);
        var network = variant.Sample(model.Hidden(model.Problem.Couple.Widths[0]), replicate);
        IDynamics dynamics = batch is null ? new GradientFlow("euler", Step: step) : variant.Dynamics;
        return Of(variant, Run.Of(variant, network, dynamics, variant.NetworkDraw(replicate), machine), step, batch,
            replicate, machine);
    }

    /// <summary>The limit, under gradient descent.</summary>
    internal static Descent OfLimit(Model model, double step, Machine machine)
    {
        var variant = Variant(model, step, null);
        var limit = new ParticleLimit(variant) { Dynamics = new GradientFlow("euler", Step: step) };
        return Of(variant, limit.Begin(machine), step, null, null, machine);
    }

    /// <summary>Misclassified test points by save time; empty where there are none, or no classes.</summary>
    internal static double[] Errors(Trajectory trajectory) => [.. trajectory.Test.Select(p => p.ErrorRate)];

    private static Descent Of(Model variant, Run run, double step, int? batch, int? replicate, Machine machine)
    {
        var branches = batch is null && replicate is not null && variant.Problem.Sharpness?.Escape is not null;
        var (mover, trained) = (run.Complete().Movers[0], run.Trained);
        var trajectory = trained.Trajectory;
        return new(step, batch, replicate, [.. trajectory.Times], [.. trajectory.Train.Select(p => p.Risk)],
            [.. trajectory.Curvatures.Select(c => c.Sharpness)], run.Failed is not null
                ? new(double.NaN, double.NaN, double.NaN, double.NaN)
                : Curvature.Of(Measured(variant), mover.Ensemble, mover.State, machine.Engine(1), mover.Time))
        {
            Diverged = run.Failed is not null,
            TestErrors = Errors(trajectory),
            State = branches ? trained.Result.State : [],
        };
    }
}
