namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>A matrix in memory: A_ij = Data[i Row + j Column].</summary>
internal readonly unsafe struct Strided(double* data, nint row, nint column)
{
    public readonly double* Data = data;
    public readonly nint Row = row, Column = column;

    public Strided Transpose => new(Data, Column, Row);

    /// <summary>The same from the entry (i, j) on.</summary>
    public Strided From(int i, int j) => new(At(i, j), Row, Column);

    public double* At(int i, int j) => Data + i * Row + j * Column;
}

/// <summary>Where sums go: C = Alpha sums + Beta F, F which may be C.</summary>
internal readonly record struct Target(double Alpha, double Beta, Strided F, Strided C);

/// <summary>C = alpha A diag(p) B + beta F with A m x k, B k x n, F which may be C, and how it is to be computed. The plan
/// depends on the product and its precision, never on the number of threads, so that neither do the bits of C.</summary>
internal readonly unsafe struct Product
{
    public readonly Strided A, B, C, F;
    public readonly double* P;
    public readonly int M, N, K;
    public readonly double Alpha, Beta;

    /// <summary>Few columns: each entry of C is an inner product along contiguous rows of A.</summary>
    public readonly bool Narrow;

    /// <summary>Copy A or B into panels before use.</summary>
    public readonly bool PackA, PackB;

    /// <summary>Terms summed in registers before C is updated.</summary>
    public readonly int Depth;

    /// <summary>Tile after tile along the rows of C: where there are few terms, C is what takes the time.</summary>
    public readonly bool RowByRow;

    // Of 100 terms B's block is 0.8 MB, which streams from the outer caches while rows of C, from memory, are met once:
    // the gradients 1600 x 100 x 1600 and 784 x 100 x 10000 have 0.95 to 1.10 of OpenBLAS's rate, along columns of C 0.86
    // to 1.01. The others are round numbers, not tuned closely.
    private const int DepthOfPanels = 256, RowByRowDepth = 128, NarrowColumns = 3, PackBFromRows = 48, PackAFromColumns = 64,
        DoublesBeside = 1 << 15;

    public Product(Shape shape, Strided a, double* p, Strided b, Target to, Precision precision)
    {
        P = p;
        (M, N, K, Alpha, Beta) = (shape.M, shape.N, shape.K, to.Alpha, to.Beta);
        // The kernel wants B contiguous along its columns. Where it is not, or where C has few columns,
        // C^T = B^T diag(p) A^T may serve better: A^T may be contiguous, or take less to pack, though C^T is
        // then written entry by entry. The M rows are its columns: from PackAFromColumns on both factors are packed
        // either way, and 100 x 1600 x 1600 backward has 0.86 of OpenBLAS's rate as it stands, 0.75 turned.
        var turn = b.Column == 1
            ? a.Row == 1 && N < 8 && M > N
            : a.Row == 1 || (M < PackAFromColumns && (long)M * (N + K) < (long)K * N);
        (A, B, C, F) = turn ? (b.Transpose, a.Transpose, to.C.Transpose, to.F.Transpose) : (a, b, to.C, to.F);
        if (turn)
            (M, N) = (N, M);
        Narrow = N <= NarrowColumns && A.Column == 1;
        // Singles are made of doubles where they are copied.
        var converts = precision == Precision.Single;
        PackB = converts || B.Column != 1 || M >= PackBFromRows || (P != null && N < M);
        PackA = converts || (P != null && !PackB) || N >= PackAFromColumns;
        // An unpacked B is read in short stacks of rows, so that the next tile's lines, prefetched from pages far
        // apart, do not push each other out: 16 x 1600 x 1600 at 51 GF/s, with 256 rows at 43.
        // Rows of an unpacked A are read in long runs, which the processor foresees, beside 256 to 512 KB of B's
        // panels: 1600 x 1600 x 16 at 33 GF/s with AVX-512, in runs of 256 terms at 21; 400 x 1000 x 10 of an A whose columns
        // are contiguous is even.
        Depth = !PackB ? 32 : PackA ? DepthOfPanels : DoublesBeside / N;
        RowByRow = K <= RowByRowDepth;
    }
}

/// <summary>A way to compute blocks of a product.</summary>
internal interface IProductKernel
{
    /// <summary>Blocks start at multiples of so many rows.</summary>
    static abstract int TileRows { get; }

    /// <summary>Blocks start at multiples of so many columns.</summary>
    static abstract int TileColumns { get; }

    /// <summary>The rows [i0, i1) and columns [j0, j1) of C.</summary>
    static abstract void Run(in Product product, int i0, int i1, int j0, int j1);
}
