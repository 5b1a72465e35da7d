using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Studies;
using MeanFieldLimit.Validation.Studies.Densities;

namespace MeanFieldLimit.Validation.Tests.Studies.Densities;

/// <summary>The whole study at small size: what must hold of a gradient flow solved in any way.</summary>
public class DensityStudyTests
{
    private const string Line = """{ "law": "constant", "value": 2 }, "rate": { "schedule": "constant", "value": 0 }""";
    private const string Plane = """{ "law": "gaussian", "std": 1 }""";

    private static Model Build(string outgoing, string density, string types, string training = "") => Small.Build($$"""
        { "name": "small", "data": { "kind": "points", "x": [[-1], [0.4], [1.3]], "y": [[-1], [0.7], [1]] },
          "network": { "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" }, { "weights": {{outgoing}} } ] },
          "training": { "loss": "half-squared", "time": 0.5 {{training}} }, "limit": { "types": [{{types}}] },
          "record": { "saves": 4 }, "density": { "cells": 48, "width": 100 {{density}} } }
        """);

    private static double Value(StudyResult result, string name) => result.Findings.Single(f => f.Name == name).Value;

    [Theory, InlineData(""), InlineData(""", "weightDecay": 0.2"""),
     InlineData(""", "dynamics": "langevin", "temperature": 0.05""")]
    public void On_the_line(string training)
    {
        var noisy = training.Contains("temp", StringComparison.Ordinal);
        var result = Small.Run(new DensityStudy(), Build(Line, "", noisy
            ? """{ "rule": "monte-carlo", "nodes": 400 }"""
            : """{ "rule": "gauss", "nodes": 60 }""", training));
        Assert.InRange(Value(result, "w2-grid-jko"), 0, 0.02);
        // Noise of 400 particles: E W2^2 is a few times 1/400.
        Assert.InRange(Value(result, "w2-grid-particles"), 0, noisy ? 0.3 : 0.06);
        Assert.InRange(Value(result, "predictions-grid-jko"), 0, 0.01);
        Assert.InRange(Value(result, "mass-error"), 0, 1e-12);
        Assert.InRange(Value(result, "least-mass"), 0, 1);
        Assert.InRange(Value(result, "energy-rise"), -1, 0);
        Assert.InRange(Value(result, "jko-slack"), 0, 1);
        Assert.Equal(["density", "histogram", "energy", "distances"], result.Figures.Select(f => f!.Name));
    }

    [Fact]
    public void In_the_plane()
    {
        var result = Small.Run(new DensityStudy(), Build(Plane, "", """{ "rule": "gauss", "nodes": 12 }"""));
        // Particles and movements are the same points: what parts them is tau alone, a hundredth of 0.5.
        Assert.InRange(Value(result, "w2-particles-jko"), 1e-6, 0.01);
        // What parts them from the law are the nodes, of both.
        Assert.InRange(Value(result, "jko-error"), Value(result, "particles-error"), 1);
        Assert.Contains(" agree within their errors", result.Headline, StringComparison.Ordinal);
        Assert.InRange(Value(result, "predictions-grid-particles"), 0, 0.02);
        Assert.InRange(Value(result, "jko-slack"), 0, 1);
        Assert.InRange(Value(result, "jko-excess"), -1e-9, 1e-9);
        Assert.Equal(["phase-portrait", "density", "histogram", "energy", "distances"],
            result.Figures.Select(f => f!.Name));
    }

    /// <summary>
    /// Risk 0.18853 at t = 0.5 by explicit Euler steps of 1e-4; a study says that its particles slid.
    /// </summary>
    [Fact]
    public void Particles_slide_on_the_kinks_of_relu()
    {
        var model = Small.Build("""
            { "data": { "kind": "points", "x": [[-1], [1]], "y": [[1], [0.5]] },
              "network": { "layers": [ { "weights": { "law": "gaussian", "std": 1 }, "activation": "relu" },
                { "weights": { "law": "gaussian", "std": 1 } } ] },
              "training": { "loss": "half-squared", "time": 0.5 }, "record": { "saves": 2 },
              "limit": { "types": [{ "rule": "gauss", "nodes": 32 }], "tolerance": 1e-7 },
              "density": { "cells": 32, "width": 50 } }
            """);
        var result = Small.Run(new DensityStudy(), model);
        var energies = result.Tables.Single(t => t.Name == "study-energy");
        double Last(string name) => (double)energies.Rows.Last()[energies.Columns.ToList().IndexOf(name)];
        Assert.Equal(0.18853, Last("particles"), 5e-6);
        Assert.Contains("The particles slid along kinks", result.Headline, StringComparison.Ordinal);
        Assert.InRange(Last("network"), 0.1, 0.4);
    }

    [Fact]
    public void Particles_in_the_plane_have_no_entropy()
    {
        var result = Small.Run(new DensityStudy(), Build(Plane, """, "step": 0.05""",
            """{ "rule": "sobol", "nodes": 64 }""", """, "dynamics": "langevin", "temperature": 0.02"""));
        Assert.Contains("no entropy", result.Headline, StringComparison.Ordinal);
        Assert.DoesNotContain(result.Findings, f => f.Name == "jko-slack");
    }

    /// <summary>
    /// Linear neurons: H_x = (m x - y) x is the same for all, hence the law stays normal, dm/dt = -E_P[H_x] and
    /// dv/dt = gamma Var_P[H_x].
    /// </summary>
    [Fact]
    public void With_the_noise_of_SGD_linear_neurons_have_the_law_of_the_closed_form()
    {
        double[] x = [-1, 0.4, 1.3], y = [-1, 0.7, 1];
        var result = Small.Run(new DensityStudy(), Small.Build("""
            { "data": { "kind": "points", "x": [[-1], [0.4], [1.3]], "y": [[-1], [0.7], [1]] },
              "network": { "layers": [ { "weights": { "law": "gaussian", "std": 1 }, "activation": "identity" },
                { "weights": { "law": "constant", "value": 1 }, "rate": { "schedule": "constant", "value": 0 } } ] },
              "training": { "loss": "half-squared", "time": 0.5, "dynamics": "sgd-diffusion", "step": 4, "batch": 2 },
              "record": { "saves": 1 },
              "limit": { "types": [{ "rule": "sobol", "nodes": 2048 }] },
              "density": { "cells": 256, "width": 50, "low": [-8], "high": [8] } }
            """));
        double mean = 0, variance = 1;
        const int steps = 100_000;
        for (var n = 0; n < steps; n++)
        {
            double[] h = [.. x.Zip(y, (a, b) => (mean * a - b) * a)];
            variance += 2 * 0.5 / steps * (h.Average(v => v * v) - h.Average() * h.Average());
            mean -= 0.5 / steps * h.Average();
        }
        var rows = result.Tables.Single(t => t.Name == "study-density").Rows.Where(r => Equals(r[0], 0.5)).ToArray();
        double Moment(Func<double, double> f) => rows.Sum(r => (double)r[2] * 16 / 256 * f((double)r[1]));
        // Cells of h = 1/16: the moments of a normal law have the variance h^2/12 = 3e-4 too much at most.
        Assert.Equal(mean, Moment(v => v), 1e-4);
        Assert.Equal(variance, Moment(v => v * v) - Math.Pow(Moment(v => v), 2), 5e-4);
        // 2048 particles: E W2^2 is a few times 1/2048.
        Assert.InRange(Value(result, "w2-grid-particles"), 0, 0.12);
        Assert.InRange(Value(result, "w2-grid-particles"), 0,
            1.5 * (Value(result, "grid-error") + Value(result, "particles-error")));
        Assert.Contains("no energy to descend", result.Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void Mass_that_leaves_the_grid_is_refused() =>
        Assert.Contains("widen low and high", Assert.Throws<ProblemException>(() =>
            Small.Run(new DensityStudy(), Build(Line, """, "low": [-5.5], "high": [5.5]""", """{ "rule": "gauss", "nodes": 8 }""",
                """, "dynamics": "langevin", "temperature": 5"""))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(Plane, """, "low": [-1], "high": [1]""", "$.density.low", "2 trained parameters of a neuron, got 1")]
    [InlineData(Line, """, "low": [-1], "high": [1]""", "$.density.low", "the grid must hold the law|0.317 lie outside")]
    [InlineData(Plane, """, "step": 1e-9""", "$.density.step", "10000000 steps, got 500000000; use a longer")]
    [InlineData(Line, """, "low": [1], "high": [-1]""", "$.density.low[0]", "below high, got 1 and -1; swap")]
    [InlineData(Line, """, "low": [1]""", "$.density.low", "one end for each coordinate, got 1 and 0")]
    [InlineData("""{ "law": "constant", "value": 2 }""", "", "$.network.layers[1].weights", "a law with a density")]
    [InlineData("""{ "law": "gaussian", "std": 1 }, "rate": { "schedule": "constant", "value": 0 }""", "",
        "$.network.layers[1].weights", "the same for all neurons|use constant")]
    [InlineData("""{ "law": "gaussian", "std": 1 }, "rate": { "schedule": "constant", "value": 2 }""", "",
        "$.network.layers[1].rate", "1 for a layer that is trained and 0")]
    public void Refuses_what_has_no_density(string outgoing, string density, string path, string fragments)
    {
        var refusal = Assert.Throws<ProblemException>(() =>
            Small.Run(new DensityStudy(), Build(outgoing, density, """{ "rule": "gauss", "nodes": 4 }""")));
        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
        Assert.All(fragments.Split('|'), f => Assert.Contains(f, refusal.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Refuses_noise_without_a_density() => Assert.All(new[]
    {
        (Plane, """ "dynamics": "sgd-diffusion", "step": 1, "batch": 1 """, "one trained parameter"),
        (Line, """ "dynamics": "sgd-diffusion", "step": 1, "batch": 1, "noise": "shared" """, "use per-particle"),
    }, wrong => Assert.Contains(wrong.Item3, Assert.Throws<ProblemException>(() => Small.Run(new DensityStudy(), Build(wrong.Item1,
        "", """{ "rule": "gauss", "nodes": 4 }""", $", {wrong.Item2}"))).Message, StringComparison.Ordinal));

    [Theory, InlineData(""" "dynamics": "langevin" """), InlineData(""" "weightDecay": 0.1 """),
     InlineData(""" "dynamics": "sgd-diffusion", "step": 1, "batch": 1 """)]
    public void Refuses_trained_biases_with_what_moves_weights_only(string training)
    {
        var refusal = Assert.Throws<ProblemException>(() => Small.Build($$"""
            { "name": "small", "data": { "kind": "points", "x": [[-1], [1]], "y": [[-1], [1]] },
              "network": { "biases": "trained", "layers": [
                { "weights": { "law": "gaussian", "std": 1 }, "bias": { "law": "gaussian", "std": 1 },
                  "activation": "tanh" }, { "weights": {{Line}} } ] },
              "training": { "loss": "half-squared", "time": 0.5, {{training}} },
              "limit": { "types": [{ "rule": "gauss", "nodes": 4 }] },
              "density": {} }
            """));
        Assert.Contains("$.network.biases", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("use frozen or none", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// Grid and minimizing movements have one limit, so that W2 of the two is at most the sum of their errors, where
    /// steps are too long as where the cells are too few for a law that grows to several times its width.
    /// </summary>
    [Theory]
    [InlineData("", """, "dynamics": "langevin", "temperature": 0.4""", 1)]
    [InlineData(""", "step": 0.005, "low": [-30], "high": [30]""", """, "dynamics": "langevin", "temperature": 3""", 1)]
    [InlineData(""", "step": 0.5""", """, "weightDecay": 2""", 4)]
    public void Stated_errors_hold_the_distance_of_the_ways(string density, string training, int width)
    {
        var result = Small.Run(new DensityStudy(), Build($$"""{ "law": "constant", "value": {{width}} }, "rate": """
            + """{ "schedule": "constant", "value": 0 }""", density, """{ "rule": "gauss", "nodes": 8 }""", training));
        Assert.InRange(Value(result, "w2-grid-jko"), 0,
            1.5 * (Value(result, "grid-error") + Value(result, "jko-error")));
    }

    /// <summary>One node is a bad law: it must not be compared with itself.</summary>
    [Fact]
    public void The_stated_error_of_one_particle_holds_its_distance_to_the_grid()
    {
        var result = Small.Run(new DensityStudy(), Build(Line, "", """{ "rule": "gauss", "nodes": 1 }"""));
        Assert.InRange(Value(result, "w2-grid-particles"), 0.5,
            1.5 * (Value(result, "grid-error") + Value(result, "particles-error")));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Contains("section density must be given", Refusal(Small.Regression()), StringComparison.Ordinal);
        var many = Build(Line, "", """{ "rule": "gauss", "nodes": 8 }""");
        many = many.With(many.Problem with
        {
            Record = many.Problem.Record with { Saves = 100_000 },
            Density = many.Problem.Density! with { Width = 1_000_000 },
        });
        Assert.Contains("must fit into memory, 100001 save times", Refusal(many), StringComparison.Ordinal);

        static string Refusal(Model model) =>
            Assert.Throws<ProblemException>(() => DensityStudy.Check(model)).Message;
    }
}
