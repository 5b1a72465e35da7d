using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Validation.Studies.Coupling;

/// <summary>
/// Finite networks coupled to a limit, in cells: every width and every replicate is sampled from the same embedding,
/// trained, and compared at the save times. Without tracers a cell is one network; with tracers it is all networks of a
/// replicate, which are nested and have one traced limit in common.
/// </summary>
internal sealed class CouplingCells
{
    private readonly string name;
    private readonly IReadOnlyList<Cell<Finished>> cells;

    /// <summary>
    /// Those of a model; networks take the one of the solved limit. Their keys begin with <paramref name="prefix"/>;
    /// <paramref name="name"/> is what sentences call them, after "the network of": "4 layers, ".
    /// </summary>
    internal CouplingCells(Model model, string prefix = "", string name = "", bool predicts = false)
    {
        SameSteps.Require(model);
        (Model, this.name, Limit) = (model, name, new(model, $"{prefix}limit", predicts,
            parameters: model.Tracers > 0));
        var couple = model.Problem.Couple;
        cells = model.Tracers == 0
            ? Each(model, [Limit.Cell], (context, width, replicate) =>
                Train(Limit.Of(context), replicate, [width], context.Machine), prefix)
            : [.. Enumerable.Range(0, couple.Seeds).Select(replicate => new Cell<Finished>(
                $"{prefix}networks/replicate={replicate}", couple.Widths.Sum(n => Parameters(model, n)), [Limit.Cell],
                context => Train(Limit.Of(context), replicate, couple.Widths, context.Machine)))];
    }

    /// <summary>Cells of one network each, of every width and replicate, their keys behind a prefix.</summary>
    internal static IReadOnlyList<Cell<T>> Each<T>(Model model, IReadOnlyList<ICell> needs,
        Func<CellContext, int, int, T> train, string prefix = "") where T : class =>
        [.. from replicate in Enumerable.Range(0, model.Problem.Couple.Seeds)
            from width in model.Problem.Couple.Widths
            select new Cell<T>($"{prefix}network/width={width}/replicate={replicate}", Parameters(model, width), needs,
                context => train(context, width, replicate))];

    internal Model Model { get; }

    internal LimitCell Limit { get; }

    internal IEnumerable<ICell> Cells => cells.Prepend(Limit.Cell);

    internal CouplingResult Of(Done done)
    {
        var limit = Limit.Of(done);
        var all = done.Found(cells);
        NetworkRun[] networks = [.. all.SelectMany(t => t.Networks).OrderBy(r => r.Width).ThenBy(r => r.Replicate)];
        return new(limit, networks, [.. Rates(limit.Model, networks)], [.. all.SelectMany(t => t.Failures)]);
    }

    /// <summary>The plan of a study of them alone, which ends early where the limit does.</summary>
    internal StudyPlan Plan(int threads, Func<CouplingResult, StudyResult> reduce) =>
        Plan(threads, (result, _) => reduce(result));

    /// <summary>The same, with the predicted gap.</summary>
    internal StudyPlan Plan(int threads, Func<CouplingResult, Prediction, StudyResult> reduce) => new([.. Cells],
        done => done.Failure(Limit.Cell) is { } unsolved ? StudyResult.Ended([unsolved])
            : reduce(Of(done), Limit.Predicted(done)), MemoryText.Networks(Model, threads));

    /// <summary>About the parameters of a network, which its cost is proportional to.</summary>
    internal static double Parameters(Model model, int width)
    {
        int[] sizes = [model.Data.Train.Inputs, .. model.Hidden(width), model.Data.Train.Outputs];
        return sizes.Zip(sizes.Skip(1), (a, b) => (double)a * b).Sum();
    }

    /// <summary>Where one of the networks does not reach the end, the others go on without it.</summary>
    private Finished Train(LimitSolution solution, int replicate, IReadOnlyList<int> widths, Machine machine)
    {
        var (model, failures) = (solution.Model, new List<NetworkFailure>());
        for (var left = widths; left.Count > 0; left = [.. left.Where(n => failures.All(f => f.Width != n))])
        {
            var run = new SideBySide(model, machine, replicate, [.. left.Select(n => (n, model.Dynamics))],
                model.Tracers > 0 ? (ITraceable)solution.Limit : null, $"run-{failures.Count}");
            if (run.Failed is not { } failed)
                return new([.. left.Select((n, i) =>
                    NetworkRun.Of(n, replicate, run.Trained(i), Companion(solution, n, replicate, machine),
                        run.Gaps(i)))], failures);
            var (what, width) = failed < 0 ? ("tracers", left[^1]) : ("network", left[failed]);
            failures.Add(new(width, replicate, run.Failure($"the {what} of {name}width {width}, seed {replicate}")));
            if (failed < 0) break;
        }
        return new([], failures);
    }

    /// <summary>
    /// The limit beside one network: where a scaling has a random initial function or keeps the width, the limit from
    /// the network's own function, at its width.
    /// </summary>
    private static Trained Companion(LimitSolution solution, int width, int replicate, Machine machine) =>
        solution.Model.Beside(solution.Model.Hidden(width), replicate) is { } model
            ? solution.Limit.On(model).Begin(machine, $"limit-{width}").Complete().Trained
            : solution.Trained;

    private static IEnumerable<Rate> Rates(Model model, NetworkRun[] runs)
    {
        var (widths, tracers) = (model.Problem.Couple.Widths, model.Tracers);
        var whole = Rate.Whole(runs, widths.Count);
        IEnumerable<GapQuantity> all = model.Problem.Record.Probes.Contains(CurvatureProbe.Sharpness)
            ? GapQuantity.All.Append(GapQuantity.Sharpness) : GapQuantity.All;
        foreach (var quantity in tracers > 0 ? all.Concat(GapQuantity.Pathwise) : all)
        {
            // Widths increase: the first ones are those whose neurons all ride along.
            int[] those = [.. widths.Where(n => !quantity.OfEveryNeuron || model.Hidden(n).Max() <= tracers)];
            if (those.Length > 0 && whole.Length > 0)
                yield return Rate.Fit(quantity, those, whole, model.Seed);
        }
    }

    private sealed record Finished(IReadOnlyList<NetworkRun> Networks, IReadOnlyList<NetworkFailure> Failures)
        : IMayFail
    {
        CellFailure? IMayFail.Failure => Failures.Count > 0 ? Failures[0].Failure : null;
    }
}
