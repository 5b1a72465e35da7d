namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>Images at A(n, v, c) = Data[n Image + v Row + c Column], with so many rows and columns.</summary>
internal readonly unsafe record struct ImageBlock(nint Data, nint Image, nint Row, nint Column, int Rows, int Columns);

/// <summary>C(n, u, j) = sum_s sum_c A(n, source(u, s), c) p_c W_s(c, j) + beta F(n, u, j) over the slots s that row u reads,
/// of the tap t of slot s W_s(c, j) = W[c Row + j Column + t Tap].</summary>
internal readonly unsafe struct TapSum : ITapWork
{
    // Shares of so many rows take up W once each.
    private const int ShareRows = 2048, LeastShares = 4;

    public required TapRows Rows { get; init; }

    public required ImageBlock A { get; init; }

    /// <summary>How many images there are.</summary>
    public required int Images { get; init; }

    /// <summary>p, or null.</summary>
    public required double* P { get; init; }

    public required Strided W { get; init; }

    public required nint Tap { get; init; }

    public required double Beta { get; init; }

    /// <summary>F with rows n Rows + u, or no step from row to row.</summary>
    public required Strided F { get; init; }

    /// <summary>C with rows n Rows + u.</summary>
    public required Strided C { get; init; }

    /// <summary>Columns of C.</summary>
    public required int N { get; init; }

    /// <inheritdoc/>
    public int Shares => (Images + ShareImages - 1) / ShareImages;

    private int ShareImages => Math.Clamp((Images + LeastShares - 1) / LeastShares, 1,
        (ShareRows + Rows.Count - 1) / Rows.Count);

    /// <inheritdoc/>
    public double Flops => 2.0 * Images * N * A.Columns * Rows.Reads;

    /// <inheritdoc/>
    public void Run<L, V, E>(int share) where L : ILanes<V, E> where V : struct where E : unmanaged
    {
        var first = share * ShareImages;
        new TapSums<L, V, E>(this, first, Math.Min(first + ShareImages, Images)).Run();
    }
}

/// <summary>Products by taps, in shares that depend on nothing but the sizes.</summary>
internal interface ITapWork
{
    int Shares { get; }

    /// <summary>Operations of all shares.</summary>
    double Flops { get; }

    void Run<L, V, E>(int share) where L : ILanes<V, E> where V : struct where E : unmanaged;
}
