namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>C(n, u, j) = sum_s sum_c A(n, source(u, s), c) p_c W_s(c, j) + beta F(n, u, j) over the slots s that row u reads.
/// W_s(c, j) is at c Row + j Column + t Tap for the tap t of slot s.</summary>
internal readonly unsafe struct TapSum : ITapWork
{
    // Each share of images takes up W: shares are of so many rows, or of fewer, but no less than some, where threads would
    // have none. Where each row reads few slots, shares are of rows with all images, and take up what these read. Round
    // numbers, not tuned.
    private const int MostShareRows = 2048, LeastShareRows = 48, WantedShares = 4, FewRead = 16;

    public required TapRows Rows { get; init; }

    public required ImageBlock A { get; init; }

    /// <summary>How many images there are.</summary>
    public required int Images { get; init; }

    /// <summary>p, or null.</summary>
    public required double* P { get; init; }

    public required Strided W { get; init; }

    /// <summary>From one tap of W to the next.</summary>
    public required nint Tap { get; init; }

    public required double Beta { get; init; }

    /// <summary>F with rows n Rows + u, or no step from row to row.</summary>
    public required Strided F { get; init; }

    /// <summary>C with rows n Rows + u.</summary>
    public required Strided C { get; init; }

    /// <summary>Columns of C.</summary>
    public required int N { get; init; }

    /// <inheritdoc/>
    public int Shares => ByRows ? Math.Min(Rows.Classes.Length, 2 * WantedShares) : (Images + ShareImages - 1) / ShareImages;

    /// <inheritdoc/>
    public double Flops => 2.0 * Images * N * A.Columns * Rows.Reads;

    private bool ByRows => Rows.SlotsToRead > FewRead;

    private int ShareImages => Math.Clamp((Images + WantedShares - 1) / WantedShares,
        Math.Min(Images, (LeastShareRows + Rows.Count - 1) / Rows.Count), ShareMost);

    private int From(int share) => (int)((long)Rows.Classes.Length * share / Shares);

    private int ShareMost => Math.Max(1, (int)Math.Min(Images, Math.Ceiling(MostShareRows * Rows.SlotsToRead / Rows.Count)));

    /// <inheritdoc/>
    public void Run<L, V, E>(int share) where L : ILanes<V, E> where V : struct where E : unmanaged
    {
        var all = Rows.Classes.Length;
        if (ByRows) new TapSums<L, V, E>(this, (0, Images), (From(share), From(share + 1))).Run();
        else new TapSums<L, V, E>(this, (share * ShareImages, Math.Min((share + 1) * ShareImages, Images)), (0, all)).Run();
    }
}
