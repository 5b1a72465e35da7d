using MeanFieldLimit.Limits.Particles;

namespace MeanFieldLimit.Validation.Studies.Advice;

/// <summary>
/// Numbers of a limit and of its predicted gap at the final time: parts of the rms distance between networks and a limit
/// add in squares, for their noise has mean 0 to first order.
/// </summary>
internal sealed class Advice(LimitSolution solution, PredictedGap gap, OtherLimits others)
{
    private readonly Model model = solution.Model;

    /// <summary>The rms of the limit's predictions.</summary>
    internal double Size { get; } = solution.Trajectory.RmsFrom(new double[solution.Trajectory.Predictions[^1].Length]);

    /// <summary>The rms gap that is asked for.</summary>
    internal double Accuracy => model.Problem.Advise!.Accuracy * Size;

    /// <summary>What the limit is known to.</summary>
    internal double LimitError => solution.ErrorUntil(solution.Trajectory.Times.Count - 1);

    /// <summary>What the steps of networks make at any width: the error of their steps on all data, and the noise of
    /// batches; NaN where that is not predicted.</summary>
    internal double Step => Root(others.Stepped, Noise);

    private double Noise => model.Problem.Training.Dynamics != DynamicsKind.Sgd ? 0
        : gap.Steps is { } s ? s.Gap * Math.Sqrt(s.Step) : double.NaN;

    /// <summary>The distance of the limit with frozen features.</summary>
    internal double Frozen => others.Frozen;

    /// <summary>From this width on the limit describes networks; NaN where none is wide enough.</summary>
    internal double LeastWidth => From(Step);

    /// <summary>What widths n of all layers make.</summary>
    internal double Width(double n) => gap.Gap / Math.Sqrt(n);

    /// <summary>The gap of networks of width n.</summary>
    internal double Gap(double n) => Root(Width(n), Step);

    /// <summary>Whether the limit describes them, for all that is known of it.</summary>
    internal bool Describes(double n) => Gap(n) + LimitError <= Accuracy;

    /// <summary>Limits: their distance to that of the flow, from which width on they describe networks, and show.</summary>
    internal IEnumerable<object[]> Limits()
    {
        yield return Row("flow", 0, Step, others.Stepped);
        if (Step > 0) yield return Row("the steps of the networks", Step, 0, 0);
        yield return Row("features frozen (kernel)", Frozen, Root(Step, Frozen), Frozen);

        object[] Row(string name, double distance, double beside, double ofMiddle) =>
            [name, distance, From(beside), Shows(ofMiddle)];
    }

    /// <summary>The answer.</summary>
    internal IEnumerable<string> Sentences()
    {
        var n = model.Problem.Couple.Widths[^1];
        if (double.IsNaN(Step))
            yield return $"By their width alone networks of width {n} are predicted a gap of {Short(Width(n))} (rms at the final " +
                $"time). What the steps of SGD add is not predicted: {gap.WithoutSteps}; whether the limit describes them is " +
                "not known.";
        else yield return $"Networks of width {n} are predicted a gap of {Short(Gap(n))} (rms at the final time), " +
            $"{Gap(n) / Size:P1} of the rms of the limit's predictions, and the limit is known to {Short(LimitError)}: it " +
            (Describes(n) ? "describes" : "does not describe") + $" them to {model.Problem.Advise!.Accuracy:P1}" +
            (double.IsFinite(LeastWidth) ? $", as it does from N = {LeastWidth:0} on." : ", nor any others.");
        yield return Change(n);
        if (Noise > 0)
            yield return $"Their steps make {Short(Step)} at any width, more than widths from N = " +
                $"{Math.Ceiling(Math.Pow(gap.Gap / Step, 2)):0} on: there they follow the limit that takes the same steps " +
                "(limit.dynamics sgd).";
        yield return others.NoFrozen is { } reason ? $"No kernel limit is held against it: {reason}."
            : $"With its features frozen, the limit of a kernel is {Short(Frozen)} from it, {Frozen / Size:P1}: " +
                (Frozen > Accuracy ? "at no width does that describe networks of this scaling" + (Shows(Frozen) is var shows
                    && double.IsFinite(shows) ? $", which part from it by more than their spread from N = {shows:0} on." : ".")
                    : "that describes them too, at less work.");
    }

    /// <summary>The largest part, and what makes it smaller.</summary>
    private string Change(int n)
    {
        var (layer, share) = gap.PerLayer.Index().MaxBy(c => c.Item);
        (double Part, string Remedy)[] parts =
        [
            (Width(n), $"widths, {Short(Width(n))}" + (gap.PerLayer.Count > 1
                ? $", of which layer {layer + 1} has {share * share / gap.Gap / gap.Gap:P0} in squares" : "")),
            (Step, $"steps, {Short(Step)}; use a smaller training.step" +
                (model.Problem.Training.Dynamics == DynamicsKind.Sgd ? " or a larger batch" : "")),
            (LimitError, $"the error of the limit, {Short(LimitError)}; use more nodes (limit.accuracy)"),
        ];
        return $"The largest part of it is that of {parts.Where(p => p.Part >= 0).MaxBy(p => p.Part).Remedy}.";
    }

    /// <summary>From which width on networks are within the accuracy of a limit that others make so distant.</summary>
    private double From(double beside)
    {
        var left = Accuracy - LimitError;
        return left > beside ? Math.Ceiling(gap.Gap * gap.Gap / (left * left - beside * beside)) : double.NaN;
    }

    /// <summary>From which width on networks spread by less than their middle is away.</summary>
    private double Shows(double distance)
    {
        var left = distance * distance - Noise * Noise;
        return left > 0 ? Math.Ceiling(gap.Gap * gap.Gap / left) : double.NaN;
    }

    private static double Root(double a, double b) => Math.Sqrt(a * a + b * b);

    private static string Short(double value) => LimitText.Short(value);
}
