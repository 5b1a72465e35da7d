namespace MeanFieldLimit;

/// <summary>Arrays whose lengths are products of sizes.</summary>
internal static class Arrays
{
    /// <summary>Zeros, <paramref name="rows"/> x <paramref name="columns"/>.</summary>
    /// <param name="what">What they are, for the message.</param>
    /// <param name="rows">Not negative.</param>
    /// <param name="columns">Not negative.</param>
    /// <exception cref="ArgumentException">They exceed one array: the message has the sizes.</exception>
    internal static double[] New(string what, long rows, long columns) =>
        new double[ArraySize.Of(what, "use fewer", rows, columns)];
}
