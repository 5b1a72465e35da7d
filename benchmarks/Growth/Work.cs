namespace MeanFieldLimit.Benchmarks.Growth;

/// <summary>A solver as one of its sizes grows, the others fixed.</summary>
/// <param name="Name">What is timed.</param>
/// <param name="Size">What grows.</param>
internal sealed record Work(string Name, string Size)
{
    /// <summary>The values of the size, increasing.</summary>
    internal required int[] Sizes { get; init; }

    /// <summary>The exponent of the time as the size goes to infinity.</summary>
    internal required double Expected { get; init; }

    /// <summary>Operations at a size, up to a factor, of which the exponent at the sizes is told; null where they are not
    /// known before.</summary>
    internal Func<int, double>? Operations { get; init; }

    /// <summary>Bytes of the solver at a size, without its inputs.</summary>
    internal required Func<int, double> Bytes { get; init; }

    /// <summary>Makes the inputs at a size; what it returns makes the solver; and what that returns is timed.</summary>
    internal required Func<int, Func<Action>> Make { get; init; }

    internal Work Small() => this with { Sizes = Sizes[..3] };
}
