namespace MeanFieldLimit.Solvers.Functions;

/// <summary>
/// Powers of 2 that bring numbers of any size to about 1: products of them then neither overflow nor vanish, and
/// nothing rounds differently.
/// </summary>
public static class PowerOfTwo
{
    // 1e100, whose square, and sums of it, are doubles; a factor of 2^1024 is none.
    private const int Square = 332, Most = 1000;

    /// <summary>A factor for numbers up to a size whose square is out of range; 1 for all others.</summary>
    public static double Factor(double size) => Math.ScaleB(1, Math.Min(Most, -Exponent(size, Square)));

    /// <summary>The exponent of a size, where it is beyond <paramref name="moderate"/> in either direction; 0 for all
    /// others, for 0 and for what is not finite.</summary>
    internal static int Exponent(double size, int moderate) =>
        size > 0 && double.IsFinite(size) && Math.Abs(Math.ILogB(size)) > moderate ? Math.ILogB(size) : 0;
}
