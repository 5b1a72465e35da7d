namespace MeanFieldLimit.Problems;

/// <summary>Rules of training and of the solution of the limit that span keys.</summary>
internal static class TrainingCheck
{
    internal static void Check(LoadedProblem loaded)
    {
        var (training, limit) = (loaded.Problem.Training, loaded.Problem.Limit);
        if (training.Until is { Risk: null, Velocity: null })
            throw loaded.Error("$.training.until",
                "until must have a condition, found none; add risk or velocity, or remove until");
        if (training.Dynamics is DynamicsKind.Sgd or DynamicsKind.SgdDiffusion) CheckSgd(loaded, training);
        else if (training.Batch is { } batch)
            throw loaded.Error("$.training.batch",
                $"batch must not be given while dynamics is {Name(training.Dynamics)}, got {batch}; remove it, or set " +
                "dynamics to sgd");
        if (training.Dynamics == DynamicsKind.Flow)
            CheckFlow(loaded, "$.training", training.Method, training.Step, training.LongestStep);
        CheckNoise(loaded, training);
        if (limit.Dynamics is not (DynamicsKind.Flow or DynamicsKind.Sgd))
            throw loaded.Error("$.limit.dynamics",
                $"dynamics of the limit must be flow or sgd, got {Name(limit.Dynamics)}; remove it: the limit has the " +
                "noise of training");
        if (limit.Dynamics == DynamicsKind.Flow)
            CheckFlow(loaded, "$.limit", limit.Method, limit.Step, limit.LongestStep);
        else if (training.Dynamics != DynamicsKind.Sgd)
            throw loaded.Error("$.limit.dynamics",
                $"dynamics of the limit must be flow while training.dynamics is {Name(training.Dynamics)}, got sgd; " +
                "set both to sgd, or both to flow");
        else if (limit.Step is { } step)
            throw loaded.Error("$.limit.step",
                $"step must not be given while the limit's dynamics is sgd, got {Number.Text(step)}; " +
                "remove it: training.step is used");
        else CheckNoLongest(loaded, "$.limit", limit.LongestStep, "while the limit's dynamics is sgd");
    }

    private static void CheckSgd(LoadedProblem loaded, TrainingSpec training)
    {
        var name = Name(training.Dynamics);
        if (training.Step is null)
            throw loaded.Error("$.training.step",
                $"step must be given while dynamics is {name}, found none; add the learning rate");
        if (training.Batch is null)
            throw loaded.Error("$.training.batch",
                $"batch must be given while dynamics is {name}, found none; add the number of points per step");
        if (training.Dynamics == DynamicsKind.SgdDiffusion) return;
        CheckStep(loaded, "$.training", training.Step.Value);
        CheckNoLongest(loaded, "$.training", training.LongestStep, "while dynamics is sgd");
    }

    /// <summary>Keys of laws of motion with noise are given under these.</summary>
    private static void CheckNoise(LoadedProblem loaded, TrainingSpec training)
    {
        var langevin = training.Dynamics == DynamicsKind.Langevin
            || loaded.Problem.Chaos?.Noise.Contains(ChaosNoise.Langevin) == true;
        if (training.Temperature is { } temperature && !langevin)
            throw loaded.Error("$.training.temperature",
                $"temperature must not be given while dynamics is {Name(training.Dynamics)}, got " +
                $"{Number.Text(temperature)}; remove it, or set dynamics to langevin");
        if (training.Noise is { } noise && training.Dynamics != DynamicsKind.SgdDiffusion)
            throw loaded.Error("$.training.noise",
                $"noise must not be given while dynamics is {Name(training.Dynamics)}, got " +
                $"{ProblemJson.EnumNames.ConvertName($"{noise}")}; remove it, or set dynamics to sgd-diffusion");
        if (training.Dynamics is not (DynamicsKind.Langevin or DynamicsKind.SgdDiffusion)) return;
        if (training.Dynamics == DynamicsKind.Langevin && training.Step is { } step)
            throw loaded.Error("$.training.step",
                $"step must not be given while dynamics is langevin, got {Number.Text(step)}; give longestStep");
        if (training.LongestStep is { } longest) CheckCount(loaded, "$.training.longestStep", longest);
        if (training.Until is not null)
            throw loaded.Error("$.training.until",
                $"until must not be given while dynamics is {Name(training.Dynamics)}, whose risk goes up and down, " +
                "got one; remove it, or shorten time");
    }

    private static string Name(DynamicsKind dynamics) => ProblemJson.EnumNames.ConvertName($"{dynamics}");

    private static void CheckFlow(LoadedProblem loaded, string path, string method, double? step,
        double? longest)
    {
        var isAdaptive = Methods.Adaptive.Contains(method);
        if (isAdaptive && step is not null)
            throw loaded.Error($"{path}.step",
                $"step must not be given with {method}, which chooses its steps, got {Number.Text(step.Value)}; " +
                $"remove it and set tolerance, or use one of {string.Join(", ", Methods.Fixed)}");
        if (!isAdaptive && step is null)
            throw loaded.Error($"{path}.step",
                $"step must be given with {method}, which has no error estimate, found none; " +
                $"add it, or use one of {string.Join(", ", Methods.Adaptive)}");
        if (step is not null) CheckStep(loaded, path, step.Value);
        if (!isAdaptive) CheckNoLongest(loaded, path, longest, $"with {method}, whose steps have the length of step");
        else if (longest is not null) CheckCount(loaded, $"{path}.longestStep", longest.Value);
    }

    private static void CheckNoLongest(LoadedProblem loaded, string path, double? longest, string where)
    {
        if (longest is not null)
            throw loaded.Error($"{path}.longestStep",
                $"longestStep must not be given {where}, got {Number.Text(longest.Value)}; remove it");
    }

    private static void CheckStep(LoadedProblem loaded, string path, double step)
    {
        var time = loaded.Problem.Training.Time;
        if (step > time)
            throw loaded.Error($"{path}.step",
                $"step must be at most training.time, got {Number.Text(step)} for a time of {Number.Text(time)}; " +
                "use a smaller step or a longer time");
        CheckCount(loaded, $"{path}.step", step);
    }

    /// <summary>Refuses a step so short that the run never ends.</summary>
    internal static void CheckCount(LoadedProblem loaded, string path, double step)
    {
        var time = loaded.Problem.Training.Time;
        if (time / step > TimeLoop.DefaultMostSteps)
            throw loaded.Error(path,
                $"a run must have at most {TimeLoop.DefaultMostSteps} steps, got {Number.Text(time / step)}; " +
                "use a longer step");
    }
}
