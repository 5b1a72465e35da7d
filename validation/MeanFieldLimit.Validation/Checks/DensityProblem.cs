using MeanFieldLimit.Limits.Grids;
using MeanFieldLimit.Limits.Laws;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>Small limits with a density, for checks: sin(w x) on the line, w_2 tanh(w_1 x) in the plane.</summary>
internal static class DensityProblem
{
    internal const double Temperature = 0.05;
    private const double LeastMass = 1e-14;

    private static readonly double[] X = [-2, -1.5, -1, -0.5, 0.4, 0.8, 1.2, 2];

    internal static Model Line(CheckSetting setting, double temperature) => Build(setting, temperature, [8],
        new() { Weights = new GaussianLaw { Std = 1 }, Activation = "sine" },
        new() { Weights = new ConstantLaw { Value = 2 }, Rate = new ConstantRate { Value = 0 } });

    internal static Model Plane(CheckSetting setting) => Build(setting, 0, [6, 6],
        new() { Weights = new GaussianLaw { Std = 0.8 }, Activation = "tanh" },
        new() { Weights = new GaussianLaw { Std = 0.8 } });

    internal static GridLimit OnGrid(Model model, int cells, int steps) =>
        new(model) { Grid = NeuronCoordinates.Of(model).Grid(cells), Step = model.SaveTimes[^1] / steps };

    /// <summary>Particles at the centres of cells, with the masses of the law at time 0.</summary>
    internal static DiscreteMeasure Particles(NeuronCoordinates coordinates, int cells) =>
        NeuronLaw.Heavy(coordinates.Initial(coordinates.Grid(cells)).Measure, LeastMass);

    /// <summary>A law on the line at the one time that matters.</summary>
    internal static NeuronLaw Law(double[] points, double[] masses) => new(1, [points], [masses], [double.NaN]);

    private static Model Build(CheckSetting setting, double temperature, double[] high, LayerSpec first,
        LayerSpec second) => Model.Build(new()
        {
            Name = "densities",
            Seed = (long)setting.Seed,
            Data = new PointsData
            {
                X = [.. X.Select(x => new[] { x })],
                Y = [.. X.Select(x => new[] { 1.5 * Math.Sin(1.3 * x) })],
            },
            Network = new() { Layers = [first, second] },
            Training = new()
            {
                Loss = "half-squared",
                Time = 1,
                Tolerance = 1e-8,
                Dynamics = temperature > 0 ? DynamicsKind.Langevin : DynamicsKind.Flow,
                Temperature = temperature > 0 ? temperature : null,
            },
            Limit = new() { Types = [new GaussSpec { Nodes = 32 }], Tolerance = 1e-10 },
            Record = new() { Saves = 1 },
            Density = new() { Low = [.. high.Select(e => -e)], High = high },
        });
}
