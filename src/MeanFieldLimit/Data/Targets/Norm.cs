namespace MeanFieldLimit.Data.Targets;

/// <summary>f(x) = |x|.</summary>
internal sealed class Norm : ITarget
{
    public string Name => "norm";

    public bool HasKinks => true;

    public double Value(ReadOnlySpan<double> x) => TensorPrimitives.Norm(x);
}
