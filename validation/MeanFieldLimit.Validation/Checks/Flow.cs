using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Runs;
using MeanFieldLimit.Solvers.Matrices;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>Runs that a check looks into at the save times.</summary>
internal static class Flow
{
    /// <summary>The limit's motion; <paramref name="seen"/> is given number and state of every save.</summary>
    internal static Trained Limit(Model model, Ensemble ensemble, CheckSetting setting,
        Action<int, ReadOnlySpan<double>>? seen = null) =>
        Run(model, ensemble, Motion.OfLimit(model.Problem), setting.Engine(setting.Threads), setting, seen);

    /// <summary>A finite network's motion, on one thread.</summary>
    internal static Trained Network(Model model, Ensemble ensemble, CheckSetting setting,
        Action<int, ReadOnlySpan<double>>? seen = null) =>
        Run(model, ensemble, Motion.OfNetwork(model.Problem, 0), setting.Engine(1), setting, seen);

    private static Trained Run(Model model, Ensemble ensemble, Motion motion, IMatrixEngine engine,
        CheckSetting setting, Action<int, ReadOnlySpan<double>>? seen)
    {
        var training = Training.Begin(model, ensemble, motion, engine, cancellation: setting.Cancellation);
        for (var k = 0; training.AdvanceToNextSave(); k++) seen?.Invoke(k, training.State);
        setting.Cancellation.ThrowIfCancellationRequested();
        training.Result.Run.OrThrow();
        return training.Result;
    }
}
