using MeanFieldLimit.Data;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Interactions;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Networks;

/// <summary>The first layer in lengths, against angles integrated by brute force and against limits in d dimensions.</summary>
public class RadialTests
{
    private static readonly double[] Radii = [0, 0.4, 1.3, -2.1], Biases = [-3, -0.3, 0, 0.7, 2.5];

    /// <summary>
    /// E f(u), u = sin theta of density cos^(d-2) theta, by Simpson's rule with the kink of s(a u + b) at a node.
    /// </summary>
    private static double Angular(int dimension, double a, double b, Func<double, double> f)
    {
        var kink = Math.Abs(b) < Math.Abs(a) ? Math.Asin(-b / a) : 0;
        double Part(double from, double to, Func<double, double> g)
        {
            const int cells = 2000;
            var sum = 0.0;
            for (var i = 0; i < cells; i++)
            {
                double left = from + (to - from) * i / cells, right = from + (to - from) * (i + 1) / cells;
                // Ends of the part belong to its inside: a step function has the values of this side.
                double inset = (to - from) * 1e-13;
                sum += (g(left + inset) + 4 * g((left + right) / 2) + g(right - inset)) * (right - left) / 6;
            }
            return sum;
        }
        double Both(Func<double, double> g) => Part(-Math.PI / 2, kink, g) + Part(kink, Math.PI / 2, g);
        double Density(double theta) => Math.Pow(Math.Cos(theta), dimension - 2);
        return Both(theta => Density(theta) * f(Math.Sin(theta))) / Both(Density);
    }

    [Theory, InlineData(2), InlineData(3), InlineData(5), InlineData(32)]
    public void Closed_forms_for_piecewise_linear_activations(int dimension)
    {
        foreach (var leak in new[] { 0, 0.01 })
            foreach (var a in Radii)
                foreach (var b in Biases)
                {
                    var mean = new AngularRelu(dimension, leak);
                    double S(double h) => h > 0 ? h : leak * h;
                    double Slope(double h) => h > 0 ? 1 : leak;
                    Assert.Equal(Angular(dimension, a, b, u => S(a * u + b)), mean.Value(a, b), 1e-10);
                    if (a == 0) continue;       // where w_1 = 0 the mean of relu has a kink in rho
                    Assert.Equal(Angular(dimension, a, b, u => u * Slope(a * u + b)), mean.SlopeInRadius(a, b), 1e-10);
                    Assert.Equal(Angular(dimension, a, b, u => Slope(a * u + b)), mean.SlopeInBias(a, b), 1e-10);
                }
    }

    [Theory, InlineData(2), InlineData(3), InlineData(32)]
    public void Quadrature_for_smooth_activations(int dimension)
    {
        var mean = new AngularQuadrature(dimension, new Tanh(), 128);
        foreach (var a in Radii)
            foreach (var b in Biases)
            {
                double Slope(double h) => 1 - Math.Tanh(h) * Math.Tanh(h);
                Assert.Equal(Angular(dimension, a, b, u => Math.Tanh(a * u + b)), mean.Value(a, b), 1e-10);
                Assert.Equal(Angular(dimension, a, b, u => u * Slope(a * u + b)), mean.SlopeInRadius(a, b), 1e-10);
                Assert.Equal(Angular(dimension, a, b, u => Slope(a * u + b)), mean.SlopeInBias(a, b), 1e-10);
            }
    }

    private static Embedding Full(int dimension, IActivation activation) => new(
        new(dimension, 1, [activation, new Tanh(), new Identity()], BiasMode.Trained),
        [
            new(new Gaussian(0, 0.6), new Constant(0.3)), new(new Gaussian(0.9, 1), new Constant(0)),
            new(new Gaussian(0.5, 0.7), new Constant(0)),
        ]);

    [Theory, InlineData("tanh"), InlineData("relu")]
    public void Velocity_is_minus_the_gradient_of_the_risk(string activation)
    {
        var ensemble = IsotropicReduction.Embedding(Full(4, Catalogue.Find<IActivation>(activation)), new(), 1)
            .Discretise([new GaussTensor(3), new GaussTensor(3)]);
        var data = new LengthLaw(4, 0.4, 16).Discretise([]);
        var velocity = Sampled.Velocity(ensemble, ensemble.State, data, new HalfSquared());
        const double h = 1e-5;
        double Moved(double t) => Sampled.Risk(ensemble,
            [.. ensemble.State.Zip(velocity, (y, v) => y + t * v)], data, new HalfSquared());
        // Along the velocity; every direction has its own derivative in the full network's test.
        Assert.InRange((Moved(h) - Moved(-h)) / (2 * h) / -ensemble.SquaredMassNorm(velocity), 1 - 1e-6, 1 + 1e-6);
    }

    [Fact]
    public void Lengths_give_the_limit_of_the_plane()
    {
        // d = 2: 48 x 48 nodes of w_1, and inputs on 16 circles a class at 20 angles each, against lengths alone.
        var full = Full(2, new Sine());
        var lengths = new LengthLaw(2, 0.4, 16).Discretise([]);
        const int angles = 20;
        double[] x = new double[lengths.Count * angles * 2], y = new double[lengths.Count * angles], masses = new double[y.Length];
        for (var n = 0; n < y.Length; n++)
        {
            var (r, angle) = (lengths.X[n / angles], 2 * Math.PI * (n % angles) / angles);
            (x[2 * n], x[2 * n + 1]) = (r * Math.Cos(angle), r * Math.Sin(angle));
            (y[n], masses[n]) = (lengths.Y[n / angles], lengths.Masses[n / angles] / angles);
        }
        var plane = new Dataset(2, 1, x, y, LabelKind.Signs, masses);
        var inPlane = Flow(full.Discretise([new GaussTensor(48), new GaussTensor(8)]), plane);
        var inLengths = Flow(IsotropicReduction.Embedding(full, new(), 1).Discretise([new GaussTensor(20), new GaussTensor(8)]), lengths);
        // sin(<w_1, x>) is entire in w_1: the plane's grid resolves it the later, the longer x. Its rms difference to lengths
        // is 4e-7, 6e-8, 2e-9 and 4e-11 for 24, 32, 48 and 64 nodes a coordinate: that of the plane alone.
        var squares = 0.0;
        for (var n = 0; n < y.Length; n++) squares += masses[n] * Math.Pow(inPlane[n] - inLengths[n / angles], 2);
        Assert.InRange(Math.Sqrt(squares), 0, 1e-8);
        Assert.True(inLengths.Max() - inLengths.Min() > 0.05);

        static double[] Flow(Ensemble ensemble, Dataset data)
        {
            var end = new TimeLoop
            {
                Stepper = new RungeKuttaStepper(RungeKutta.Find("runge-kutta-4"),
                    new MeanFieldVelocity(ensemble, new HalfSquared(), new FullExpectation(data), Sampled.Engine)),
                Control = new FixedStep(0.5),
            }.Run(ensemble.State, new(0, 2)).OrThrow().State;
            var predictor = new Predictor(ensemble, data, Sampled.Engine);
            predictor.Predict(end);
            return predictor.Predictions;
        }
    }

    [Fact]
    public void Nodes_that_follow_the_kinks_integrate_them()
    {
        // One neuron a layer, H_2(r) = phi(rho, b_1, r) + b_2 with phi = c rho r for b_1 = 0: yhat = relu(c r - k), whose
        // mean square for d = 2 and both classes is known: E (r - q)_+^2 = int_q^inf 2 (r - q) e^(-r^2/(2 s^2)) dr.
        var architecture = new Architecture(1, 1, [new Identity(), new Relu(), new Identity()], BiasMode.Frozen,
            [new Radial(2, new Relu(), 1), new WeightedSum(), new WeightedSum()]);
        var ensemble = new Ensemble(architecture, [[1], [1]]);
        for (var i = 1; i <= 3; i++) ensemble.Weights(i).Data[0] = 1;
        ensemble.Weights(1).Data[0] = Math.PI;                     // E max(0, u) = 1/pi: phi = r
        ensemble.Biases(2)[0] = -1.2;
        var nodes = new UnkinkedExpectation(new LengthLaw(2, 0.4, 64), ensemble, Sampled.Engine).At(0, ensemble.State);
        var risk = Sampled.Risk(ensemble, ensemble.State, new(1, 1, nodes.X, new double[nodes.Count], LabelKind.Real, nodes.Masses),
            new HalfSquared());
        // With t = r/s: 2 s^2 (e^(-q^2/2s^2) - (q/s) sqrt(pi/2) erfc(q / (s sqrt 2))).
        var expected = 0.0;
        foreach (var s in new[] { 0.6, 1.4 })
        {
            var q = 1.2 / s;
            expected += s * s * (Math.Exp(-q * q / 2)
                - q * Math.Sqrt(Math.PI / 2) * MathNet.Numerics.SpecialFunctions.Erfc(q / Math.Sqrt(2)));
        }
        Assert.Equal(expected / 2, risk, 1e-10);
    }
}
