namespace MeanFieldLimit.Runs;

/// <summary>Looks at a run at its save times, and keeps what it saw.</summary>
public interface IProbe : IResumable
{
    /// <summary>All movers of the run are at the same save time, or where an event stopped it.</summary>
    void Look(Run run);
}
