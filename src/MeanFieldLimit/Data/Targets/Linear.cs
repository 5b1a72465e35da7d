namespace MeanFieldLimit.Data.Targets;

/// <summary>f(x) = x_1.</summary>
internal sealed class Linear : ITarget
{
    public string Name => "linear";

    public double Value(ReadOnlySpan<double> x) => x[0];
}
