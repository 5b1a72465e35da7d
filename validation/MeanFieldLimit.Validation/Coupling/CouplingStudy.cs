using System.Diagnostics;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Experiments;
using MeanFieldLimit.Solvers.Matrices;
using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Validation.Coupling;

/// <summary>Finite networks beside their limit, and the rates of their gaps.</summary>
/// <param name="Limit">The solved limit with its error estimate.</param>
/// <param name="Networks">All networks, by width, then replicate.</param>
/// <param name="Rates">The fitted rates.</param>
/// <param name="Seconds">Wall time of all networks together.</param>
public sealed record CouplingResult(LimitSolution Limit, IReadOnlyList<NetworkRun> Networks, IReadOnlyList<Rate> Rates, double Seconds)
{
    /// <summary>A gap is trusted while the reference errs by less than this part of it.</summary>
    public const double TrustedFraction = 0.1;

    /// <summary>Whether the limit's own error exceeds a tenth of <paramref name="gap"/>.</summary>
    public bool IsBlurred(double gap) => !(Limit.Error.Total <= TrustedFraction * gap);
}

/// <summary>A finite network that did not reach the final time.</summary>
public sealed class NetworkFailedException(int width, int replicate, Trained network)
    : Exception($"the network of width {width}, seed {replicate}, ended with {network.Run.Status} at t = {network.Run.Time:G6}")
{
    /// <summary>What was reached.</summary>
    public Trained Network { get; } = network;
}

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

    /// <summary>Told after every network, with the networks done so far and in all.</summary>
    public IProgress<(int Done, int All)>? Progress { get; init; }

    /// <summary>Asks to stop.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Trains the networks and fits the rates.</summary>
    /// <exception cref="NetworkFailedException">A network diverged.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public CouplingResult Run()
    {
        var couple = experiment.Problem.Couple;
        var clock = Stopwatch.StartNew();
        var runs = new NetworkRun[couple.Widths.Count * couple.Seeds];
        var done = 0;
        // Wide networks first: the last ones to finish are then short.
        var order = Partitioner(runs.Length);
        try
        {
            Parallel.ForEach(order, new() { MaxDegreeOfParallelism = Threads, CancellationToken = Cancellation }, n =>
            {
                runs[n] = Train(couple.Widths[n / couple.Seeds], n % couple.Seeds);
                Progress?.Report((Interlocked.Increment(ref done), runs.Length));
            });
        }
        catch (AggregateException e) when (e.InnerExceptions[0] is NetworkFailedException or OperationCanceledException)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
        return new(limit, runs, Rates(runs), clock.Elapsed.TotalSeconds);
    }

    private static System.Collections.Concurrent.OrderablePartitioner<int> Partitioner(int count) =>
        System.Collections.Concurrent.Partitioner.Create(Enumerable.Range(0, count).Reverse(),
            System.Collections.Concurrent.EnumerablePartitionerOptions.NoBuffering);

    private NetworkRun Train(int width, int replicate)
    {
        var clock = Stopwatch.StartNew();
        var embedding = experiment.Embedding;
        int[] widths = [.. Enumerable.Repeat(width, embedding.Architecture.Depth - 1)];
        var ensemble = embedding.Sample(widths, Streams.Replicate(experiment.Seed, replicate));
        var motion = Motion.OfNetwork(experiment.Problem, replicate);
        var network = Training.Run(experiment, ensemble, motion, Engine(), cancellation: Cancellation);
        Cancellation.ThrowIfCancellationRequested();
        if (network.Run.Status != RunStatus.Completed) throw new NetworkFailedException(width, replicate, network);
        return NetworkRun.Of(width, replicate, network, limit.Limit, clock.Elapsed.TotalSeconds);
    }

    private Rate[] Rates(NetworkRun[] runs)
    {
        return
        [
            Fit("prediction", r => r.SupRms),
            Fit("prediction-final", r => r.Gaps[^1].Rms),
            Fit("prediction-max", r => r.Gaps.Max(g => g.Max)),
            Fit("risk", r => r.Gaps.Max(g => Math.Abs(g.Risk))),
        ];

        Rate Fit(string quantity, Func<NetworkRun, double> value)
        {
            var (widths, seeds) = (experiment.Problem.Couple.Widths, experiment.Problem.Couple.Seeds);
            var values = new double[widths.Count, seeds];
            for (var n = 0; n < runs.Length; n++) values[n / seeds, n % seeds] = value(runs[n]);
            return Rate.Fit(quantity, widths, values, experiment.Seed);
        }
    }
}
