namespace MeanFieldLimit.Networks.Activations;

/// <summary>s(h) = h for h > 0, 0.01 h otherwise (Maas, Hannun and Ng 2013).</summary>
internal sealed class LeakyRelu : IPiecewiseLinear
{
    public string Name => "leaky-relu";

    public double SlopeBelow => 0.01;
}
