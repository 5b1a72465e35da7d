namespace MeanFieldLimit.Problems;

/// <summary>The rules of a problem that need no data file: ranges of single values, and rules that span keys.</summary>
public static class ProblemCheck
{
    // In this order: later rules may count on what earlier ones refuse.
    private static readonly Func<LoadedProblem, ProblemException?>[] _rules =
    [
        NetworkCheck.Refuse, DataCheck.Refuse, LossCheck.Refuse, TrainingCheck.Refuse, ReductionCheck.Refuse,
        CoupleCheck.Refuse, AccuracyCheck.Refuse, DensityCheck.Refuse, ChaosCheck.Refuse, NoiseCheck.Refuse,
    ];

    /// <summary>Checks the problem; <see cref="ProblemFile"/> has done so for what it returns.</summary>
    /// <exception cref="ProblemException">A rule is broken; the first one found is reported.</exception>
    public static void Check(LoadedProblem loaded)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        ConstraintCheck.Check(loaded);
        _rules.FirstRefusal((rule, _) => rule(loaded)).Throw();
    }
}
