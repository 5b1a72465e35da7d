namespace MeanFieldLimit.Problems;

/// <summary>The rules of a problem that need no data file: ranges of single values, and rules that span keys.</summary>
public static class ProblemCheck
{
    // In this order: later rules may count on what earlier ones refuse.
    private static readonly Func<Problem, Refusal?>[] Rules =
    [
        ConstraintCheck.Refuse, NetworkCheck.Refuse, ImageCheck.Refuse, DataCheck.Refuse, LabelCheck.Refuse,
        TrainingCheck.Refuse, ReductionCheck.Refuse, CoupleCheck.Refuse, AccuracyCheck.Refuse, DensityCheck.Refuse,
        ChaosCheck.Refuse, NoiseCheck.Refuse, ScalingCheck.Refuse, LazyCheck.Refuse,
        StaticsCheck.Refuse, StabilityCheck.Refuse, SphereCheck.Refuse, CurvatureCheck.Refuse, BiasCheck.Refuse,
        problem => problem.Advise?.Parameters.RefuseOrder("$.advise.parameters"),
    ];

    /// <summary>Checks the problem; <see cref="ProblemFile"/> has done so for what it returns.</summary>
    /// <exception cref="ProblemException">A rule is broken; the first one found is reported.</exception>
    public static void Check(LoadedProblem loaded)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        loaded.Throw(Rules.FirstRefusal((rule, _) => rule(loaded.Problem)));
    }
}

/// <summary>What checks answer with, or null: a key path, and in one line the rule, the value and the remedy.</summary>
internal sealed record Refusal(string Path, string Rule);

internal static class Refusals
{
    internal static Refusal? FirstRefusal<T>(this IEnumerable<T> entries, Func<T, int, Refusal?> refuse) =>
        entries.Select(refuse).FirstOrDefault(refusal => refusal is not null);

    internal static Refusal? RefuseOrder<T>(this IReadOnlyList<T> values, string path) where T : IComparable<T> =>
        values.FirstRefusal((value, i) => i == 0 || value.CompareTo(values[i - 1]) > 0 ? null : new($"{path}[{i}]",
            $"{path.Split('.')[^1]} must be strictly increasing, got {Number.Text(value)} after " +
            $"{Number.Text(values[i - 1])}; sort them and name each once"));
}
