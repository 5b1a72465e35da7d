namespace MeanFieldLimit.Solvers.Diffusions;

/// <summary>A stochastic field that can tell the diagonal of S: dy_i = f_i dt + S_i(t, y) dB_i.</summary>
public interface IDiagonalNoise : IStochasticField
{
    /// <summary>Whether S is diagonal.</summary>
    bool HasDiagonalNoise { get; }

    /// <summary>deviations[i] = S_i(t, y), slopes[i] = dS_i / dy_i, what others contribute to S_i held fixed.</summary>
    void Diagonal(double t, ReadOnlySpan<double> y, Span<double> deviations, Span<double> slopes);
}
