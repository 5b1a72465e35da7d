namespace MeanFieldLimit.Data;

/// <summary>
/// The law of (|x|, y) for two isotropic Gaussian classes: y = -1 or +1 with equal chance, |x| given y a chi law of
/// scale 1 + y delta.
/// </summary>
/// <param name="Dimension">d.</param>
/// <param name="Delta">delta.</param>
/// <param name="Count">Nodes for |x| in each class.</param>
internal sealed record LengthLaw(int Dimension, double Delta, int Count)
{
    private static readonly double[] Labels = [-1, 1];
    private readonly Chi[] lengths = [.. Labels.Select(y => new Chi(Dimension, 1 + y * Delta))];

    /// <summary>The shortest and the longest |x| of any weight.</summary>
    public (double Low, double High) Support => (lengths.Min(l => l.Support.Low), lengths.Max(l => l.Support.High));

    /// <summary>The law on nodes that integrate what is smooth between the <paramref name="breaks"/>.</summary>
    public Dataset Discretise(IReadOnlyList<double> breaks)
    {
        double[] r = [], y = [], masses = [];
        for (var k = 0; k < Labels.Length; k++)
        {
            var nodes = lengths[k].Composite(Count, breaks);
            (r, y) = ([.. r, .. nodes.Points], [.. y, .. Enumerable.Repeat(Labels[k], nodes.Count)]);
            masses = [.. masses, .. nodes.Masses.Select(m => m / Labels.Length)];
        }
        return new(1, 1, r, y, LabelKind.Signs, masses);
    }
}
