using MeanFieldLimit.Limits;
using MeanFieldLimit.Limits.Grids;
using MeanFieldLimit.Limits.Laws;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Tests.Studies.Coupling;

/// <summary>Limits and networks under noise, as solve and couple have them.</summary>
public class NoisyCouplingTests
{
    private const string Langevin = """ "dynamics": "langevin", "temperature": 0.1, "weightDecay": 0.1 """,
        PerParticle = """ "dynamics": "sgd-diffusion", "step": 0.3, "batch": 1 """,
        Shared = """ "dynamics": "sgd-diffusion", "step": 0.3, "batch": 1, "noise": "shared" """;

    private static Model Build(string training, string outgoing = """{ "law": "gaussian", "std": 1 }""",
        int nodes = 1024, long seed = 3, string more = "", string network = "", string? limit = null, string hidden = "") =>
        Small.Build($$"""
        { "name": "noisy", "seed": {{seed}}, {{more}}
          "data": { "kind": "points", "x": [[-1], [0.4], [1.3]], "y": [[-1], [0.7], [1]] },
          "network": { {{network}} "layers": [ { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
            {{hidden}} { "weights": {{outgoing}} } ] },
          "training": { "loss": "half-squared", "time": 1, {{training}} },
          "limit": { {{limit ?? $$""" "types": [{ "rule": "sobol", "nodes": {{nodes}} }] """}} }, "record": { "saves": 4 },
          "couple": { "widths": [25, 50, 100, 200], "seeds": 40 } }
        """);

    [Theory, InlineData(Langevin), InlineData(PerParticle), InlineData(Shared)]
    public void Gaps_and_tracers_fall_like_one_over_root_N(string training)
    {
        var result = Small.Couple(Build(training), threads: 2);
        foreach (var quantity in new[] { GapQuantity.Prediction, GapQuantity.Pathwise[0] })
        {
            var rate = result.Rates.Single(r => r.Quantity == quantity);
            Assert.InRange(-0.5, rate.Fitted.Low, rate.Fitted.High);
        }
    }

    [Theory, InlineData(Langevin), InlineData(PerParticle)]
    public void Tracers_leave_the_law_as_it_is(string training)
    {
        var model = Build(training, nodes: 32);
        var limit = (ITraceable)ILimit.Of(model);
        var alone = limit.Begin(new()).Complete().Movers[0];
        var run = new Run(model, new());
        var traced = limit.Trace(run, model.Embedding.Sample([7], 11), new(11));
        run.Complete();
        Assert.Equal(32 * 8, traced.Ensemble.Massive(1));
        Assert.Equal(alone.Ensemble.Weights(alone.State, 1).Data.ToArray(),
            traced.Ensemble.Weights(traced.State, 1).Data[..(32 * 8)].ToArray());
    }

    [Theory, InlineData("", 8), InlineData(""", "paths": 4 """, 4)]
    public void The_paths_at_a_node_are_those_asked_for(string paths, int expected)
    {
        var model = Build(Langevin, limit: $$""" "types": [{ "rule": "gauss", "nodes": 5 }]{{paths}} """);
        Assert.Equal(5 * 5 * expected, ILimit.Of(model).Begin(new()).Movers[0].Ensemble.Massive(1));
        Assert.Contains($"\"paths\": {expected}", ProblemFile.Write(model.Problem), StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_are_written_out_only_where_there_are_any() =>
        Assert.DoesNotContain("paths", ProblemFile.Write(Build(Shared).Problem), StringComparison.Ordinal);

    [Fact]
    public void Noise_has_steps_of_its_own_whatever_the_method_of_the_limit()
    {
        // 400 nodes, 800 parameters.
        const string bdf = """ "types": [{ "rule": "sobol", "nodes": 400 }], "method": "bdf" """;
        Assert.Contains("bdf takes at most 512 parameters", Assert.Throws<ProblemException>(() =>
            Build("\"dynamics\": \"flow\"", limit: bdf)).Message, StringComparison.Ordinal);
        Assert.True(ILimit.Of(Build(Langevin, limit: bdf)).Fits);
    }

    /// <summary>
    /// The density on a grid is another kind of limit: the predictions of particles differ from its own by no more than
    /// both errors, but for one of 12 seeds (twice the larger of two differences to independent laws covers a normal error
    /// in 96 %).
    /// </summary>
    [Theory, InlineData(Langevin), InlineData(PerParticle)]
    public void The_stated_error_holds_against_the_density(string training)
    {
        const string frozen = """{ "law": "constant", "value": 2 }, "rate": { "schedule": "constant", "value": 0 }""";
        Model Of(long seed) => Build(training, frozen, 64, seed, """ "density": {}, """);
        var grid = Certifier.Solve(new GridLimit(Of(1)) { Grid = NeuronCoordinates.Of(Of(1)).Grid(512), Step = 0.005 },
            new());
        Assert.InRange(grid.Error.Total, 0, 1e-3);
        var missed = Enumerable.Range(1, 12).Count(seed =>
        {
            var law = Small.Solve(Of(seed));
            Assert.InRange(law.Error.Time, 1e-7, law.Error.Total);
            return law.Trajectory.LargestRmsDistance(grid.Trajectory) > law.Error.Total + grid.Error.Total;
        });
        Assert.InRange(missed, 0, 1);
    }

    [Theory]
    [InlineData(Langevin, "$.network.layers", "two layers, got 3", "",
        """{ "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },""")]
    [InlineData(PerParticle, "$.network.layers", "use two, or shared noise", "",
        """{ "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },""")]
    [InlineData(Langevin, "$.network.biases", "got trained|use frozen or none", """ "biases": "trained", """)]
    [InlineData(Langevin, "$.limit.paths", "must be even|got 3; use 4", "", "", """ "paths": 3 """)]
    [InlineData(Langevin, "$.limit.paths", "at least 2, got 0", "", "", """ "paths": 0 """)]
    [InlineData(Shared, "$.limit.paths", "no noise of their own, got 4; remove it", "", "", """ "paths": 4 """)]
    [InlineData(Langevin, "$.limit.types[0]", "use fewer nodes or paths", "", "", """ "paths": 2000000000 """)]
    [InlineData(Langevin, "$.limit.accuracy", "got 0.001; give types", "", "", """ "accuracy": 0.001 """)]
    public void What_has_no_law_is_refused(string training, string path, string fragments, string network = "",
        string hidden = "", string limit = "")
    {
        var refusal = Assert.Throws<ProblemException>(() =>
            Build(training, network: network, hidden: hidden, limit: limit)).Message;
        Assert.Contains(path, refusal, StringComparison.Ordinal);
        Assert.All(fragments.Split('|'), f => Assert.Contains(f, refusal, StringComparison.Ordinal));
    }
}
