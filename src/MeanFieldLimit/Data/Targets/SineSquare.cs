namespace MeanFieldLimit.Data.Targets;

/// <summary>f(x) = sin(1.5 x_1) + x_2^2 / 2.</summary>
public sealed class SineSquare : ITarget
{
    /// <inheritdoc/>
    public string Name => "sine-square";

    /// <inheritdoc/>
    public int LeastDimension => 2;

    /// <inheritdoc/>
    public double Value(ReadOnlySpan<double> x) => Math.Sin(1.5 * x[0]) + 0.5 * x[1] * x[1];
}
