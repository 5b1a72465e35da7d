using MathNet.Numerics;
using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Interactions;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Networks;

/// <summary>Sums over types with kinks between the nodes, against Gaussian integrals in closed form.</summary>
public class PanelSumTests
{
    private static readonly double[] Inputs = [-2.9, -1.1, -0.35, -0.02, 0, 0.4, 1.39, 1.41, 2.6];

    /// <summary>
    /// yhat(x) = E w(c) s(x + b(c)) over c normal, on 120 nodes, 15 panels: x comes through one neuron of layer 1.
    /// </summary>
    private static double[] Outputs(IInteraction last, IPiecewiseLinear s, Func<double, double> w,
        Func<double, double> b)
    {
        var types = new PanelTensor(120).Discretise([new Gaussian(0, 1)]);
        var ensemble = new Ensemble(new(1, 1, [new Identity(), s, new Identity()], BiasMode.Frozen,
            [new WeightedSum(), new WeightedSum(), last]), [[1], types.Masses]);
        ensemble.Weights(1).Data[0] = 1;
        for (var c = 0; c < types.Count; c++)
        {
            ensemble.Weights(2).Row(0)[c] = 1;
            ensemble.Biases(2)[c] = b(types.Points[c]);
            ensemble.Weights(3).Row(c)[0] = w(types.Points[c]);
        }
        var data = new Dataset(1, 1, Inputs, new double[Inputs.Length], LabelKind.Real);
        var predictor = new Predictor(ensemble, data, Sampled.Engine);
        predictor.Predict(ensemble.State);
        return predictor.Predictions;
    }

    private static double Above(double x) => SpecialFunctions.Erfc(x / Math.Sqrt(2)) / 2;

    [Fact]
    public void One_kink()
    {
        // E c max(0, x + c) = P(c > -x), by parts; for leaky relu, E c (x + c) = 1 has its share of the slope below.
        var leaky = new LeakyRelu();
        foreach (var s in new IPiecewiseLinear[] { new Relu(), leaky })
        {
            var leak = s.SlopeBelow;
            var cut = Outputs(new PanelSum(s), s, c => c, c => c);
            var plain = Outputs(new WeightedSum(), s, c => c, c => c);
            var expected = Array.ConvertAll(Inputs, x => leak + (1 - leak) * Above(-x));
            for (var n = 0; n < Inputs.Length; n++) Assert.Equal(expected[n], cut[n], 1e-7);
            Assert.True(expected.Zip(plain, (e, p) => Math.Abs(e - p)).Max() > 1e-5);
        }
    }

    [Fact]
    public void Two_kinks_in_one_panel_or_in_two()
    {
        // With x = -a^2: E max(0, c^2 - a^2) = 2 (a phi(a) + (1 - a^2) P(c > a)); for x >= 0, 1 + x.
        var outputs = Outputs(new PanelSum(new Relu()), new Relu(), _ => 1, c => c * c);
        for (var n = 0; n < Inputs.Length; n++)
        {
            var a = Math.Sqrt(Math.Max(0, -Inputs[n]));
            var expected = Inputs[n] >= 0 ? 1 + Inputs[n]
                : 2 * (a * Math.Exp(-a * a / 2) / Math.Sqrt(2 * Math.PI) + (1 - a * a) * Above(a));
            Assert.Equal(expected, outputs[n], 1e-7);
        }
    }
}
