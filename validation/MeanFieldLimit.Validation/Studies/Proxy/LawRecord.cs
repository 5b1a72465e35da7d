using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Statistics;

namespace MeanFieldLimit.Validation.Studies.Proxy;

/// <summary>Moments of the predictions of a group of runs, by save time.</summary>
internal sealed record LawRecord(int Count, IReadOnlyList<SampleMoments> Moments)
{
    /// <summary>Groups of networks, and of draws, that errors are told by.</summary>
    private const int Groups = 20;

    /// <summary>Cells of so many runs, a group each.</summary>
    /// <param name="key">What their keys begin with.</param>
    /// <param name="count">Number of runs.</param>
    /// <param name="cost">The work of one.</param>
    /// <param name="begin">A run, by its number, under a name.</param>
    /// <param name="points">Where predictions are looked at.</param>
    internal static Cell<LawRecord>[] Cells(string key, int count, double cost,
        Func<int, string, Machine, Run> begin, ProxyPoints points) =>
        [.. Enumerable.Range(0, Groups).Select(group =>
        {
            var first = (int)((long)count * group / Groups);
            var last = (int)((long)count * (group + 1) / Groups);
            return new Cell<LawRecord>($"{key}/group={group}", cost * (last - first), [], context =>
            {
                var progress = context.Machine.Show(key, last - first);
                var runs = new List<IReadOnlyList<double[]>>();
                for (var n = first; n < last; n++)
                {
                    var run = begin(n, $"run-{n}", context.Machine).Complete();
                    if (run.Failed is { } failed)
                        throw new CellFailedException(CellFailure.Of($"run {n} of {key.Replace('/', ' ')}",
                            failed.Trained));
                    runs.Add([.. run.Trained.Trajectory.Predictions.Select(points.Of)]);
                    progress?.Report(n + 1 - first);
                }
                return new(runs.Count, [.. runs[0].Select((_, k) =>
                    SampleMoments.Of([.. runs.Select(r => r[k])]))]);
            });
        })];

    /// <summary>The laws at each save time that groups tell.</summary>
    internal static IReadOnlyList<GroupedLaws> Laws(IReadOnlyList<LawRecord> groups) =>
        [.. groups[0].Moments.Select((_, k) => GroupedLaws.Of([.. groups.Select(g => g.Moments[k])]))];
}
