namespace MeanFieldLimit.Data;

/// <summary>Unsigned bytes of a data file: images, or their labels.</summary>
/// <param name="Sizes">Sizes of the dimensions; the first one counts the items.</param>
/// <param name="Values">The values, last dimension fastest.</param>
internal sealed record ByteArray(int[] Sizes, byte[] Values)
{
    internal int Count => Sizes[0];

    internal int ItemLength => Sizes.Skip(1).Aggregate(1, (a, b) => a * b);
}
