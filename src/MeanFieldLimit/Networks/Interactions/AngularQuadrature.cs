using MeanFieldLimit.Networks.Activations;

namespace MeanFieldLimit.Networks.Interactions;

/// <summary>The angular means of any activation, by a Gauss rule of the cosine: for smooth ones.</summary>
internal sealed class AngularQuadrature(int dimension, IActivation activation, int nodes) : IAngularMean
{
    private readonly GaussRule rule = GaussRule.SphereCoordinate(nodes, dimension);

    public double Value(double a, double b)
    {
        Span<double> s = stackalloc double[rule.Nodes.Length];
        Evaluate(a, b, s, []);
        return TensorPrimitives.Dot<double>(rule.Weights, s);
    }

    public double SlopeInRadius(double a, double b)
    {
        Span<double> s = stackalloc double[rule.Nodes.Length], slopes = stackalloc double[s.Length];
        Evaluate(a, b, s, slopes);
        var sum = 0.0;
        for (var j = 0; j < slopes.Length; j++) sum += rule.Weights[j] * rule.Nodes[j] * slopes[j];
        return sum;
    }

    public double SlopeInBias(double a, double b)
    {
        Span<double> s = stackalloc double[rule.Nodes.Length], slopes = stackalloc double[s.Length];
        Evaluate(a, b, s, slopes);
        return TensorPrimitives.Dot<double>(rule.Weights, slopes);
    }

    private void Evaluate(double a, double b, Span<double> s, Span<double> slopes)
    {
        Span<double> h = stackalloc double[s.Length];
        for (var j = 0; j < h.Length; j++) h[j] = a * rule.Nodes[j] + b;
        activation.Apply(h, s);
        if (!slopes.IsEmpty) activation.Derivative(h, s, slopes);
    }
}
