using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Runs;
using MeanFieldLimit.Solvers.Matrices;
using MeanFieldLimit.Validation.Coupling;

namespace MeanFieldLimit.Validation.Studies;

/// <summary>
/// What limits, couplings and studies run on: threads, matrix products, progress. Results have the same bits for any
/// threads.
/// </summary>
public sealed class Workbench
{
    /// <summary>Networks trained at a time.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Matrix products on so many threads; by default the managed engine.</summary>
    public Func<int, IMatrixEngine> Engine { get; init; } = threads => new ManagedEngine(threads);

    /// <summary>Shows the progress of a phase with a name and the value at which it is done.</summary>
    public Func<string, double, IProgress<double>?> Show { get; init; } = (_, _) => null;

    /// <summary>Asks to stop.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The same as runs take it.</summary>
    public Machine Machine => new()
    {
        Threads = Threads,
        Engine = Engine,
        Show = Show,
        Cancellation = Cancellation,
    };

    /// <summary>Solves the limit of a model; <paramref name="name"/> is that of its progress.</summary>
    public LimitSolution Solve(Model model, string name) => Certifier.Solve(ILimit.Of(model), Machine, name);

    /// <summary>
    /// Couples networks to a limit, of the limit's own model: tracers must move as it did, whatever tolerance an
    /// accuracy led it to.
    /// </summary>
    public CouplingResult Couple(LimitSolution limit, string name)
    {
        var couple = limit.Model.Problem.Couple;
        return new CouplingStudy(limit.Model, limit)
        {
            Threads = Threads,
            Engine = () => Engine(1),
            Progress = Show(name, couple.Widths.Count * couple.Seeds),
            Cancellation = Cancellation,
        }.Run();
    }

    /// <summary>
    /// Does <paramref name="count"/> pieces of work, the last ones first: they are the longest where there are longer
    /// ones. Stops after a failure and returns it.
    /// </summary>
    internal StudyFailure? Each(int count, string name, Func<int, StudyFailure?> work)
    {
        StudyFailure? failure = null;
        var done = 0;
        var progress = Show(name, count);
        LastFirst.Run(count, Threads, n =>
        {
            if (work(n) is { } failed)
            {
                Interlocked.CompareExchange(ref failure, failed, null);
                return false;
            }
            progress?.Report(Interlocked.Increment(ref done));
            return true;
        });
        return failure;
    }
}
