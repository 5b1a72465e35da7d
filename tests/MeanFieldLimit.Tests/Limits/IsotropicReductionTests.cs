using System.Text;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Tests.Limits;

/// <summary>Limits reduced to lengths: their certificates against finer runs, and networks beside them.</summary>
public class IsotropicReductionTests
{
    [Theory]
    [InlineData("tanh", 4, "gauss", 16, 1e-6)]
    [InlineData("relu", 4, "panels", 40, 2e-4)]
    public void The_certificate_covers_the_true_error(string activation, int depth, string rule, int nodes, double asked)
    {
        var solution = Solve(activation, depth, rule, nodes, 1e-7, 64);
        Assert.InRange(solution.Error.Total, 0, asked);
        // Lengths of x and, for tanh, angles, exact but for high derivatives: phi(rho, b, r) of relu has (d - 1)/2 of them
        // at rho r = |b|. Far below the error of the types.
        Assert.InRange(solution.Error.Data, 0, asked / 100);
        var finer = Solve(activation, depth, rule, rule == "gauss" ? 20 : 64, 1e-9, 72);
        Assert.InRange(solution.Trajectory.LargestRmsDistance(finer.Trajectory), 0, solution.Error.Total);
        Assert.Equal(finer.Trajectory.Train[^1].Risk, solution.Trajectory.Train[^1].Risk, solution.Error.Total);
        // It learns: the classes differ in length alone.
        Assert.InRange(solution.Trajectory.Train[^1].Risk, 0, 0.9 * solution.Trajectory.Train[0].Risk);
    }

    // Nodes are rounded up to panels of 8: two thirds of 8, 14, 15 or 16 are as many again.
    [Theory, InlineData(8), InlineData(14), InlineData(15), InlineData(16), InlineData(17), InlineData(96)]
    public void The_data_is_compared_on_other_nodes_than_its_own(int radii)
    {
        var model = Build("tanh", 3, "gauss", 4, 1e-6, radii);
        Assert.NotEqual(model.LimitModel.Data.Train.Count, model.Reduced(share: 2.0 / 3).Data.Train.Count);
    }

    [Fact]
    public void Wide_networks_in_d_dimensions_follow_the_limit_in_lengths()
    {
        var model = Build("tanh", 3, "gauss", 12, 1e-6, 64, decay: 0.2);
        var limit = Certifier.Solve(new ParticleLimit(model), new());
        double Gap(int width, int replicate)
        {
            var network = Run.Of(model, model.Embedding.Sample([width, width], (ulong)replicate), model.Dynamics,
                model.NetworkDraw(replicate), new()).Complete().Trained;
            return network.Trajectory.LargestRmsDistance(limit.Trajectory);
        }
        double Rms(int width) => Math.Sqrt(Enumerable.Range(0, 6).Average(r => Math.Pow(Gap(width, r), 2)));
        // A gap of c / sqrt(N) falls to a quarter from 8 to 128; 6 networks know its rms to 1/sqrt(12), hence to a factor
        // 2 either way with 2.4 standard deviations.
        Assert.InRange(Rms(128) / Rms(8), 0.25 / 2, 0.25 * 2);
    }

    private static LimitSolution Solve(string activation, int depth, string rule, int nodes, double tolerance, int radii) =>
        Certifier.Solve(new ParticleLimit(Build(activation, depth, rule, nodes, tolerance, radii)), new());

    private static Model Build(string activation, int depth, string rule, int nodes, double tolerance, int radii,
        double decay = 0)
    {
        var hidden = string.Concat(Enumerable.Repeat(
            $$"""{ "weights": { "law": "gaussian", "mean": 1, "std": 0.5 }, "activation": "{{activation}}" },""", depth - 2));
        // Relu is linear in rho but for its bias: few nodes do.
        var lengths = activation == "relu" ? 8 : 20;
        var middle = string.Concat(Enumerable.Repeat("""{ "rule": "gauss", "nodes": 1 },""", depth - 3));
        var text = $$"""
            { "data": { "kind": "isotropic-gaussians", "dimension": 6, "delta": 0.4, "points": 100 },
              "network": { "biases": "trained", "layers": [
                { "weights": { "law": "gaussian", "std": 0.5 }, "activation": "{{activation}}" }, {{hidden}}
                { "weights": { "law": "gaussian", "mean": 1, "std": 0.5 } }] },
              "training": { "loss": "half-squared", "time": 3, "dynamics": "sgd", "step": 0.01, "batch": 200,
                "weightDecay": {{decay.ToString(System.Globalization.CultureInfo.InvariantCulture)}} },
              "limit": { "reduction": "isotropic", "radii": {{radii}}, "tolerance": {{tolerance:R}}, "method": "dormand-prince-8",
                "types": [{ "rule": "gauss", "nodes": {{lengths}} }, {{middle}} { "rule": "{{rule}}", "nodes": {{nodes}} }] },
              "record": { "saves": 4 }, "couple": { "tracers": 0 } }
            """;
        return Model.Build(ProblemFile.Parse("test.json", Encoding.UTF8.GetBytes(text)), null);
    }
}
