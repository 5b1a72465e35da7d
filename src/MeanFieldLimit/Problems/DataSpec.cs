using System.Text.Json.Serialization;

namespace MeanFieldLimit.Problems;

/// <summary>Where the data comes from, and how many points are held out for testing.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(PointsData), "points")]
[JsonDerivedType(typeof(CsvData), "csv")]
[JsonDerivedType(typeof(IdxData), "idx")]
[JsonDerivedType(typeof(IsotropicData), "isotropic-gaussians")]
[JsonDerivedType(typeof(SyntheticData), "synthetic")]
public abstract record DataSpec
{
    public int Test { get; init; }
}

/// <summary>Points in the file itself: x is [point][coordinate], y is [point][output].</summary>
public sealed record PointsData : DataSpec
{
    public required IReadOnlyList<IReadOnlyList<double>> X { get; init; }
    public required IReadOnlyList<IReadOnlyList<double>> Y { get; init; }
}

/// <summary>A CSV file with a header line; without column names the last column is y and the others are x.</summary>
public sealed record CsvData : DataSpec
{
    public required string Path { get; init; }
    public IReadOnlyList<string>? Inputs { get; init; }
    public IReadOnlyList<string>? Outputs { get; init; }
}

/// <summary>IDX images scaled to [-1, 1] and labels, plain or gzipped: one-hot, or two classes as -1 and +1.</summary>
public sealed record IdxData : DataSpec
{
    public required string Images { get; init; }
    public required string Labels { get; init; }
    public IReadOnlyList<int>? Classes { get; init; }
    public int? Train { get; init; }
}

/// <summary>y = -1 or +1 with equal chance, x given y is N(0, (1 + y delta)^2 I_d) (seed 004, section 4.2.1).</summary>
public sealed record IsotropicData : DataSpec
{
    public required int Dimension { get; init; }
    public required double Delta { get; init; }
    public required int Points { get; init; }
}

/// <summary>Random inputs with a named target function or a random two-layer teacher network.</summary>
public sealed record SyntheticData : DataSpec
{
    public InputLaw Inputs { get; init; } = InputLaw.Gaussian;
    public required int Dimension { get; init; }
    public required int Points { get; init; }
    public string? Target { get; init; }
    public TeacherSpec? Teacher { get; init; }
    public double Noise { get; init; }
}

/// <summary>Law of the inputs: N(0, I_d), or uniform on the unit sphere.</summary>
public enum InputLaw { Gaussian, Sphere }

/// <summary>A teacher y = (1/width) sum_j a_j s(w_j . x), a_j and w_j standard normal.</summary>
public sealed record TeacherSpec
{
    public required int Width { get; init; }
    public required string Activation { get; init; }
}
