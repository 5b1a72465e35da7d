namespace MeanFieldLimit.Problems;

/// <summary>Rules of training and of the solution of the limit that span keys.</summary>
internal static class TrainingCheck
{
    internal static ProblemException? Refuse(LoadedProblem loaded)
    {
        var (training, limit) = (loaded.Problem.Training, loaded.Problem.Limit);
        return RefuseTraining(loaded, training)
            ?? (training.Dynamics == DynamicsKind.Flow
                ? RefuseFlow(loaded, "$.training", training.Method, training.Step, training.LongestStep)
                : null)
            ?? RefuseNoise(loaded, training)
            ?? RefuseLimit(loaded, limit, Names.Of(training.Dynamics));
    }

    private static ProblemException? RefuseTraining(LoadedProblem loaded, TrainingSpec training)
    {
        var name = Names.Of(training.Dynamics);
        return training switch
        {
            { Until: { Risk: null, Velocity: null } } => loaded.Error("$.training.until",
                "until must have a condition, found none; add risk or velocity, or remove until"),
            { Dynamics: DynamicsKind.Flow or DynamicsKind.Langevin, Batch: var batch } => batch is null ? null
                : loaded.Error("$.training.batch",
                    $"batch must not be given while dynamics is {name}, got {batch}; remove it, or set " +
                    "dynamics to sgd"),
            { Step: null } => loaded.Error("$.training.step",
                $"step must be given while dynamics is {name}, found none; add the learning rate"),
            { Batch: null } => loaded.Error("$.training.batch",
                $"batch must be given while dynamics is {name}, found none; add the number of points per step"),
            { Dynamics: DynamicsKind.Sgd, Step: { } step } => RefuseStep(loaded, "$.training", step)
                ?? RefuseLongest(loaded, "$.training", training.LongestStep, "while dynamics is sgd"),
            _ => null,
        };
    }

    private static ProblemException? RefuseLimit(LoadedProblem loaded, LimitSpec limit, string training) => limit switch
    {
        { Dynamics: DynamicsKind.Flow } =>
            RefuseFlow(loaded, "$.limit", limit.Method, limit.Step, limit.LongestStep),
        { Dynamics: not DynamicsKind.Sgd and var dynamics } => loaded.Error("$.limit.dynamics",
            $"dynamics of the limit must be flow or sgd, got {Names.Of(dynamics)}; remove it: the limit has the " +
            "noise of training"),
        _ when loaded.Problem.Training.Dynamics != DynamicsKind.Sgd => loaded.Error("$.limit.dynamics",
            $"dynamics of the limit must be flow while training.dynamics is {training}, got sgd; " +
            "set both to sgd, or both to flow"),
        { Step: { } step } => loaded.Error("$.limit.step",
            $"step must not be given while the limit's dynamics is sgd, got {Number.Text(step)}; " +
            "remove it: training.step is used"),
        _ => RefuseLongest(loaded, "$.limit", limit.LongestStep, "while the limit's dynamics is sgd"),
    };

    /// <summary>Keys of laws of motion with noise are given under these.</summary>
    private static ProblemException? RefuseNoise(LoadedProblem loaded, TrainingSpec training) => training switch
    {
        { Temperature: { } temperature, Dynamics: not DynamicsKind.Langevin and var dynamics }
            when loaded.Problem.Chaos?.Noise.Contains(ChaosNoise.Langevin) != true =>
            loaded.Error("$.training.temperature",
            $"temperature must not be given while dynamics is {Names.Of(dynamics)}, got " +
            $"{Number.Text(temperature)}; remove it, or set dynamics to langevin"),
        { Noise: { } noise, Dynamics: not DynamicsKind.SgdDiffusion and var dynamics } =>
            loaded.Error("$.training.noise",
            $"noise must not be given while dynamics is {Names.Of(dynamics)}, got {Names.Of(noise)}; remove it, or " +
            "set dynamics to sgd-diffusion"),
        { IsNoisy: false } => null,
        { Dynamics: DynamicsKind.Langevin, Step: { } step } => loaded.Error("$.training.step",
            $"step must not be given while dynamics is langevin, got {Number.Text(step)}; give longestStep"),
        { LongestStep: { } longest } when RefuseCount(loaded, "$.training.longestStep", longest) is { } refusal =>
            refusal,
        { Until: not null, Dynamics: var dynamics } => loaded.Error("$.training.until",
            $"until must not be given while dynamics is {Names.Of(dynamics)}, whose risk goes up and down, " +
            "got one; remove it, or shorten time"),
        _ => null,
    };

    private static ProblemException? RefuseFlow(
        LoadedProblem loaded, string path, string method, double? step, double? longest) =>
        (Methods.Adaptive.Contains(method), step) switch
        {
            (true, { } given) => loaded.Error($"{path}.step",
                $"step must not be given with {method}, which chooses its steps, got {Number.Text(given)}; " +
                $"remove it and set tolerance, or use one of {string.Join(", ", Methods.Fixed)}"),
            (false, null) => loaded.Error($"{path}.step",
                $"step must be given with {method}, which has no error estimate, found none; " +
                $"add it, or use one of {string.Join(", ", Methods.Adaptive)}"),
            (false, { } given) => RefuseStep(loaded, path, given)
                ?? RefuseLongest(loaded, path, longest, $"with {method}, whose steps have the length of step"),
            _ => longest is { } most ? RefuseCount(loaded, $"{path}.longestStep", most) : null,
        };

    private static ProblemException? RefuseLongest(LoadedProblem loaded, string path, double? longest, string where) =>
        longest is not { } given ? null : loaded.Error($"{path}.longestStep",
            $"longestStep must not be given {where}, got {Number.Text(given)}; remove it");

    private static ProblemException? RefuseStep(LoadedProblem loaded, string path, double step) =>
        loaded.Problem.Training.Time is var time && step > time
            ? loaded.Error($"{path}.step",
                $"step must be at most training.time, got {Number.Text(step)} for a time of {Number.Text(time)}; " +
                "use a smaller step or a longer time")
            : RefuseCount(loaded, $"{path}.step", step);

    /// <summary>Refuses a step so short that the run never ends.</summary>
    internal static ProblemException? RefuseCount(LoadedProblem loaded, string path, double step) =>
        loaded.Problem.Training.Time / step is > TimeLoop.DefaultMostSteps and var steps
            ? loaded.Error(path,
                $"a run must have at most {TimeLoop.DefaultMostSteps} steps, got {Number.Text(steps)}; " +
                "use a longer step")
            : null;
}
