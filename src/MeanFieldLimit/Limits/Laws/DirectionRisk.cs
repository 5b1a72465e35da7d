using MeanFieldLimit.Data;
using MeanFieldLimit.Models;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Losses;

namespace MeanFieldLimit.Limits.Laws;

/// <summary>
/// The risk of a two-layer network on inputs in the plane as a functional of a signed measure nu over the directions
/// u(phi) = (cos phi, sin phi) of incoming weights: F(nu) = E_P[l(int s(r &lt;u(phi), x>) d nu, y)], r their length. It
/// is that of the law rho of neurons (a, r u) where nu(d phi) = int a rho(da, d phi).
/// </summary>
/// <remarks>Not for use by two threads at once.</remarks>
public sealed class DirectionRisk : ISmoothFunctional
{
    private const double Difference = 1e-5;

    private readonly Dataset data;
    private readonly ILoss loss;
    private readonly double length;
    private readonly double[] bends;        // sup |d^2/d phi^2 s(r <u(phi), x_n>)|
    private readonly IActivation activation;
    private readonly double[] signal = new double[1];

    /// <summary>The risk of a model, its neurons of a length.</summary>
    /// <exception cref="ArgumentException">Inputs are not two or outputs not one, the network has biases or not two
    /// layers, or the curvature of its activation has no bound.</exception>
    public DirectionRisk(Model model, double length)
    {
        ArgumentNullException.ThrowIfNull(model);
        (data, loss, this.length) = (model.Data.Train, model.Loss, length);
        if (data.Inputs != 2 || data.Outputs != 1)
            throw new ArgumentException("there must be two inputs and one output, got " +
                $"{data.Inputs} and {data.Outputs}");
        Neurons = new(NeuronCoordinates.Whole(model), data, loss);
        activation = model.Embedding.Architecture.Activations[0];
        bends = [.. Enumerable.Range(0, data.Count).Select(n => Bend(Reach(n)))];
        Breaks = activation is not IPiecewiseLinear ? [] : [.. Enumerable.Range(0, data.Count)
            .Where(n => Reach(n) > 0).Select(n => Math.Atan2(data.Input(n)[1], data.Input(n)[0]))
            .SelectMany(angle => new[] { angle - Math.PI / 2, angle + Math.PI / 2 })];
    }

    /// <summary>1: a point is phi.</summary>
    public int Dimension => 1;

    /// <summary>The same risk over the law of neurons (w(1), w(2), a).</summary>
    public TwoLayerRisk Neurons { get; }

    /// <summary>The angles at which a pre-activation changes its sign, where the activation has a kink there.</summary>
    public IReadOnlyList<double> Breaks { get; }

    /// <summary>A bound of the second derivative of the first variation between the breaks, at any angle.</summary>
    public double Bend(ReadOnlySpan<double> points, ReadOnlySpan<double> masses)
    {
        var predictions = Neurons.Predict(Places(points), masses);
        var sum = 0.0;
        for (var n = 0; n < data.Count; n++) sum += data.Masses[n] * Math.Abs(Slope(predictions[n], n)) * bends[n];
        return sum;
    }

    /// <inheritdoc/>
    public double Value(ReadOnlySpan<double> points, ReadOnlySpan<double> masses) =>
        Neurons.Value(Places(points), masses);

    /// <inheritdoc/>
    public void FirstVariation(ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> variation) =>
        Neurons.FirstVariation(Places(points), masses, variation);

    /// <inheritdoc/>
    public void Gradient(ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> gradient)
    {
        var of = new double[3 * masses.Length];
        Neurons.Gradient(Places(points), masses, of);
        for (var i = 0; i < masses.Length; i++)
        {
            var (sin, cos) = Math.SinCos(points[i]);
            gradient[i] = length * (cos * of[3 * i + 1] - sin * of[3 * i]);
        }
    }

    /// <inheritdoc/>
    /// <remarks>E_P[l'' s s], l'' by a difference of slopes: of a quadratic loss exact but for roundings.</remarks>
    public void SecondVariation(ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> second)
    {
        double[] predictions = [.. Neurons.Predict(Places(points), masses)], h = Places(points);
        var (count, values) = (masses.Length, new double[masses.Length]);
        second.Clear();
        for (var n = 0; n < data.Count; n++)
        {
            var step = Difference * (1 + Math.Abs(predictions[n]));
            var bend = (Slope(predictions[n] + step, n) - Slope(predictions[n] - step, n)) / (2 * step);
            for (var i = 0; i < count; i++)
                values[i] = h[3 * i] * data.Input(n)[0] + h[3 * i + 1] * data.Input(n)[1];
            activation.Apply(values, values);
            for (var i = 0; i < count; i++)
                TensorPrimitives.MultiplyAdd(values, data.Masses[n] * Math.Max(0, bend) * values[i],
                    second.Slice(i * count, count), second.Slice(i * count, count));
        }
    }

    /// <summary>dl/dyhat at point n.</summary>
    private double Slope(double prediction, int n)
    {
        loss.Gradient(new(ref prediction), data.Label(n), signal);
        return signal[0];
    }

    /// <summary>The neurons (w, 1) at angles.</summary>
    private double[] Places(ReadOnlySpan<double> angles)
    {
        var places = new double[3 * angles.Length];
        for (var i = 0; i < angles.Length; i++)
        {
            var (sin, cos) = Math.SinCos(angles[i]);
            (places[3 * i], places[3 * i + 1], places[3 * i + 2]) = (length * cos, length * sin, 1);
        }
        return places;
    }

    private double Reach(int n) => length * double.Hypot(data.Input(n)[0], data.Input(n)[1]);

    /// <summary>
    /// Of h = reach cos, with |h'|, |h''| at most the reach: |s'' h'^2 + s' h''| with s' within reach times the
    /// curvature of its values at the ends.
    /// </summary>
    private double Bend(double reach)
    {
        var curvature = activation.Curvature(reach)
            ?? throw new ArgumentException($"the curvature of {activation.Name} must have a bound");
        double[] h = [-reach, reach], s = new double[2], slopes = new double[2];
        activation.Apply(h, s);
        activation.Derivative(h, s, slopes);
        var slope = Math.Max(Math.Abs(slopes[0]), Math.Abs(slopes[1])) + reach * curvature;
        return reach * reach * curvature + reach * slope;
    }
}
