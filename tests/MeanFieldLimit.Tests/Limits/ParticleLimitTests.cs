using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Tests.Limits;

public class ParticleLimitTests
{
    private static Model Build(string training, string types,
        string layer = """{ "law": "gaussian", "mean": 0.5, "std": 1 }""",
        string data = """{ "kind": "synthetic", "dimension": 2, "points": 12, "target": "sine-square", "test": 3 }""",
        string activation = "tanh") =>
        Model.Build(ProblemFile.Parse("test.json", System.Text.Encoding.UTF8.GetBytes($$"""
            {
              "data": {{data}},
              "network": { "biases": "trained", "layers": [
                { "weights": {{layer}}, "activation": "{{activation}}" },
                { "weights": {{layer}}, "activation": "{{activation}}" },
                { "weights": {{layer}} }
              ] },
              "training": { "loss": "half-squared", "time": 1, {{training}} },
              "limit": { {{types}} },
              "record": { "saves": 4 }
            }
            """)), null);

    private static LimitSolution Solve(Model model) =>
        Certifier.Solve(new ParticleLimit(model), new());

    private static string Gauss(int n) => $$"""
        "types": [{ "rule": "gauss", "nodes": {{n}} }, { "rule": "gauss", "nodes": {{n}} }]
        """;

    [Theory, InlineData("tanh", 24), InlineData("relu", 40)]
    public void The_estimate_covers_the_error_against_a_much_finer_limit(string activation, int finest)
    {
        // Fixed steps: adaptive ones follow the kinks of ReLU at length, and the error of types is the question.
        const string steps = ", \"method\": \"runge-kutta-4\", \"step\": 0.05";
        var reference = Solve(Build("\"dynamics\": \"flow\"", Gauss(finest) + steps, activation: activation));
        foreach (var nodes in new[] { 1, 2, 4, 6, 9, 13 })
        {
            var solution = Solve(Build("\"dynamics\": \"flow\"", Gauss(nodes) + steps, activation: activation));
            var error = solution.Trajectory.LargestRmsDistance(reference.Trajectory);
            Assert.InRange(error, 0, solution.Error.Total);
        }
    }

    [Fact]
    public void The_time_part_covers_the_error_of_a_loose_tolerance_and_of_a_fixed_step()
    {
        var reference = Solve(Build("\"dynamics\": \"flow\"", Gauss(6) + ", \"tolerance\": 1e-11")).Trained.Trajectory;
        foreach (var method in new[] { "\"tolerance\": 1e-4", "\"method\": \"euler\", \"step\": 0.05",
            "\"method\": \"euler\", \"step\": 0.5", "\"method\": \"runge-kutta-4\", \"step\": 0.25" })
        {
            var solution = Solve(Build("\"dynamics\": \"flow\"", $"{Gauss(6)}, {method}"));
            var error = solution.Trajectory.LargestRmsDistance(reference);
            Assert.True(error > 1e-9, $"{method}: the error {error} is too small to test an estimate with");
            Assert.InRange(error, 0, 2 * solution.Error.Time);      // the estimate is made on fewer nodes
        }
    }

    [Fact]
    public void A_network_of_constants_is_its_own_limit_under_flow_and_under_sgd()
    {
        foreach (var (training, limit) in new[] { ("\"dynamics\": \"flow\"", ""),
            ("\"dynamics\": \"sgd\", \"step\": 0.05, \"batch\": 3", "\"dynamics\": \"sgd\"") })
        {
            var model = Build(training, limit, """{ "law": "constant", "value": 0.7 }""");
            var solution = Solve(model);
            Assert.Equal([1, 1], solution.Nodes);
            Assert.Equal(0, solution.Error.Types);
            var network = Run.Of(model, model.Embedding.Sample([7, 5], 3), model.Dynamics, model.NetworkDraw(0), new()).Complete().Trained;
            // Under flow the network's tolerance is 1e-5; under SGD both take the same steps on the same batches.
            var tolerance = limit == "" ? 1e-4 : 1e-12;
            Assert.InRange(network.Trajectory.LargestRmsDistance(solution.Trajectory), 0, tolerance);
        }
    }

    [Fact]
    public void Random_rules_estimate_their_error_from_another_randomisation()
    {
        var sobol = """ "types": [{ "rule": "sobol", "nodes": 256 }, { "rule": "sobol", "nodes": 256 }] """;
        var random = sobol.Replace("sobol", "monte-carlo", StringComparison.Ordinal);
        var exact = Solve(Build("\"dynamics\": \"flow\"", Gauss(16))).Trained.Trajectory;
        double Error(LimitSolution s) => s.Trained.Trajectory.LargestRmsDistance(exact);
        var (fine, coarse) = (Solve(Build("\"dynamics\": \"flow\"", sobol)),
            Solve(Build("\"dynamics\": \"flow\"", random)));
        Assert.True(Error(fine) < Error(coarse), $"Sobol errs by {Error(fine)}, Monte Carlo by {Error(coarse)}");
        // Twice the larger of two differences of independent errors: above the error, barring an accident of 1 in 20.
        Assert.InRange(fine.Error.Types / Error(fine), 1, 20);
        Assert.InRange(coarse.Error.Types / Error(coarse), 1, 20);
    }

    [Fact]
    public void A_limit_of_the_flow_against_sgd_on_fresh_data_counts_the_error_of_its_sample()
    {
        var sgd = Solve(Build("\"dynamics\": \"sgd\", \"step\": 0.05, \"batch\": 3", Gauss(4)));
        Assert.True(sgd.Error.Data > 0.01, $"12 points stand for a continuous law: got {sgd.Error.Data}");
        Assert.Equal(0, Solve(Build("\"dynamics\": \"flow\"", Gauss(4))).Error.Data);
    }

    [Fact]
    public void A_limit_that_diverges_says_when_and_where()
    {
        // Euler far beyond its stability bound: weights of size 40 give a Hessian of order 40^4.
        var solution = Solve(Build("\"dynamics\": \"flow\"", Gauss(3) + ", \"method\": \"euler\", \"step\": 0.05",
            """{ "law": "gaussian", "mean": 40, "std": 1 }""", activation: "quadratic"));
        Assert.Equal(RunStatus.NonFinite, solution.Trained.Result.Status);
        Assert.InRange(solution.Trained.DivergedLayer, 1, 3);
        Assert.True(solution.Trained.Result.State.All(double.IsFinite));
        Assert.Single(solution.Trajectory.Times);
        Assert.True(double.IsNaN(solution.Error.Total));
    }

    [Fact]
    public void A_limit_far_too_stiff_for_its_method_ends_soon_and_says_so()
    {
        // Weights of size 20 in a quadratic network of three layers: explicit steps stay at 4e-11 until t = 5.
        const string wide = """{ "law": "gaussian", "std": 20 }""";
        const string others = """{ "law": "gaussian", "mean": 0.5, "std": 1 }""";
        var solution = Solve(Model.Build(ProblemFile.Parse("test.json", System.Text.Encoding.UTF8.GetBytes($$"""
            {
              "data": { "kind": "points", "x": [[1, 0.5], [-1, 0.3], [0.2, -0.7]], "y": [[1], [0], [-0.5]] },
              "network": { "layers": [ { "weights": {{wide}}, "activation": "quadratic" },
                { "weights": {{others}}, "activation": "quadratic" }, { "weights": {{others}} } ] },
              "training": { "loss": "half-squared", "time": 5 },
              "limit": { {{Gauss(4)}} }
            }
            """)), null));
        Assert.Equal(RunStatus.TooSlow, solution.Trained.Result.Status);
        Assert.InRange(solution.Trained.Result.Steps, 1, 100_000);
    }

    [Fact]
    public void One_node_in_many_coordinates_has_an_unknown_error_and_no_grid_to_compare_with()
    {
        var solution = Solve(Build("\"dynamics\": \"flow\"", Gauss(1),
            data: """{ "kind": "synthetic", "dimension": 60, "points": 12, "target": "sine-square" }"""));
        Assert.Equal([1, 1], solution.Nodes);
        Assert.Equal(RunStatus.Completed, solution.Trained.Result.Status);
        Assert.True(double.IsNaN(solution.Error.Types), $"got {solution.Error.Types}");
    }

    [Theory]
    [InlineData("dormand-prince-8", 1e-10), InlineData("chebyshev", 1e-6), InlineData("bdf", 1e-6), InlineData("auto", 1e-8)]
    public void Every_method_gives_the_same_limit(string method, double tolerance)
    {
        var reference = Solve(Build("\"dynamics\": \"flow\"", Gauss(2) + ", \"tolerance\": 1e-11"));
        var other = Solve(Build("\"dynamics\": \"flow\"",
            $"{Gauss(2)}, \"method\": \"{method}\", \"tolerance\": {tolerance:0e0}"));
        var error = other.Trajectory.LargestRmsDistance(reference.Trajectory);
        Assert.InRange(error, 0, 100 * tolerance);
        Assert.InRange(error, 0, 2 * other.Error.Time + 1e-9);      // the estimate is made on fewer nodes
        Assert.StartsWith(method, other.Trained.Result.InWords);
    }

    [Fact]
    public void Auto_goes_over_to_chebyshev_on_a_stiff_limit_with_the_same_answer_for_less()
    {
        // Inputs of size 60: the fast directions settle early and bound explicit steps ever after.
        const string data = """
            { "kind": "points", "x": [[60, 1], [-45, 0.5], [30, -1], [-66, -0.5], [15, 2]], "y": [[1], [-1], [0.5], [-1], [0]] }
            """;
        LimitSolution Limit(string method) => Solve(Build("\"dynamics\": \"flow\"",
            $"{Gauss(5)}, \"method\": \"{method}\", \"tolerance\": 1e-4", data: data, activation: "softplus"));
        var (auto, plain) = (Limit("auto"), Limit("dormand-prince"));
        Assert.Contains("chebyshev", auto.Trained.Result.InWords);
        Assert.True(2 * auto.Trained.Result.Evaluations < plain.Trained.Result.Evaluations,
            $"{auto.Trained.Result.Evaluations} against {plain.Trained.Result.Evaluations}");
        Assert.InRange(auto.Trajectory.LargestRmsDistance(plain.Trajectory), 0, auto.Error.Time + plain.Error.Time);
    }

    [Theory, InlineData("dormand-prince"), InlineData("dormand-prince-8"), InlineData("auto")]
    public void A_rate_that_jumps_is_time_that_slows_down(string method)
    {
        // Rate 1 until t = 0.37 and 1/10 from there to t = 1, in all layers: the limit at time 0.37 + 0.063.
        Trajectory Limit(double time, bool jumps)
        {
            var plain = Build("\"dynamics\": \"flow\"", $"{Gauss(3)}, \"method\": \"{method}\", \"tolerance\": 1e-6");
            var problem = plain.Problem;
            return Solve(plain.With(problem with
            {
                Training = problem.Training with { Time = time },
                Network = problem.Network with
                {
                    Layers = [.. problem.Network.Layers.Select(l =>
                        l with { Rate = !jumps ? null : new PiecewiseRate { Times = [0.37], Values = [1, 0.1] } })],
                },
            })).Trajectory;
        }
        var (jumping, plain) = (Limit(1, jumps: true), Limit(0.433, jumps: false));
        Assert.InRange(jumping.RmsDistance(plain, 4), 0, 1e-5);
    }

    [Fact]
    public void A_limit_too_large_for_bdf_is_refused()
    {
        var error = Assert.Throws<ProblemException>(() =>
            Build("\"dynamics\": \"flow\"", Gauss(8) + ", \"method\": \"bdf\""));
        Assert.Equal("$.limit.method", error.Path);
        Assert.Contains("bdf takes at most 512 parameters", error.Message);
    }

    [Theory, InlineData("none", true), InlineData("frozen", false)]
    public void Only_biases_that_there_are_count(string biases, bool fits)
    {
        // 225 nodes: 450 weights, and with biases 226 more.
        string text = $$"""
            { "data": { "kind": "points", "x": [[1]], "y": [[1]] },
              "network": { "biases": "{{biases}}", "layers": [
                { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
                { "weights": { "law": "constant", "value": 1 } } ] },
              "training": { "loss": "half-squared", "time": 1 },
              "limit": { "types": [{ "rule": "gauss", "nodes": 225 }], "method": "bdf" } }
            """;
        Model Built() => Model.Build(ProblemFile.Parse("x.json", System.Text.Encoding.UTF8.GetBytes(text)), null);
        if (fits) Assert.Equal(450, MemoryPlan.Parameters(Built()));
        else Assert.Contains("the limit has 676", Assert.Throws<ProblemException>(Built).Message);
    }

    [Fact]
    public void Grids_beyond_memory_are_refused_with_nodes_and_bytes()
    {
        var error = Assert.Throws<ProblemException>(() => Build("\"dynamics\": \"flow\"", Gauss(200),
            data: """{ "kind": "synthetic", "dimension": 4, "points": 12, "target": "sine-square" }"""));
        Assert.Contains("nodes in layer 1", error.Message);
        Assert.Contains("GB", error.Message);
        Assert.Equal("$.limit.types[0]", error.Path);
        Assert.True(error.Line > 1, error.Message);
    }

    [Fact]
    public void Save_times_are_whole_steps_under_sgd()
    {
        var times = Build("\"dynamics\": \"sgd\", \"step\": 0.03, \"batch\": 3", Gauss(2)).SaveTimes;
        Assert.Equal(0, times[0]);
        Assert.Equal(0.99, times[^1], 1e-12);
        Assert.All(times, t => Assert.Equal(Math.Round(t / 0.03), t / 0.03, 1e-9));
    }

    [Fact]
    public void Replicates_draw_their_own_batches_against_a_flow_and_share_the_limits_against_sgd()
    {
        var flow = Build("\"dynamics\": \"sgd\", \"step\": 0.05, \"batch\": 3", Gauss(2));
        Assert.NotEqual(flow.NetworkDraw(0), flow.NetworkDraw(1));
        var shared = flow.With(flow.Problem with { Limit = flow.Problem.Limit with { Dynamics = DynamicsKind.Sgd } });
        Assert.Equal(shared.LimitDraw, shared.NetworkDraw(1));
        Assert.NotEqual(Streams.SeedOf(1, 0), Streams.SeedOf(1, 1));
    }
}
