// Documented by [Description], as in Problem.cs.
#pragma warning disable CS1591

using System.ComponentModel;
using System.Text.Json.Serialization;
using MeanFieldLimit.Activations;
using MeanFieldLimit.Data;

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
    [Description("Number of test points: held out of the given points as the seed has it, or drawn " +
        "beside generated ones.")]
    [AtLeast(0)]
    public int Test { get; init; }
}

/// <summary>Points in the file itself: x is [point][coordinate], y is [point][output].</summary>
[Description("Points in the problem file itself.")]
public sealed record PointsData : DataSpec
{
    [Description("The inputs: one list of coordinates per point.")]
    [Items(1, Remedy = "give the inputs of one data point or more")]
    public required IReadOnlyList<IReadOnlyList<double>> X { get; init; }

    [Description("The labels: one list of outputs per point.")]
    [Items(1, Remedy = "give the labels of one data point or more")]
    public required IReadOnlyList<IReadOnlyList<double>> Y { get; init; }
}

/// <summary>A CSV file with a header line; without column names the last column is y and the others are x.</summary>
[Description("A CSV file (UTF-8) with a header line; without column names the last column is y and the others are x. " +
    "Fields are separated by commas, semicolons or tabs: whichever the header line has most of.")]
public sealed record CsvData : DataSpec
{
    [Description("The CSV file; a relative path starts at the folder of the problem file.")]
    [NonEmpty]
    public required string Path { get; init; }

    [Description("The columns of x.")]
    [Items(1)]
    public IReadOnlyList<string>? Inputs { get; init; }

    [Description("The columns of y. One column under the loss logistic or softmax-cross-entropy names classes, by " +
        "whole numbers or by names: in increasing order (names: of their characters) two classes become -1 and +1 " +
        "for logistic, and K classes the K one-hot labels of softmax-cross-entropy.")]
    [Items(1)]
    public IReadOnlyList<string>? Outputs { get; init; }
}

/// <summary>IDX images scaled to [-1, 1] and labels, plain or gzipped: one-hot, or two classes as -1 and +1.</summary>
[Description("IDX images, scaled to [-1, 1], and labels, plain or gzipped: one-hot, or two classes as -1 and +1.")]
public sealed record IdxData : DataSpec
{
    [Description("The IDX file of images; a relative path starts at the folder of the problem file.")]
    [NonEmpty]
    public required string Images { get; init; }

    [Description("The IDX file of labels.")]
    [NonEmpty]
    public required string Labels { get; init; }

    [Description("Two labels: only these are used, the first as -1 and the second as +1.")]
    [Items(2, 2, Remedy = "name the two classes that become -1 and +1, or leave the key out for one-hot labels")]
    [Between(0, 255)]
    public IReadOnlyList<int>? Classes { get; init; }

    [Description("Number of training points; all that are not held out where absent.")]
    [AtLeast(1)]
    public int? Train { get; init; }
}

/// <summary>
/// y = -1 or +1 with equal chance, x given y is N(0, (1 + y delta)^2 I_d) (Nguyen, arXiv:1902.02880, section 4.2.1).
/// </summary>
[Description("y = -1 or +1 with equal chance; given y, x is centred normal with standard deviation 1 + y delta.")]
public sealed record IsotropicData : DataSpec
{
    [Description("The input dimension d.")]
    [AtLeast(1)]
    public required int Dimension { get; init; }

    [Description("The contrast of the two classes.")]
    [Inside(0, 1)]
    public required double Delta { get; init; }

    [Description("Number of training points drawn; test points are drawn beside them.")]
    [AtLeast(1)]
    public required int Points { get; init; }
}

/// <summary>Random inputs with a named target function or a random two-layer teacher network.</summary>
[Description("Random inputs with a named target function or a random two-layer teacher network.")]
public sealed record SyntheticData : DataSpec
{
    [Description("Law of the inputs: standard normal, or uniform on the unit sphere.")]
    public InputLaw Inputs { get; init; } = InputLaw.Gaussian;

    [Description("The input dimension d.")]
    [AtLeast(1)]
    public required int Dimension { get; init; }

    [Description("Number of training points drawn; test points are drawn beside them.")]
    [AtLeast(1)]
    public required int Points { get; init; }

    [Description("The target function; either this or teacher.")]
    [NameOf<ITarget>]
    public string? Target { get; init; }

    [Description("The teacher network; either this or target.")]
    public TeacherSpec? Teacher { get; init; }

    [Description("Standard deviation of the normal noise added to the labels.")]
    [AtLeast(0)]
    public double Noise { get; init; }
}

/// <summary>Law of the inputs: N(0, I_d), or uniform on the unit sphere.</summary>
public enum InputLaw { Gaussian, Sphere }

/// <summary>A teacher y = (1/width) sum_j a_j s(w_j . x), a_j and w_j standard normal.</summary>
public sealed record TeacherSpec
{
    [Description("Number of hidden neurons of the teacher.")]
    [AtLeast(1)]
    public required int Width { get; init; }

    [Description("The activation of the teacher.")]
    [NameOf<IActivation>]
    public required string Activation { get; init; }
}
