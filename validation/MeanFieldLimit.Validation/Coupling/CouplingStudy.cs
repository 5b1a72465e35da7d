using System.Collections.Concurrent;
using System.Diagnostics;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Experiments;
using MeanFieldLimit.Solvers.Matrices;
using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Validation.Coupling;

/// <summary>
/// Couples finite networks to a solved limit: every width and every replicate is sampled from the same embedding,
/// trained, and compared at the save times.
/// </summary>
public sealed class CouplingStudy(Experiment experiment, LimitSolution limit)
{
    /// <summary>Networks trained at a time. The result has the same bits for any number.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The matrix products of each network, on one thread; by default the managed engine.</summary>
    public Func<IMatrixEngine> Engine { get; init; } = () => new ManagedEngine(1);

    /// <summary>Told after every network, with the number of networks done.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Asks to stop.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>
    /// Trains the networks and fits the rates. After a network that diverged, or when asked to stop, the result has
    /// the networks finished by then and no rates.
    /// </summary>
    public CouplingResult Run()
    {
        var couple = experiment.Problem.Couple;
        var clock = Stopwatch.StartNew();
        var runs = new NetworkRun?[couple.Widths.Count * couple.Seeds];
        NetworkFailure? failure = null;
        var done = 0;
        // Wide networks first: the last ones to finish are then short.
        Parallel.ForEach(WideFirst(runs.Length), new() { MaxDegreeOfParallelism = Threads }, (n, loop) =>
        {
            var (width, replicate) = (couple.Widths[n / couple.Seeds], n % couple.Seeds);
            var started = clock.Elapsed.TotalSeconds;
            var network = Train(width, replicate);
            if (network.Run.Status == RunStatus.Completed)
            {
                runs[n] = NetworkRun.Of(width, replicate, network, limit.Limit, clock.Elapsed.TotalSeconds - started);
                Progress?.Report(Interlocked.Increment(ref done));
                return;
            }
            Interlocked.CompareExchange(ref failure, new(width, replicate, network), null);
            loop.Stop();
        });
        NetworkRun[] finished = [.. runs.OfType<NetworkRun>()];
        return new(limit, finished, failure is null ? Rates(finished) : [], failure, clock.Elapsed.TotalSeconds);
    }

    private static OrderablePartitioner<int> WideFirst(int count) =>
        Partitioner.Create(Enumerable.Range(0, count).Reverse(), EnumerablePartitionerOptions.NoBuffering);

    private Trained Train(int width, int replicate)
    {
        var embedding = experiment.Embedding;
        int[] widths = [.. Enumerable.Repeat(width, embedding.Architecture.Depth - 1)];
        var ensemble = embedding.Sample(widths, Streams.Replicate(experiment.Seed, replicate));
        var motion = Motion.OfNetwork(experiment.Problem, replicate);
        return Training.Run(experiment, ensemble, motion, Engine(), cancellation: Cancellation);
    }

    private Rate[] Rates(NetworkRun[] runs)
    {
        var (widths, seeds) = (experiment.Problem.Couple.Widths, experiment.Problem.Couple.Seeds);
        return [.. GapQuantity.All.Select(quantity =>
        {
            var values = new double[widths.Count, seeds];
            for (var n = 0; n < runs.Length; n++) values[n / seeds, n % seeds] = quantity.Of(runs[n]);
            return Rate.Fit(quantity, widths, values, experiment.Seed);
        })];
    }
}
