using MathNet.Numerics;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;
using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>One result for every width N and replicate, those of one width after each other.</summary>
internal sealed record Measured<T>(IReadOnlyList<int> Widths, T[] All)
{
    private const double Confidence = 0.999;

    internal int Replicates => All.Length / Widths.Count;

    internal IReadOnlyList<T[]> ByWidth => [.. All.Chunk(Replicates)];

    /// <summary>Fits a power of N, which the theory has as <paramref name="theory"/>, to one number of each.</summary>
    internal Decay Decay(string quantity, double theory, Func<T, double> value)
    {
        double[] x = [.. Widths.Select(n => Math.Log(n))];
        double[][] logs = [.. ByWidth.Select(of => of.Select(r => Math.Log(value(r))).ToArray())];
        double[] slopes = [.. Enumerable.Range(0, Replicates).Select(s => Fit.Line(x, [.. logs.Select(l => l[s])]).B)];
        var factor = StudentT.InvCDF(0, 1, Replicates - 1, (1 + Confidence) / 2);
        return new(quantity, Widths, [.. logs.Select(l => Math.Exp(l.Average()))], slopes.Average(),
            factor * slopes.StandardDeviation() / Math.Sqrt(Replicates), theory);
    }
}

/// <summary>
/// A quantity of finite networks against their width: its geometric means over replicates are ~ C N^exponent, the mean
/// over replicates of the least-squares slope of log(quantity) on log N, to half the 99.9 % interval of that mean
/// (Student's t, replicates being independent).
/// </summary>
internal sealed record Decay(string Quantity, IReadOnlyList<int> Widths, IReadOnlyList<double> Means, double Exponent,
    double HalfWidth, double Theory)
{
    // At these widths terms of higher order in N^(-1/2) still bend the curves.
    private const double HigherOrder = 0.06;

    // The theories' exponents differ by halves: a wider interval would not tell them apart.
    private const double Most = 0.24;

    internal Measurement Verdict => Measurement.Near($"exponent in N of {Quantity}", Exponent, Theory,
        Math.Min(Most, HigherOrder + HalfWidth), $"half the 99.9 % interval over seeds, {HalfWidth:0.000}, and " +
        $"{HigherOrder} for higher orders, at most {Most}");

    /// <summary>It against the width, with a line of the theory's slope.</summary>
    internal Figures.Series Series(string label) => new(label, Widths, Means) { Theory = Theory };

    /// <summary>Several of the same widths.</summary>
    internal static Figure Draw(string name, string caption, string measured,
        IReadOnlyList<(string Label, Decay Of)> all) => SeriesFigure.Draw(name, caption,
            Scale.Widths(all[0].Of.Widths), new(measured, true), [.. all.Select(d => d.Of.Series(d.Label))]);
}
