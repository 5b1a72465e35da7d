using System.Diagnostics;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
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
        LastFirst.Run(runs.Length, Threads, n =>
        {
            var (width, replicate) = (couple.Widths[n / couple.Seeds], n % couple.Seeds);
            var started = clock.Elapsed.TotalSeconds;
            var (network, pathwise) = Train(width, replicate);
            if (network.Run.Status != RunStatus.Completed)
            {
                Interlocked.CompareExchange(ref failure, new(width, replicate, network), null);
                return false;
            }
            runs[n] = NetworkRun.Of(width, replicate, network, limit.Limit, pathwise,
                clock.Elapsed.TotalSeconds - started);
            Progress?.Report(Interlocked.Increment(ref done));
            return true;
        });
        NetworkRun[] finished = [.. runs.OfType<NetworkRun>()];
        return new(limit, finished, failure is null ? [.. Rates(finished)] : [], failure, clock.Elapsed.TotalSeconds);
    }

    private (Trained Network, IReadOnlyList<PathwiseGap> Pathwise) Train(int width, int replicate)
    {
        var seed = Streams.Replicate(experiment.Seed, replicate);
        var ensemble = Sample(width);
        var network = Begin(ensemble, Motion.OfNetwork(experiment.Problem, replicate));
        var gaps = new List<PathwiseGap>();
        if (experiment.Problem.Couple.Tracers == 0)
        {
            while (network.AdvanceToNextSave())
            {
            }
            return (network.Result, gaps);
        }
        // Networks are nested: the first neurons of this one make a narrower one of the same seed.
        var tracers = Begin(experiment.Embedding.WithTracers(limit.Limit.Ensemble,
            Sample(Math.Min(width, experiment.Problem.Couple.Tracers))), Motion.OfLimit(experiment.Problem));
        var measure = new PathwiseMeasure(ensemble, tracers.Ensemble, experiment.Watched, Engine());
        while (network.AdvanceToNextSave())
        {
            if (!tracers.AdvanceToNextSave()) return (tracers.Result, gaps);
            gaps.Add(measure.Between(network.State, tracers.State));
        }
        return (network.Result, gaps);

        Ensemble Sample(int neurons) => experiment.Embedding.Sample(
            [.. Enumerable.Repeat(neurons, experiment.Embedding.Architecture.Depth - 1)], seed);

        TrainingInProgress Begin(Ensemble what, Motion motion) =>
            Training.Begin(experiment, what, motion, Engine(), cancellation: Cancellation);
    }

    private IEnumerable<Rate> Rates(NetworkRun[] runs)
    {
        var (all, seeds, tracers) = (experiment.Problem.Couple.Widths, experiment.Problem.Couple.Seeds,
            experiment.Problem.Couple.Tracers);
        foreach (var quantity in tracers > 0 ? GapQuantity.All.Concat(GapQuantity.Pathwise) : GapQuantity.All)
        {
            // Widths increase: the first ones are those whose neurons all ride along.
            int[] widths = [.. all.Where(n => !quantity.OfEveryNeuron || n <= tracers)];
            if (widths.Length == 0) continue;
            var values = new double[widths.Length, seeds];
            for (var n = 0; n < values.Length; n++) values[n / seeds, n % seeds] = quantity.Of(runs[n]);
            yield return Rate.Fit(quantity, widths, values, experiment.Seed);
        }
    }
}
