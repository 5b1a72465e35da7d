namespace MeanFieldLimit.Problems;

/// <summary>Rules of training and of the solution of the limit that span keys.</summary>
internal static class TrainingCheck
{
    internal static Refusal? Refuse(Problem problem) => RefuseTraining(problem, problem.Training)
        ?? RefuseNoise(problem, problem.Training) ?? RefuseLimit(problem, problem.Limit);

    private static Refusal? RefuseTraining(Problem problem, TrainingSpec training)
    {
        var name = Names.Of(training.Dynamics);
        return training switch
        {
            { Until: { Risk: null, Velocity: null } } => new("$.training.until",
                "until must have a condition, found none; add risk or velocity, or remove until"),
            { Until.Velocity: { } velocity, WeightDecay: > 0 } => new("$.training.until.velocity",
                "velocity must not be given with weightDecay, which also moves what the limit does not carry: w_1 in " +
                "directions without data, the independent part of middle weights; got " +
                $"{Number.Text(velocity)}; use until.risk, or a final time alone"),
            { Precision: Precision.Single, Dynamics: not DynamicsKind.Sgd } => new("$.training.precision",
                $"precision must be double while dynamics is {name}, got single: errors of products would be larger than " +
                "those of steps; remove it, or set dynamics to sgd"),
            { Dynamics: DynamicsKind.Flow or DynamicsKind.Langevin, Batch: { } batch } => new("$.training.batch",
                $"batch must not be given while dynamics is {name}, got {batch}; remove it, or set dynamics to sgd"),
            { Dynamics: DynamicsKind.Flow } =>
                RefuseFlow(problem, "$.training", training.Method, training.Step, training.LongestStep),
            { Dynamics: DynamicsKind.Langevin } => null,
            { Step: null } => new("$.training.step",
                $"step must be given while dynamics is {name}, found none; add the learning rate"),
            { Batch: null } => new("$.training.batch",
                $"batch must be given while dynamics is {name}, found none; add the number of points per step"),
            { Dynamics: DynamicsKind.Sgd, Step: { } step } => RefuseStep(problem, "$.training", step)
                ?? RefuseLongest("$.training", training.LongestStep, "while dynamics is sgd"),
            _ => null,
        };
    }

    private static Refusal? RefuseLimit(Problem problem, LimitSpec limit) => limit switch
    {
        { Dynamics: DynamicsKind.Flow } => RefuseFlow(problem, "$.limit", limit.Method, limit.Step, limit.LongestStep),
        { Dynamics: not DynamicsKind.Sgd and var dynamics } => new("$.limit.dynamics", "dynamics of the limit must " +
            $"be flow or sgd, got {Names.Of(dynamics)}; remove it: the limit has the noise of training"),
        _ when problem.Training.Dynamics is not DynamicsKind.Sgd and var training => new("$.limit.dynamics",
            $"dynamics of the limit must be flow while training.dynamics is {Names.Of(training)}, got sgd; set both " +
            "to sgd, or both to flow"),
        { Step: { } step } => new("$.limit.step", "step must not be given while the limit's dynamics is sgd, got " +
            $"{Number.Text(step)}; remove it: training.step is used"),
        _ => RefuseLongest("$.limit", limit.LongestStep, "while the limit's dynamics is sgd"),
    };

    /// <summary>Keys of laws of motion with noise are given under these.</summary>
    private static Refusal? RefuseNoise(Problem problem, TrainingSpec training) => training switch
    {
        { Temperature: { } temperature, Dynamics: not DynamicsKind.Langevin and var dynamics }
            when problem.Chaos?.Noise.Contains(ChaosNoise.Langevin) != true =>
            new("$.training.temperature", $"temperature must not be given while dynamics is {Names.Of(dynamics)}, " +
            $"got {Number.Text(temperature)}; remove it, or set dynamics to langevin"),
        { Noise: { } noise, Dynamics: not DynamicsKind.SgdDiffusion and var dynamics } =>
            new("$.training.noise", $"noise must not be given while dynamics is {Names.Of(dynamics)}, got " +
            $"{Names.Of(noise)}; remove it, or set dynamics to sgd-diffusion"),
        { IsNoisy: false } => null,
        { Dynamics: DynamicsKind.Langevin, Step: { } step } => new("$.training.step",
            $"step must not be given while dynamics is langevin, got {Number.Text(step)}; give longestStep"),
        { LongestStep: { } longest } when RefuseCount(problem, "$.training.longestStep", longest) is { } refusal =>
            refusal,
        { Until: not null, Dynamics: var dynamics } => new("$.training.until", "until must not be given while " +
            $"dynamics is {Names.Of(dynamics)}, whose risk goes up and down, got one; remove it, or shorten time"),
        _ => null,
    };

    private static Refusal? RefuseFlow(Problem problem, string path, string method, double? step, double? longest) =>
        (Methods.Adaptive.Contains(method), step) switch
        {
            (true, { } given) => new($"{path}.step",
                $"step must not be given with {method}, which chooses its steps, got {Number.Text(given)}; " +
                $"remove it and set tolerance, or use one of {string.Join(", ", Methods.Fixed)}"),
            (false, null) => new($"{path}.step", $"step must be given with {method}, which has no error estimate, " +
                $"found none; add it, or use one of {string.Join(", ", Methods.Adaptive)}"),
            (false, { } given) => RefuseStep(problem, path, given)
                ?? RefuseLongest(path, longest, $"with {method}, whose steps have the length of step"),
            _ => longest is { } most ? RefuseCount(problem, $"{path}.longestStep", most) : null,
        };

    private static Refusal? RefuseLongest(string path, double? longest, string where) =>
        longest is not { } given ? null : new($"{path}.longestStep",
            $"longestStep must not be given {where}, got {Number.Text(given)}; remove it");

    private static Refusal? RefuseStep(Problem problem, string path, double step) =>
        problem.Training.Time is var time && step > time
            ? new($"{path}.step", $"step must be at most training.time, got {Number.Text(step)} for a time of " +
                $"{Number.Text(time)}; use a smaller step or a longer time")
            : RefuseCount(problem, $"{path}.step", step);

    /// <summary>Refuses a step so short that the run never ends.</summary>
    internal static Refusal? RefuseCount(Problem problem, string path, double step) =>
        problem.Training.Time / step is > TimeLoop.DefaultMostSteps and var steps
            ? new(path, $"a run must have at most {TimeLoop.DefaultMostSteps} steps, got {Number.Text(steps)}; use a " +
                "longer step")
            : null;
}
