namespace MeanFieldLimit.Solvers.Measures;

/// <summary>
/// Products of sizes, before anything is allocated. In <c>int</c> a product wraps around: 2^23 x 256 becomes negative,
/// and 2^24 x 257 an array that is too short.
/// </summary>
public static class ArraySize
{
    /// <summary>The product of sizes.</summary>
    /// <param name="what">What has it, for the message.</param>
    /// <param name="remedy">What to do, for the message.</param>
    /// <param name="sizes">Not negative.</param>
    /// <exception cref="ArgumentException">No array is so long: with the sizes.</exception>
    public static int Of(string what, string remedy, params ReadOnlySpan<long> sizes)
    {
        if (sizes.Contains(0)) return 0;
        long product = 1;
        foreach (var size in sizes)
        {
            // Both are below 2^31 as long as this goes on.
            product = size <= Array.MaxLength ? product * size : long.MaxValue;
            if (product > Array.MaxLength)
                throw new ArgumentException($"{what} must have at most {Array.MaxLength} numbers, got "
                    + $"{string.Join(" x ", sizes.ToArray())}: {remedy}");
        }
        return (int)product;
    }
}
