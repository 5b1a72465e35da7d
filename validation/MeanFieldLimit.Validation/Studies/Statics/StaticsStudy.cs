using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Validation.Studies.Statics;

/// <summary>
/// The infimum of the risk over laws of neurons with its certificate, and over networks of N neurons beside it
/// (Nguyen, arXiv:1902.02880, equation 4: at most C / N above); the risk along mixtures and along displacement.
/// </summary>
internal sealed class StaticsStudy : IStudy
{
    public string Name => "statics";

    public string Question => "How low can the risk be over all laws of neurons, and how near do N neurons come?";

    public string Help => "Find the infimum of the risk over laws of neurons, with a duality gap that proves it, and " +
        "the best networks of the widths of couple. Example: mfl statics problem.json --seeds 24";

    public string Example => "statics";

    public bool HasTracers => false;

    public IEnumerable<(string Name, string Value)> Settings(Model model)
    {
        var statics = model.Problem.Statics!;
        yield return ("neurons", $"|w| = {statics.Length:G6}" + (statics.Bound is { } bound ? $", |a| up to {bound:G6}"
            : ""));
        if (statics.Penalty > 0) yield return ("penalty", $"{statics.Penalty:G6} E[|a| |w|]");
        yield return ("networks", $"widths {string.Join(", ", model.Problem.Couple.Widths)}; the best of " +
            $"{model.Problem.Couple.Seeds} searches each");
    }

    public StudyPlan Plan(Model model, int threads)
    {
        var (laws, couple) = (new LawsOfNeurons(model), model.Problem.Couple);
        var infimum = new Cell<SparseMinimum>("infimum", 1, [], context => laws.Minimise(context.Machine.Cancellation));
        List<Cell<NetworkMinima>> networks = [];
        foreach (var width in couple.Widths)
        {
            var narrower = networks.LastOrDefault();
            networks.Add(new($"networks/width={width}", width * (double)couple.Seeds,
                narrower is null ? [infimum] : [infimum, narrower], context => new NetworkSearch(laws, width).Run(
                    context.Get(infimum), narrower is null ? null : context.Get(narrower), couple.Seeds,
                    context.Machine)));
        }
        Cell<SampledNetworks>[] sampled = [.. couple.Widths.Select(width => new Cell<SampledNetworks>(
            $"sampled/width={width}", width, [infimum], context =>
                SampledNetworks.Of(laws, context.Get(infimum), width)))];
        var ends = networks[couple.Widths.ToList().IndexOf(Interpolation.WidthOf(couple.Widths))];
        var path = new Cell<Interpolation>("interpolation", 1, [infimum, ends], context =>
            Interpolation.Of(laws, context.Get(infimum), context.Get(ends)));
        return new([infimum, .. networks, .. sampled, path], done => StaticsResult.Of(laws, done.Get(infimum),
            [.. networks.Zip(sampled, (n, s) => new StaticsWidth(done.Get(n), done.Get(s)))], done.Get(path)),
            FormattableString.Invariant($"{threads} x {8e-6 * couple.Widths[^1] * model.Data.Train.Count:N1} MB for ") +
            $"networks of width {couple.Widths[^1]}");
    }
}
