namespace MeanFieldLimit.Solvers.Spectra;

/// <summary>A symmetric linear map A of R^n, known by its products.</summary>
public interface ISymmetricOperator
{
    /// <summary>n.</summary>
    int Dimension { get; }

    /// <summary>Sets result to A v; the spans have length n and do not overlap.</summary>
    void Apply(ReadOnlySpan<double> v, Span<double> result);
}
