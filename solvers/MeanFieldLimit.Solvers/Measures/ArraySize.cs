namespace MeanFieldLimit.Solvers.Measures;

/// <summary>Products of sizes, before anything is allocated.</summary>
internal static class ArraySize
{
    /// <summary>The product of sizes that are not negative.</summary>
    /// <exception cref="ArgumentException">No array is so long: with the sizes.</exception>
    public static int Of(string what, string remedy, params ReadOnlySpan<long> sizes)
    {
        long product = 1;
        foreach (var size in sizes)
        {
            // Both are below 2^31 as long as this goes on.
            if (product == 0 || size == 0) return 0;
            product = size <= Array.MaxLength ? product * size : long.MaxValue;
            if (product > Array.MaxLength)
                throw new ArgumentException($"{what} must have at most {Array.MaxLength} numbers, got "
                    + $"{string.Join(" x ", sizes.ToArray())}: {remedy}");
        }
        return (int)product;
    }
}
