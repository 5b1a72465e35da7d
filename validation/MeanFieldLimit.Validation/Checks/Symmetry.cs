namespace MeanFieldLimit.Validation.Checks;

/// <summary>The symmetry theorem of i.i.d. initialization.</summary>
internal sealed class Symmetry : ITheoryCheck
{
    // Sums of some hundred terms of order 1, each rounded to 1e-16, over the run.
    private const double Rounding = 1e-12;
    private const int Copies = 4;

    public string Name => "symmetry";

    public string Claim => "With i.i.d. initialization w_i(t) - w_i(0) depends, for 3 <= i <= L-2, on the initial " +
        "biases of its two neurons alone; where biases start at constants it is one number for all pairs, and the " +
        "H_i, 2 <= i <= L-2, are the same for all neurons.";

    public string Source => "Nguyen and Pham, arXiv:2001.11443, symmetries under i.i.d. initialization";

    /// <summary>What the hidden biases start at where they are said to start at constants.</summary>
    internal LawSpec Constant { get; init; } = new ConstantLaw { Value = 0.2 };

    public CheckResult Run(CheckSetting setting)
    {
        var constant = new DeepProblem("symmetry-constant", 6)
        {
            Biases = Constant,
            Nodes = 3,
            Time = 3
        }.Build(setting);
        var random = new DeepProblem("symmetry-random", 5)
        {
            Biases = new GaussianLaw { Std = 1 },
            Nodes = 3,
            Time = 2,
        }.Build(setting);

        var (pairs, neurons, moved) = InLimit(constant, groupsOfCopies: false, setting);
        var (alike, alikeNeurons, _) = InLimit(random, groupsOfCopies: true, setting);
        var (apart, apartNeurons, _) = InLimit(random, groupsOfCopies: false, setting);

        int[] widths = setting.Small ? [30, 60, 120, 240] : [50, 100, 200, 400, 800];
        var seeds = setting.Small ? 12 : 16;
        var networks = setting.Networks(widths, seeds, (width, replicate) =>
            InNetwork(constant, width, replicate, setting));
        Decay[] decays =
        [
            Decay.Of("the spread of w_i(t) - w_i(0) over pairs", widths, networks, n => n.Pairs),
            Decay.Of("the spread of H_i over neurons", widths, networks, n => n.Neurons),
        ];
        return new(
        [
            Measurement.Zero("constant biases, limit: largest difference of w_i(t) - w_i(0) between pairs", pairs,
                Rounding,
                "rounding"),
            Measurement.Zero("constant biases, limit: largest difference of H_i between neurons", neurons, Rounding,
                "rounding"),
            Measurement.AtLeast("constant biases, limit: |w_i(T) - w_i(0)|", moved, 1e-2, "not 0",
                "equal increments that are zero would show nothing"),
            Measurement.Zero("random biases, limit: the same between pairs of equal biases", alike, Rounding,
                "rounding"),
            Measurement.Zero("random biases, limit: of H_i between neurons of equal biases", alikeNeurons, Rounding,
                "rounding"),
            Measurement.AtLeast("random biases, limit: between pairs of any biases", apart, 1e-2, "not 0",
                "types differ; at rounding the line above would show nothing"),
            Measurement.AtLeast("random biases, limit: of H_i between neurons of any biases", apartNeurons, 1e-2,
                "not 0",
                "as above"),
            .. decays.Select(d => d.Against(-0.5)),
        ],
        [
            Decay.Draw(Name, "Spread, in finite networks of six layers with constant biases, of the " +
                "increments w_i(T) - w_i(0) over all pairs of neurons (i = 3, 4) and of the pre-activations H_i over " +
                "all neurons (i = 2, 3, 4), against the width; dashed: N^(-1/2). In the limit both are zero.", "spread",
                [("w_i(T) - w_i(0)", decays[0], -0.5), ("H_i", decays[1], -0.5)]),
        ], [constant, random]);
    }

    /// <summary>
    /// The largest difference over the save times between increments of pairs, and between pre-activations of neurons,
    /// of one group: copies of one type, or all; and the size of the increments.
    /// </summary>
    private static (double Pairs, double Neurons, double Moved) InLimit(Model model, bool groupsOfCopies,
        CheckSetting setting)
    {
        var split = SplitLimit.Of(model.InitialLimit(), Copies, 1, model.Seed);
        double pairs = 0, neurons = 0, moved = 0;
        Followed.Limit(model, split, setting, (_, state) =>
        {
            for (var i = 3; i <= split.Depth - 2; i++)
            {
                var w = split.Weights(state, i);
                var start = split.Weights(i);
                var (rows, columns) = groupsOfCopies ? (Copies, Copies) : (w.Rows, w.Columns);
                for (var group = 0; group < w.Rows * w.Columns / (rows * columns); group++)
                {
                    var (row, column) = (group / (w.Columns / columns) * rows, group % (w.Columns / columns) * columns);
                    var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
                    for (var c = row; c < row + rows; c++)
                        for (var j = column; j < column + columns; j++)
                        {
                            var increment = w.Data[c * w.Stride + j] - start.Data[c * w.Stride + j];
                            (low, high) = (Math.Min(low, increment), Math.Max(high, increment));
                        }
                    pairs = Math.Max(pairs, high - low);
                    moved = Math.Max(moved, Math.Max(-low, high));
                }
            }
            var layers = LayerValues.Of(split, state, model.Data.Train);
            for (var i = 2; i <= split.Depth - 2; i++)
                foreach (var group in layers[i - 1].Chunk(groupsOfCopies ? Copies : split.Size(i)))
                    neurons = Math.Max(neurons, group.Max() - group.Min());
        });
        return (pairs, neurons, moved);
    }

    /// <summary>
    /// Root mean squares of the deviations from the mean over pairs and over neurons, all layers together.
    /// </summary>
    private static (double Pairs, double Neurons) InNetwork(Model model, int width, int replicate,
        CheckSetting setting)
    {
        var network = DeepProblem.Sample(model, width, replicate);
        var end = Followed.Network(model, network, setting).Run.State;
        double pairs = 0, neurons = 0;
        for (var i = 3; i <= network.Depth - 2; i++)
        {
            var increments = network.Weights(end, i).Data.ToArray();
            var start = network.Weights(i).Data;
            for (var k = 0; k < increments.Length; k++) increments[k] -= start[k];
            pairs += Variance(increments);
        }
        var layers = LayerValues.Of(network, end, model.Data.Train);
        for (var i = 2; i <= network.Depth - 2; i++) neurons += layers[i - 1].Chunk(width).Average(Variance);
        return (Math.Sqrt(pairs / (network.Depth - 4)), Math.Sqrt(neurons / (network.Depth - 3)));
    }

    private static double Variance(double[] values) =>
        MathNet.Numerics.Statistics.Statistics.PopulationVariance(values);
}
