namespace MeanFieldLimit.Data.Targets;

/// <summary>f(x) = x_1 x_2.</summary>
internal sealed class Product : ITarget
{
    public string Name => "product";

    public int LeastDimension => 2;

    public double Value(ReadOnlySpan<double> x) => x[0] * x[1];
}
