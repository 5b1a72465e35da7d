namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>G(part, c, t, j) = sum_n sum_u A(n, source(u, t), c) D(n, u, j) over the images of a part, G being [part, column c
/// of A, tap t, column j of D].</summary>
internal readonly unsafe struct TapGradient : ITapWork
{
    public required TapTable Table { get; init; }

    public required ImageBlock A { get; init; }

    public required int Images { get; init; }

    /// <summary>D with rows n Rows + u, its columns contiguous.</summary>
    public required Strided D { get; init; }

    /// <summary>Columns of D.</summary>
    public required int N { get; init; }

    public required double* G { get; init; }

    /// <summary>How many parts there are.</summary>
    public required int Parts { get; init; }

    /// <summary>Columns of a share: of one part they are divided.</summary>
    private int ShareColumns => Parts > 1 ? N : ((N + MostOfPart - 1) / MostOfPart + LongestTile - 1) / LongestTile * LongestTile;

    private int SharesOfPart => (N + ShareColumns - 1) / ShareColumns;

    // Columns of singles in vectors of 512 bits, a multiple of the others; shares of one part.
    private const int LongestTile = 48, MostOfPart = 4;

    /// <inheritdoc/>
    public int Shares => Parts * SharesOfPart;

    /// <inheritdoc/>
    public double Flops => 2.0 * Images * N * A.Columns * Table.Up.Reads;

    /// <inheritdoc/>
    public void Run<L, V, E>(int share) where L : ILanes<V, E> where V : struct where E : unmanaged
    {
        var (part, column) = (share / SharesOfPart, share % SharesOfPart * ShareColumns);
        new TapGradients<L, V, E>(this, part, (column, Math.Min(ShareColumns, N - column))).Run();
    }
}
