using MeanFieldLimit.Data.Targets;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>The regression that checks of deep networks share: 12 points in the plane, i.i.d. initialization.</summary>
internal sealed record DeepProblem(string Name, int Depth)
{
    /// <summary>Law of the weights from layer 2 on; those of layer 1 are N(0, 1).</summary>
    internal LawSpec Weights { get; init; } = new GaussianLaw { Mean = 1, Std = 1 };

    /// <summary>Law of the trained biases of hidden layers; null for no biases.</summary>
    internal LawSpec? Biases { get; init; }

    internal string Activation { get; init; } = "tanh";

    /// <summary>Learning rates of the layers; 1 where there is none.</summary>
    internal IReadOnlyList<ScheduleSpec?> Rates { get; init; } = new ScheduleSpec?[Depth];

    /// <summary>Gauss nodes in every coordinate of a type.</summary>
    internal int Nodes { get; init; } = 6;

    internal double Time { get; init; } = 1;

    internal int Saves { get; init; } = 8;

    internal double Tolerance { get; init; } = 1e-9;

    internal Model Build(CheckSetting setting) => Model.Build(new()
    {
        Name = Name,
        Seed = (long)setting.Seed,
        Data = Spiral(),
        Network = new()
        {
            Biases = Biases is null ? BiasMode.None : BiasMode.Trained,
            Layers = [.. Enumerable.Range(1, Depth).Select(i => new LayerSpec
            {
                Weights = i == 1 ? new GaussianLaw { Std = 1 } : Weights,
                Bias = i == Depth ? null : Biases,
                Activation = i == Depth ? null : Activation,
                Rate = Rates[i - 1],
            })],
        },
        Training = new() { Loss = "half-squared", Time = Time, Method = "bogacki-shampine", Tolerance = 1e-5 },
        Limit = new()
        {
            Types = [.. Enumerable.Repeat(new GaussSpec { Nodes = Nodes }, Depth - 1)],
            Tolerance = Tolerance,
        },
        Record = new() { Saves = Saves },
    });

    /// <summary>Points along a spiral, no two in one direction, with y = sin(1.5 x_1) + x_2^2 / 2.</summary>
    private static PointsData Spiral()
    {
        const int points = 12;
        const double turn = 2.4;
        double[][] x = [.. Enumerable.Range(0, points).Select(k =>
        {
            var (sin, cos) = Math.SinCos(turn * k);
            var radius = 2 * Math.Sqrt((k + 0.5) / points);
            return new[] { radius * cos, radius * sin };
        })];
        return new() { X = x, Y = [.. x.Select(p => new[] { new SineSquare().Value(p) })] };
    }
}
