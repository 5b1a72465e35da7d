using System.Text;
using MathNet.Numerics.Distributions;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Tests.Ensembles;

namespace MeanFieldLimit.Tests.Limits;

/// <summary>
/// The mean of the gap at order 1/N against means over all networks of a width: in closed form, and by enumeration.
/// </summary>
public class GapBiasTests
{
    // yhat_N = y + (A - y) exp(-K t), A and K means of N independent a s and s^2 (random features at x = 1): with
    // phi = E exp(-s^2 t / N), E yhat_N = y + E[a s exp(-s^2 t / N)] phi^(N - 1) - y phi^N.
    [Fact]
    public void Random_features_at_one_point_have_their_closed_form()
    {
        const double y = -0.7, time = 1.3;
        double[] s = [Math.Tanh(2), Math.Tanh(-1)];
        (double A, double S)[] types = [.. s.SelectMany(f => new[] { (1.5, f), (0.5, f) })];
        double Mean(double n)
        {
            var phi = types.Average(c => Math.Exp(-c.S * c.S * time / n));
            return types.Average(c => c.A * c.S * Math.Exp(-c.S * c.S * time / n)) * Math.Pow(phi, n - 1)
                - y * Math.Pow(phi, n);
        }
        var limit = (types.Average(c => c.A * c.S) - y) * Math.Exp(-types.Average(c => c.S * c.S) * time);
        var exact = Extrapolated(n => n * (Mean(n) - limit), 2000);
        var bias = GapBias.Run(new(PredictedGapTests.Features("tanh", [[1]], y, time)), new());
        Assert.Equal(exact, bias.At(1)[0], 1e-3 * Math.Abs(exact));
        Assert.Equal((Math.Abs(bias.At(1)[0]), 0, 0), (bias.Rms, bias.NoisePart, bias.StandardError));
        // At the start predictions are a mean.
        Assert.Equal(0, bias.At(0)[0], 1e-9);
    }

    // From 2 x 2 types all networks of width N are had, by their counts of each.
    [Theory]
    [InlineData("[1, 1]"), InlineData("[3, 1]"), InlineData("[1, 3]")]
    public void Three_layers_that_all_move_have_the_mean_over_all_networks(string ratios)
    {
        var model = Build("""{ "law": "constant", "value": 0.9 }""", ratios, time: 0.8);
        var (initial, bias) = (model.InitialLimit(), GapBias.Run(new(model), new()));
        var limit = Predictions([initial.Masses(1).ToArray(), initial.Masses(2).ToArray()]);
        double[] Bias(int n)
        {
            var (first, second) = (n * model.Problem.Couple.RatioOf(1), n * model.Problem.Couple.RatioOf(2));
            var sum = new double[limit.Length];
            for (var j = 0; j <= first; j++)
                for (var k = 0; k <= second; k++)
                    TensorPrimitives.MultiplyAdd(Predictions([Masses(j, first), Masses(k, second)]),
                        Binomial.PMF(0.5, first, j) * Binomial.PMF(0.5, second, k), sum, sum);
            return [.. sum.Zip(limit, (mean, of) => n * (mean - of))];
        }
        // b + c / n + d / n^2 + O(1/n^3).
        double[] coarse = Bias(6), middle = Bias(12), fine = Bias(24),
            exact = [.. fine.Select((f, n) => (8 * f - 6 * middle[n] + coarse[n]) / 3)];
        Assert.Equal(exact, bias.At(1), (a, b) => Math.Abs(a - b) < 0.004 * bias.Rms);

        static double[] Masses(int count, int n) => [(double)count / n, (double)(n - count) / n];

        double[] Predictions(double[][] masses)
        {
            var ensemble = new Ensemble(initial.Architecture, masses);
            initial.State.CopyTo(ensemble.State, 0);
            return After(ensemble, model);
        }
    }

    // H of layer 2 is a mean of N independent w s(w_1 x) given the neuron, and w_3 independent of it: N (E yhat_N - yhat)
    // has E w_3 s''(E H) / 2 times their variance, E[w]^2 Var s + tau^2 E s^2.
    [Fact]
    public void At_the_start_masses_and_noise_have_their_closed_forms()
    {
        const double mean = 0.8, tau = 0.7;
        var model = Build("""{ "law": "gaussian", "mean": 0.8, "std": 0.7 }""", "[1, 1]", time: 1e-9);
        var bias = GapBias.Run(new(model), new());
        double Curvature(double x) => Math.Tanh(mean * Mean(x)) is var t ? -t * (1 - t * t) * 0.75 : 0;
        double Mean(double x) => (Math.Tanh(1.6 * x) + Math.Tanh(-0.4 * x)) / 2;
        double Square(double x) => (Math.Pow(Math.Tanh(1.6 * x), 2) + Math.Pow(Math.Tanh(-0.4 * x), 2)) / 2;
        double[] xs = [1, -0.6];
        double[] masses = [.. xs.Select(x => Curvature(x) * mean * mean * (Square(x) - Mean(x) * Mean(x)))],
            noise = [.. xs.Select(x => Curvature(x) * tau * tau * Square(x))];
        Assert.Equal(masses, bias.OfMasses[0], (a, b) => Math.Abs(a - b) < 1e-3 * bias.Rms);
        Assert.InRange(bias.StandardError / bias.Rms, 0.002, 0.05);
        Assert.Equal(noise, bias.OfNoise[0], (a, b) => Math.Abs(a - b) < 5 * bias.StandardError);
    }

    // Where all neurons of a layer are alike second derivatives in a weight are the same for all pairs: one pair says all.
    [Theory]
    [InlineData("[1, 1]"), InlineData("[2, 1]"), InlineData("[1, 2]")]
    public void Noise_that_goes_on_and_comes_back_counts_as_that_of_every_pair_of_neurons(string ratios)
    {
        const int width = 32;
        const double h = 0.5;
        var model = Build("""{ "law": "gaussian", "mean": 0.8, "std": 0.7 }""", ratios, time: 0.8, ofTypes: 0);
        var bias = GapBias.Run(new(model), new(), draws: 32, width);
        double[] Of(double by)
        {
            var network = Ensemble.Uniform(model.Embedding.Architecture, model.Hidden(width));
            network.Weights(1).Data.Fill(0.6);
            network.Weights(2).Data.Fill(0.8);
            network.Weights(2).Data[0] += by;
            network.Weights(3).Data.Fill(0.75);
            return After(network, model);
        }
        double[] plus = Of(h), minus = Of(-h), none = Of(0);
        var pairs = (double)model.Hidden(width)[0] * model.Hidden(width)[1];
        double[] exact = [.. none.Select((yhat, n) =>
            width * pairs * 0.7 * 0.7 * (plus[n] + minus[n] - 2 * yhat) / (2 * h * h))];
        Assert.Equal(0, bias.MassPart);
        Assert.InRange(bias.StandardError / bias.Rms, 0.002, 0.05);
        Assert.Equal(exact, bias.At(1), (a, b) => Math.Abs(a - b) < 5 * bias.StandardError);
    }

    [Fact]
    public void Any_number_of_threads_has_the_same_bits()
    {
        var limit = new ParticleLimit(Build("""{ "law": "gaussian", "mean": 0.8, "std": 0.7 }""", "[1, 1]", time: 0.4));
        PredictedBias one = GapBias.Run(limit, new(), draws: 5, width: 8),
            three = GapBias.Run(limit, new() { Threads = 3 }, draws: 5, width: 8);
        Assert.Equal(one.At(1), three.At(1));
        Assert.Equal(one.StandardError, three.StandardError);
    }

    // f(n) = b + c / n + O(1/n^2).
    private static double Extrapolated(Func<double, double> f, double n) => 2 * f(2 * n) - f(n);

    private static double[] After(Ensemble ensemble, Model model)
    {
        var (stepper, control) = model.LimitDynamics.Bind(ensemble, model.Objective, new(0), Sampled.Engine) is var s
            ? (s.Stepper, s.Control) : default;
        var predictor = new Predictor(ensemble, model.Watched, Sampled.Engine);
        predictor.Predict(new TimeLoop { Stepper = stepper, Control = control }
            .Run(ensemble.State, new(0, model.SaveTimes[^1])).OrThrow().State);
        return [.. predictor.Predictions];
    }

    /// <summary>Of types w_1 = 0.6 +- 1, w_3 = 0.75 +- 0.5; with <paramref name="ofTypes"/> 0 of one alone.</summary>
    private static Model Build(string middle, string ratios, double time, double ofTypes = 1)
    {
        string Law(double mean, double scale) => ofTypes == 0
            ? $$"""{ "law": "constant", "value": {{mean}} }"""
            : $$"""{ "law": "rademacher", "mean": {{mean}}, "scale": {{scale}} }""";
        return Model.Build(ProblemFile.Parse("x.json", Encoding.UTF8.GetBytes($$"""
            { "name": "bias", "data": { "kind": "points", "x": [[1], [-0.6]], "y": [[-0.7], [0.4]] },
              "network": { "layers": [
                { "weights": {{Law(0.6, 1)}}, "activation": "tanh" },
                { "weights": {{middle}}, "activation": "tanh" },
                { "weights": {{Law(0.75, 0.5)}} } ] },
              "training": { "loss": "half-squared", "time": {{time}} },
              "limit": { "types": [{ "rule": "gauss", "nodes": 2 }, { "rule": "gauss", "nodes": 2 }],
                "method": "runge-kutta-4", "step": {{time / 8}} },
              "record": { "saves": 1 }, "couple": { "widths": [4], "tracers": 0, "ratios": {{ratios}} } }
            """)), null);
    }
}
