namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>What op(A) stands for in a product.</summary>
public enum Op
{
    /// <summary>op(A) = A.</summary>
    Plain,

    /// <summary>op(A) = A^T.</summary>
    Transposed,
}
