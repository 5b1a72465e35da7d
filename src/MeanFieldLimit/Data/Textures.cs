namespace MeanFieldLimit.Data;

/// <summary>
/// Images of two classes, stripes along rows (y = -1) or along columns (y = +1): x(r, c) = cos(2 pi v / period + phase)
/// + noise * N(0, 1), v = r or c, the phase uniform.
/// </summary>
internal sealed class Textures(int columns, double period, double noise) : IDataLaw
{
    public LabelKind Labels => LabelKind.Signs;

    public double[] Marks => throw new NotSupportedException("textures are drawn, not integrated");

    /// <summary>In (0, 2): the class, and the phase over 2 pi.</summary>
    public double DrawMark(RandomStream stream, ulong index) => 2 * stream.Uniform(index);

    public void Complete(double mark, Span<double> x, out double y)
    {
        y = mark < 1 ? -1 : 1;
        for (var u = 0; u < x.Length; u++)
            x[u] = Math.Cos(2 * Math.PI * ((y < 0 ? u / columns : u % columns) / period + mark)) + noise * x[u];
    }
}
