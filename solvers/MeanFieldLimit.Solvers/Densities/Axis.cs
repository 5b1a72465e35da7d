using System.Text.Json.Serialization;

namespace MeanFieldLimit.Solvers.Densities;

/// <summary>What an axis of a grid ends in. No mass passes an end but one that is periodic or absorbs.</summary>
public enum AxisEnd
{
    /// <summary>The space goes on, the grid does not: mass that gathers here is an error, and reported.</summary>
    Cut,

    /// <summary>The space ends here: the 0 of a length.</summary>
    Wall,

    /// <summary>What arrives here leaves for good, as at a first passage: the density vanishes at the end, and the mass
    /// that left is counted.</summary>
    Absorbing,

    /// <summary>The other end follows, as for an angle; both ends of an axis or none.</summary>
    Periodic,
}

/// <summary>The interval [Start, End] in cells of equal length.</summary>
/// <remarks>As JSON it has what its constructor takes, where read-only properties are left out too.</remarks>
public sealed record Axis
{
    /// <summary>An axis.</summary>
    /// <exception cref="ArgumentException">The interval is empty or not finite, there are fewer than 4 cells, or one
    /// end alone is periodic.</exception>
    public Axis(double start, double end, int cells, AxisEnd lower = AxisEnd.Cut, AxisEnd upper = AxisEnd.Cut)
    {
        if (!(end > start && double.IsFinite(end - start)))
            throw new ArgumentException("an axis needs finite bounds and length, the start before the end, got "
                + $"[{start}, {end}]");
        if (cells < 4) throw new ArgumentException($"an axis needs at least 4 cells, got {cells}");
        if ((lower == AxisEnd.Periodic) != (upper == AxisEnd.Periodic))
            throw new ArgumentException($"both ends of an axis are periodic or none, got {lower} and {upper}");
        (Start, End, Cells, Lower, Upper) = (start, end, cells, lower, upper);
    }

    /// <summary>Where it begins.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public double Start { get; }

    /// <summary>Where it ends.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public double End { get; }

    /// <summary>Number of cells.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int Cells { get; }

    /// <summary>What it begins with.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public AxisEnd Lower { get; }

    /// <summary>What it ends in.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public AxisEnd Upper { get; }

    /// <summary>Whether it is a circle.</summary>
    public bool Periodic => Lower == AxisEnd.Periodic;

    /// <summary>Whether mass leaves at an end.</summary>
    public bool Absorbs => Lower == AxisEnd.Absorbing || Upper == AxisEnd.Absorbing;

    /// <summary>h, the length of a cell.</summary>
    public double Spacing => (End - Start) / Cells;

    /// <summary>The circle [0, 2 pi).</summary>
    public static Axis Circle(int cells) => new(0, 2 * Math.PI, cells, AxisEnd.Periodic, AxisEnd.Periodic);

    /// <summary>The lengths [0, end].</summary>
    public static Axis HalfLine(double end, int cells) => new(0, end, cells, AxisEnd.Wall);

    /// <summary>The middle of cell i.</summary>
    public double Centre(int i) => Start + (i + 0.5) * Spacing;
}
