namespace MeanFieldLimit.Validation.Checks;

/// <summary>Runs that a check looks into at the save times.</summary>
internal static class Followed
{
    /// <summary>The limit's motion; <paramref name="seen"/> is given number and state of every save.</summary>
    internal static Trained Limit(Model model, Ensemble ensemble, CheckSetting setting,
        Action<int, ReadOnlySpan<double>>? seen = null) =>
        Follow(Run.Of(model, ensemble, model.LimitDynamics, model.OfAll, setting.Machine), seen);

    /// <summary>A finite network's motion, on one thread.</summary>
    internal static Trained Network(Model model, Ensemble ensemble, CheckSetting setting,
        Action<int, ReadOnlySpan<double>>? seen = null) => Follow(Run.Of(model, ensemble, model.Dynamics,
            model.OfNetwork(0), setting.Machine with { Threads = 1 }), seen);

    /// <summary>The law of the neurons of a limit.</summary>
    internal static NeuronLaw Law(this ILimit limit, CheckSetting setting) =>
        Follow(limit.Begin(setting.Machine with { Threads = 1 }), null).Law!;

    private static Trained Follow(Run run, Action<int, ReadOnlySpan<double>>? seen)
    {
        for (var k = 0; run.Advance(); k++) seen?.Invoke(k, run.Movers[0].State);
        if (run.Movers[0].Result.Status == RunStatus.Cancelled) throw new OperationCanceledException();
        run.Movers[0].Result.OrThrow();
        return run.Trained;
    }
}
