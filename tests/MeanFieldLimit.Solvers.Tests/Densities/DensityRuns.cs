namespace MeanFieldLimit.Solvers.Tests.Densities;

internal static class DensityRuns
{
    internal static double Normal(double x, double mean, double variance) =>
        Math.Exp(-(x - mean) * (x - mean) / (2 * variance)) / Math.Sqrt(2 * Math.PI * variance);

    internal static Density Run(IDensityEquation equation, Density initial, double time, double step) =>
        new(initial.Grid, new TimeLoop
        {
            Stepper = new DensityStepper(equation.On(initial.Grid)),
            Control = new FixedStep(step),
        }.Run(initial.Masses, new(0, time)).OrThrow().State);

    /// <summary>
    /// log2 of the ratio of the last two errors, as the distances of the runs on grids of n, 2n, ... cells from the
    /// exact density; steps are n times longer than the given one.
    /// </summary>
    internal static double Order(IDensityEquation equation, Func<int, Grid> grid, int[] sizes,
        Func<double[], double> initial, Func<double[], double> exact, double time, double stepTimesCells)
    {
        double[] errors = [.. sizes.Select(n =>
            Run(equation, Density.Of(grid(n), initial, 1e-3), time, stepTimesCells / n)
                .Distance(Density.Of(grid(n), exact, 1e-3)))];
        return Math.Log2(errors[^2] / errors[^1]);
    }
}
