namespace MeanFieldLimit.Solvers.Tests.Time;

/// <summary>
/// y' = 4 cos(3t) y (1 - y), z' = -4 cos(3t) z (1 - z), nonlinear and non-autonomous, with
/// y = 1 / (1 + (1/y_0 - 1) e^(-C)), z = 1 / (1 + (1/z_0 - 1) e^C), C = (4/3) sin(3t). Chosen because Dormand-Prince
/// shows its order on it well above rounding, which it does not on gentler problems.
/// </summary>
internal sealed class Waves : IVectorField
{
    internal static readonly double[] Initial = [0.2, 0.35];

    internal int Evaluations { get; private set; }

    public int Dimension => 2;

    public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity)
    {
        Evaluations++;
        velocity[0] = 4 * Math.Cos(3 * t) * y[0] * (1 - y[0]);
        velocity[1] = -4 * Math.Cos(3 * t) * y[1] * (1 - y[1]);
    }

    internal static double[] Exact(double t)
    {
        var growth = Math.Exp(4.0 / 3 * Math.Sin(3 * t));
        return [1 / (1 + (1 / Initial[0] - 1) / growth), 1 / (1 + (1 / Initial[1] - 1) * growth)];
    }

    internal static double Error(double[] state, double t) => Exact(t).Zip(state, (a, b) => Math.Abs(a - b)).Max();
}

/// <summary>A field given by a function.</summary>
internal sealed class Field(int dimension, Func<double, double[], double[]> f) : IVectorField
{
    public int Dimension => dimension;

    public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity) => f(t, y.ToArray()).CopyTo(velocity);
}

/// <summary>Keeps the times that it is told.</summary>
internal sealed class Told : IProgress<double>
{
    internal List<double> Times { get; } = [];

    public void Report(double value) => Times.Add(value);
}

/// <summary>Keeps what it is shown.</summary>
internal sealed class Keeper : IRecorder
{
    internal List<(double Time, double[] State)> Saved { get; } = [];

    public void Record(double t, ReadOnlySpan<double> state) => Saved.Add((t, state.ToArray()));

    public void Carry(Snapshot snapshot) => snapshot.Carry(Saved, (ref (double Time, double[] State) saved) =>
    {
        snapshot.Carry(ref saved.Time);
        saved.State ??= [];
        snapshot.Carry(ref saved.State);
    });
}
