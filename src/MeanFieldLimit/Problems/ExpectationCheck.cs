namespace MeanFieldLimit.Problems;

/// <summary>What an expectation over the law of generated data asks of the rest of the problem.</summary>
internal static class ExpectationCheck
{
    internal static ProblemException? Refuse(LoadedProblem loaded, IGeneratedData data) =>
        (data, data.Expectation) switch
        {
            ({ Points: null }, null) or ({ Points: not null }, not null) => loaded.Error("$.data",
                "generated data must have either points, drawn, or an expectation, integrated, " +
                $"found {(data.Points is null ? "neither" : "both")}; give exactly one"),
            (_, null) => null,
            (SyntheticData { Inputs: InputLaw.Sphere }, PanelSpec or SmolyakSpec) =>
                loaded.Error("$.data.expectation.rule",
                "the rule must be one for the sphere, whose coordinates are not independent, got " +
                $"{(data.Expectation is PanelSpec ? "panels" : "smolyak")}; use gauss or sobol, or gaussian inputs"),
            ({ Dimension: > Sobol.MostDimensions }, SobolSpec) => loaded.Error("$.data.expectation.rule",
                $"sobol has at most {Sobol.MostDimensions} coordinates, " +
                $"the inputs have {data.Dimension}; use monte-carlo"),
            (SyntheticData { Noise: > 0 and var noise }, _)
                when loaded.Problem.Training.Loss is not ("half-squared" or "squared") => loaded.Error("$.data.noise",
                "noise beside an expectation must be under a squared loss, whose mean over it is exact, " +
                $"got {Number.Text(noise)} under {loaded.Problem.Training.Loss}; use 0, half-squared, or points"),
            (_, SmolyakSpec) when loaded.Problem is { Density: not null } or { Chaos: not null } =>
                loaded.Error("$.data.expectation.rule",
                "the rule must have masses that are not negative for a density and for chaos, got smolyak; " +
                "use gauss or sobol"),
            _ when loaded.Problem.Limit.Reduction == Reduction.Isotropic => loaded.Error("$.data.expectation",
                "an expectation must not be given with a reduced limit, which integrates the law of the data itself; " +
                "give points, or remove limit.reduction"),
            _ => null,
        };
}
