namespace MeanFieldLimit.Problems;

/// <summary>What an expectation over the law of generated data asks of the rest of the problem.</summary>
internal static class ExpectationCheck
{
    internal static void Check(LoadedProblem loaded, IGeneratedData data)
    {
        if (data.Points is null == data.Expectation is null)
            throw loaded.Error("$.data",
                "generated data must have either points, drawn, or an expectation, integrated, " +
                $"found {(data.Points is null ? "neither" : "both")}; give exactly one");
        if (data.Expectation is not { } rule) return;
        var problem = loaded.Problem;
        if (data is SyntheticData { Inputs: InputLaw.Sphere } && rule is PanelSpec or SmolyakSpec)
            throw loaded.Error("$.data.expectation.rule",
                "the rule must be one for the sphere, whose coordinates are not independent, " +
                $"got {(rule is PanelSpec ? "panels" : "smolyak")}; use gauss or sobol, or gaussian inputs");
        if (rule is SobolSpec && data.Dimension > Solvers.Quadrature.Sobol.MostDimensions)
            throw loaded.Error("$.data.expectation.rule",
                $"sobol has at most {Solvers.Quadrature.Sobol.MostDimensions} coordinates, " +
                $"the inputs have {data.Dimension}; use monte-carlo");
        if (data is SyntheticData { Noise: > 0 and var noise }
            && problem.Training.Loss is not ("half-squared" or "squared"))
            throw loaded.Error("$.data.noise",
                "noise beside an expectation must be under a squared loss, whose mean over it is exact, " +
                $"got {Number.Text(noise)} under {problem.Training.Loss}; use 0, half-squared, or points");
        if (rule is SmolyakSpec && (problem.Density is not null || problem.Chaos is not null))
            throw loaded.Error("$.data.expectation.rule",
                "the rule must have masses that are not negative for a density and for chaos, got smolyak; " +
                "use gauss or sobol");
        if (problem.Limit.Reduction == Reduction.Isotropic)
            throw loaded.Error("$.data.expectation",
                "an expectation must not be given with a reduced limit, which integrates the law of the data itself; " +
                "give points, or remove limit.reduction");
    }
}
