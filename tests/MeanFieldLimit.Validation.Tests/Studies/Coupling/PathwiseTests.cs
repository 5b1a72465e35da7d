using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Tests.Studies.Coupling;

/// <summary>What pathwise gaps must be where the answer is known.</summary>
public class PathwiseTests
{
    private static readonly Model Classes = Small.Classification();

    private static Ensemble Sample(int width, ulong seed = 3) => Classes.Embedding.Sample([width, width], seed);

    private static PathwiseGap Between(Ensemble network, ReadOnlySpan<double> state, Ensemble reference) =>
        new PathwiseMeasure(network, reference, Classes.Watched, new ManagedEngine(1)).Between(state, reference.State);

    [Fact]
    public void An_ensemble_has_no_gap_to_itself()
    {
        var network = Sample(7);
        Assert.All(Between(network, network.State, network).Layers, l => Assert.Equal(default, l));
    }

    [Fact]
    public void A_network_riding_on_itself_has_no_gap()
    {
        // The host is the network itself, so its tracers see its own sums: up to the order of the sums nothing differs.
        var network = Sample(7);
        var gap = Between(network, network.State, Twin(network));
        Assert.Equal(0, gap.ParametersMax);
        Assert.InRange(gap.PreactivationsMax, 0, 1e-13);
    }

    /// <summary>
    /// The outermost of 200 Gauss nodes have masses of about e^(-2 * 200): the product of two is no double. At t = 0 a
    /// tracer is its neuron all the same.
    /// </summary>
    [Theory, InlineData(1), InlineData(8)]
    public void Hosts_are_told_from_tracers_where_masses_underflow(int copies)
    {
        var model = Small.Build("""
            { "data": { "kind": "points", "x": [[1], [-0.5]], "y": [[1], [0]] },
              "network": { "layers": [ { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
                { "weights": { "law": "gaussian", "mean": 2, "std": 1 } } ] },
              "training": { "loss": "half-squared", "time": 1 },
              "limit": { "types": [{ "rule": "gauss", "nodes": 200 }] } }
            """);
        var host = model.InitialLimit().Split(copies);
        Assert.Equal(host.Size(1), host.Massive(1));
        // Of w_1 and w_2 the second moments are 1 and 5: nothing is lost with nodes that have no mass.
        double Square(int layer) => host.Masses(1).ToArray().Zip(host.Weights(layer).Data.ToArray(), (p, w) => p * w * w).Sum();
        Assert.Equal(1, Square(1), 1e-12);
        Assert.Equal(5, Square(2), 1e-12);
        var network = model.Embedding.Sample([7], 5);
        var both = model.Embedding.WithTracers(host, network);
        Assert.Equal(both.Size(1) - 7, both.Massive(1));
        Assert.Equal(0, new PathwiseMeasure(network, both, model.Watched, new ManagedEngine(1))
            .Between(network.State, both.State).ParametersMax);
    }

    [Fact]
    public void A_shifted_parameter_makes_the_gaps_that_the_formula_says()
    {
        // b_1(c) + 0.5 for the seven neurons of layer 1: H_1 moves by 0.5 everywhere, W does not.
        var network = Sample(7);
        var state = network.State.ToArray();
        foreach (ref var b in network.Biases(state.AsSpan(), 1)) b += 0.5;
        var first = Between(network, state, network).Layers[0];
        Assert.Equal((0, 0), (first.Weights.Max, first.Weights.L2));
        Assert.Equal(0.5, first.Biases.Max, 1e-14);
        Assert.Equal(0.5, first.Biases.L2, 1e-14);
        Assert.Equal(0.5, first.Preactivations.Max, 1e-14);
        Assert.Equal(0.5, first.Preactivations.L2, 1e-14);

        // The last of the 4 x 1100 entries of W_1, in rows of more than are summed at a time.
        var wide = Sample(1100);
        state = [.. wide.State];
        wide.Weights(state.AsSpan(), 1).Data[^1] += 0.7;
        Assert.Equal(0.7, Between(wide, state, wide).Layers[0].Weights.Max, 1e-14);
        Assert.Equal(0.7 / Math.Sqrt(4400), Between(wide, state, wide).Layers[0].Weights.L2, 1e-14);

        // One entry of W_2 out of 49: the mean square is a 49th.
        state = [.. network.State];
        network.Weights(state.AsSpan(), 2).Data[10] += 0.7;
        var second = Between(network, state, network).Layers[1];
        Assert.Equal(0.7, second.Weights.Max, 1e-14);
        Assert.Equal(0.1, second.Weights.L2, 1e-14);
    }

    [Fact]
    public void Points_count_by_their_masses()
    {
        var (network, other) = (Sample(7), Sample(7, seed: 4));
        var points = Classes.Watched.Select([0, 1]);
        Data.Dataset weighted = new(4, 1, points.X, points.Y, points.Labels, [2 / 3.0, 1 / 3.0]),
            repeated = points.Select([0, 0, 1]);
        PathwiseGap Of(Data.Dataset data) =>
            new PathwiseMeasure(network, other, data, new ManagedEngine(1)).Between(network.State, other.State);
        Assert.All(Of(weighted).Layers.Zip(Of(repeated).Layers), p =>
        {
            Assert.Equal(p.First.Preactivations.L2, p.Second.Preactivations.L2, 1e-14);
            Assert.Equal(p.First.Preactivations.Max, p.Second.Preactivations.Max);
            Assert.Equal(p.First.Weights, p.Second.Weights);
        });
    }

    [Fact]
    public void Fewer_tracers_measure_the_first_neurons_of_the_same_gap()
    {
        // Tracers do not feel each other: 4 of 9 move as they do among all 9.
        var model = Small.Regression("""{ "widths": [9], "seeds": 1, "tracers": 4 }""");
        var all = Small.Regression("""{ "widths": [9], "seeds": 1, "tracers": 9 }""");
        var (few, every) = (Small.Couple(model), Small.Couple(all));
        var network = model.Embedding.Sample([9, 9], Streams.SeedOf(model.Seed, 0));
        var both = model.Embedding.WithTracers(model.InitialLimit(), network);
        var traced = Run.Of(model, both, model.LimitDynamics, model.LimitDraw, new()).Complete().Trained;
        var trained = Run.Of(model, network, model.Dynamics, model.NetworkDraw(0), new()).Complete().Trained;
        var w = network.Weights(trained.Result.State, 2);
        var t = both.Weights(traced.Result.State, 2);
        double largest = 0, largestOfFew = 0;
        for (var i = 0; i < 9; i++)
            for (var j = 0; j < 9; j++)
            {
                var gap = Math.Abs(w.Data[i * w.Stride + j] - t.Data[(t.Rows - 9 + i) * t.Stride + t.Columns - 9 + j]);
                largest = Math.Max(largest, gap);
                if (i < 4 && j < 4) largestOfFew = Math.Max(largestOfFew, gap);
            }
        Assert.Equal(largest, every.Networks[0].Pathwise[^1].Layers[1].Weights.Max, 1e-12);
        Assert.Equal(largestOfFew, few.Networks[0].Pathwise[^1].Layers[1].Weights.Max, 1e-12);
        // A largest gap of a part is not that of the network: it has no rate.
        Assert.DoesNotContain(few.Rates, r => r.Quantity.OfEveryNeuron);
        Assert.Contains(every.Rates, r => r.Quantity.Name == "preactivations-max");
    }

    // 300 points are one block of those that record, and two of those that measure.
    [Fact]
    public void Gaps_have_the_same_bits_with_the_passes_of_what_records_networks_and_with_their_own()
    {
        var small = Small.Regression();
        var model = Model.Build(small.Problem with { Data = (SyntheticData)small.Problem.Data with { Points = 300 } });
        var network = model.Embedding.Sample([6, 6], 4);
        Assert.Equal(300, model.Watched.Count);
        var alone = Gaps(record: false, first: true);
        Assert.Equal(alone, Gaps(record: true, first: false));
        // What looks before it is recorded finds the pass of the save time before.
        Assert.Equal(alone, Gaps(record: true, first: true));
        Assert.Equal(alone.Length, alone.Distinct().Count());

        LayerGap[] Gaps(bool record, bool first)
        {
            var run = new Run(model, new());
            Mover limit = run.Add(model.Embedding.WithTracers(model.InitialLimit(), network), model.LimitDynamics, model.LimitDraw),
                moved = run.Add(network, model.Dynamics, model.NetworkDraw(0));
            var probe = new PathwiseProbe(moved, limit, model.Watched, new ManagedEngine(1));
            var own = 0;
            if (first) run.Watch(probe);
            if (record) foreach (var mover in run.Movers) run.Record(mover);
            if (!first) run.Watch(probe);
            while (run.Advance())
                if (moved.Pass(model.Watched) is null) own++;
            Assert.Equal(record ? 0 : probe.Gaps.Count, own);
            Assert.Null(moved.Pass(model.Watched.Select([0])));
            return [.. probe.Gaps.SelectMany(g => g.Layers)];
        }
    }

    [Fact]
    public void More_tracers_than_memory_are_refused_before_any_work()
    {
        var model = Small.Regression("""{ "widths": [400, 30000000], "seeds": 1, "tracers": 30000000 }""");
        var refusal = Assert.Throws<ProblemException>(() => MemoryPlan.CheckNetworks(model, 1)).Message;
        Assert.Contains("$.couple.widths[1]", refusal, StringComparison.Ordinal);
        Assert.Contains("or fewer tracers", refusal, StringComparison.Ordinal);
    }

    /// <summary>The ensemble followed by a massless copy of each of its hidden neurons.</summary>
    private static Ensemble Twin(Ensemble network)
    {
        var twin = new Ensemble(network.Architecture, [.. Enumerable.Range(1, network.Depth - 1).Select(i =>
            network.Masses(i).ToArray().Concat(new double[network.Size(i)]).ToArray())]);
        for (var i = 1; i <= network.Depth; i++)
        {
            var from = network.Weights(i);
            var to = twin.Weights(i);
            for (var c = 0; c < to.Rows; c++)
                for (var d = 0; d < to.Columns; d++)
                    to.Data[c * to.Stride + d] = from.Data[c % from.Rows * from.Stride + d % from.Columns];
            for (var d = 0; d < to.Columns; d++) twin.Biases(i)[d] = network.Biases(i)[d % from.Columns];
        }
        return twin;
    }
}
