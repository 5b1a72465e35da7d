using System.ComponentModel;

namespace MeanFieldLimit.Problems;

/// <summary>Networks of the reference width of a scaling beside the limits that they may grow into.</summary>
public sealed record ProxySpec
{
    [Description("Independent networks of the width scaling.width, whose law at the save times is compared.")]
    [Between(40, 1e7)]
    public int Networks { get; init; } = 2000;

    [Description("Draws of the initial function, each a run of every limit that has one."), Between(40, 1e7)]
    public int Draws { get; init; } = 500;
}
