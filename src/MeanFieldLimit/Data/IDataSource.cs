namespace MeanFieldLimit.Data;

/// <summary>A law of data points that SGD draws from.</summary>
public interface IDataSource
{
    /// <summary>Fills the batch with draws first, first + 1, ... of a stream, functions of it and number.</summary>
    void Draw(RandomStream stream, ulong first, Dataset batch);
}

/// <summary>Draws with replacement from a data set, a point with the probability of its mass, at least 0.</summary>
public sealed class EmpiricalSource(Dataset data) : IDataSource
{
    private readonly MassSearch? search = data.HasEqualMasses ? null : new(data.Masses);

    /// <inheritdoc/>
    public void Draw(RandomStream stream, ulong first, Dataset batch)
    {
        for (var n = 0; n < batch.Count; n++)
        {
            var index = first + (ulong)n;
            var chosen = search?.Find(stream.Uniform(index)) ?? stream.Below(index, data.Count);
            data.Input(chosen).CopyTo(batch.Input(n));
            data.Label(chosen).CopyTo(batch.Label(n));
        }
    }
}
