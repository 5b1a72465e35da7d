using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Validation.Tests.Studies.Coupling;

/// <summary>Tracers and pathwise gaps on the three-layer problem of the README.</summary>
public class TracerTests
{
    private static Model ThreeLayer(int width, int seeds)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "MeanFieldLimit.sln"))) folder = Path.GetDirectoryName(folder)!;
        var loaded = ProblemFile.Read(Path.Combine(folder, "examples", "three-layer.json"));
        var couple = new CoupleSpec { Widths = [width], Seeds = seeds, Tracers = width };
        return Model.Build(loaded with { Problem = loaded.Problem with { Couple = couple } }, null);
    }

    [Fact]
    public void Pathwise_gaps_have_the_size_of_the_reference_prototype()
    {
        // The NumPy prototype has mean L2 gaps over sqrt(N) of 1.00, 1.06, 0.99 at N = 50, 100, 200 (8 seeds each); a
        // seed's gap varies by about a third, the mean of 16 by a twelfth, and z = 3 allows a quarter.
        foreach (var width in new[] { 50, 200 })
        {
            var runs = Small.Couple(ThreeLayer(width, 16), threads: 2).Networks;
            var mean = runs.Average(r => r.Pathwise.Max(p => p.ParametersL2)) * Math.Sqrt(width);
            Assert.InRange(mean, 0.75, 1.3);
            // At t = 0 a tracer is its neuron.
            Assert.All(runs, r => Assert.Equal(0, r.Pathwise[0].ParametersMax));
        }
    }

    [Fact]
    public void The_host_keeps_its_bits_under_its_tracers()
    {
        var model = ThreeLayer(30, 1);
        var limit = Small.Solve(model).Trained;
        var network = model.Embedding.Sample([30, 30], 5);
        var traced = Run.Of(model, model.Embedding.WithTracers(model.InitialLimit(), network), model.LimitDynamics, model.LimitDraw, new()).Complete().Trained;
        Assert.Equal(limit.Result.Steps, traced.Result.Steps);
        for (var k = 0; k < limit.Trajectory.Times.Count; k++)
            Assert.Equal(limit.Trajectory.Predictions[k], traced.Trajectory.Predictions[k]);
    }
}
