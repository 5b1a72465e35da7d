using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Solvers.Tests.Time;

/// <summary>
/// y' = y^2 cos t, z' = -z^3 cos t, nonlinear and non-autonomous, with y = 1 / (1/y_0 - sin t) and
/// z = 1 / sqrt(1/z_0^2 + 2 sin t).
/// </summary>
internal sealed class Waves : IVectorField
{
    internal static readonly double[] Initial = [0.5, 0.6];

    internal int Evaluations { get; private set; }

    public int Dimension => 2;

    public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity)
    {
        Evaluations++;
        velocity[0] = y[0] * y[0] * Math.Cos(t);
        velocity[1] = -y[1] * y[1] * y[1] * Math.Cos(t);
    }

    internal static double[] Exact(double t) =>
        [1 / (1 / Initial[0] - Math.Sin(t)), 1 / Math.Sqrt(1 / (Initial[1] * Initial[1]) + 2 * Math.Sin(t))];

    internal static double Error(double[] state, double t) => Exact(t).Zip(state, (a, b) => Math.Abs(a - b)).Max();
}

/// <summary>A field given by a function.</summary>
internal sealed class Field(int dimension, Func<double, double[], double[]> f) : IVectorField
{
    public int Dimension => dimension;

    public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity) => f(t, y.ToArray()).CopyTo(velocity);
}

/// <summary>Keeps what it is shown.</summary>
internal sealed class Keeper : IRecorder
{
    internal List<(double Time, double[] State)> Saved { get; } = [];

    public void Record(double t, ReadOnlySpan<double> state) => Saved.Add((t, state.ToArray()));
}
