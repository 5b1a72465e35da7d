using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Statistics;

namespace MeanFieldLimit.Validation.Studies.Planes;

/// <summary>
/// The plane of exponents of f = sigma sum_r a_r s(&lt;w_r, x&gt;), measured: at points with a name and around them
/// networks of several widths take one step of gradient descent, and sizes are fitted as powers of the width, beside
/// those of theory and the four conditions of <see cref="PlaneLine"/>.
/// </summary>
internal sealed class PlaneStudy : IStudy
{
    internal static readonly PlaneQuantity[] Quantities = Enum.GetValues<PlaneQuantity>();

    public string Name => "plane";

    public string Question => "Where in the plane of exponents are f and its tangent kernel finite, and where does " +
        "the kernel move?";

    public string Help => "Measure the exponents of f, of its tangent kernel and of what one step changes over the " +
        "plane of scalings. Example: mfl plane problem.json --widths 64,256,1024 --seeds 32";

    public string Example => "plane";

    public bool HasTracers => false;

    public Problem Complete(Problem problem) => problem.Scaling is not null ? problem
        : problem with { Scaling = new() { Kind = ScalingKind.MeanField, Width = 1 } };

    public IEnumerable<(string Name, string Value)> Settings(Model model) =>
    [
        ("training of networks", FormattableString.Invariant(
            $"one step of gradient descent, of length {model.Problem.Training.Step:G6}, on all training points")),
        MotionText.Networks(model),
    ];

    public StudyPlan Plan(Model model, int threads)
    {
        Refuse(model);
        var couple = model.Problem.Couple;
        IReadOnlyList<PlanePoint> points = model.Problem.Scaling is { Kind: ScalingKind.Exponents } own
            ? [.. PlanePoint.All, new("exponents", own.Build().Exponents)] : PlanePoint.All;
        Cell<PlaneRecord>[] cells = [.. points.Select(point =>
        {
            var variant = At(model, point.Exponents);
            return new Cell<PlaneRecord>($"point={point.Name}", couple.Widths.Sum(n => (double)n) * couple.Seeds, [],
                context => Measure(variant, context.Machine));
        })];
        var atOnce = Math.Min(threads, cells.Length);
        MemoryPlan.CheckNetworks(model, atOnce);
        return new(cells, done => Result(model, [.. points.Zip(cells, (point, cell) =>
            new PlaneResult(point, Fits(couple, done.Get(cell).Values, model.Seed), LossGrowth(model)))]),
            FormattableString.Invariant($"{atOnce} x {MemoryPlan.Networks(model, couple.Widths.Count) / 1e6:N0} MB") +
            $" for networks of width {couple.Widths[^1]}");
    }

    private static void Refuse(Model model)
    {
        var (problem, loaded) = (model.Problem, model.Loaded);
        if (problem.Training.Dynamics != DynamicsKind.Flow)
            throw loaded.Error("$.training.dynamics", "dynamics must be flow for plane, whose networks take one step " +
                $"on all training points, got {Names.Of(problem.Training.Dynamics)}; use flow with the method euler");
        if (problem.Training.Method != "euler")
            throw loaded.Error("$.training.method", "method must be euler for plane, whose networks take one step of " +
                $"gradient descent, got {problem.Training.Method}; use euler with its step, such as 1");
        if (problem.Network.Layers.Count != 2)
            throw loaded.Error("$.network.layers", "layers must be 2 for plane, whose exponents are those of one " +
                $"sum, got {problem.Network.Layers.Count}; use one hidden layer");
        // Types and their coordinates are filled in where they are absent, a ratio is asked of exponents.
        if (problem.Limit with { Types = null, Coordinates = null, Ratio = null } != new LimitSpec()
            || (problem.Limit.Ratio is not null && problem.Scaling!.Kind != ScalingKind.Exponents))
            throw loaded.Error("$.limit", "limit must not be given for plane, which solves none, found settings of " +
                "one; remove it");
        if (problem.Network.Biases != BiasMode.None)
            throw loaded.Error("$.network.biases", "biases must be none for plane, whose powers are those of " +
                $"f = sigma sum a s(<w, x>), got {Names.Of(problem.Network.Biases)}; remove them, or give " +
                "inputs a coordinate that is 1");
        for (var i = 0; i < model.Schedules.Count; i++)
            if (model.Schedules[i].At(0) is not > 0 and var rate)
                throw loaded.Error($"$.network.layers[{i}].rate", "rate must be positive at time 0 for plane, " +
                    $"got {rate:G6}: the layer has no tangent kernel; use 1");
    }

    /// <summary>The model of networks of such exponents; its limit, which is not solved, keeps its width.</summary>
    internal static Model At(Model model, ScalingExponents exponents)
    {
        var problem = model.Problem;
        var scaling = new ScalingSpec
        {
            Kind = exponents.KeepsInitial ? ScalingKind.IcMf : ScalingKind.Exponents,
            Width = problem.Scaling!.Width ?? 1,
            Factor = problem.Scaling.Factor,
        };
        return model.With(problem with
        {
            Scaling = exponents.KeepsInitial ? scaling : scaling with
            {
                Sum = exponents.Sum,
                Outgoing = exponents.Outgoing,
                Incoming = exponents.Incoming,
            },
            Limit = problem.Limit with { Ratio = 1 },
        });
    }

    /// <summary>The power of |f| in l'(f) far out: 0 where slopes are bounded, 1 of squared losses.</summary>
    private static double LossGrowth(Model model)
    {
        const double near = 1e3, far = 1e6;
        return Math.Log(Steepest(far) / Steepest(near)) / Math.Log(far / near);

        double Steepest(double size) => new[] { -size, size }.Max(value =>
        {
            var slope = new double[model.Data.Train.Outputs];
            model.Loss.Gradient([.. slope.Select(_ => value)], model.Data.Train.Label(0), slope);
            return slope.Max(Math.Abs);
        });
    }

    private static PlaneRecord Measure(Model model, Machine machine)
    {
        var (widths, seeds, engine) = (model.Problem.Couple.Widths, model.Problem.Couple.Seeds, machine.Engine(1));
        var progress = machine.Show("networks", (double)widths.Sum(n => (long)n) * seeds);
        var (values, done) = (new List<double>(), 0L);
        foreach (var width in widths)
            for (var replicate = 0; replicate < seeds; replicate++)
            {
                machine.Cancellation.ThrowIfCancellationRequested();
                values.AddRange(PlaneMeasurement.Of(model, width, replicate, engine));
                progress?.Report(done += width);
            }
        return new([.. values]);
    }

    /// <summary>The power laws of values [width, replicate, quantity].</summary>
    internal static Dictionary<PlaneQuantity, PowerLaw> Fits(CoupleSpec couple, double[] values, ulong seed) =>
        Quantities.ToDictionary(q => q, q => PowerLaw.OfWidths(couple.Widths, couple.Seeds,
            (i, s) => values[(i * couple.Seeds + s) * Quantities.Length + (int)q], seed));

    private static StudyResult Result(Model model, IReadOnlyList<PlaneResult> results)
    {
        PlaneResult[] named = [.. results.Where(r => !r.Point.IsOff)];
        return new(PlaneText.Headline(results),
            [
                .. named.SelectMany(r => Quantities.Select(q => Finding.Of($"{r.Point.Name}-{Names.Of(q)}", r.Fits[q],
                    $"exponent of the width in {PlaneText.Meaning(q)}, {r.Point.Name}; theory: " +
                    PlaneText.Theory(r.Theory(q))))),
            ],
            [
                PlaneText.Summary(results),
                new("study-exponents", ["point", "qSum", "qOutgoing", "qIncoming", "quantity", "exponent", "low",
                    "high", "theory", "class", "note"],
                    results.SelectMany(r => Quantities.Select(q => (object[])
                        [r.Point.Name, r.Point.Exponents.Sum, r.Point.Exponents.Outgoing, r.Point.Exponents.Incoming,
                        Names.Of(q), r.Fits[q].Slope, r.Fits[q].Low, r.Fits[q].High, r.Theory(q),
                        Names.Of(r.ClassOf(q)), r.Fits[q].Reason ?? ""]))),
            ])
        {
            Figures = [PlaneFigure.Draw(results)],
        };
    }

    /// <summary>Values [width, replicate, quantity].</summary>
    private sealed record PlaneRecord(double[] Values);
}
