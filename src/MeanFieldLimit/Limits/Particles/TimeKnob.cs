using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>
/// The error of the steps of a gradient flow: 1.5 times the difference to a run of smaller steps. Adaptive steps: a
/// hundredth of the tolerance, itself added where both runs took as many steps, and steps that cannot all be those of
/// the limit. Fixed steps h: a run of h/2, the difference times 2^p / (2^p - 1), which is the error at h if it is
/// O(h^p). (Larger steps for the comparison would cost less, but save times cut them down to the same steps and the
/// difference to nothing.) At kinks the error of all methods is O(h), and but for Euler's at kinks of single neurons it
/// changes with h by chance: a run of h/8, which has little of it, the difference times 8/7. Steps that slid along
/// kinks have an error of order 1 in their length h: the difference to a run of h' there, times h / |h - h'|, and the
/// tolerance, below which two such runs may agree by chance.
/// </summary>
internal sealed class TimeKnob(GradientFlow flow, Model model) : IKnob
{
    // The time part is measured on fewer nodes than it is stated for.
    private const double Tighter = 100, LeastTolerance = 1e-13, SafetyOfTime = 1.5, LeastApart = 0.1;

    // The longest step of the comparison run, in the longer of a hundredth of the time and the time between saves: the
    // golden ratio, so that its steps cannot be the limit's own, which may all pass over the same.
    private const double Incommensurate = 0.6180339887498949;
    private const int LeastSteps = 100, Eighth = 8;

    private readonly TimeMethod method = TimeMethod.Find(flow.Method);

    // Where nodes meet kinks depends on where they start: fewer of them may meet none. (Reduced limits have none.)
    private readonly bool kinked = model.Problem.Limit.Reduction == Reduction.None
        && model.LimitModel.Embedding.Architecture.HasKinks;

    private readonly bool jumpsAtOnce = NetworkNotes.JumpAtOnce(model);

    public ErrorPart Part => ErrorPart.Time;

    public string Name => "time";

    public bool OnSmallest => !kinked;

    // Euler errs in first order at many kinks; one of a whole layer may be met by half the
    // step at the same time.
    private bool IsErratic => kinked && (method.Order > 1 || jumpsAtOnce);

    private int Shorter => IsErratic ? Eighth : 2;

    private GradientFlow Finest => method.EstimatesError
        ? flow with
        {
            Tolerance = Math.Max(LeastTolerance, flow.Tolerance / Tighter),
            LongestStep = Incommensurate * Math.Min(flow.LongestStep ?? double.PositiveInfinity,
                Math.Max(model.LongestSave, model.SaveTimes[^1] / LeastSteps)),
        }
        : Parted is var (step, stops) ? flow with { Step = step, Stops = stops } : flow;

    private PartedSteps Parted => PartedSteps.Of(model, flow.Step!.Value, flow.Jumps(model.Objective), Shorter);

    public IEnumerable<ILimit?> Others(ILimit limit) => [(ParticleLimit)limit with { Dynamics = Finest }];

    public double Estimate(IReadOnlyList<Comparison> comparisons)
    {
        var (trained, other, difference) = comparisons[0];
        if (double.IsNaN(difference)) return double.NaN;
        var richardson = Math.Pow(Shorter, IsErratic ? 1 : method.Order);
        var (ours, theirs) = (trained.Result.Slid, other!.Result.Slid);
        var apart = ours is null ? 1 : Math.Abs(1 - (theirs?.Step ?? 0) / ours.Step);
        if (apart <= LeastApart) return double.NaN;
        difference *= SafetyOfTime / apart * (method.EstimatesError ? 1 : richardson / (richardson - 1));
        if (ours is not null || theirs is not null) return difference + flow.Tolerance;
        return !method.EstimatesError || other.Result.Steps > trained.Result.Steps ? difference
            : difference + Finest.Tolerance;
    }

    public (ILimit?, string) Finer(ILimit limit, double error, double share)
    {
        var spec = limit.Model.Problem.Limit;
        if (spec.Tolerance <= AccuracySearch.LeastTolerance)
            return (null, FormattableString.Invariant($"the tolerance is {AccuracySearch.LeastTolerance:G1} already"));
        // The error is proportional to the tolerance, more or less.
        return (((ParticleLimit)limit).With(spec with
        {
            Tolerance = Math.Max(AccuracySearch.LeastTolerance,
                spec.Tolerance * Math.Clamp(0.3 * share / error, 1e-3, 0.3)),
        }), "");
    }
}
