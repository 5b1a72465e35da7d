using MathNet.Numerics.LinearAlgebra.Double;
using MeanFieldLimit.Validation.Statistics;

namespace MeanFieldLimit.Validation.Studies.Coupling;

/// <summary>A fitted rate, quantity ~ C N^slope, of values [width, replicate].</summary>
internal sealed record Rate(GapQuantity Quantity, IReadOnlyList<int> Widths, double[,] Values, PowerLaw Fitted)
{
    /// <summary>The exponent that the theory gives for gaps, but for the logarithm of the largest ones.</summary>
    internal const double Theory = -0.5;

    internal int Replicates => Values.GetLength(1);

    /// <summary>The rms over <see cref="GapQuantity.Theory"/>, one a width: the same at the theory's rate.</summary>
    internal IReadOnlyList<double> OverTheory => [.. Fitted.Rms.Zip(Widths, (rms, n) => rms / Quantity.Theory(n))];

    /// <summary>Networks of a replicate are nested, so replicates are resampled as a whole for the intervals.</summary>
    internal static Rate Fit(GapQuantity quantity, IReadOnlyList<int> widths, double[,] values, ulong seed) =>
        new(quantity, widths, values, PowerLaw.OfWidths(widths, values.GetLength(1), (i, s) => values[i, s], seed));

    /// <summary>The fit to the networks of whole replicates.</summary>
    internal static Rate Fit(GapQuantity quantity, IReadOnlyList<int> widths, NetworkRun[][] whole, ulong seed) =>
        Fit(quantity, widths, DenseMatrix.Create(widths.Count, whole.Length, (i, s) => quantity.Of(whole[s][i]))
            .ToArray(), seed);

    /// <summary>[replicate][width], without the replicates with a network that failed.</summary>
    internal static NetworkRun[][] Whole(IEnumerable<NetworkRun> runs, int widths) =>
        [.. runs.GroupBy(r => r.Replicate).Where(g => g.Count() == widths).OrderBy(g => g.Key)
            .Select(g => g.ToArray())];
}
