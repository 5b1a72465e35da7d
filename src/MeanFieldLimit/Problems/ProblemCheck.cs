namespace MeanFieldLimit.Problems;

/// <summary>The rules of a problem that need no data file: ranges of single values, and rules that span keys.</summary>
public static class ProblemCheck
{
    /// <summary>Checks the problem; <see cref="ProblemFile"/> has done so for what it returns.</summary>
    /// <exception cref="ProblemException">A rule is broken; the first one found is reported.</exception>
    public static void Check(LoadedProblem loaded)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        ConstraintCheck.Check(loaded);
        NetworkCheck.Check(loaded);
        DataCheck.Check(loaded);
        LossCheck.Check(loaded);
        TrainingCheck.Check(loaded);
        ReductionCheck.Check(loaded);
        CoupleCheck.Check(loaded);
        AccuracyCheck.Check(loaded);
        DensityCheck.Check(loaded);
        ChaosCheck.Check(loaded);
        NoiseCheck.Check(loaded);
    }
}
