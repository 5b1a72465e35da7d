namespace MeanFieldLimit.Problems;

/// <summary>Rules of the batches that are looked at.</summary>
internal static class StabilityCheck
{
    internal static Refusal? Refuse(Problem problem) =>
        problem.Stability?.Batches?.RefuseOrder("$.stability.batches");
}
