namespace MeanFieldLimit.Data;

/// <summary>
/// The law of (|x|, y) for two isotropic Gaussian classes in R^d: y = -1 or +1 with equal chance, |x| given y a chi law
/// of scale 1 + y delta, on so many nodes.
/// </summary>
internal sealed record LengthLaw(int Dimension, double Delta, int Count)
{
    private static readonly double[] Labels = [-1, 1];
    private readonly Chi[] lengths = [.. Labels.Select(y => new Chi(Dimension, 1 + y * Delta))];

    /// <summary>The shortest and the longest |x| of any weight.</summary>
    public (double Low, double High) Support => (lengths.Min(l => l.Support.Low), lengths.Max(l => l.Support.High));

    /// <summary>The law on nodes that integrate what is smooth between the <paramref name="breaks"/>.</summary>
    public Dataset Discretise(IReadOnlyList<double> breaks)
    {
        Nodes[] nodes = [.. lengths.Select(law => law.Composite(Count, breaks))];
        return new(1, 1, [.. nodes.SelectMany(n => n.Points)],
            [.. nodes.SelectMany((n, k) => Enumerable.Repeat(Labels[k], n.Count))], LabelKind.Signs,
            [.. nodes.SelectMany(n => n.Masses).Select(m => m / Labels.Length)]);
    }
}
