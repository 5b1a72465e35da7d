namespace MeanFieldLimit.Validation.Checks;

/// <summary>Small limits with a density, for checks: sin(w x) on the line, w_2 tanh(w_1 x) in the plane.</summary>
internal static class DensityProblem
{
    private static readonly double[] X = [-2, -1.5, -1, -0.5, 0.4, 0.8, 1.2, 2];

    internal static Model Line(CheckSetting setting, double temperature, double time = 1) => Build(setting,
        temperature, time, new() { Weights = new GaussianLaw { Std = 1 }, Activation = "sine" },
        new() { Weights = new ConstantLaw { Value = 2 }, Rate = new ConstantRate { Value = 0 } }, 8);

    internal static Model Plane(CheckSetting setting, double time = 1) => Build(setting, 0, time,
        new() { Weights = new GaussianLaw { Std = 0.8 }, Activation = "tanh" },
        new() { Weights = new GaussianLaw { Std = 0.8 } }, 6);

    private static Model Build(CheckSetting setting, double temperature, double time, LayerSpec first,
        LayerSpec second, double end)
    {
        double[] ends = [.. Enumerable.Repeat(end, second.Rate is null ? 2 : 1)];
        return Model.Build(new()
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
                Time = time,
                Tolerance = 1e-8,
                Dynamics = temperature > 0 ? DynamicsKind.Langevin : DynamicsKind.Flow,
                Temperature = temperature > 0 ? temperature : null,
            },
            Limit = new() { Types = [new GaussSpec { Nodes = 32 }], Tolerance = 1e-10 },
            Record = new() { Saves = 1 },
            Density = new() { Low = [.. ends.Select(e => -e)], High = ends },
        });
    }
}
