namespace MeanFieldLimit.Data;

/// <summary>A named function y = f(x), R^d -> R, for generated data.</summary>
public interface ITarget : INamed
{
    /// <summary>The least input dimension d on which f is defined.</summary>
    int LeastDimension => 1;

    /// <summary>Whether its gradient jumps somewhere.</summary>
    bool HasKinks => false;

    /// <summary>f(x), x of length d.</summary>
    double Value(ReadOnlySpan<double> x);
}
