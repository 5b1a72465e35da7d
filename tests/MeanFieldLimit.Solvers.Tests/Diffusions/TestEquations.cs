namespace MeanFieldLimit.Solvers.Tests.Diffusions;

internal static class TestEquations
{
    /// <summary>dX = (a X + b E X) dt + s dB.</summary>
    internal static McKeanVlasov Linear(double a, double b, double s) => new()
    {
        Dimension = 1,
        Interaction = MomentInteraction.Mean(1),
        Drift = (_, x, felt, f) => f[0] = a * x[0] + b * felt[0],
        Diagonal = (_, _, _, deviation, _) => deviation[0] = s,
    };

    /// <summary>dX = X (a + b E X) dt + s X dB: E X = m solves m' = m (a + b m), and with the law's m
    /// X = X_0 m(t)/m(0) exp(s B - s^2 t/2).</summary>
    internal static McKeanVlasov Logistic(double a, double b, double s) => new()
    {
        Dimension = 1,
        Interaction = MomentInteraction.Mean(1),
        Drift = (_, x, felt, f) => f[0] = x[0] * (a + b * felt[0]),
        Diagonal = (_, x, _, deviation, slope) => (deviation[0], slope[0]) = (s * x[0], s),
    };

    internal static double[] Normals(int count, ulong stream = 99)
    {
        var x = new double[count];
        new RandomStream(5, stream).FillNormal(0, x);
        return x;
    }

    internal static ParticleSystem Particles(this McKeanVlasov equation, double[] points) =>
        new(equation, DiscreteMeasure.Uniform(equation.Dimension, points));

    /// <summary>The state at the end.</summary>
    internal static double[] Run(string method, IStochasticField system, IBrownianMotion motion, double h, double end,
        ReadOnlySpan<double> initial)
    {
        var (stepper, control) = StochasticMethod.Find(method).Fixed(system, motion, h);
        return new TimeLoop { Stepper = stepper, Control = control }.Run(initial, new(0, end)).OrThrow().State;
    }

    internal static double Rms(double[] x, double[] y) => Math.Sqrt(x.Zip(y, (a, b) => (a - b) * (a - b)).Average());

    /// <summary>The least-squares slope of log2(errors) on log2(h), h halved from one to the next.</summary>
    internal static double Order(double[] errors)
    {
        var middle = (errors.Length - 1) / 2.0;
        return errors.Select((e, k) => (middle - k) * Math.Log2(e)).Sum()
            / errors.Select((_, k) => (middle - k) * (middle - k)).Sum();
    }
}
