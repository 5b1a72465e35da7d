using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Solvers.Randomness;

namespace MeanFieldLimit.Validation.Certificates;

/// <summary>
/// A small problem drawn at random: two to four layers, any law, activation and loss, a few points, some quadrature
/// rules; and the same problem with a discretisation much finer, to tell its true error by.
/// </summary>
/// <param name="Problem">The problem.</param>
/// <param name="Finer">The same with fine grids and steps.</param>
public sealed record RandomProblem(Problem Problem, Problem Finer)
{
    private static readonly string[] Smooth = ["tanh", "erf", "sigmoid", "gelu", "softplus", "sine"];
    private static readonly string[] Kinked = ["relu", "leaky-relu"];

    /// <summary>
    /// Whether the activation has a kink; steps are then of fixed length, which a kink does not shrink.
    /// </summary>
    public bool IsKinked { get; private init; }

    /// <summary>Problem number <paramref name="index"/> of a seed.</summary>
    public static RandomProblem Draw(ulong seed, int index)
    {
        var draw = new Draws(new(seed, (ulong)index));
        var depth = draw.Below(3) + 2;
        var kinked = draw.Below(5) == 0;
        var activation = draw.OneOf(kinked ? Kinked : Smooth);
        var biases = draw.OneOf([BiasMode.None, BiasMode.None, BiasMode.Frozen, BiasMode.Trained]);
        // Types of layer 1 keep to two coordinates where a second grid multiplies them.
        var inputs = depth > 2 && biases != BiasMode.None ? 1 : 1 + draw.Below(2);
        var logistic = draw.Below(4) == 0;
        var time = draw.Between(0.5, 2);
        LayerSpec[] layers = [.. Enumerable.Range(1, depth).Select(i => new LayerSpec
        {
            Weights = draw.Law(i == 1 ? 0 : draw.Between(-1, 1.5)),
            Bias = i < depth && biases != BiasMode.None ? draw.Law(0) : null,
            Activation = i < depth ? activation : null,
        })];
        var points = 3 + draw.Below(6);
        var problem = new Problem
        {
            Name = $"random {index}",
            Seed = index,
            Data = new PointsData
            {
                X = [.. Enumerable.Range(0, points).Select(_ => draw.Normals(inputs))],
                Y = [.. Enumerable.Range(0, points).Select(_ =>
                    (double[])[logistic ? draw.Below(2) * 2 - 1 : draw.Between(-1, 1)])],
            },
            Network = new() { Biases = biases, Layers = layers },
            Training = new() { Loss = logistic ? "logistic" : "half-squared", Time = time },
            Record = new() { Saves = 4 },
        };
        int Coordinates(int i) => (i == 1 ? inputs : 0) + (biases == BiasMode.None ? 0 : 1) + (i == depth - 1 ? 1 : 0);
        var asked = Enumerable.Range(1, depth - 1).Select(i => draw.Rule(Coordinates(i))).ToArray();
        int FineNodes(int coordinates) => coordinates switch
        {
            <= 1 => kinked ? 200 : 100,
            2 => kinked ? depth == 2 ? 120 : 44 : 30,
            3 => 40,
            _ => 18,
        };
        RuleSpec[] fine = [.. Enumerable.Range(1, depth - 1)
            .Select(i => new GaussSpec { Nodes = FineNodes(Coordinates(i)) })];
        var steps = 10 + draw.Below(30);
        LimitSpec limit = kinked
            ? new() { Method = "runge-kutta-4", Step = time / steps }
            : new() { Tolerance = Math.Pow(10, -draw.Between(3, 8)) };
        var finer = kinked ? limit with { Step = time / steps / 4 } : limit with { Tolerance = 1e-10 };
        return new(problem with { Limit = limit with { Types = asked } },
            problem with { Limit = finer with { Types = fine } })
        { IsKinked = kinked };
    }

    /// <summary>Successive draws of one stream.</summary>
    private sealed class Draws(RandomStream stream)
    {
        private ulong next;

        internal int Below(int n) => stream.Below(next++, n);

        internal double Between(double low, double high) => low + (high - low) * stream.Uniform(next++);

        internal T OneOf<T>(T[] choices) => choices[Below(choices.Length)];

        internal double[] Normals(int count) => [.. Enumerable.Range(0, count).Select(_ => stream.Normal(next++))];

        internal LawSpec Law(double mean)
        {
            var spread = Between(0.3, 1.2);
            return Below(6) switch
            {
                <= 2 => new GaussianLaw { Mean = mean, Std = spread },
                3 => new UniformLaw { Low = mean - 1.7 * spread, High = mean + 1.7 * spread },
                4 => new RademacherLaw { Mean = mean, Scale = spread },
                _ => new ConstantLaw { Value = mean == 0 ? spread : mean },
            };
        }

        internal RuleSpec Rule(int coordinates) => (Below(6), coordinates) switch
        {
            (0, > 0) => new SobolSpec { Nodes = 32 << Below(5) },
            (1, > 2) or (2, > 2) => new SmolyakSpec { Level = 1 + Below(5) },
            (1, > 0) => new MonteCarloSpec { Nodes = 50 + Below(450) },
            (_, <= 1) => new GaussSpec { Nodes = 2 + Below(20) },
            (_, 2) => new GaussSpec { Nodes = 2 + Below(9) },
            _ => new GaussSpec { Nodes = 2 + Below(6) },
        };
    }
}
