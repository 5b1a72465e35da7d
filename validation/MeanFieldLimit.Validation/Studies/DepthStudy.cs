using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Statistics;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Studies;

/// <summary>
/// The constant of the gap, gap over its rate in N, against the number of layers: the same problem with its second
/// layer repeated. The theorems bound it for each depth and say nothing of how it grows.
/// </summary>
internal sealed class DepthStudy : IStudy
{
    private const int Depths = 4;

    public string Name => "depth";

    public string Question => "How does the constant of the gap, gap times sqrt(N), depend on the number of layers?";

    public string Help => "The constant of the gap against the number of layers, layer 2 repeated. " +
        "Example: mfl depth problem.json --widths 50,100,200";

    public StudyPlan Plan(Model model, int threads)
    {
        CouplingCells[] couplings = [.. Variants(model).Select(variant =>
        {
            var depth = variant.Problem.Network.Layers.Count;
            return new CouplingCells(variant, $"depth={depth}/", $"{depth} layers, ");
        })];
        return new([.. couplings.SelectMany(c => c.Cells)], done => Result(done, couplings),
            couplings.Select(c => MemoryText.Networks(c.Model, threads)).Last());
    }

    private static IEnumerable<Model> Variants(Model model)
    {
        var layers = model.Problem.Network.Layers.Count;
        if (layers < 3)
            throw model.Loaded.Error("$.network.layers",
                $"the depth study repeats layer 2 of a network of at least 3 layers, got {layers}; add a hidden layer");
        if (model.Problem.Couple.Ratios is { } ratios)
            throw model.Loaded.Error("$.couple.ratios", "ratios must not be given for the depth study, which repeats a " +
                $"layer, got {ratios.Count}; remove them");
        var depths = model.Problem.Couple.Depths ?? [.. Enumerable.Range(layers, Depths)];
        return depths.Select(depth => model.With(Deepen(model.Problem, depth)));
    }

    /// <summary>The problem with layer 2, and the rule of its types, repeated up to so many layers.</summary>
    internal static Problem Deepen(Problem problem, int depth)
    {
        var (layers, types) = (problem.Network.Layers, problem.Limit.Types!);
        var more = depth - layers.Count;
        return problem with
        {
            Network = problem.Network with { Layers = Repeat(layers, more) },
            Limit = problem.Limit with { Types = Repeat(types, more) },
            // They are depths of the problem that is given, which are less than that of what is made of it.
            Couple = problem.Couple with { Depths = null },
        };

        static List<T> Repeat<T>(IReadOnlyList<T> list, int more) =>
            [list[0], .. Enumerable.Repeat(list[1], more), .. list.Skip(1)];
    }

    private static StudyResult Result(Done done, CouplingCells[] couplings)
    {
        var (coupled, failures) = (new List<CouplingResult>(), new List<CellFailure>());
        foreach (var cells in couplings)
        {
            if (done.Failure(cells.Limit.Cell) is null) coupled.Add(cells.Of(done));
            failures.AddRange(done.Failure(cells.Limit.Cell) is { } unsolved ? [unsolved]
                : coupled[^1].Failures.Select(f => f.Failure));
        }
        var constants = coupled.SelectMany(c => c.Rates.Where(r =>
            r.Quantity == GapQuantity.Prediction || GapQuantity.Pathwise.Contains(r.Quantity)).Select(rate =>
            {
                var (value, low, high) = Constant([.. rate.Widths.Select(rate.Quantity.Theory)], rate.Values,
                    c.Limit.Model.Seed);
                return (rate.Quantity.Name, Depth: DepthOf(c), Value: value, Low: low, High: high, Rate: rate,
                    Error: rate.Quantity.IsRmsOfPredictions ? c.Limit.Error.Total / rate.Fitted.Rms.Min() : double.NaN);
            })).ToArray();
        var gaps = new StudyTable("gaps", ["layers", "width", "seed", "prediction", "parameters-l2"],
            coupled.SelectMany(c => c.Networks.Select(run => (object[])[DepthOf(c), run.Width, run.Replicate,
                run.Gaps.Max(g => g.Rms),
                run.Pathwise.Count > 0 ? run.Pathwise.Max(p => p.ParametersL2) : double.NaN])));
        if (constants.Length == 0) return StudyResult.Ended(failures, gaps);
        return new(InWords([.. constants.Where(c => c.Rate.Quantity == GapQuantity.Prediction)
                .Select(c => (c.Depth, c.Value, c.Low, c.High))]),
            [.. constants.SelectMany(c => new Finding[]
            {
                new($"depth-{c.Depth}-{c.Name}", c.Value, c.Low, c.High,
                    $"{c.Name} gap over {c.Rate.Quantity.TheoryInWords} at {c.Depth} layers"),
                Finding.Of($"depth-{c.Depth}-{c.Name}-slope", c.Rate.Fitted, $"exponent of N in the {c.Name} gap"),
            })],
            [
                new("study", ["quantity", "layers", "gapOverRate", "low", "high", "slope", "slopeLow", "slopeHigh",
                    "limitErrorOverSmallestGap"],
                    constants.Select(c => (object[])[c.Name, c.Depth, c.Value, c.Low, c.High, c.Rate.Fitted.Slope,
                        c.Rate.Fitted.Low, c.Rate.Fitted.High, c.Error]),
                    "The constant of each gap, root of the mean over widths and seeds of the square of gap " +
                    "over rate, with 95 % intervals, and the fitted exponent of N. The rate is 1/sqrt N, of the " +
                    "largest gaps (-max) sqrt(log N / N), which looks like an exponent above -1/2."),
                gaps,
            ])
        {
            Failures = failures,
            Figures = [SeriesFigure.Draw("depth",
                "Constant of the gap between networks and limit, gap over 1/\u221aN (-max: \u221a(log N / N)), " +
                "against the number of layers, with 95 % intervals.",
                new("layers L", false) { Counts = true }, new("gap / rate", true),
                [.. constants.GroupBy(c => c.Name).Select(g => new Series(g.Key, [.. g.Select(c => (double)c.Depth)],
                    [.. g.Select(c => c.Value)])
                {
                    Bars = ([.. g.Select(c => c.Low)], [.. g.Select(c => c.High)]),
                })])],
        };

        static int DepthOf(CouplingResult of) => of.Limit.Model.Problem.Network.Layers.Count;
    }

    /// <summary>Whether the constants of some depths grow, as far as their intervals tell.</summary>
    internal static string InWords((int Depth, double Value, double Low, double High)[] constants)
    {
        const string what = "The constant of the prediction gap, the rms gap times sqrt(N),";
        var (first, last) = (constants[0], constants[^1]);
        if (constants.Length == 1) return $"{what} is {Of(first)}: one depth tells nothing of how it grows.";
        var isRising = constants.Zip(constants.Skip(1)).All(c => c.First.Value < c.Second.Value);
        return $"{what} " + (
            !constants.All(c => double.IsFinite(c.Low)) ? "has no intervals, which take two seeds or more; it is"
            : constants.Max(c => c.Low) <= constants.Min(c => c.High)
                ? "is the same for all depths as far as its 95 % intervals tell:"
            : isRising ? "grows with the depth:"
            : last.Low > first.High ? "grows with the depth, not steadily:"
            : last.High < first.Low ? "falls with the depth:" : "varies with the depth without a trend:") +
            $" {string.Join(", ", constants.Select(Of))}.";

        static string Of((int Depth, double Value, double Low, double High) c) => $"{LimitText.Short(c.Value)}" +
            (double.IsFinite(c.Low) ? $" [{LimitText.Short(c.Low)}, {LimitText.Short(c.High)}]" : "") +
            $" at {c.Depth} layers";
    }

    /// <summary>sqrt(mean over widths and replicates of (gap / rate of the width)^2) with its 95 % interval.</summary>
    internal static (double Value, double Low, double High) Constant(IReadOnlyList<double> rates, double[,] values,
        ulong seed)
    {
        double Of(int[] replicates) => Math.Sqrt(rates.Select((rate, i) =>
            replicates.Average(r => Math.Pow(values[i, r] / rate, 2))).Average());
        int[] all = [.. Enumerable.Range(0, values.GetLength(1))];
        var half = Bootstrap.HalfLengths(all.Length, seed, drawn => [Math.Log(Of(drawn))])[0];
        return (Of(all), Of(all) * Math.Exp(-half), Of(all) * Math.Exp(half));
    }
}
