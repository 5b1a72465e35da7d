namespace MeanFieldLimit.Validation.Checks;

/// <summary>N interacting particles in one dimension whose equation has a solution on the path, on [0, 1].</summary>
internal interface IExactParticles
{
    string Noise { get; }

    /// <summary>The equation, the noise and the derivative of its coefficient multiplied by factors.</summary>
    McKeanVlasov Equation(double noise, double slope);

    /// <summary>The initial point that a standard normal number makes.</summary>
    double Start(double z);

    /// <summary>The particles at t = 1, integrals along the path in <paramref name="parts"/> parts.</summary>
    double[] Exact(double[] start, IBrownianMotion paths, int parts);
}

/// <summary>
/// dX = (a X + b E[X]) dt + s dB from N(0, 1). Of N particles the mean obeys dm = (a + b) m dt + s d(mean of B), and
/// the differences to it are Ornstein-Uhlenbeck processes.
/// </summary>
internal sealed class LinearParticles(double a, double b, double s) : IExactParticles
{
    public string Noise => "additive";

    /// <summary>v, the variance of the law at t = 1.</summary>
    internal double Variance => VarianceAt(a);

    /// <summary>N times the variance of the mean of N particles at t = 1.</summary>
    internal double MeanSpread => VarianceAt(a + b);

    public McKeanVlasov Equation(double noise, double slope) => new()
    {
        Dimension = 1,
        Interaction = MomentInteraction.Mean(1),
        Drift = (_, x, felt, f) => f[0] = a * x[0] + b * felt[0],
        Diagonal = (_, _, _, deviation, _) => deviation[0] = noise * s,
    };

    public double Start(double z) => z;

    public double[] Exact(double[] start, IBrownianMotion paths, int parts)
    {
        var (mean, increments) = (start.Average(), new double[start.Length]);
        double[] x = [.. start.Select(v => Math.Exp(a) * (v - mean))];
        mean *= Math.Exp(a + b);
        for (var k = 0; k < parts; k++)
        {
            paths.Increments((double)k / parts, (k + 1.0) / parts, increments);
            var left = 1 - (k + 0.5) / parts;
            var (common, own) = (increments.Average(), s * Math.Exp(a * left));
            for (var i = 0; i < x.Length; i++) x[i] += own * (increments[i] - common);
            mean += s * Math.Exp((a + b) * left) * common;
        }
        return Array.ConvertAll(x, v => v + mean);
    }

    private double VarianceAt(double rate) => Math.Exp(2 * rate) + s * s * (Math.Exp(2 * rate) - 1) / (2 * rate);
}

/// <summary>
/// dX = X (a + b E[X]) dt + s X dB from X_0 = exp(0.3 Z)/2. Of N particles X_i = Y_i g with Y_i = X_i(0) exp(s B_i -
/// s^2 t/2), known on the path, and g' = g (a + b g mean(Y)), a Bernoulli equation: 1/g = exp(-a t) (1 - b int_0^t
/// exp(a u) mean(Y)(u) du).
/// </summary>
internal sealed class LogisticParticles(double a, double b, double s) : IExactParticles
{
    public string Noise => "multiplicative";

    public McKeanVlasov Equation(double noise, double slope) => new()
    {
        Dimension = 1,
        Interaction = MomentInteraction.Mean(1),
        Drift = (_, x, felt, f) => f[0] = x[0] * (a + b * felt[0]),
        Diagonal = (_, x, _, deviation, derivative) =>
            (deviation[0], derivative[0]) = (noise * s * x[0], noise * slope * s),
    };

    public double Start(double z) => Math.Exp(0.3 * z) / 2;

    public double[] Exact(double[] start, IBrownianMotion paths, int parts)
    {
        var (y, increments) = ((double[])start.Clone(), new double[start.Length]);
        double integral = 0, before = y.Average();
        for (var k = 1; k <= parts; k++)
        {
            paths.Increments((k - 1.0) / parts, (double)k / parts, increments);
            for (var i = 0; i < y.Length; i++) y[i] *= Math.Exp(s * increments[i] - s * s / 2 / parts);
            var now = Math.Exp(a * k / parts) * y.Average();
            integral += (before + now) / 2 / parts;
            before = now;
        }
        var g = Math.Exp(a) / (1 - b * integral);
        return Array.ConvertAll(y, v => v * g);
    }
}
