namespace MeanFieldLimit.Problems;

/// <summary>Rules of the coupling that span keys.</summary>
internal static class CoupleCheck
{
    // A ratio of two decimal fractions is whole to about so much.
    private const double RoundOff = 1e-9;

    internal static Refusal? Refuse(Problem problem)
    {
        var (couple, time, layers) = (problem.Couple, problem.Training.Time, problem.Network.Layers.Count);
        return couple.Widths.RefuseOrder("$.couple.widths")
            ?? RefuseSteps(problem, couple.Steps ?? [], time)
            ?? couple.Depths?.RefuseOrder("$.couple.depths")
            ?? couple switch
            {
                { Ratios: { } ratios } when ratios.Count != layers - 1 => new("$.couple.ratios", "ratios must be one a " +
                    $"hidden layer, of which the network has {layers - 1}, got {ratios.Count}; give as many, or none for " +
                    "equal widths"),
                { Ratios.Count: var count } when problem.Scaling is not null => new("$.couple.ratios", "ratios must not " +
                    $"be given in a scaling, whose factors are those of one width, got {count}; remove them"),
                { Depths: [var least, ..] } when least < layers || layers < 3 => new("$.couple.depths[0]",
                    $"depths repeat layer 2 of a network of at least 3 layers, of {layers} here, got {least}; use " +
                    "the problem's depth or more, of a problem with a middle layer"),
                { LongTime: { } longest } when longest < time => new("$.couple.longTime", "longTime must be at least " +
                    $"training.time, got {Number.Text(longest)} for a time of {Number.Text(time)}; use a longer one"),
                _ => null,
            };
    }

    private static Refusal? RefuseSteps(Problem problem, IReadOnlyList<double> steps, double time) =>
        steps is [var first, ..] && first > time
            ? new("$.couple.steps[0]", $"steps must be at most training.time, got {Number.Text(first)} for a time of " +
                $"{Number.Text(time)}; use shorter ones")
            : steps.FirstRefusal((step, i) => TrainingCheck.RefuseCount(problem, $"$.couple.steps[{i}]", step))
                ?? steps.FirstRefusal((step, i) => i == 0 || IsWhole(steps[i - 1] / step) ? null
                    : new($"$.couple.steps[{i}]", "each step must be a whole fraction of the one before, so that " +
                        $"both meet at the longer one's times, got {Number.Text(step)} after " +
                        $"{Number.Text(steps[i - 1])}; halve or quarter it"));

    private static bool IsWhole(double ratio) =>
        Math.Round(ratio) >= 2 && Math.Abs(ratio - Math.Round(ratio)) <= RoundOff * ratio;
}
