namespace MeanFieldLimit.Problems;

/// <summary>Rules of the coupling that span keys.</summary>
internal static class CoupleCheck
{
    // A ratio of two decimal fractions is whole to about so much.
    private const double RoundOff = 1e-9;

    internal static void Check(LoadedProblem loaded)
    {
        var couple = loaded.Problem.Couple;
        CheckIncreasing(loaded, couple.Widths, "widths");
        CheckSteps(loaded, couple.Steps ?? []);
        CheckIncreasing(loaded, couple.Depths ?? [], "depths");
        var layers = loaded.Problem.Network.Layers.Count;
        if (couple.Depths is [var least, ..] && (least < layers || layers < 3))
            throw loaded.Error("$.couple.depths[0]",
                $"depths repeat layer 2 of a network of at least 3 layers, of {layers} here, got {least}; use the " +
                "problem's depth or more, of a problem with a middle layer");
        if (couple.LongTime is { } time && time < loaded.Problem.Training.Time)
            throw loaded.Error("$.couple.longTime",
                $"longTime must be at least training.time, got {Number.Text(time)} for a time of " +
                $"{Number.Text(loaded.Problem.Training.Time)}; use a longer one");
    }

    private static void CheckIncreasing(LoadedProblem loaded, IReadOnlyList<int> values, string key)
    {
        for (var i = 1; i < values.Count; i++)
            if (values[i] <= values[i - 1])
                throw loaded.Error($"$.couple.{key}[{i}]",
                    $"{key} must be strictly increasing, got {values[i]} after {values[i - 1]}; sort them and name " +
                    "each once");
    }

    private static void CheckSteps(LoadedProblem loaded, IReadOnlyList<double> steps)
    {
        if (steps.Count > 0 && steps[0] > loaded.Problem.Training.Time)
            throw loaded.Error("$.couple.steps[0]",
                $"steps must be at most training.time, got {Number.Text(steps[0])} for a time of " +
                $"{Number.Text(loaded.Problem.Training.Time)}; use shorter ones");
        for (var i = 0; i < steps.Count; i++) TrainingCheck.CheckCount(loaded, $"$.couple.steps[{i}]", steps[i]);
        for (var i = 1; i < steps.Count; i++)
        {
            var ratio = steps[i - 1] / steps[i];
            if (!(Math.Round(ratio) >= 2) || Math.Abs(ratio - Math.Round(ratio)) > RoundOff * ratio)
                throw loaded.Error($"$.couple.steps[{i}]",
                    "each step must be a whole fraction of the one before, so that both meet at the longer one's " +
                    $"times, got {Number.Text(steps[i])} after {Number.Text(steps[i - 1])}; halve or quarter it");
        }
    }
}
