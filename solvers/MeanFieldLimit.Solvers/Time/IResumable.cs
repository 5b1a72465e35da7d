namespace MeanFieldLimit.Solvers.Time;

/// <summary>What can be saved in the middle of its work and go on with the same bits.</summary>
public interface IResumable
{
    /// <summary>
    /// Writes what a fresh object of the same construction lacks to go on from here, or reads it in place: one list for
    /// both directions, which so cannot disagree. What is a function of the rest is left out.
    /// </summary>
    /// <exception cref="InvalidDataException">What is read belongs to something else.</exception>
    void Carry(Snapshot snapshot);
}
