using System.ComponentModel;
using System.Text.Json.Serialization;
using MeanFieldLimit.Data;
using MeanFieldLimit.Networks.Activations;

namespace MeanFieldLimit.Problems;

/// <summary>Where the data comes from, and how many points are held out for testing.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(PointsData), "points")]
[JsonDerivedType(typeof(CsvData), "csv")]
[JsonDerivedType(typeof(IdxData), "idx")]
[JsonDerivedType(typeof(CifarData), "cifar")]
[JsonDerivedType(typeof(NumPyData), "numpy")]
[JsonDerivedType(typeof(IsotropicData), "isotropic-gaussians")]
[JsonDerivedType(typeof(SyntheticData), "synthetic")]
[JsonDerivedType(typeof(TexturesData), "textures")]
public abstract record DataSpec
{
    [Description("Number of test points: held out of the given points as the seed has it, or drawn " +
        "beside generated ones."), AtLeast(0)]
    public int Test { get; init; }

    [Description("Share of the training points that have a random class, drawn with equal chances, in place of their " +
        "own; test points keep theirs. Labels must be classes, and points given."), Between(0, 1)]
    public double Corrupted { get; init; }
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

    [Description("The masses of the points, such as the weights of a quadrature rule: expectations over the data are " +
        "sums with them, SGD draws a point with its mass as probability, rms distances between predictions count it " +
        "so. They are divided by their sum; points of mass 0 are left out. Where absent all are equal."), AtLeast(0)]
    public IReadOnlyList<double>? Masses { get; init; }

    [Description("The inputs of test points, where these are given and not held out."), Items(1)]
    public IReadOnlyList<IReadOnlyList<double>>? XTest { get; init; }

    [Description("Their labels."), Items(1)]
    public IReadOnlyList<IReadOnlyList<double>>? YTest { get; init; }
}

[Description("A CSV file (UTF-8) with a header line. Fields are separated by commas, semicolons or tabs: whichever " +
    "the header line has most of. The report says which columns were taken for what.")]
public sealed record CsvData : DataSpec
{
    [Description("The CSV file; a relative path starts at the folder of the problem file."), NonEmpty]
    public required string Path { get; init; }

    [Description("The columns of x; where absent all that are neither of outputs nor masses."), Items(1)]
    public IReadOnlyList<string>? Inputs { get; init; }

    [Description("The columns of y. They may be left out where one column alone can be meant: the second of two, or " +
        "the only one that is neither of inputs nor masses. One column under the loss logistic or " +
        "softmax-cross-entropy names classes, by whole numbers or by names: in increasing order (names: of their " +
        "characters) two classes become -1 and +1 for logistic, and K classes the K one-hot labels of " +
        "softmax-cross-entropy."), Items(1)]
    public IReadOnlyList<string>? Outputs { get; init; }

    [Description("The column of the masses of the points, as those of kind points; it is neither of x nor of y.")]
    [NonEmpty]
    public string? Masses { get; init; }
}

[Description("Arrays of NumPy: files .npy or an archive .npz of them, of whole or floating-point numbers; their " +
    "first index is that of the point, all others make its coordinates.")]
public sealed record NumPyData : DataSpec
{
    [Description("The .npz archive, whose arrays inputs, outputs and masses then name; where absent they name .npy " +
        "files. A relative path starts at the folder of the problem file."), NonEmpty]
    public string? Path { get; init; }

    [Description("The array of x."), NonEmpty]
    public required string Inputs { get; init; }

    [Description("The array of y, [point] or [point, output]. One output under the loss logistic or " +
        "softmax-cross-entropy has classes, whole numbers, as a column of a CSV file."), NonEmpty]
    public required string Outputs { get; init; }

    [Description("The array of the masses of the points, as those of kind points."), NonEmpty]
    public string? Masses { get; init; }

    [Description("The array of x of test points, where none are held out: test of them, all where that is 0.")]
    [NonEmpty]
    public string? InputsTest { get; init; }

    [Description("The array of their y."), NonEmpty]
    public string? OutputsTest { get; init; }

    [Description(IImageFiles.Some), AtLeast(1)]
    public int? Train { get; init; }
}

/// <summary>Data of a continuous law: sampled, or integrated by a quadrature rule.</summary>
public interface IGeneratedData
{
    internal const string
        Drawn = "Number of training points drawn; test points are drawn beside them. Either this or expectation.",
        OnNodes = "The limit, and networks under the flow, are trained on its nodes with their masses, networks " +
            "under SGD on fresh points; predictions are recorded at record.points points drawn from the law. The " +
            "error of the nodes is part of the limit's error estimate.";

    /// <summary>The input dimension d.</summary>
    int Dimension { get; }

    /// <summary>Number of points of a sample; null where the law is integrated.</summary>
    int? Points { get; }

    /// <summary>The rule that integrates the law of the inputs; null where it is sampled.</summary>
    RuleSpec? Expectation { get; }
}

/// <summary>
/// y = -1 or +1 with equal chance, x given y is N(0, (1 + y delta)^2 I_d) (Nguyen, arXiv:1902.02880, section 4.2.1).
/// </summary>
[Description("y = -1 or +1 with equal chance; given y, x is centred normal with standard deviation 1 + y delta.")]
public sealed record IsotropicData : DataSpec, IGeneratedData
{
    [Description("The input dimension d."), AtLeast(1)]
    public required int Dimension { get; init; }

    [Description("The contrast of the two classes."), Inside(0, 1)]
    public required double Delta { get; init; }

    [Description(IGeneratedData.Drawn), AtLeast(1)]
    public int? Points { get; init; }

    [Description("Either this or points: the law of the inputs integrated by a quadrature rule in place of a sample, " +
        "a grid for each class. " + IGeneratedData.OnNodes)]
    public RuleSpec? Expectation { get; init; }
}

[Description("Small random images of two classes, in one channel: stripes along rows (y = -1) or along columns " +
    "(y = +1), x = cos(2 pi v / period + phase) + noise N(0, 1), v the row or the column, the phase uniform.")]
public sealed record TexturesData : DataSpec, IGeneratedData
{
    [Description("Rows of an image."), AtLeast(1)]
    public required int Rows { get; init; }

    [Description("Columns of an image."), AtLeast(1)]
    public required int Columns { get; init; }

    [Description("Number of training images drawn; test images are drawn beside them."), AtLeast(1)]
    public required int Points { get; init; }

    [Description("The period of the stripes, in pixels."), Positive]
    public double Period { get; init; } = 4;

    [Description("Standard deviation of the normal noise in each pixel."), AtLeast(0)]
    public double Noise { get; init; } = 0.5;

    int IGeneratedData.Dimension => (int)Math.Min(int.MaxValue, (long)Rows * Columns);

    int? IGeneratedData.Points => Points;

    RuleSpec? IGeneratedData.Expectation => null;
}

[Description("Random inputs with a named target function or a random two-layer teacher network.")]
public sealed record SyntheticData : DataSpec, IGeneratedData
{
    [Description("Law of the inputs: standard normal, or uniform on the unit sphere.")]
    public InputLaw Inputs { get; init; } = InputLaw.Gaussian;

    [Description("The input dimension d."), AtLeast(1)]
    public required int Dimension { get; init; }

    [Description(IGeneratedData.Drawn), AtLeast(1)]
    public int? Points { get; init; }

    [Description("Either this or points: the law of the inputs integrated by a quadrature rule in place of a sample, " +
        "gaussian inputs by any rule; sphere inputs by gauss, the product of Gauss rules and equally spaced " +
        "angles that is exact for polynomials of degree up to 2 nodes - 1, by sobol or by monte-carlo. " +
        IGeneratedData.OnNodes)]
    public RuleSpec? Expectation { get; init; }

    [Description("The target function; either this or teacher."), NameOf<ITarget>]
    public string? Target { get; init; }

    [Description("The teacher network; either this or target.")]
    public TeacherSpec? Teacher { get; init; }

    [Description("Standard deviation of the normal noise added to the labels."), AtLeast(0)]
    public double Noise { get; init; }
}

/// <summary>Law of the inputs: N(0, I_d), or uniform on the unit sphere.</summary>
public enum InputLaw { Gaussian, Sphere }

/// <summary>
/// A teacher y = (1/width) sum_j a_j s(w_j . x + b_j): a_j and w_j standard normal and b_j = 0, or all as given.
/// </summary>
public sealed record TeacherSpec
{
    [Description("Number of hidden neurons of a teacher with random parameters; either this or neurons."), AtLeast(1)]
    public int? Width { get; init; }

    [Description("The hidden neurons of the teacher, y = mean over them of a s(w . x + b); either this or width.")]
    [Items(1, Remedy = "give one neuron or more")]
    public IReadOnlyList<TeacherNeuron>? Neurons { get; init; }

    [Description("The activation of the teacher."), NameOf<IActivation>]
    public required string Activation { get; init; }
}

/// <summary>A neuron of a teacher, a s(w . x + b).</summary>
public sealed record TeacherNeuron
{
    [Description("The outgoing weight.")]
    public required double A { get; init; }

    [Description("The incoming weights, one per input.")]
    public required IReadOnlyList<double> W { get; init; }

    [Description("The bias.")]
    public double B { get; init; }
}
