using MeanFieldLimit.Solvers.Randomness;

namespace MeanFieldLimit.Data;

/// <summary>A law of data points that SGD draws from.</summary>
public interface IDataSource
{
    /// <summary>
    /// Fills the batch with independent draws number <paramref name="first"/>, first + 1, ... of the stream:
    /// a pure function of stream and number.
    /// </summary>
    void Draw(RandomStream stream, ulong first, Dataset batch);
}

/// <summary>Draws with replacement from a finite data set.</summary>
public sealed class EmpiricalSource(Dataset data) : IDataSource
{
    /// <inheritdoc/>
    public void Draw(RandomStream stream, ulong first, Dataset batch)
    {
        for (var n = 0; n < batch.Count; n++)
        {
            var chosen = stream.Below(first + (ulong)n, data.Count);
            data.Input(chosen).CopyTo(batch.Input(n));
            data.Label(chosen).CopyTo(batch.Label(n));
        }
    }
}
