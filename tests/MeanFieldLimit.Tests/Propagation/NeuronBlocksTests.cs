using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Propagation;

namespace MeanFieldLimit.Tests.Propagation;

/// <summary>Two layers that go by blocks of neurons: more neurons than a tile, more points than a block.</summary>
public class NeuronBlocksTests
{
    private const int Inputs = 3, Neurons = 700, Points = 1100;

    [Theory]
    [InlineData("tanh", 1, BiasMode.Trained)]
    [InlineData("relu", 2, BiasMode.Trained)]
    [InlineData("gelu", 3, BiasMode.Frozen)]
    [InlineData("tanh", 1, BiasMode.None)]
    public void The_velocity_is_the_sum_over_all_points_and_neurons(string activation, int outputs, BiasMode biases)
    {
        var (network, data) = Problem(activation, outputs, biases);
        var v = Velocity(network, data, threads: 2);
        var a = network.Weights(2);
        var s = network.Architecture.Activations[0];
        double[] dw = new double[Inputs * Neurons], da = new double[a.Data.Length], db = new double[Neurons],
            dc = new double[outputs];
        for (var n = 0; n < Points; n++)
        {
            double[] h = [.. Enumerable.Range(0, Neurons).Select(c => (biases == BiasMode.None ? 0 : network.Biases(1)[c])
                + Enumerable.Range(0, Inputs).Sum(i => data.Input(n)[i] * network.Weights(1).Row(i)[c]))];
            double[] value = new double[Neurons], slope = new double[Neurons];
            s.Apply(h, value);
            s.Derivative(h, value, slope);
            for (var k = 0; k < outputs; k++)
            {
                var yhat = biases == BiasMode.None ? 0 : network.Biases(2)[k];
                for (var c = 0; c < Neurons; c++) yhat += network.Masses(1)[c] * a.Row(c)[k] * value[c];
                var d = data.Masses[n] * (yhat - data.Label(n)[k]);
                dc[k] -= d;
                for (var c = 0; c < Neurons; c++)
                {
                    da[c * outputs + k] -= d * value[c];
                    db[c] -= d * a.Row(c)[k] * slope[c];
                    for (var i = 0; i < Inputs; i++) dw[i * Neurons + c] -= d * a.Row(c)[k] * slope[c] * data.Input(n)[i];
                }
            }
        }
        Near(dw, network.Weights((ReadOnlySpan<double>)v, 1).Data);
        Near(da, network.Weights((ReadOnlySpan<double>)v, 2).Data);
        if (biases == BiasMode.None) return;
        Near(biases == BiasMode.Trained ? db : new double[Neurons], network.Biases((ReadOnlySpan<double>)v, 1));
        Near(biases == BiasMode.Trained ? dc : new double[outputs], network.Biases((ReadOnlySpan<double>)v, 2));
    }

    [Fact]
    public void Its_bits_do_not_depend_on_the_number_of_threads()
    {
        var (network, data) = Problem("tanh", 2, BiasMode.Trained);
        Assert.Equal(Velocity(network, data, 1), Velocity(network, data, 3));
    }

    // Chunks of three tiles, of which activations of the first are kept, of the second some, of the third none.
    [Theory]
    [InlineData("tanh", 1)]
    [InlineData("sigmoid", 2)]
    public void Parts_of_neurons_move_alike_whether_their_activations_are_kept_or_computed_anew(string activation, int outputs)
    {
        const int parts = 24;
        var (network, data) = Problem(activation, outputs, BiasMode.Trained);
        var split = new Ensemble(network.Architecture,
            [[.. Enumerable.Range(0, parts * Neurons).Select(c => network.Masses(1)[c % Neurons] / parts)]]);
        for (var c = 0; c < parts * Neurons; c++)
        {
            for (var i = 0; i < Inputs; i++) split.Weights(1).Row(i)[c] = network.Weights(1).Row(i)[c % Neurons];
            network.Weights(2).Row(c % Neurons).CopyTo(split.Weights(2).Row(c));
            split.Biases(1)[c] = network.Biases(1)[c % Neurons];
        }
        network.Biases(2).CopyTo(split.Biases(2));
        ReadOnlySpan<double> whole = Velocity(network, data, threads: 2), v = Velocity(split, data, threads: 2);
        Assert.Equal(v, Velocity(split, data, threads: 3));
        for (var i = 0; i < Inputs; i++) Alike(network.Weights(whole, 1).Row(i), split.Weights(v, 1).Row(i));
        Alike(network.Weights(whole, 2).Data, split.Weights(v, 2).Data);
        Alike(network.Biases(whole, 1), split.Biases(v, 1));
        Near(network.Biases(whole, 2).ToArray(), split.Biases(v, 2));

        // Each part as the whole, and as the first part to the bit.
        static void Alike(ReadOnlySpan<double> whole, ReadOnlySpan<double> all)
        {
            Near(whole.ToArray(), all[..whole.Length]);
            for (var j = whole.Length; j < all.Length; j++) Assert.Equal(all[j % whole.Length], all[j]);
        }
    }

    [Fact]
    public void Tracers_move_as_neurons_of_their_weights_and_change_no_bit_of_the_others()
    {
        var (network, data) = Problem("tanh", 2, BiasMode.Trained);
        const int tracers = 200;
        var traced = new Ensemble(network.Architecture, [[.. network.Masses(1), .. new double[tracers]]]);
        Add(network, network.State, traced, traced.State);
        var v = Velocity(traced, data, threads: 2);
        var expected = new double[v.Length];
        Add(network, Velocity(network, data, threads: 1), traced, expected);
        for (var j = 0; j < v.Length; j++)
            if (expected[j] != v[j]) Assert.Equal(expected[j], v[j], 1e-12);
        // Of the massive ones the same bits.
        Assert.Equal(Velocity(network, data, 1).Length, Massive(expected).Length);
        Assert.Equal(Massive(expected), Massive(v));

        // Every tracer has the weights, or the velocity, of the neuron of its number.
        void Add(Ensemble from, double[] values, Ensemble to, Span<double> result)
        {
            for (var c = 0; c < to.Size(1); c++)
            {
                var source = c < Neurons ? c : c - Neurons;
                for (var i = 0; i < Inputs; i++)
                    to.Weights(result, 1).Row(i)[c] = from.Weights((ReadOnlySpan<double>)values, 1).Row(i)[source];
                from.Weights((ReadOnlySpan<double>)values, 2).Row(source).CopyTo(to.Weights(result, 2).Row(c));
                to.Biases(result, 1)[c] = from.Biases((ReadOnlySpan<double>)values, 1)[source];
            }
            from.Biases((ReadOnlySpan<double>)values, 2).CopyTo(to.Biases(result, 2));
        }

        double[] Massive(double[] values)
        {
            ReadOnlySpan<double> all = values;
            var found = new List<double>();
            for (var i = 0; i < Inputs; i++) found.AddRange(traced.Weights(all, 1).Row(i)[..Neurons]);
            found.AddRange(traced.Biases(all, 1)[..Neurons]);
            found.AddRange(traced.Weights(all, 2).Data[..(Neurons * 2)]);
            return [.. found, .. traced.Biases(all, 2)];
        }
    }

    private static double[] Velocity(Ensemble network, Dataset data, int threads)
    {
        var v = new double[network.State.Length];
        Array.Fill(v, double.NaN);
        new MeanFieldVelocity(network, Catalogue.Find<ILoss>("half-squared"), new FullExpectation(data),
            new ManagedEngine(threads)).Evaluate(0, network.State, v);
        return v;
    }

    private static (Ensemble, Dataset) Problem(string activation, int outputs, BiasMode biases)
    {
        double[] masses = new double[Neurons], weights = new double[Points];
        new RandomStream(1, 0).FillUniform(0, masses);
        new RandomStream(1, 1).FillUniform(0, weights);
        var network = new Ensemble(new(Inputs, outputs, [Catalogue.Find<IActivation>(activation), new Identity()], biases),
            [[.. masses.Select(p => p / masses.Sum())]]);
        new RandomStream(1, 2).FillNormal(0, network.State);
        double[] x = new double[Points * Inputs], y = new double[Points * outputs];
        new RandomStream(1, 3).FillNormal(0, x);
        new RandomStream(1, 4).FillNormal(0, y);
        return (network, new(Inputs, outputs, x, y, LabelKind.Real, [.. weights.Select(p => p / weights.Sum())]));
    }

    private static void Near(double[] expected, ReadOnlySpan<double> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var j = 0; j < expected.Length; j++) Assert.InRange(actual[j] - expected[j], -1e-12, 1e-12);
    }
}
