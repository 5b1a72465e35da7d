namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>One register tile: C_ij = alpha sum_k A_ik B_kj + beta F_ij, with <see cref="Height"/> rows (1, 2, 4 or 8)
/// and <see cref="Vectors"/> (1 to 3) times the vector length columns, the rows of B, C and F contiguous.</summary>
internal readonly unsafe struct Tile<E> where E : unmanaged
{
    public required int Height { get; init; }

    public required int Vectors { get; init; }

    /// <summary>Terms of the sum, where they are not of segments.</summary>
    public int K { get; init; }

    public required E* A { get; init; }

    /// <summary>From one row of A to the next, and from one column to the next; of a panel 1 and <see cref="Height"/>.</summary>
    public (nint Row, nint Column) StepA { get; init; }

    /// <summary>Whether A is a panel.</summary>
    public bool Packed { get; init; }

    /// <summary>Where terms are of several segments: those, in place of <see cref="StepA"/> and <see cref="K"/>; else
    /// null.</summary>
    public Segment* Segments { get; init; }

    /// <summary>How many there are, at least one.</summary>
    public int SegmentCount { get; init; }

    public required E* B { get; init; }

    /// <summary>From one row of B to the next.</summary>
    public required nint StepB { get; init; }

    /// <summary>How far beyond B what comes next is fetched; 0 where B is a panel, which the processor foresees.</summary>
    public nint Ahead { get; init; }

    public required Strided C { get; init; }

    /// <summary>F, which may be C.</summary>
    public required Strided F { get; init; }

    /// <summary>How many such tiles follow each other, <see cref="Next"/> apart; 0 for one.</summary>
    public int Count { get; init; }

    public TileStep Next { get; init; }

    public required double Alpha { get; init; }

    public required double Beta { get; init; }
}

/// <summary>From one tile to the next, in entries: 0 where it is of the same A or B.</summary>
internal readonly record struct TileStep(nint A, nint B, nint C, nint F);
