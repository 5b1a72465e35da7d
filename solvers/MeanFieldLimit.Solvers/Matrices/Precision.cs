using System.Diagnostics.CodeAnalysis;

namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>What the terms of a product are rounded to.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "They are the names of the precisions.")]
public enum Precision
{
    /// <summary>53 bits.</summary>
    Double,

    /// <summary>24 bits.</summary>
    Single,
}
