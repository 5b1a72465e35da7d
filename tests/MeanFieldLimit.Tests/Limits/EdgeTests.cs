using MeanFieldLimit.Limits;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Limits;

/// <summary>Numbers and sizes at the edge of what a double and a memory hold.</summary>
public class EdgeTests
{
    private const string Points = """{ "kind": "points", "x": [[1, 2], [0.5, -1]], "y": [[1], [-1]] }""";

    private const string Two = """
        { "layers": [ { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
                      { "weights": { "law": "gaussian", "mean": 0.5, "std": 1 } } ] }
        """;

    private const string Flow = "\"time\": 0.5",
        Sgd = "\"time\": 0.5, \"dynamics\": \"sgd\", \"step\": 0.1, \"batch\": 1";

    private static Model Build(string data = Points, string network = Two, string training = Flow,
        string limit = "\"types\": [{ \"rule\": \"gauss\", \"nodes\": 4 }]", string more = "") =>
        Model.Build(ProblemFile.Parse("edge.json", System.Text.Encoding.UTF8.GetBytes($$"""
            { "data": {{data}}, "network": {{network}}, "training": { "loss": "half-squared", {{training}} },
              "limit": { {{limit}} }{{more}} }
            """)), null);

    private static LimitSolution Solve(Model model) =>
        Certifier.Solve(new ParticleLimit(model), new());

    private static void Refused(string path, string fragment, Action build)
    {
        var refusal = Assert.Throws<ProblemException>(build);
        Assert.Equal(path, refusal.Path);
        Assert.Contains(fragment, refusal.Rule, StringComparison.Ordinal);
        Assert.Contains("; ", refusal.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void An_input_beyond_all_kinks_is_like_any_other_that_saturates()
    {
        // tanh(w x) is 1 or -1 to the last bit at every node, for x = 1e12 and 1e155 alike.
        double Risk(double x, string coordinates) => Solve(Build(
            $$"""{ "kind": "points", "x": [[{{x.ToString("R", CultureInfo.InvariantCulture)}}, 2], [0.5, -1]], "y": [[1], [-1]] }""",
            limit: "\"types\": [{ \"rule\": \"gauss\", \"nodes\": 8 }], \"tolerance\": 1e-10, \"coordinates\": " +
                coordinates))
            .Trajectory.Train[^1].Risk;
        Assert.Equal(Risk(1e12, "\"natural\""), Risk(1e155, "\"principal\""), 1e-8);
        Assert.Equal(Risk(1e12, "\"natural\""), Risk(1e12, "\"principal\""), 1e-8);
    }

    [Fact]
    public void A_run_whose_risk_overflows_ends_as_not_finite_where_it_does()
    {
        // Nothing moves, and the loss is half of 1e155^2.
        const string still = """
            { "layers": [ { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh", "rate": { "schedule": "constant", "value": 0 } },
                          { "weights": { "law": "constant", "value": 1 }, "rate": { "schedule": "constant", "value": 0 } } ] }
            """;
        var solution = Solve(Build("""{ "kind": "points", "x": [[1]], "y": [[1e155]] }""", still));
        Assert.Equal(RunStatus.NonFinite, solution.Trained.Result.Status);
        Assert.False(double.IsFinite(solution.Trajectory.Train[^1].Risk));
        Assert.Equal([0], solution.Trajectory.Times);
        Assert.Equal(RunStatus.Completed,
            Solve(Build("""{ "kind": "points", "x": [[1]], "y": [[1e153]] }""", still)).Trained.Result.Status);
    }

    [Theory]
    [InlineData("\"gaussian\", \"mean\": 1e308, \"std\": 1e308")]
    [InlineData("\"gaussian\", \"std\": 1e305")]
    [InlineData("\"rademacher\", \"mean\": 1.7e308, \"scale\": 1.7e308")]
    public void Laws_whose_values_overflow_are_refused(string law) => Refused("$.network.layers[0].weights", "finite",
        () => Build(network: Two.Replace("\"gaussian\", \"std\": 1 }", law + " }", StringComparison.Ordinal)));

    [Fact]
    public void Features_of_laws_too_narrow_for_them_are_refused() => Refused("$.network.layers[0].weights", "narrow",
        () => Build(network: """
            { "embedding": { "kind": "correlated" }, "layers": [
                { "weights": { "law": "gaussian", "mean": 1, "std": 1e-310 }, "activation": "tanh" },
                { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
                { "weights": { "law": "gaussian", "std": 1 } } ] }
            """));

    [Fact]
    public void Generated_data_must_be_finite() => Refused("$.data", "must be finite", () => Build(
        """{ "kind": "synthetic", "dimension": 2, "points": 100, "target": "linear", "noise": 1.7e308 }"""));

    [Theory]
    [InlineData("\"dimension\": 1000, \"points\": 4, \"teacher\": { \"width\": 2147483647, \"activation\": \"tanh\" }",
        "$.data.teacher.width")]
    [InlineData("\"dimension\": 2147483647, \"points\": 400, \"target\": \"linear\"", "$.data.dimension")]
    [InlineData("\"dimension\": 1000, \"points\": 4, \"test\": 2147483647, \"target\": \"linear\"", "$.data.test")]
    [InlineData("\"dimension\": 1000, \"points\": 2147483647, \"target\": \"linear\"", "$.data.points")]
    public void Data_that_do_not_fit_are_refused_before_they_are_drawn(string data, string path) =>
        Refused(path, " GB", () => Build($$"""{ "kind": "synthetic", {{data}} }"""));

    [Fact]
    public void Batches_that_do_not_fit_are_refused_where_they_are_drawn()
    {
        // 500 outputs in one array with 2^31 - 1 points: no machine has it.
        var data = $$"""
            { "kind": "points", "x": [[1]], "y": [[{{string.Join(", ", Enumerable.Repeat(0, 500))}}]] }
            """;
        var huge = Sgd.Replace("\"batch\": 1", "\"batch\": 2147483647", StringComparison.Ordinal);
        const string types = "\"types\": [{ \"rule\": \"monte-carlo\", \"nodes\": 4 }]";
        Refused("$.training.batch", "batches", () =>
            Build(data, training: huge, limit: types + ", \"dynamics\": \"sgd\""));
        // The limit under the flow draws none.
        var model = Build(data, training: huge, limit: types);
        Refused("$.training.batch", "batches", () => MemoryPlan.CheckNetworks(model, 1));
    }

    [Fact]
    public void Records_that_do_not_fit_are_refused()
    {
        Refused("$.record.saves", "what is recorded", () => Build(
            """{ "kind": "synthetic", "dimension": 1, "points": 2000000, "target": "linear" }""",
            more: ", \"record\": { \"saves\": 100000, \"points\": 2000000 }"));
        var model = Build(more: ", \"record\": { \"saves\": 100000 }, \"couple\": { \"seeds\": 100000 }");
        Refused("$.couple.seeds", "what is recorded", () => MemoryPlan.CheckNetworks(model, 1));
    }

    [Fact]
    public void Directions_of_thousands_of_inputs_are_not_computed() => Refused("$.limit.coordinates", "4096", () =>
        Build("""{ "kind": "synthetic", "dimension": 5000, "points": 2, "target": "linear" }""",
        limit: "\"coordinates\": \"principal\", \"types\": [{ \"rule\": \"monte-carlo\", \"nodes\": 4 }]"));

    [Fact]
    public void Products_of_sizes_do_not_wrap_around()
    {
        // 2^24 x 257 is 2^24 in 32 bits.
        Assert.Contains("16777216 x 257", Assert.Throws<ArgumentException>(() =>
            Arrays.New("numbers", 1 << 24, 257)).Message, StringComparison.Ordinal);
        Assert.Equal(6, Arrays.New("numbers", 2, 3).Length);
        Assert.Empty(Arrays.New("numbers", 1L << 40, 0));
    }
}
