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
}
