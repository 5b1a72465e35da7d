using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace MeanFieldLimit.Benchmarks.Growth;

/// <summary>values ~ exp(Intercept) x^Slope, by least squares of log values on log x.</summary>
/// <param name="Slope">The exponent.</param>
/// <param name="Half">Half of its 95 % interval, by Student's law for equal deviations of the logarithms.</param>
/// <param name="Intercept">Of the line.</param>
internal readonly record struct Exponent(double Slope, double Half, double Intercept)
{
    internal static Exponent Of(double[] xs, double[] values)
    {
        double[] x = [.. xs.Select(v => Math.Log(v))], y = [.. values.Select(v => Math.Log(v))];
        var (intercept, slope) = Fit.Line(x, y);
        var mean = x.Average();
        var left = x.Zip(y, (a, b) => b - intercept - slope * a).Sum(r => r * r) / (x.Length - 2);
        var deviation = Math.Sqrt(left / x.Sum(a => (a - mean) * (a - mean)));
        return new(slope, StudentT.InvCDF(0, 1, x.Length - 2, 0.975) * deviation, intercept);
    }

    internal IEnumerable<double> Line(IEnumerable<double> xs)
    {
        var (intercept, slope) = (Intercept, Slope);
        return xs.Select(x => Math.Exp(intercept + slope * Math.Log(x)));
    }

    public override string ToString() => FormattableString.Invariant($"{Slope:0.00} ± {Half:0.00}");
}
