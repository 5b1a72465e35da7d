namespace MeanFieldLimit.Networks.Activations;

/// <summary>E s(u) s(v) and E s'(u) s'(v) over a pair (u, v) of centred normal pre-activations.</summary>
public readonly record struct PairMoments(double Products, double Slopes);

/// <summary>An activation whose expectations over pairs of normal pre-activations have a closed form.</summary>
public interface IClosedPairs : IActivation
{
    /// <summary>
    /// E s(u) s(v) and E s'(u) s'(v) for E u^2 = <paramref name="uu"/>, E v^2 = <paramref name="vv"/>,
    /// E u v = <paramref name="uv"/>.
    /// </summary>
    PairMoments Over(double uu, double vv, double uv);

    /// <summary>
    /// Those of one u with many v: <paramref name="products"/> become E s(u) s(v) of E u v, <paramref name="slopes"/>
    /// E s'(u) s'(v), to the bits of one pair.
    /// </summary>
    void Over(double uu, ReadOnlySpan<double> vv, Span<double> products, Span<double> slopes)
    {
        for (var j = 0; j < products.Length; j++) (products[j], slopes[j]) = Over(uu, vv[j], products[j]);
    }
}
