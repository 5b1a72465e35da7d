using MathNet.Numerics;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;
using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>A quantity of finite networks against their width: quantity ~ C N^exponent.</summary>
/// <param name="Quantity">What was measured.</param>
/// <param name="Widths">The widths N.</param>
/// <param name="Means">Its geometric mean over seeds, one a width.</param>
/// <param name="Exponent">Mean over seeds of the least-squares slope of log(quantity) on log N.</param>
/// <param name="HalfWidth">Half the 99.9 % interval of that mean (Student's t, seeds being independent).</param>
internal sealed record Decay(
    string Quantity, IReadOnlyList<int> Widths, IReadOnlyList<double> Means, double Exponent, double HalfWidth)
{
    // At these widths terms of higher order in N^(-1/2) still bend the curves.
    private const double HigherOrder = 0.06;

    // The theories' exponents differ by halves: a wider interval would not tell them apart.
    private const double Most = 0.24, Confidence = 0.999;

    /// <summary>Fits one number of every network; networks are ordered by width, then replicate.</summary>
    internal static Decay Of<T>(string quantity, IReadOnlyList<int> widths, T[] networks, Func<T, double> value)
    {
        var seeds = networks.Length / widths.Count;
        double[] x = [.. widths.Select(n => Math.Log(n))];
        double[] slopes = [.. Enumerable.Range(0, seeds).Select(s =>
            Fit.Line(x, [.. widths.Select((_, i) => Math.Log(value(networks[i * seeds + s])))]).B)];
        var factor = StudentT.InvCDF(0, 1, seeds - 1, (1 + Confidence) / 2);
        return new(quantity, widths,
            [.. widths.Select((_, i) =>
                Math.Exp(Enumerable.Range(0, seeds).Average(s => Math.Log(value(networks[i * seeds + s])))))],
            slopes.Average(), factor * slopes.StandardDeviation() / Math.Sqrt(seeds));
    }

    /// <summary>Sets the exponent beside that of the theory.</summary>
    internal Measurement Against(double theory)
    {
        var tolerance = Math.Min(Most, HigherOrder + HalfWidth);
        return new($"exponent in N of {Quantity}", Exponent, $"{theory}", theory - tolerance, theory + tolerance,
            $"half the 99.9 % interval over seeds, {HalfWidth:0.000}, and {HigherOrder} for higher orders, at most " +
            $"{Most}");
    }

    /// <summary>Quantities of finite networks against the width, with the theory's exponents.</summary>
    internal static Figure Draw(string name, string caption, string measured,
        IReadOnlyList<(string Label, Decay Decay, double Theory)> decays) =>
        SeriesFigure.Draw(name, caption, Scale.Widths(decays[0].Decay.Widths), new(measured, true),
            [.. decays.Select(d => new Figures.Series(d.Label, [.. d.Decay.Widths.Select(n => (double)n)], d.Decay.Means)
            {
                Theory = d.Theory,
            })]);
}
