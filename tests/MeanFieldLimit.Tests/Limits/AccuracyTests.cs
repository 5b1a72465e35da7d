using MeanFieldLimit.Limits;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Limits;

public class AccuracyTests
{
    private const string Plane = """
        { "kind": "points", "x": [[1, 0.5], [0, -1], [0.7, 0.7]], "y": [[1], [-1], [0.3]] }
        """;

    private static Model Build(string limit, string data = Plane, string training = "\"time\": 1") =>
        Model.Build(ProblemFile.Parse("test.json", System.Text.Encoding.UTF8.GetBytes($$"""
            {
              "data": {{data}},
              "network": { "layers": [
                { "weights": { "law": "gaussian", "std": 0.7 }, "activation": "tanh" },
                { "weights": { "law": "uniform", "low": 0, "high": 2 }, "activation": "tanh" },
                { "weights": { "law": "gaussian", "mean": 1, "std": 0.5 } }
              ] },
              "training": { "loss": "half-squared", {{training}} },
              "limit": { {{limit}} },
              "record": { "saves": 4 }
            }
            """)), null);

    private static LimitSolution Solve(Model model) =>
        Certifier.Solve(new ParticleLimit(model), new());

    private static string Gauss(int first, int second) => $$"""
        "tolerance": 1e-11, "types": [{ "rule": "gauss", "nodes": {{first}} }, { "rule": "gauss", "nodes": {{second}} }]
        """;

    [Fact]
    public void The_error_up_to_a_save_time_is_that_of_a_run_that_ends_there()
    {
        const string limit = """
            "types": [{ "rule": "gauss", "nodes": 7 }, { "rule": "gauss", "nodes": 5 }], "method": "runge-kutta-4",
            "step": 0.125
            """;
        var whole = Solve(Build(limit, training: "\"time\": 2"));
        Assert.Equal(5, whole.Errors.Count);
        Assert.Equal(whole.Errors.Order(), whole.Errors);
        Assert.InRange(whole.Errors[^1], whole.Error.Total, double.PositiveInfinity);
        var part = Solve(Build(limit, training: "\"time\": 1"));
        Assert.Equal(part.Errors[^1], whole.ErrorUntil(2), 1e-12);
        Assert.True(double.IsNaN(whole.ErrorUntil(5)));
    }

    [Fact]
    public void Nodes_and_tolerance_are_chosen_and_the_true_error_is_below_the_accuracy()
    {
        var exact = Solve(Build(Gauss(70, 40))).Trajectory;
        var nodes = 0;
        foreach (var accuracy in new[] { 1e-2, 1e-4, 1e-6 })
        {
            var solution = Solve(Build($"\"accuracy\": {accuracy:R}"));
            Assert.True(solution.Certificate!.Reached, solution.Certificate.Text);
            Assert.InRange(solution.Error.Total, 0, accuracy);
            Assert.InRange(solution.Trajectory.LargestRmsDistance(exact), 0, accuracy);
            Assert.True(solution.Nodes[0] > nodes);
            nodes = solution.Nodes[0];

            // What was chosen is written out, without the accuracy, and gives the same limit.
            var chosen = solution.Model.Loaded.Problem;
            Assert.Null(chosen.Limit.Accuracy);
            var read = ProblemFile.Parse("again.json", System.Text.Encoding.UTF8.GetBytes(ProblemFile.Write(chosen)));
            var again = Solve(Model.Build(read, null));
            Assert.Equal(solution.Trajectory.Predictions[^1], again.Trajectory.Predictions[^1]);
            Assert.Equal(solution.Error, again.Error);
        }
    }

    [Fact]
    public void Work_that_runs_out_is_said_beforehand_with_the_part_and_the_cost()
    {
        var solution = Solve(Build("\"accuracy\": 1e-9, \"work\": 3e8"));
        var obstacle = solution.Certificate!.Obstacle!;
        Assert.False(solution.Certificate.Reached);
        Assert.StartsWith("types of layer", obstacle.Part, StringComparison.Ordinal);
        Assert.Contains("operations in all, of 3E+08 allowed", obstacle.Reason, StringComparison.Ordinal);
        Assert.True(obstacle.Error > 1e-9);
        Assert.True(obstacle.Cost!.Work > 3e8, $"got {obstacle.Cost}");
        Assert.True(solution.Certificate.Rounds.Count >= 2);
        // The cost is extrapolated from the convergence: a search with enough work takes that much, within a factor 30.
        var reached = Solve(Build("\"accuracy\": 1e-5"));
        var short5 = Solve(Build("\"accuracy\": 1e-5, \"work\": 3e7")).Certificate!;
        Assert.False(short5.Reached);
        Assert.InRange(short5.Obstacle!.Cost!.Work / reached.Work, 1.0 / 30, 30);
    }

    [Fact]
    public void A_sample_that_stands_for_a_law_bounds_the_accuracy()
    {
        var solution = Solve(Build("\"accuracy\": 1e-3",
            """{ "kind": "synthetic", "dimension": 2, "points": 12, "target": "sine-square" }""",
            "\"time\": 1, \"dynamics\": \"sgd\", \"step\": 0.05, \"batch\": 3"));
        var obstacle = solution.Certificate!.Obstacle!;
        Assert.Equal("data", obstacle.Part);
        Assert.Contains("points", obstacle.Cost!.Size, StringComparison.Ordinal);
        Assert.Single(solution.Certificate.Rounds);
    }

    [Fact]
    public void Sparse_grids_of_layer_1_approach_the_tensor_grid_level_by_level()
    {
        // w_1 in R^4, pre-activations of layer 1 with standard deviations up to 0.35.
        const string data = """
            { "kind": "points", "x": [[0.5, 0, 0, 0], [0.1, -0.2, 0.3, 0], [0, 0.2, 0.2, -0.4]], "y": [[1], [-1], [0.3]] }
            """;
        string Types(string first) => $$"""
            "tolerance": 1e-10, "coordinates": "natural", "types": [{{first}}, { "rule": "gauss", "nodes": 6 }]
            """;
        Model Trained(string first) => Build(Types(first), data);
        var exact = Solve(Trained("""{ "rule": "gauss", "nodes": 9 }""")).Trajectory;
        var errors = new List<double>();
        foreach (var level in new[] { 1, 2, 3 })
        {
            var solution = Solve(Trained($$"""{ "rule": "smolyak", "level": {{level}} }"""));
            errors.Add(solution.Trajectory.LargestRmsDistance(exact));
            Assert.InRange(errors[^1], 0, solution.Error.Total);
        }
        Assert.True(errors[1] < errors[0] / 3 && errors[2] < errors[1], string.Join(" ", errors));
    }

    [Fact]
    public void Levels_with_the_same_rule_along_a_coordinate_do_not_vouch_for_each_other()
    {
        // One coordinate in layer 1: levels 1 and 2 are the Gauss rule of 3 nodes, levels 3 and 4 that of 5.
        const string data = """{ "kind": "points", "x": [[1], [-0.5], [2]], "y": [[1], [-1], [0.3]] }""";
        LimitSolution Limit(string first) =>
            Solve(Build($"\"tolerance\": 1e-10, \"types\": [{first}, {{ \"rule\": \"gauss\", \"nodes\": 12 }}]", data));
        var exact = Limit("""{ "rule": "gauss", "nodes": 60 }""").Trajectory;
        for (var level = 1; level <= 6; level++)
        {
            var solution = Limit($"{{ \"rule\": \"smolyak\", \"level\": {level} }}");
            var error = solution.Trajectory.LargestRmsDistance(exact);
            var stated = solution.TypeErrors.Single(part => part.Layers[0] == 1).Error;
            Assert.InRange(error, 1e-7, stated);
            Assert.InRange(stated, 0, 30 * error);
        }
    }

    [Fact]
    public void The_program_chooses_rules_and_coordinates_by_the_number_of_random_coordinates()
    {
        // Six inputs: six random coordinates, or the two of the plane that the inputs span.
        const string plane = """
            { "kind": "points", "x": [[1, 0, 1, 0, 1, 0], [0, 1, 0, 1, 0, 1], [1, 1, 1, 1, 1, 1]], "y": [[1], [0], [1]] }
            """;
        var reduced = Build("", plane).Problem.Limit;
        Assert.Equal(Coordinates.Principal, reduced.Coordinates);
        Assert.IsType<GaussSpec>(reduced.Types![0]);
        var natural = Build("\"coordinates\": \"natural\"", plane).Problem.Limit;
        Assert.IsType<SobolSpec>(natural.Types![0]);
        Assert.Equal(Coordinates.Natural, Build(Gauss(3, 3)).Problem.Limit.Coordinates);
        var sobol = Build("\"types\": [{ \"rule\": \"sobol\", \"nodes\": 8 }, { \"rule\": \"gauss\", \"nodes\": 3 }]");
        Assert.Equal(Coordinates.Principal, sobol.Problem.Limit.Coordinates);
        var random = Build("", """{ "kind": "synthetic", "dimension": 40, "points": 50, "target": "linear" }""")
            .Problem.Limit;
        Assert.IsType<SobolSpec>(random.Types![0]);
    }
}
