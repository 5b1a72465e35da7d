using MeanFieldLimit.Experiments;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Solvers.Matrices;
using MeanFieldLimit.Validation.Checks;

namespace MeanFieldLimit.Validation.Tests.Checks;

/// <summary>The theorem of global convergence as a measurement, and its failure without diversity.</summary>
public class GlobalConvergenceTests
{
    private static readonly ManagedEngine Engine = new(1);

    private static Experiment Problem()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "MeanFieldLimit.sln"))) folder = Path.GetDirectoryName(folder)!;
        return Experiment.Build(ProblemFile.Read(Path.Combine(folder, "examples", "global-convergence.json")), null);
    }

    [Fact]
    public void A_diverse_limit_converges_and_stays_diverse()
    {
        var experiment = Problem();
        var points = ConvergenceTrace.Follow(experiment, experiment.InitialLimit(), Engine);
        foreach (var p in points)
            Console.WriteLine($"{p.Time} {p.Risk:G4} v {p.LastVelocity:G4} ranks {string.Join(" ", p.EffectiveRanks.Select(r => r.ToString("F2")))} dev {p.LeastDeviation:G4} cover {p.CoveringRadius:G4}");
        points = ConvergenceTrace.Follow(experiment, ConvergenceTrace.OnFirstAxis(experiment.InitialLimit()), Engine);
        foreach (var p in points)
            Console.WriteLine($"{p.Time} {p.Risk:G6} v {p.LastVelocity:G4} ranks {string.Join(" ", p.EffectiveRanks.Select(r => r.ToString("F2")))} dev {p.LeastDeviation:G4} cover {p.CoveringRadius:G4}");
        Assert.Fail();
    }
}
