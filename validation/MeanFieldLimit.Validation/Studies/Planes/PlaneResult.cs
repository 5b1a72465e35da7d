using MeanFieldLimit.Validation.Statistics;

namespace MeanFieldLimit.Validation.Studies.Planes;

/// <summary>What a power of the width does as the width grows.</summary>
internal enum PlaneClass
{
    /// <summary>The exponent is below 0.</summary>
    Vanishing,

    /// <summary>It is 0 up to <see cref="PlaneResult.Near"/>.</summary>
    Finite,

    /// <summary>It is above 0.</summary>
    Diverging,

    /// <summary>Its interval does not tell, or there is none.</summary>
    Open,
}

/// <summary>The exponents that were measured at a point.</summary>
/// <param name="Point">The point.</param>
/// <param name="Fits">By quantity.</param>
/// <param name="LossGrowth">The power of |f| in the slope of the loss, far out.</param>
internal sealed record PlaneResult(PlanePoint Point, IReadOnlyDictionary<PlaneQuantity, PowerLaw> Fits,
    double LossGrowth)
{
    /// <summary>Exponents that are the same: widths of two orders of magnitude tell no more.</summary>
    internal const double Near = 0.1;

    /// <summary>
    /// Finite where an exponent is within <see cref="Near"/> of 0; else by its 95 % interval, which must lie on one
    /// side of 0.
    /// </summary>
    internal static PlaneClass Class(double exponent, double low, double high) =>
        Math.Abs(exponent) <= Near ? PlaneClass.Finite
        : exponent < 0 && high < 0 ? PlaneClass.Vanishing
        : exponent > 0 && low > 0 ? PlaneClass.Diverging
        : PlaneClass.Open;

    internal PlaneClass ClassOf(PlaneQuantity quantity) =>
        Class(Fits[quantity].Slope, Fits[quantity].Low, Fits[quantity].High);

    /// <summary>Whether the kernel moves in the limit; null where that is not told.</summary>
    internal bool? KernelMoves => ClassOf(PlaneQuantity.KernelChange) switch
    {
        PlaneClass.Vanishing => false,
        PlaneClass.Open => null,
        _ => true,
    };

    /// <summary>Those of conditions 1 to 4 that are met, each an exponent of 0.</summary>
    internal IReadOnlyList<int> Conditions
    {
        get
        {
            var (f, kernel) = (Fits[PlaneQuantity.Function], Fits[PlaneQuantity.Kernel]);
            PlaneClass[] classes =
            [
                ClassOf(PlaneQuantity.Function), ClassOf(PlaneQuantity.Kernel),
                // Of the ratio; its own interval is not longer than this one.
                Class(kernel.Slope - f.Slope, kernel.Low - f.High, kernel.High - f.Low),
                ClassOf(PlaneQuantity.KernelChange),
            ];
            return [.. Enumerable.Range(1, classes.Length).Where(n => classes[n - 1] == PlaneClass.Finite)];
        }
    }

    internal double Theory(PlaneQuantity quantity) => Point.Theory(quantity, LossGrowth);

    /// <summary>
    /// Whether an exponent is that of theory, up to <see cref="Near"/> or as far as its interval tells; null where
    /// theory has none.
    /// </summary>
    internal bool? Agrees(PlaneQuantity quantity)
    {
        var (fit, theory) = (Fits[quantity], Theory(quantity));
        return double.IsNaN(theory) ? null
            : Math.Abs(fit.Slope - theory) <= Near || (fit.Low <= theory && theory <= fit.High);
    }
}
