namespace MeanFieldLimit.Data.Targets;

/// <summary>f(x) = x_1.</summary>
public sealed class Linear : ITarget
{
    /// <inheritdoc/>
    public string Name => "linear";

    /// <inheritdoc/>
    public int LeastDimension => 1;

    /// <inheritdoc/>
    public double Value(ReadOnlySpan<double> x) => x[0];
}
