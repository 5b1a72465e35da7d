using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Networks.Geometries;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Benchmarks.Certificates;

/// <summary>
/// A small convolutional problem drawn at random, on a line or in a plane: one to three convolutions with strides,
/// padding, borders, mean filters and poolings, smooth or kinked, and its finer twins. Types have at most two
/// continuous coordinates where several layers have some, three elsewhere, or laws of two values in any number.
/// </summary>
public static class RandomImages
{
    private const int MostSigns = 8;
    private static readonly string[] Smooth = ["tanh", "erf", "sigmoid", "gelu", "softplus", "sine"];
    private static readonly string[] Kinked = ["relu", "leaky-relu"];
    private static readonly RuleSpec Exact = new GaussSpec { Nodes = 1 };

    /// <summary>Whether problem number <paramref name="index"/> is one in a plane.</summary>
    internal static bool IsPlane(int index) => index % 2 == 1;

    /// <summary>Whether it has a kinked activation or a maximum.</summary>
    internal static bool IsKinked(int index) => index / 2 % 2 == 1;

    /// <summary>Problem number <paramref name="index"/> of a seed; kinds take turns.</summary>
    public static RandomProblem Draw(ulong seed, int index)
    {
        var (draw, kinked) = (new Draws(new(seed, 2_000_000 + (ulong)index)), IsKinked(index));
        while (true)
        {
            var problem = DrawNetwork(draw, index);
            if (Coordinates(problem) is not { } coordinates) continue;
            var family = draw.OneOf(Enum.GetValues<RuleFamily>());
            var (time, steps) = (draw.OneIn(4) ? RandomProblem.Start : draw.Between(0.3, 1.5), 8 + draw.Below(12));
            LimitSpec Timed(int parts, double tolerance) => kinked
                ? new() { Method = "runge-kutta-4", Step = time / steps / parts }
                : new() { Tolerance = tolerance };
            Problem With(LimitSpec limit, IEnumerable<RuleSpec> types) => problem with
            {
                Training = problem.Training with { Time = time },
                Limit = limit with
                {
                    Types = [.. types.Zip(coordinates, (rule, n) => n == 0 ? Exact : rule)],
                    Coordinates = Problems.Coordinates.Natural,
                },
            };
            var (finer, check) = FineRules.Of(coordinates, kinked, family);
            // Errors of steps fall in first order at kinks, those of the truth too: its check has twice as long ones.
            return new(With(Timed(1, Math.Pow(10, -draw.Between(3, 8))), coordinates.Select(n => draw.Rule(family, n))),
                With(Timed(16, 1e-10), finer), With(Timed(8, 1e-11), check));
        }
    }

    /// <summary>Continuous coordinates of the types of each layer; null where too many or mixed.</summary>
    private static int[]? Coordinates(Problem problem)
    {
        Model model;
        try
        {
            model = Model.Build(problem);
        }
        catch (ProblemException)
        {
            return null;
        }
        var laws = Enumerable.Range(1, problem.Network.Layers.Count - 1).Select(model.Embedding.TypeLaws).ToArray();
        int[] continuous = [.. laws.Select(l => l.Count(law => law.GaussNodes(3) == 3))];
        int[] signs = [.. laws.Select(l => l.Count(law => law is Rademacher))];
        var most = continuous.Count(n => n > 0) > 1 ? 2 : 3;
        return continuous.Zip(signs).All(n => n.First <= most && n.Second <= MostSigns
            && (n.First == 0 || n.Second == 0)) ? continuous : null;
    }

    private static Problem DrawNetwork(Draws draw, int index)
    {
        var (plane, kinked) = (IsPlane(index), IsKinked(index));
        var (depth, columns) = (draw.OneOf(2, 3, 3, 4), 3 + draw.Below(plane ? 2 : 5));
        var image = new ImageSpec
        {
            Channels = draw.OneOf(1, 1, 2),
            Rows = plane ? 3 + draw.Below(2) : 1,
            Columns = columns,
        };
        // Kinks of the activation, of a maximum, or of both.
        var (kink, maximum) = kinked ? draw.OneOf((true, false), (false, true), (true, true)) : (false, false);
        var (activation, biases) = (draw.OneOf(kink ? Kinked : Smooth),
            draw.OneOf(BiasMode.None, BiasMode.Frozen, BiasMode.Trained));
        var logistic = draw.OneIn(4);
        return new()
        {
            Name = $"random {index}",
            Seed = index,
            Data = draw.Points(3 + draw.Below(3), image.Channels * image.Rows * image.Columns, logistic),
            Network = new()
            {
                Image = image,
                Biases = biases,
                Layers = [.. Enumerable.Range(1, depth).Select(i => Layer(i))],
            },
            Training = new() { Loss = logistic ? "logistic" : "half-squared", Time = 1 },
            Limit = new() { Types = [.. Enumerable.Repeat(Exact, depth - 1)] },
            Record = new() { Saves = 4 },
        };

        LayerSpec Layer(int i)
        {
            var size = plane ? draw.OneOf<int[]>([2], [2, 1], [1, 2], [3, 2]) : draw.OneOf<int[]>([1], [2], [2], [3]);
            var convolution = i == depth ? null : new ConvolutionSpec
            {
                Size = size,
                Stride = [draw.OneOf(1, 1, 2)],
                Padding = draw.Below(size.Max()),
                Border = draw.OneOf(Border.Zeros, Border.Circular),
            };
            var isLast = i == depth - 1;
            return new()
            {
                Weights = i == 1 || i == depth ? Law(draw, i == 1 ? 0 : draw.Between(-1, 1.5))
                    : new GaussianLaw { Mean = draw.Between(-0.5, 1), Std = 1 },
                Bias = i < depth && biases != BiasMode.None ? Law(draw, 0) : null,
                Activation = i < depth ? activation : null,
                Convolution = convolution,
                Filter = i > 1 && i < depth && draw.OneIn(2) && Taps(size) is var taps ? draw.Normals(taps) : null,
                Pool = i == depth ? null : maximum && (isLast || draw.OneIn(2))
                    ? new() { Kind = PoolName.Max, Size = [2], Stride = [draw.OneOf(1, 2)] }
                    : draw.Below(isLast ? 2 : 3) == 0
                        ? isLast ? new() { Kind = PoolName.GlobalAverage }
                            : new() { Kind = PoolName.Average, Size = [2] }
                    : null,
            };
        }

        int Taps(int[] size) => size is [var only] ? plane ? only * only : only : size[0] * size[1];
    }

    private static LawSpec Law(Draws draw, double mean) => draw.Below(6) switch
    {
        0 or 1 => new GaussianLaw { Mean = mean, Std = draw.Between(0.3, 1.2) },
        2 => new UniformLaw { Low = mean - draw.Between(0.5, 2), High = mean + draw.Between(0.5, 2) },
        3 => new ConstantLaw { Value = mean == 0 ? draw.Between(-0.5, 0.5) : mean },
        _ => new RademacherLaw { Mean = mean, Scale = draw.Between(0.3, 1.2) },
    };
}
