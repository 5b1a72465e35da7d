namespace MeanFieldLimit.Validation.Checks;

/// <summary>A check that was run.</summary>
/// <param name="Check">The check.</param>
/// <param name="Result">What it measured.</param>
/// <param name="Seconds">Its wall time.</param>
public sealed record CheckRun(ITheoryCheck Check, CheckResult Result, double Seconds);
