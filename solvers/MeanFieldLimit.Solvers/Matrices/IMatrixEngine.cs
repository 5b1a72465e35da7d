namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>A way to multiply matrices. One engine may be called from several threads at once.</summary>
public interface IMatrixEngine
{
    /// <summary>What computes: "managed", "openblas 0.3.21".</summary>
    string Name { get; }

    /// <summary>The threads that callers may share work among; 1 where they are the library's own.</summary>
    int Threads => 1;

    /// <summary>The same on the caller's thread alone, for who shares the work of several products among threads; itself
    /// where threads are the library's own.</summary>
    IMatrixEngine OnOneThread => this;

    /// <summary>The same with op(A) diag(p) and op(B) rounded to single precision before they are multiplied and summed, in
    /// single precision too for at most a thousand terms at a time: errors of 1e-7 relative to the sizes of the terms, in half
    /// of the time; products of at most three columns, but for those by taps, in double. Itself where it has no such
    /// products.</summary>
    IMatrixEngine InSinglePrecision => this;

    /// <summary>What multiplies by taps, of convolutions: the managed engine, there being no other.</summary>
    ManagedEngine OverTaps { get; }

    /// <summary>C = alpha op(A) diag(p) op(B) + beta C, without the diagonal if <paramref name="p"/> is empty.
    /// op(A) is m x k, op(B) is k x n, C is m x n, and p has k entries.</summary>
    /// <remarks>C must not overlap A, B or p. With beta = 0, C is written without being read; with alpha = 0 or
    /// k = 0, A and B are not read.</remarks>
    /// <exception cref="ArgumentException">The sizes do not match.</exception>
    void Multiply(double alpha, Factor a, ReadOnlySpan<double> p, Factor b, double beta, MatrixView c);

    /// <summary>C = alpha op(A) diag(p) op(B) + F, F m x n, to the bits of F copied to C and added to.</summary>
    /// <remarks>C must not overlap A, B, p or F.</remarks>
    /// <exception cref="ArgumentException">The sizes do not match.</exception>
    void MultiplyAdd(double alpha, Factor a, ReadOnlySpan<double> p, Factor b, ReadOnlyMatrixView f, MatrixView c)
    {
        f.CopyTo(c);
        Multiply(alpha, a, p, b, 1, c);
    }
}
