using MathNet.Numerics.Statistics;
using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>The collapse of depth under the scaling 1/N with i.i.d. initialization.</summary>
internal sealed class DepthCollapse : ITheoryCheck
{
    private const int Deep = 7;

    public string Name => "depth-collapse";

    public string Claim => "With 1/N in every layer and i.i.d. initialization dJ/dw_i(c, c') becomes independent of " +
        "c and c' between the hidden layers 2..L-2 as N grows: each of them becomes a single neuron, however deep " +
        "the network.";

    public string Source => "Araujo, Oliveira and Yukimura, arXiv:1906.00193 (propagation of chaos for deep networks)";

    /// <summary>Law of the biases of hidden layers; null for none.</summary>
    internal Problems.LawSpec? Biases { get; init; }

    public CheckResult Run(CheckSetting setting)
    {
        var problem = new DeepProblem("depth-collapse", Deep) { Biases = Biases };
        var model = problem.Build(setting);
        var shallow = (problem with { Name = "depth-collapse-4", Depth = 4 }).Build(setting);
        var networks = setting.Networks(model, setting.Small ? [25, 50, 100, 200] : [50, 100, 200, 400],
            setting.Small ? 24 : 32, Shown.Of);
        var gradients = networks.Decay("the spread of dJ/dw_i(c, c') over pairs, middle layers", -0.5,
            n => n.Gradients);
        var spread = networks.Decay("the spread of H_i(x, c) over neurons, middle layers", -0.5,
            n => n.Spreads[1..].Average());
        var first = networks.Decay("the spread of H_1(x, c) over neurons", 0, n => n.Spreads[0]);
        var rank = networks.Decay("sigma_2/sigma_1 of H_2", -0.5, n => n.Ranks[1]);
        double[] layers = [.. networks.All[0].Ranks.Select((_, i) => i + 1.0)];
        return new(
        [
            gradients.Verdict, spread.Verdict, first.Verdict, rank.Verdict,
            .. new[] { shallow, model }.Select(m => Measurement.Zero($"L = {m.Embedding.Architecture.Depth}: rms " +
                "between predictions of the limit with 1 and with 4 neurons in each middle layer",
                Subject.Limit(m, setting).FollowLimit().Trajectory.LargestRmsDistance(
                    SplitLimit.Of(m, setting).FollowLimit().Trajectory),
                1e-7, "a hundred times the tolerance of both runs")),
        ],
        [
            SeriesFigure.Draw("depth-collapse-layers", $"Second over first singular value of the pre-activations " +
                $"H_i (points by neurons) of trained networks of {Deep} layers, by layer; one colour a width. The " +
                "wider the network, the closer layers 2 to L-2 come to a single function, the first does not. From " +
                "layer 3 on the noise of w_i multiplies one function of x, so that a second one comes in at a higher " +
                "order in N^(-1/2).", new("hidden layer i", false) { Counts = true },
                new("\u03c3\u2082/\u03c3\u2081 of H_i", true),
                [.. networks.Widths.Zip(networks.ByWidth, (n, of) =>
                    new Series($"N = {n}", layers, [.. layers.Select((_, i) => of.Average(m => m.Ranks[i]))]))]),
            Decay.Draw(Name, $"Finite networks of {Deep} layers at the final time, against the width. " +
                "Gradients: standard deviation over mean of dJ/dw_i over all pairs of neurons, layers 3..L-2 " +
                "together. Middle layers: deviation of H_i from its mean over the neurons over the root mean square " +
                "of H_i, mean of layers 2..L-2; 0 for a layer that is a single neuron. First layer: the same of " +
                "H_1. Dashed: N^(-1/2), and N^0.", "relative spread",
                [("gradients", gradients), ("middle layers", spread), ("first layer", first)]),
        ], [model, shallow]);
    }

    /// <summary>What one network shows at T, of gradients, and of each H_i, i = 1..L-2.</summary>
    private sealed record Shown(double Gradients, double[] Spreads, double[] Ranks)
    {
        internal static Shown Of(Subject network)
        {
            var (end, ensemble) = (network.FollowNetwork().Result.State, network.Ensemble);
            var velocity = network.Velocity(end);
            var moments = Enumerable.Range(3, ensemble.Depth - 4).Select(i =>
                ArrayStatistics.MeanVariance(ensemble.Weights(velocity.AsSpan(), i).Data.ToArray())).ToArray();
            var layers = network.Layers(end)[..^2];
            return new(Math.Sqrt(moments.Sum(m => m.Variance) / moments.Sum(m => m.Mean * m.Mean)),
                [.. layers.Select(h => Math.Sqrt(h.Chunk(ensemble.Size(1)).Average(ArrayStatistics.PopulationVariance) /
                    h.Average(v => v * v)))],
                [.. layers.Select(h => Diversity.Spectrum(h, network.Model.Data.Train.Count))
                    .Select(squares => Math.Sqrt(Math.Max(0, squares[^2]) / squares[^1]))]);
        }
    }
}
