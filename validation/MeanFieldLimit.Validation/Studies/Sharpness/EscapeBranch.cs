using MeanFieldLimit.Validation.Studies.Stability;

namespace MeanFieldLimit.Validation.Studies.Sharpness;

/// <summary>SGD, or gradient descent, that goes on from where gradient descent of the same step has come to; lists have
/// an entry a save time.</summary>
/// <param name="Step">eta.</param>
/// <param name="Batch">Points of a batch; null for all.</param>
/// <param name="Replicate">Which network.</param>
/// <param name="Times">Those reached, from the start of the branch.</param>
/// <param name="Risks">The risk then; none where gradient descent ended at no minimum, and nothing goes on.</param>
/// <param name="TestErrors">The share of test points misclassified then; none without any.</param>
internal sealed record EscapeBranch(double Step, int? Batch, int Replicate, double[] Times, double[] Risks,
    double[] TestErrors)
{
    // Of the risk at the start. At a fit that is not exact SGD has noise, whose risk is a multiple of that at most.
    private const double Tenfold = 10;

    // Of the risk at the start of gradient descent: below it there is nothing but rounding.
    private const double Rounding = 1e-24;

    private static readonly Place Unknown = new(new(double.NaN, double.NaN, double.NaN, double.NaN), double.NaN);

    /// <summary>Whether it left all bounds on its way.</summary>
    public bool Diverged { get; init; }

    /// <summary>The risk at which it has left.</summary>
    public double Threshold { get; init; }

    /// <summary>Whether its risk ended where one of gradient descent counts as a minimum.</summary>
    public bool Fits { get; init; }

    /// <summary>Where it began.</summary>
    public Place Before { get; init; } = Unknown;

    /// <summary>Where it is at its end; NaN where it diverged.</summary>
    public Place After { get; init; } = Unknown;

    /// <summary>Whether it began at a minimum.</summary>
    internal bool IsOne => Risks.Length > 0;

    internal double LargestRisk => Diverged ? double.PositiveInfinity : Risks.Max();

    /// <summary>Whether the risk rose tenfold.</summary>
    internal bool Left => LargestRisk > Threshold;

    /// <summary>Whether linear stability has it leave.</summary>
    internal bool IsToLeave => Step > Before.LargestStep;

    /// <summary>The first save time at which the risk was ten times that at the start; NaN where it never was.</summary>
    internal double LeftAt => Times.Zip(Risks).Where(p => p.Second > Threshold).Select(p => p.First)
        .DefaultIfEmpty(double.NaN).First();

    internal static EscapeBranch Of(Model model, EndOfTraining end, Descent from, int? batch, Machine machine)
    {
        var (spec, replicate) = (model.Problem.Sharpness!, from.Replicate!.Value);
        if (!from.IsMinimum(spec.Risk)) return new(from.Step, batch, replicate, [], [], []);
        var descent = Descent.Variant(model, from.Step, batch);
        var variant = descent.With(descent.Problem with
        {
            Training = descent.Problem.Training with { Time = spec.Escape!.Time },
            Record = descent.Problem.Record with { Probes = [], Saves = spec.Escape.Saves, Spacing = Spacing.Linear },
        });
        var network = variant.Sample(variant.Hidden(model.Problem.Couple.Widths[0]), replicate);
        from.State.CopyTo(network.State, 0);
        IDynamics dynamics = batch is null ? new GradientFlow("euler", Step: from.Step) : variant.Dynamics;
        var run = Run.Of(variant, network, dynamics, variant.NetworkDraw(replicate), machine);
        var trained = run.Complete().Trained;
        var (trajectory, diverged) = (trained.Trajectory, run.Failed is not null);
        return new(from.Step, batch, replicate, [.. trajectory.Times], [.. trajectory.Train.Select(p => p.Risk)],
            Descent.Errors(trajectory))
        {
            Diverged = diverged,
            Fits = !diverged && trajectory.Train[^1].Risk <= from.MostOfMinimum(spec.Risk),
            Threshold = Tenfold * Math.Max(from.Risk, Rounding * from.Risks[0]),
            Before = At(from.State),
            After = diverged ? Unknown : At(trained.Result.State),
        };

        Place At(double[] state) => new(Curvature.Of(Descent.Measured(variant), network, state, machine.Engine(1)),
            end.LargestStep(network, state, batch, machine.Engine(1)));
    }
}

/// <summary>A place that SGD stays at or leaves.</summary>
/// <param name="Curvature">Sharpness and non-uniformity.</param>
/// <param name="LargestStep">The largest step with which the batches of the branch are stable there, if it is a fit.
/// </param>
internal sealed record Place(Curvature Curvature, double LargestStep);
