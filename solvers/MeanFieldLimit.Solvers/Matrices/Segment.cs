using System.Runtime.CompilerServices;

namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>Terms of a tile whose numbers lie evenly: row i of A begins at A + R_i with R_0 = 0, B with row B.</summary>
internal struct Segment
{
    /// <summary>Where they begin.</summary>
    public nint A, B;

    /// <summary>From one term of A to the next.</summary>
    public nint Step;

    /// <summary>How many there are.</summary>
    public nint Count;

    /// <summary>R_1..R_7, of the rows that the tile has.</summary>
    public RowSteps Rows;

    /// <summary>Seven numbers.</summary>
    [InlineArray(7)]
    public struct RowSteps
    {
        private nint first;
    }
}
