namespace MeanFieldLimit.Networks.Interactions;

/// <summary>
/// Means over the angle between a weight vector and an input: u is one coordinate of a uniform point on the unit sphere
/// of R^d, of density proportional to (1 - u^2)^((d-3)/2).
/// </summary>
internal interface IAngularMean
{
    /// <summary>E s(a u + b).</summary>
    double Value(double a, double b);

    /// <summary>d/da E s(a u + b) = E s'(a u + b) u.</summary>
    double SlopeInRadius(double a, double b);

    /// <summary>d/db E s(a u + b) = E s'(a u + b).</summary>
    double SlopeInBias(double a, double b);
}
