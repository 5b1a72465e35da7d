using System.Diagnostics;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Runs;
using MeanFieldLimit.Solvers.Matrices;

namespace MeanFieldLimit.Validation.Coupling;

/// <summary>
/// Couples finite networks to a solved limit: every width and every replicate is sampled from the same embedding,
/// trained, and compared at the save times.
/// </summary>
public sealed class CouplingStudy(Model model, LimitSolution limit)
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
        var (couple, clock) = (model.Problem.Couple, Stopwatch.StartNew());
        var runs = new NetworkRun?[couple.Widths.Count * couple.Seeds];
        NetworkFailure? failure = null;
        var done = 0;
        var jobs = Jobs();
        LastFirst.Run(jobs.Length, Threads, n =>
        {
            var failed = Train(jobs[n], (network, run) =>
            {
                runs[network * couple.Seeds + jobs[n].Replicate] = run;
                Progress?.Report(Interlocked.Increment(ref done));
            });
            if (failed is not null) Interlocked.CompareExchange(ref failure, failed, null);
            return failed is null;
        });
        NetworkRun[] finished = [.. runs.OfType<NetworkRun>()];
        return new(limit, finished, failure is null ? [.. Rates(finished)] : [], failure, clock.Elapsed.TotalSeconds);
    }

    /// <summary>
    /// What is trained side by side: without tracers one network; with tracers all networks of a replicate, which are
    /// nested and have one traced limit in common. Networks that take long come last.
    /// </summary>
    private Job[] Jobs()
    {
        var couple = model.Problem.Couple;
        int[] widths = [.. Enumerable.Range(0, couple.Widths.Count)];
        var replicates = Enumerable.Range(0, couple.Seeds);
        return model.Tracers > 0
            ? [.. replicates.Select(r => new Job(r, widths))]
            : [.. widths.SelectMany(i => replicates.Select(r => new Job(r, [i])))];
    }

    private NetworkFailure? Train(Job job, Action<int, NetworkRun> finished)
    {
        var (couple, seed) = (model.Problem.Couple, Streams.Replicate(model.Seed, job.Replicate));
        var run = new Run(model, new() { Engine = _ => Engine(), Cancellation = Cancellation });
        var tracers = model.Tracers == 0 ? null : ((ITraceable)limit.Asked).Trace(run,
            Sample(Math.Min(couple.Widths[^1], model.Tracers)), model.OfNetwork(job.Replicate));
        if (tracers is not null) run.Record(tracers);
        Mover[] networks = [.. job.Networks.Select(i =>
            run.Add(Sample(couple.Widths[i]), model.Dynamics, model.OfNetwork(job.Replicate)))];
        PathwiseProbe[] probes = tracers is null ? [] : [.. networks.Select(network =>
            new PathwiseProbe(network, tracers, model.Watched, Engine()))];
        foreach (var network in networks) run.Record(network);
        foreach (var probe in probes) run.Watch(probe);
        if (run.Complete().Failed is { } failed)
            return new(couple.Widths[Array.IndexOf(networks, failed) is var n and >= 0 ? job.Networks[n] : ^1],
                job.Replicate, failed.Trained);
        for (var n = 0; n < networks.Length; n++)
            finished(job.Networks[n], NetworkRun.Of(couple.Widths[job.Networks[n]], job.Replicate, networks[n].Trained,
                limit.Limit, tracers is null ? [] : probes[n].Gaps));
        return null;

        Ensemble Sample(int neurons) => model.Embedding.Sample(
            [.. Enumerable.Repeat(neurons, model.Embedding.Architecture.Depth - 1)], seed);
    }

    private IEnumerable<Rate> Rates(NetworkRun[] runs)
    {
        var (all, seeds, tracers) = (model.Problem.Couple.Widths, model.Problem.Couple.Seeds,
            model.Tracers);
        foreach (var quantity in tracers > 0 ? GapQuantity.All.Concat(GapQuantity.Pathwise) : GapQuantity.All)
        {
            // Widths increase: the first ones are those whose neurons all ride along.
            int[] widths = [.. all.Where(n => !quantity.OfEveryNeuron || n <= tracers)];
            if (widths.Length == 0) continue;
            var values = new double[widths.Length, seeds];
            for (var n = 0; n < values.Length; n++) values[n / seeds, n % seeds] = quantity.Of(runs[n]);
            yield return Rate.Fit(quantity, widths, values, model.Seed);
        }
    }

    private readonly record struct Job(int Replicate, IReadOnlyList<int> Networks);
}
