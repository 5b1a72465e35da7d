using MeanFieldLimit.Limits.Kernels;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Statistics;

namespace MeanFieldLimit.Validation.Studies.Proxy;

/// <summary>
/// One of the limits that networks of the reference width may grow into: a run with its error, and the law of its
/// predictions over initial functions: none where it starts at 0, in closed form where it has one, else over draws.
/// </summary>
internal sealed class ProxyLimit
{
    private readonly LimitCell solved;
    private readonly Cell<LawRecord>[] draws = [];
    private readonly ProxyPoints points;

    internal ProxyLimit(Model model, ProxyPoints points, InitialProcess process)
    {
        (Name, this.points) = (Names.Of(model.Problem.Scaling!.Kind), points);
        solved = new(model, $"limit/{Name}");
        var limit = ILimit.Of(model);
        if (limit is KernelLimit { IsLaw: true } || model.Embedding.Scaling!.Exponents.ForgetsInitial) return;
        var count = model.Problem.Proxy!.Draws;
        var neurons = model.IsKernel ? 1 : (double)model.Rules[0].CountNodes(model.Embedding.TypeLaws(1));
        draws = LawRecord.Cells($"draws/{Name}", count, neurons,
            (draw, name, machine) => From(limit, draw, process.Draw(model.Seed, draw)).Begin(machine, name), points);
    }

    /// <summary>
    /// The limit from an initial function. Random nodes are drawn anew for each: their error is then in the spread
    /// over draws, and not in the law that they tell.
    /// </summary>
    private static ILimit From(ILimit limit, int draw, double[] f0) => limit.On(limit.Model.StartingAt(f0)) switch
    {
        ParticleLimit { HasRandomNodes: true } particles => particles.OnOtherNodes(draw),
        var other => other,
    };

    internal string Name { get; }

    internal IEnumerable<ICell> Cells => draws.Prepend(solved.Cell);

    /// <summary>Whether the nodes of all its runs are the same.</summary>
    internal bool HasOneSetOfNodes(Done done) => Solution(done).Limit is ParticleLimit { HasRandomNodes: false };

    /// <summary>Initial functions that it was run from; 0 where its law is known without.</summary>
    internal int Draws(Done done) => done.Found(draws).Sum(d => d.Count);

    /// <summary>The run that tells its error.</summary>
    internal LimitSolution Solution(Done done) => solved.Of(done);

    internal CellFailure? Failure(Done done) => done.Failures(Cells).FirstOrDefault();

    /// <summary>The law of its predictions at each save time.</summary>
    internal IReadOnlyList<GroupedLaws> Laws(Done done)
    {
        if (draws.Length > 0) return LawRecord.Laws(done.Found(draws));
        var (trajectory, limit) = (solved.Of(done).Trajectory, solved.Of(done).Limit);
        return [.. trajectory.Times.Select((t, k) =>
        {
            var mean = points.Of(trajectory.Predictions[k]);
            return new GroupedLaws(new(mean, limit is KernelLimit { IsLaw: true } law
                ? points.Of([.. law.Deviation(t).SelectMany(d => Enumerable.Repeat(d * d, points.Outputs))])
                : new double[mean.Length]), []);
        })];
    }
}
