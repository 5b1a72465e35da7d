using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Studies.Stability;

/// <summary>
/// From which steps on SGD leaves the minimum that training has come to, in mean square and almost surely, of the limit
/// and of networks (Wu, Ma and E 2018, whose conditions are beside the exact thresholds).
/// </summary>
internal sealed class StabilityStudy : IStudy
{
    public string Name => "stability";

    public string Question => "With which steps and batches does SGD stay at the minimum that training has come to?";

    public string Help => "Find the largest steps at which SGD is stable at the end of training, by batch, and " +
        "confirm them on paths. Example: mfl stability problem.json --set stability.batches=[1,4]";

    public string Example => "sgd-stability";

    public bool HasTracers => false;

    public IEnumerable<(string Name, string Value)> Settings(Model model) =>
    [
        .. MotionText.Rows(model, hasNetworks: true),
        ("batches", string.Join(", ", new EndOfTraining(model).Batches)),
    ];

    public StudyPlan Plan(Model model, int threads)
    {
        var (end, couple) = (new EndOfTraining(model), model.Problem.Couple);
        var plain = model.With(model.Problem with { Couple = couple with { Tracers = 0 } });
        var limit = new LimitCell(plain);
        var of = new Cell<LimitEnd>("end", 1, [limit.Cell], context => end.Of(limit.Of(context), context.Machine));
        Cell<BatchMeasurement>[] batches = [.. end.Batches.Select(batch => new Cell<BatchMeasurement>(
            $"batch/{batch}", batch, [of], context => BatchMeasurement.Of(end.Quadratic(context.Get(of).Gram), batch,
                model.Problem.Stability?.Steps ?? [], Streams.Stability(model.Seed, batch))))];
        var networks = CouplingCells.Each(plain, [], (context, width, replicate) =>
        {
            var run = new SideBySide(plain, context.Machine, replicate, [(width, plain.Dynamics)], traced: null);
            return run.Failed is null
                ? end.OfNetwork(run.Trained(0), width, replicate, context.Machine)
                : throw new CellFailedException(run.Failure($"the network of width {width}, seed {replicate}"));
        });
        ICell[] all = [limit.Cell, of, .. batches, .. networks];
        return new(all, done => done.Failures(all) is { Length: > 0 } failures ? StudyResult.Ended(failures)
            : StabilityResult.Of(limit.Of(done), end, done.Get(of), done.Found(batches), done.Found(networks)),
            $"{MemoryText.Networks(plain, threads)}, {end.Memory(threads)}");
    }
}
