namespace MeanFieldLimit.Data.Targets;

/// <summary>f(x) = |x|.</summary>
internal sealed class Norm : ITarget
{
    /// <inheritdoc/>
    public string Name => "norm";

    /// <inheritdoc/>
    public int LeastDimension => 1;

    /// <inheritdoc/>
    public bool HasKinks => true;

    /// <inheritdoc/>
    public double Value(ReadOnlySpan<double> x) => TensorPrimitives.Norm(x);
}
