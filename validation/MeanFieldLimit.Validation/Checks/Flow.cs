using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Experiments;
using MeanFieldLimit.Solvers.Matrices;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>Runs that a check looks into at the save times.</summary>
internal static class Flow
{
    /// <summary>The limit's motion; <paramref name="seen"/> is given number and state of every save.</summary>
    internal static Trained Limit(Experiment experiment, Ensemble ensemble, CheckSetting setting,
        Action<int, ReadOnlySpan<double>>? seen = null) =>
        Run(experiment, ensemble, Motion.OfLimit(experiment.Problem), setting.Engine(setting.Threads), setting, seen);

    /// <summary>A finite network's motion, on one thread.</summary>
    internal static Trained Network(Experiment experiment, Ensemble ensemble, CheckSetting setting,
        Action<int, ReadOnlySpan<double>>? seen = null) =>
        Run(experiment, ensemble, Motion.OfNetwork(experiment.Problem, 0), setting.Engine(1), setting, seen);

    private static Trained Run(Experiment experiment, Ensemble ensemble, Motion motion, IMatrixEngine engine,
        CheckSetting setting, Action<int, ReadOnlySpan<double>>? seen)
    {
        var training = Training.Begin(experiment, ensemble, motion, engine, cancellation: setting.Cancellation);
        for (var k = 0; training.AdvanceToNextSave(); k++) seen?.Invoke(k, training.State);
        setting.Cancellation.ThrowIfCancellationRequested();
        training.Result.Run.OrThrow();
        return training.Result;
    }
}
