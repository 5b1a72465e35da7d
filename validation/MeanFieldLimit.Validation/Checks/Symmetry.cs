using MathNet.Numerics.Statistics;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>The symmetry theorem of i.i.d. initialization.</summary>
internal sealed class Symmetry : ITheoryCheck
{
    // Sums of some hundred terms of order 1, each rounded to 1e-16, over the run.
    private const double Rounding = 1e-12;

    public string Name => "symmetry";

    public string Claim => "With i.i.d. initialization w_i(t) - w_i(0) depends, for 3 <= i <= L-2, on the initial " +
        "biases of its two neurons alone; where biases start at constants it is one number for all pairs, and the " +
        "H_i, 2 <= i <= L-2, are the same for all neurons. Of images, channels are the neurons: it is one number for " +
        "each place of a window, and H_i the same at each position.";

    public string Source => "Nguyen and Pham, arXiv:2001.11443, symmetries under i.i.d. initialization";

    /// <summary>What the hidden biases start at where they are said to start at constants.</summary>
    internal LawSpec Constant { get; init; } = new ConstantLaw { Value = 0.2 };

    public CheckResult Run(CheckSetting setting)
    {
        Model Build(string name, int depth, LawSpec biases, double time) =>
            new DeepProblem(name, depth) { Biases = biases, Nodes = 3, Time = time }.Build(setting);
        var constant = Build("symmetry-constant", 6, Constant, 3);
        var random = Build("symmetry-random", 5, new GaussianLaw { Std = 1 }, 2);

        var channels = OnImages(constant.Problem);
        var (pairs, neurons, moved) = InLimit(constant, groupsOfCopies: false, setting);
        var (alike, alikeNeurons, _) = InLimit(random, groupsOfCopies: true, setting);
        var (apart, apartNeurons, _) = InLimit(random, groupsOfCopies: false, setting);
        var (places, ofChannels, movedPlaces) = InLimit(channels, groupsOfCopies: false, setting);

        var networks = setting.Networks(constant, setting.Small ? [30, 60, 120, 240] : [50, 100, 200, 400, 800],
            setting.Small ? 12 : 16, InNetwork);
        var ofPairs = networks.Decay("the spread of w_i(t) - w_i(0) over pairs", -0.5, n => n.Pairs);
        var ofNeurons = networks.Decay("the spread of H_i over neurons", -0.5, n => n.Neurons);
        Measurement Rounded(string quantity, double value) => Measurement.Zero(quantity, value, Rounding, "rounding");
        return new(
        [
            Rounded("constant biases, limit: largest difference of w_i(t) - w_i(0) between pairs", pairs),
            Rounded("constant biases, limit: largest difference of H_i between neurons", neurons),
            Measurement.AtLeast("constant biases, limit: |w_i(T) - w_i(0)|", moved, 1e-2, "not 0",
                "equal increments that are zero would show nothing"),
            Rounded("random biases, limit: the same between pairs of equal biases", alike),
            Rounded("random biases, limit: of H_i between neurons of equal biases", alikeNeurons),
            Measurement.AtLeast("random biases, limit: between pairs of any biases", apart, 1e-2, "not 0",
                "types differ; at rounding the line above would show nothing"),
            Measurement.AtLeast("random biases, limit: of H_i between neurons of any biases", apartNeurons, 1e-2,
                "not 0", "as above"),
            Rounded("channels, constant biases, limit: largest difference of w_i(t) - w_i(0) between pairs", places),
            Rounded("channels, constant biases, limit: largest difference of H_i between channels", ofChannels),
            Measurement.AtLeast("channels, constant biases, limit: |w_i(T) - w_i(0)|", movedPlaces, 1e-2, "not 0",
                "as above"),
            ofPairs.Verdict, ofNeurons.Verdict,
        ],
        [
            Decay.Draw(Name, "Spread, in finite networks of six layers with constant biases, of the " +
                "increments w_i(T) - w_i(0) over all pairs of neurons (i = 3, 4) and of the pre-activations H_i over " +
                "all neurons (i = 2, 3, 4), against the width; dashed: N^(-1/2). In the limit both are zero.", "spread",
                [("w_i(T) - w_i(0)", ofPairs), ("H_i", ofNeurons)]),
        ], [constant, random, channels]);
    }

    /// <summary>The same layers as convolutions over lines of pixels, with mean filters, averaged at the end.</summary>
    private static Model OnImages(Problem problem)
    {
        const int columns = 6;
        var depth = problem.Network.Layers.Count;
        var data = (PointsData)problem.Data;
        return Model.Build(problem with
        {
            Name = "symmetry-channels",
            Data = data with
            {
                X = [.. data.X.Select(x =>
                    Enumerable.Range(0, columns).Select(u => x[0] * Math.Sin(u + x[1])).ToArray())],
            },
            Network = problem.Network with
            {
                Image = new() { Columns = columns },
                Layers = [.. problem.Network.Layers.Select((layer, i) => i == depth - 1
                    ? layer with { Weights = new GaussianLaw { Mean = 2, Std = 1 } } : layer with
                {
                    Weights = new GaussianLaw { Mean = i == 0 ? 0 : 0.4, Std = 1 },
                    Convolution = new() { Size = [3], Padding = 1 },
                    Filter = i == 0 ? null : [0.2, -0.1, 0.1],
                    Pool = i == depth - 2 ? new() { Kind = PoolName.GlobalAverage } : null,
                })],
            },
        });
    }

    /// <summary>
    /// The largest difference over the save times between increments of pairs, and between pre-activations of neurons,
    /// of one group: copies of one type, or all; and the size of the increments.
    /// </summary>
    private static (double Pairs, double Neurons, double Moved) InLimit(Model model, bool groupsOfCopies,
        CheckSetting setting)
    {
        var limit = SplitLimit.Of(model, setting);
        var split = limit.Ensemble;
        const int copies = SplitLimit.Copies;
        var seen = limit.Watch((_, state) =>
        {
            var increments = Enumerable.Range(3, split.Depth - 4)
                .Select(i => (Values: Increments(split, state, i), Columns: split.Size(i),
                    Taps: split.Architecture.Taps(i))).ToArray();
            return (Pairs: increments.Max(w => LargestDifference(w.Values, k => k / w.Columns % w.Taps
                    + (groupsOfCopies ? w.Taps * (k / w.Columns / w.Taps / copies * w.Columns + k % w.Columns / copies)
                        : 0))),
                Neurons: limit.Layers(state)[1..^2].Select((h, n) =>
                    LargestDifference(h, k => k / (groupsOfCopies ? copies : split.Size(n + 2)))).Max(),
                Moved: increments.Max(w => w.Values.Max(Math.Abs)));
        }).Seen;
        return (seen.Max(s => s.Pairs), seen.Max(s => s.Neurons), seen.Max(s => s.Moved));
    }

    /// <summary>Rms deviations from the mean over pairs and over neurons, all layers together.</summary>
    private static (double Pairs, double Neurons) InNetwork(Subject network)
    {
        var (ensemble, end) = (network.Ensemble, network.FollowNetwork().Result.State);
        var pairs = Enumerable.Range(3, ensemble.Depth - 4)
            .Average(i => ArrayStatistics.PopulationVariance(Increments(ensemble, end, i)));
        var neurons = network.Layers(end)[1..^2]
            .Average(h => h.Chunk(ensemble.Size(1)).Average(ArrayStatistics.PopulationVariance));
        return (Math.Sqrt(pairs), Math.Sqrt(neurons));
    }

    private static double[] Increments(Ensemble ensemble, ReadOnlySpan<double> state, int layer)
    {
        var increments = ensemble.Weights(state, layer).Data.ToArray();
        TensorPrimitives.Subtract(increments, ensemble.Weights(layer).Data, increments);
        return increments;
    }

    /// <summary>The largest difference between values of one group, which their indices tell.</summary>
    private static double LargestDifference(double[] values, Func<int, int> group) =>
        values.Select((v, k) => (v, group(k))).GroupBy(p => p.Item2, p => p.v).Max(g => g.Max() - g.Min());
}
