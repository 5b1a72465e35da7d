using MathNet.Numerics.LinearAlgebra;
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
        int[] widths = setting.Small ? [25, 50, 100, 200] : [50, 100, 200, 400];
        var networks = setting.Networks(widths, setting.Small ? 24 : 32,
            (width, replicate) => Measure(model, width, replicate, setting));
        var gradients = Decay.Of("the spread of dJ/dw_i(c, c') over pairs, middle layers", widths, networks, n =>
            n.Gradients);
        var spread = Decay.Of("the spread of H_i(x, c) over neurons, middle layers", widths, networks, n =>
            n.Spreads[1..].Average());
        var first = Decay.Of("the spread of H_1(x, c) over neurons", widths, networks, n => n.Spreads[0]);
        var rank = Decay.Of("sigma_2/sigma_1 of H_2", widths, networks, n => n.Ranks[1]);

        var shallow = (problem with { Name = "depth-collapse-4", Depth = 4 }).Build(setting);
        return new(
        [
            gradients.Against(-0.5), spread.Against(-0.5), first.Against(0), rank.Against(-0.5),
            .. new[] { shallow, model }.Select(e => Measurement.Zero(
                $"L = {e.Embedding.Architecture.Depth}: rms between predictions of the limit with 1 and with 4 " +
                "neurons in each middle layer", Between(e, setting), 1e-7,
                "a hundred times the tolerance of both runs")),
        ],
        [
            Profile(widths, networks),
            Decay.Draw(Name, $"Finite networks of {Deep} layers at the final time, against the width. " +
                "Gradients: standard deviation over mean of dJ/dw_i over all pairs of neurons, layers 3..L-2 " +
                "together. Middle layers: deviation of H_i from its mean over the neurons over the root mean square " +
                "of H_i, mean of layers 2..L-2; 0 for a layer that is a single neuron. First layer: the same of " +
                "H_1. Dashed: N^(-1/2), and N^0.",
                "relative spread",
                [("gradients", gradients, -0.5), ("middle layers", spread, -0.5), ("first layer", first, 0)]),
        ], [model, shallow]);
    }

    /// <summary>What one network shows at T, of gradients, and of each H_i, i = 1..L-2.</summary>
    private sealed record Shown(double Gradients, double[] Spreads, double[] Ranks);

    private static Shown Measure(Model model, int width, int replicate, CheckSetting setting)
    {
        var network = DeepProblem.Sample(model, width, replicate);
        var end = Followed.Network(model, network, setting).Run.State;
        var data = model.Data.Train;
        var velocity = new double[end.Length];
        new MeanFieldVelocity(network, model.Loss, new FullExpectation(data), setting.Engine(1))
            .Evaluate(0, end, velocity);
        var moments = Enumerable.Range(3, network.Depth - 4).Select(i =>
            MathNet.Numerics.Statistics.ArrayStatistics.MeanVariance(
            network.Weights(velocity.AsSpan(), i).Data.ToArray())).ToArray();
        var gradients = Math.Sqrt(moments.Sum(m => m.Variance) / moments.Sum(m => m.Mean * m.Mean));
        var layers = LayerValues.Of(network, end, data)[..^2];
        return new(gradients, [.. layers.Select(h => RelativeSpread(h, width))],
            [.. layers.Select(h => SecondSingularValue(h, data.Count))]);
    }

    private static double RelativeSpread(double[] h, int width) =>
        Math.Sqrt(h.Chunk(width).Average(MathNet.Numerics.Statistics.Statistics.PopulationVariance) / h.Average(v =>
            v * v));

    /// <summary>sigma_2/sigma_1, from the Gram matrix over the points.</summary>
    private static double SecondSingularValue(double[] h, int points)
    {
        var matrix = Matrix<double>.Build.DenseOfRowMajor(points, h.Length / points, h);
        var squares = matrix.TransposeAndMultiply(matrix).Evd(Symmetricity.Symmetric).EigenValues;
        return Math.Sqrt(Math.Max(0, squares[^2].Real) / squares[^1].Real);
    }

    /// <summary>
    /// The largest rms between the predictions of the limit and of the limit with its neurons told apart.
    /// </summary>
    private static double Between(Model model, CheckSetting setting)
    {
        var limit = model.InitialLimit();
        var single = Followed.Limit(model, limit, setting);
        var split = Followed.Limit(model, SplitLimit.Of(limit, 4, 1, model.Seed), setting);
        return single.Trajectory.LargestRmsDistance(split.Trajectory);
    }

    private static Figure Profile(int[] widths, Shown[] networks)
    {
        var seeds = networks.Length / widths.Length;
        double[] layers = [.. networks[0].Ranks.Select((_, i) => i + 1.0)];
        return SeriesFigure.Draw("depth-collapse-layers", $"Second over first singular value of the pre-activations " +
            $"H_i (points by neurons) of trained networks of {Deep} layers, by layer; one colour a width. The wider " +
            "the network, the closer layers 2 to L-2 come to a single function, the first does not. From layer 3 on " +
            "the noise of w_i multiplies one function of x, so that a second one comes in at a higher order in " +
            "N^(-1/2).", new("hidden layer i", false) { Counts = true }, new("\u03c3\u2082/\u03c3\u2081 of H_i", true),
            [.. widths.Select((n, k) => new Series($"N = {n}", layers, [.. layers.Select((_, i) =>
                networks[(k * seeds)..((k + 1) * seeds)].Average(m => m.Ranks[i]))]))]);
    }
}
