using System.Text.Json.Serialization;
using MeanFieldLimit.Data;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;
using static System.FormattableString;

namespace MeanFieldLimit.Limits;

/// <summary>
/// What a limit's discretisation costs, each part an estimate of the largest rms difference over the save times between
/// its predictions and those of a limit without that error.
/// </summary>
/// <param name="Types">The sum over layers, from fewer nodes and other randomisations; with noise other nodes and other
/// paths.</param>
/// <param name="Time">From a hundredth of the tolerance, or half the step (an eighth at kinks), with noise on the same
/// paths; 0 under SGD, where the step is part of the problem.</param>
/// <param name="Data">From another sample of a continuous data law, or from other sets of nodes for it, with noise or
/// without; 0 where finite networks see the same points and these stand for no law.</param>
public readonly record struct ErrorEstimate(double Types, double Time, double Data)
{
    /// <summary>The sum of the parts.</summary>
    public double Total => Types + Time + Data;
}

/// <summary>What the nodes of one layer with a grid, or of all with random ones, add to the error of types.</summary>
public sealed record TypeError(IReadOnlyList<int> Layers, double Error);

/// <summary>What one knob adds to the error, in the units of <see cref="ErrorEstimate"/>.</summary>
public sealed record PartError(ErrorPart Part, IReadOnlyList<int> Layers, double Error);

/// <summary>A solved limit and the error of its discretisation.</summary>
/// <param name="Trained">The limit's run.</param>
/// <param name="Parts">What its error is made of, one entry a knob; null where it is not known.</param>
/// <param name="SolveSeconds">Wall time of the limit alone.</param>
/// <param name="ErrorSeconds">Wall time of the further runs that the error estimate took.</param>
public sealed record LimitSolution(Trained Trained, IReadOnlyList<PartError>? Parts, double SolveSeconds,
    double ErrorSeconds)
{
    private readonly ILimit? limit;

    /// <summary>The limit, at the resolution chosen for an accuracy, and to the time at which it stopped.</summary>
    [JsonIgnore]
    public ILimit Limit
    {
        get => limit ?? throw new InvalidOperationException("a solution that was read is to be told its limit: Of");
        init => (limit, Chosen) = (value, value.Model.Problem.Limit);
    }

    /// <summary>The settings of that limit.</summary>
    public LimitSpec? Chosen { get; init; }

    /// <summary>The model of that.</summary>
    public Model Model => Limit.Model;

    /// <summary>Its error.</summary>
    public ErrorEstimate Error => new(Of(ErrorPart.Types), Of(ErrorPart.Time), Of(ErrorPart.Data));

    /// <summary>
    /// The estimated errors of its predictions up to each save time, each the largest of those so far (the last may thus
    /// exceed <see cref="Error"/>); rms of predictions whatever distance the parts are in. None where they are not known.
    /// </summary>
    public IReadOnlyList<double> Errors { get; init; } = [];

    /// <summary>That up to save time number k; NaN where it is not known.</summary>
    public double ErrorUntil(int k) => k < Errors.Count ? Errors[k] : double.NaN;

    /// <summary>The same of its sharpness, the largest over the save times; NaN where it is not known or asked for.</summary>
    public double SharpnessError { get; init; } = double.NaN;

    /// <summary>Nodes per hidden layer.</summary>
    public IReadOnlyList<int> Nodes => [.. Trained.Sizes.Skip(1).SkipLast(1)];

    /// <summary>The parts of the error of types; none where the error is not known.</summary>
    public IReadOnlyList<TypeError> TypeErrors =>
        [.. (Parts ?? []).Where(p => p.Part == ErrorPart.Types).Select(p => new TypeError(p.Layers, p.Error))];

    /// <summary>About how many floating-point operations the limit and its error estimate took.</summary>
    public double Work { get; init; }

    internal double Seconds => SolveSeconds + ErrorSeconds;

    /// <summary>Whether the accuracy asked for was reached, and how; null where none was asked for.</summary>
    public Certificate? Certificate { get; init; }

    /// <summary>Where it stopped before the final time; null where it did not.</summary>
    public Stop? Stop => Trained.Stop;

    /// <summary>What of <c>training.until</c> stopped it and when, if anything; null where it ended early.</summary>
    public string? Ending => !Trained.Result.Succeeded || Model.Problem.Training.Until is not { } until ? null
        : Stop is not { } stop ? $"ran to the final time: {Conditions(until)} was not reached"
        : stop.Time == 0
            ? Invariant($"stopped at the start: the {Name(stop.Condition)} is at most {stop.Threshold:G6} there")
        : Invariant($"stopped at t = {stop.Time:G9}, ") +
            (Model.Problem.Training.Dynamics == DynamicsKind.Sgd ? "the first save time "
                : double.IsFinite(stop.Error) ? Invariant($"known to {stop.Error:G2}, ") : "") +
            Invariant($"where the {Name(stop.Condition)} has fallen to {stop.Threshold:G6}");

    /// <summary>A solution that was read from a file, of the limit that it was asked of.</summary>
    public LimitSolution Of(ILimit limit)
    {
        ArgumentNullException.ThrowIfNull(limit);
        var chosen = limit.Model.WithLimit(Chosen!);
        return this with
        {
            Limit = limit.On(Trained.Result.Succeeded && chosen.Problem.Training.Until is not null
                ? chosen.StoppedAt(Trajectory.Times) : chosen),
        };
    }

    /// <summary>
    /// Its neurons at the start, at the times of <c>record.states</c> and where it ended, as <see cref="NumPyArchive"/>
    /// writes them: t [S], masses_i [N_i] and types_i [N_i, coordinates] of hidden layers (these where parameters do
    /// not show them), W_i [S, N_(i-1), N_i] and b_i [S, N_i]. Null where it has no neurons.
    /// </summary>
    public IReadOnlyDictionary<string, NumPyArray>? Neurons()
    {
        if (Limit is not ITraceable { Initial: var start }) return null;
        var end = Trained.Result;
        KeptState[] all =
            [new(0, start.State), .. Trained.Kept.Where(k => k.Time < end.Time), new(end.Time, end.State)];
        return LimitNeurons.At(start, [.. all.Select(s => s.Time)], [.. all.Select(s => s.State)]);
    }

    private double Of(ErrorPart part) => Parts?.Where(p => p.Part == part).Sum(p => p.Error) ?? double.NaN;

    private static string Conditions(UntilSpec until) => string.Join(" or ",
        new[] { (Of: StopCondition.Risk, At: until.Risk), (Of: StopCondition.Velocity, At: until.Velocity) }
            .Where(c => c.At is not null).Select(c => Invariant($"a {Name(c.Of)} of {c.At:G6}")));

    private static string Name(StopCondition condition) => condition == StopCondition.Risk ? "risk" : "velocity";

    /// <summary>What was recorded of the limit.</summary>
    public Trajectory Trajectory => Trained.Trajectory;
}
