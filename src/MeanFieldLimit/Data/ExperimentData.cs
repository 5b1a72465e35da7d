namespace MeanFieldLimit.Data;

/// <summary>The data of a problem: training points, test points, and the law that SGD draws from.</summary>
/// <param name="Train">The points that stand for P in the limit and in gradient flows.</param>
/// <param name="Test">Points held out, if any.</param>
/// <param name="Source">What SGD draws from.</param>
/// <param name="Endless">Whether the source is a continuous law, of which the training points are a sample.</param>
public sealed record ExperimentData(Dataset Train, Dataset? Test, IDataSource Source, bool Endless)
{
    /// <summary>What was found out of a data file, in words.</summary>
    public string? Found { get; init; }

    /// <summary>The law that the training points are nodes of, where a reduced limit integrates it.</summary>
    internal LengthLaw? Lengths { get; init; }

    /// <summary>The points at which predictions are recorded, where training points are nodes of their law.</summary>
    public Dataset? Watched { get; init; }

    /// <summary>The sum that given masses had, and were divided by; null where none were given.</summary>
    public double? SumOfMasses { get; init; }
}
