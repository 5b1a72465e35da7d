using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Statistics;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Studies;

/// <summary>
/// The constant of the gap, gap over its rate in N, against the number of layers: the same problem with its second layer
/// repeated. The theorems bound it for each depth and say nothing of how it grows.
/// </summary>
internal sealed class DepthStudy : IStudy
{
    private const int Depths = 4;

    /// <inheritdoc/>
    public string Name => "depth";

    /// <inheritdoc/>
    public string Question => "How does the constant of the gap, gap times sqrt(N), depend on the number of layers?";

    /// <inheritdoc/>
    public string Help => "The constant of the gap against the number of layers, layer 2 repeated. " +
        "Example: mfl depth problem.json --widths 50,100,200";

    /// <inheritdoc/>
    public StudyPlan Plan(Model model, int threads)
    {
        CouplingCells[] couplings = [.. Variants(model).Select(variant =>
        {
            var depth = variant.Problem.Network.Layers.Count;
            return new CouplingCells(variant, new(variant, $"depth={depth}/limit"), $"depth={depth}/", $"{depth} layers, ");
        })];
        return new([.. couplings.SelectMany(c => c.Cells)], done => Result(done, couplings))
        {
            Memory = couplings.Select(c => MemoryText.Networks(c.Model, threads)).Last(),
        };
    }

    private static IEnumerable<Model> Variants(Model model)
    {
        var layers = model.Problem.Network.Layers.Count;
        if (layers < 3)
            throw model.Loaded.Error("$.network.layers",
                $"the depth study repeats layer 2 of a network of at least 3 layers, got {layers}; add a hidden layer");
        var depths = model.Problem.Couple.Depths ?? [.. Enumerable.Range(layers, Depths)];
        return depths.Select(depth => model.With(Deepen(model.Problem, depth)));
    }

    /// <summary>
    /// The problem with layer 2, and the rule of its types, repeated up to <paramref name="depth"/> layers.
    /// </summary>
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

    private static StudyResult Result(Done done, IReadOnlyList<CouplingCells> couplings)
    {
        var (findings, rows, gaps, failures) = (new List<Finding>(), new List<IReadOnlyList<object>>(),
            new List<IReadOnlyList<object>>(), new List<CellFailure>());
        var constants = new Dictionary<string, List<(int Depth, double Value, double Low, double High)>>();
        foreach (var coupling in couplings)
        {
            var (variant, depth) = (coupling.Model, coupling.Model.Problem.Network.Layers.Count);
            if (done.Failure(coupling.Limit.Cell) is { } unsolved)
            {
                failures.Add(unsolved);
                continue;
            }
            var coupled = coupling.Of(done);
            var limit = coupled.Limit;
            failures.AddRange(coupled.Failures.Select(f => f.Failure));
            foreach (var rate in coupled.Rates.Where(r =>
                r.Quantity == GapQuantity.Prediction || GapQuantity.Pathwise.Contains(r.Quantity)))
            {
                var (value, low, high) = Constant([.. rate.Widths.Select(rate.Quantity.Theory)], rate.Values, variant.Seed);
                var name = rate.Quantity.Name;
                findings.Add(new($"depth-{depth}-{name}", value, low, high,
                    $"{name} gap over {rate.Quantity.TheoryInWords} at {depth} layers"));
                findings.Add(new($"depth-{depth}-{name}-slope", rate.Slope, rate.Low, rate.High,
                    $"exponent of N in the {name} gap{PowerLaw.Unfitted(rate.Reason)}"));
                rows.Add([name, depth, value, low, high, rate.Slope, rate.Low, rate.High,
                    rate.Quantity.IsRmsOfPredictions ? limit.Error.Total / rate.Rms.Min() : double.NaN]);
                if (!constants.TryGetValue(name, out var list)) constants.Add(name, list = []);
                list.Add((depth, value, low, high));
            }
            foreach (var run in coupled.Networks)
                gaps.Add([depth, run.Width, run.Replicate, run.Gaps.Max(g => g.Rms),
                    run.Pathwise.Count > 0 ? run.Pathwise.Max(p => p.ParametersL2) : double.NaN]);
        }
        if (!constants.TryGetValue(GapQuantity.Prediction.Name, out var prediction))
            return StudyResult.Ended(failures, Gaps());
        return new("The rms prediction gap times sqrt(N) is " + string.Join(", ", prediction.Select(c =>
                $"{c.Value:G3} [{c.Low:G3}, {c.High:G3}] at {c.Depth} layers")) + ".",
            findings,
            [
                new("study", ["quantity", "layers", "gapOverRate", "low", "high", "slope", "slopeLow", "slopeHigh",
                    "limitErrorOverSmallestGap"],
                    rows, "The constant of each gap, root of the mean over widths and seeds of the square of gap " +
                        "over rate, with 95 % intervals, and the fitted exponent of N. The rate is 1/sqrt N, of the " +
                        "largest gaps (-max) sqrt(log N / N), which looks like an exponent above -1/2."),
                Gaps(),
            ])
        {
            Failures = failures,
            Figures = [SeriesFigure.Draw("depth",
                "Constant of the gap between networks and limit, gap over 1/\u221aN (-max: \u221a(log N / N)), against " +
                "the number of layers, with 95 % intervals.", new("layers L", false) { Counts = true },
                new("gap / rate", true),
                [.. constants.Select(c => new Series(c.Key, [.. c.Value.Select(v => (double)v.Depth)],
                    [.. c.Value.Select(v => v.Value)])
                {
                    Bars = ([.. c.Value.Select(v => v.Low)], [.. c.Value.Select(v => v.High)]),
                })])],
        };

        StudyTable Gaps() => new("gaps", ["layers", "width", "seed", "prediction", "parameters-l2"], gaps);
    }

    /// <summary>sqrt(mean over widths and seeds of (gap / rate of the width)^2) with its 95 % interval.</summary>
    internal static (double Value, double Low, double High) Constant(IReadOnlyList<double> rates, double[,] values,
        ulong seed)
    {
        double Of(int[] seeds) => Math.Sqrt(rates.Select((rate, i) =>
            seeds.Average(s => Math.Pow(values[i, s] / rate, 2))).Average());
        int[] all = [.. Enumerable.Range(0, values.GetLength(1))];
        var half = Bootstrap.HalfLengths(all.Length, seed, drawn => [Math.Log(Of(drawn))])[0];
        return (Of(all), Of(all) * Math.Exp(-half), Of(all) * Math.Exp(half));
    }
}
