using System.Text;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Kernels;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Tests.Limits.Scalings;

/// <summary>Initial functions, and what they are added to: nodes whose own function is 0.</summary>
public class InitialProcessTests
{
    /// <summary>U diag(sqrt lambda) z of the covariance U diag(lambda) U', to the last bit; two outputs.</summary>
    [Fact]
    public void A_draw_is_principal_axes_times_normal_numbers()
    {
        var model = Model("midpoint", "ic-mf");
        var nngp = GaussianKernels.Of(InitialFunction.Points(model.Data), KernelLayers.Of(model), new ManagedEngine(1), new()).Nngp;
        var evd = new DenseMatrix(4, 4, nngp).Evd(Symmetricity.Symmetric);
        var stream = Streams.InitialFunction(Streams.SeedOf(model.Seed, 5));
        for (var k = 0; k < 2; k++)
        {
            var z = evd.EigenVectors * DenseVector.Create(4, i => Math.Sqrt(Math.Max(0, evd.EigenValues[i].Real))
                * stream.Normal(((ulong)k << 32) + (ulong)i));
            for (var n = 0; n < 4; n++) Assert.Equal(z[n], model.InitialProcess.Draw(model.Seed, 5)[2 * n + k]);
        }
    }

    [Fact]
    public void Limits_of_one_model_share_it()
    {
        var model = Model("midpoint", "ic-mf");
        var variant = model.WithLimit(model.Problem.Limit with { Initial = new() { Draw = 3 } });
        Assert.Same(model.InitialProcess, variant.InitialProcess);
        Assert.Equal(model.InitialProcess.Draw(model.Seed, 3), InitialFunction.Values(variant));
        Assert.Equal(InitialFunction.Values(variant),
            InitialFunction.Values(model.StartingAt(model.InitialProcess.Draw(model.Seed, 3))));
    }

    [Fact]
    public void Inputs_that_are_too_large_for_a_covariance_are_refused()
    {
        var problem = Model("midpoint", "ntk").Problem;
        var error = Assert.Throws<ProblemException>(() => MeanFieldLimit.Models.Model.Build(problem with
        {
            Data = (PointsData)problem.Data with { X = [[0, 1], [1e300, 0], [1, 0]] },
        }));
        Assert.Contains("$.data: inputs must leave pre-activations of finite variance in a scaling, got Infinity for " +
            "point 1; scale them down", error.Message, StringComparison.Ordinal);
    }

    /// <summary>What nodes, or rounding, leave of the mean of a s(w x), 0 of the law, would be multiplied by 1e50.</summary>
    [Theory]
    [InlineData("sobol", "sym-default", 512)]
    [InlineData("sobol", "default", 13)]
    [InlineData("midpoint", "sym-default", 7)]
    [InlineData("sobol", "ic-mf", 512)]
    public void Nodes_start_at_the_initial_function(string rule, string kind, int nodes)
    {
        var model = Model(rule, kind, nodes);
        var limit = model.InitialLimit();
        var predictor = new Predictor(limit, model.Watched, new ManagedEngine(1));
        predictor.Predict(limit.State);
        Assert.Equal(InitialFunction.Values(model), predictor.Predictions);
    }

    /// <summary>The error of random nodes is what the certificate of types says, also where margins saturate.</summary>
    [Theory]
    [InlineData("ic-mf")]
    [InlineData("sym-default")]
    public void Random_nodes_are_near_a_grid(string kind)
    {
        var grid = Solve(Model("midpoint", kind));
        var (model, f0) = (Model("sobol", kind), Model("midpoint", kind).InitialProcess.Draw(1, 0));
        Assert.Equal(f0, InitialFunction.Values(model));
        var sobol = Certifier.Solve(ILimit.Of(model), new());
        Assert.InRange(sobol.Error.Types, 1e-4, 0.1);
        Assert.InRange(sobol.Trajectory.LargestRmsDistance(grid), 1e-6, sobol.Error.Types);
    }

    private static Trajectory Solve(Model model) => ILimit.Of(model).Begin(new Machine()).Complete().Trained.Trajectory;

    private static Model Model(string rule, string kind, int? nodes = null) => MeanFieldLimit.Models.Model.Build(ProblemFile.Parse("process",
        Encoding.UTF8.GetBytes($$"""
            {
              "data": { "kind": "points", "x": [[1.2, 0.3], [0.5, -1.2], [-0.9, 0.8]], "y": [[1, 0], [0, 1], [1, 0]],
                "xTest": [[0.2, 0.4]], "yTest": [[1, 0]] },
              "network": { "layers": [
                { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
                { "weights": { "law": "gaussian", "std": 1 } } ] },
              "scaling": { "kind": "{{kind}}", "width": 16 },
              "training": { "loss": "softmax-cross-entropy", "time": 1, "method": "euler", "step": 1 },
              "limit": { "method": "euler", "step": 1, "types": [{ "rule": "{{rule}}", "nodes": {{nodes ?? (rule == "midpoint" ? 16 : 512)}}{{(rule == "midpoint" ? ", \"last\": 6" : "")}} }] },
              "record": { "saves": 1 }
            }
            """)), null);
}
