using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Studies.Stability;

namespace MeanFieldLimit.Validation.Studies.Sharpness;

/// <summary>
/// The sharpness that gradient descent of step eta ends at beside 2 / eta, and how uniform the minima of SGD are (Wu, Ma
/// and E, How SGD selects the global minima in over-parameterized learning, NeurIPS 2018), of networks and of their
/// limit: the Hessian is in the mass metric, eta the step of the mean-field scaling.
/// </summary>
internal sealed class SharpnessStudy : IStudy
{
    public string Name => "sharpness";

    public string Question => "How sharp are the minima that gradient descent and SGD of a step pick?";

    public string Help => "Train networks, and their limit, by gradient descent and SGD of several steps, and compare " +
        "sharpness and non-uniformity at the end with 2/eta. Example: mfl sharpness problem.json --seeds 5";

    public string Example => "sharpness";

    public bool HasTracers => false;

    public IEnumerable<(string Name, string Value)> Settings(Model model)
    {
        var (spec, couple) = (model.Problem.Sharpness!, model.Problem.Couple);
        yield return ("steps", string.Join(", ", spec.Steps.Select(s => $"{s:G6}")) +
            $", to t = {model.Problem.Training.Time:G6}");
        yield return ("batches", string.Join(", ", [.. spec.Batches.Select(b => $"{b}"), "all points"]));
        if (spec.Escape is { } escape)
            yield return ("branches", FormattableString.Invariant($"from the end of gradient descent, to t = {escape.Time:G6}, on batches of ") +
                $"{string.Join(", ", escape.Batches)} and on all points");
        yield return ("networks", $"width {couple.Widths[0]}; {couple.Seeds} of each step and batch");
        yield return ("Hessian", Kind(model));
    }

    public StudyPlan Plan(Model model, int threads)
    {
        Check(model);
        var (spec, couple, points) = (model.Problem.Sharpness!, model.Problem.Couple, model.Data.Train.Count);
        int?[] batches = [null, .. spec.Batches.Cast<int?>()];
        Cell<Descent>[] networks =
        [
            .. from step in spec.Steps
               from batch in batches
               from replicate in Enumerable.Range(0, couple.Seeds)
               select new Cell<Descent>(Key("network", step, batch, replicate), couple.Widths[0] * (batch ?? points) / step, [], context =>
                       Descent.OfNetwork(model, step, batch, replicate, context.Machine)),
        ];
        Cell<Descent>[] limits = !spec.Limit ? [] : [.. spec.Steps.Select(step => new Cell<Descent>(
            FormattableString.Invariant($"limit/step={step:R}"),
            (double)model.InitialLimit().Size(1) * points / step, [], context =>
                Descent.OfLimit(model, step, context.Machine)))];
        var branches = spec.Escape is { } escape ? Branches(model, escape, networks) : [];
        return new([.. networks, .. limits, .. branches], done => SharpnessResult.Of(model, done.Found(networks),
            done.Found(limits), done.Found(branches)), MemoryText.Networks(Descent.Variant(model, spec.Steps[0], null), threads));
    }

    /// <summary>From the end of every gradient descent of a network, which its cell has.</summary>
    private static Cell<EscapeBranch>[] Branches(Model model, EscapeSpec escape, Cell<Descent>[] networks)
    {
        var end = new EndOfTraining(model);
        var of = networks.ToDictionary(cell => cell.Key);
        int?[] batches = [.. escape.Batches.Cast<int?>(), null];
        return
        [
            .. from step in model.Problem.Sharpness!.Steps
               from batch in batches
               from replicate in Enumerable.Range(0, model.Problem.Couple.Seeds)
               let begin = of[Key("network", step, null, replicate)]
               select new Cell<EscapeBranch>(Key("escape", step, batch, replicate),
                   model.Problem.Couple.Widths[0] * (batch ?? model.Data.Train.Count) * escape.Time /
                   (step * model.Problem.Training.Time), [begin], context =>
                       EscapeBranch.Of(model, end, context.Get(begin), batch, context.Machine)),
        ];
    }

    private static string Key(string kind, double step, int? batch, int replicate) =>
        FormattableString.Invariant($"{kind}/step={step:R}/batch={(batch is { } b ? b : "all")}/replicate={replicate}");

    /// <summary>The Hessian in words.</summary>
    internal static string Kind(Model model) => model.Embedding.Architecture.HasKinks
        ? "its Gauss-Newton part: the activation has no second derivative"
        : model.Problem.Record.Hessian == HessianKind.GaussNewton ? "its Gauss-Newton part, as asked for" : "exact";

    private static void Check(Model model)
    {
        var (loaded, points) = (model.Loaded, model.Data.Train);
        if (model.Problem.Sharpness is not { } spec)
            throw loaded.Error("$.sharpness", "sharpness must be given for sharpness, found none; add it, such as " +
                "{ \"steps\": [0.1, 0.2], \"batches\": [4] }");
        if (!points.HasEqualMasses)
            throw loaded.Error("$.data", "points must have equal masses for sharpness, whose bound counts them, got " +
                "others; use points drawn from the law");
        RefuseBatches(spec.Batches, "batches");
        RefuseBatches(spec.Escape?.Batches ?? [], "escape.batches");

        void RefuseBatches(IReadOnlyList<int> batches, string key)
        {
            if (batches.FirstOrDefault(b => b >= points.Count) is > 0 and var batch)
                throw loaded.Error($"$.sharpness.{key}", "batches must be smaller than the data, of " +
                    $"{points.Count} points, got {batch}; remove it: gradient descent on all points is among the runs");
        }
    }
}
