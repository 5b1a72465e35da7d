using MeanFieldLimit.Networks.Activations;

namespace MeanFieldLimit.Networks.Interactions;

/// <summary>The angular means of any activation, by a Gauss rule of the cosine: for smooth ones.</summary>
internal sealed class AngularQuadrature(int dimension, IActivation activation, int nodes) : IAngularMean
{
    private readonly GaussRule rule = GaussRule.SphereCoordinate(nodes, dimension);

    public double Value(double a, double b)
    {
        Span<double> h = stackalloc double[rule.Nodes.Length], s = stackalloc double[rule.Nodes.Length];
        Arguments(a, b, h);
        activation.Apply(h, s);
        return System.Numerics.Tensors.TensorPrimitives.Dot<double>(rule.Weights, s);
    }

    public double SlopeInRadius(double a, double b)
    {
        Span<double> slopes = stackalloc double[rule.Nodes.Length];
        Slopes(a, b, slopes);
        var sum = 0.0;
        for (var j = 0; j < slopes.Length; j++) sum += rule.Weights[j] * rule.Nodes[j] * slopes[j];
        return sum;
    }

    public double SlopeInBias(double a, double b)
    {
        Span<double> slopes = stackalloc double[rule.Nodes.Length];
        Slopes(a, b, slopes);
        return System.Numerics.Tensors.TensorPrimitives.Dot<double>(rule.Weights, slopes);
    }

    private void Slopes(double a, double b, Span<double> slopes)
    {
        Span<double> h = stackalloc double[slopes.Length], s = stackalloc double[slopes.Length];
        Arguments(a, b, h);
        activation.Apply(h, s);
        activation.Derivative(h, s, slopes);
    }

    private void Arguments(double a, double b, Span<double> h)
    {
        for (var j = 0; j < h.Length; j++) h[j] = a * rule.Nodes[j] + b;
    }
}
