using System.Text.Json;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Validation.Reports;
using MeanFieldLimit.Validation.Studies;
using MeanFieldLimit.Validation.Studies.Coupling;
using MeanFieldLimit.Validation.Studies.Stability;

namespace MeanFieldLimit.Validation.Tests.Studies.Stability;

public class StabilityStudyTests
{
    /// <summary>Of an independent program (NumPy), by the matrix of the second moments, confirmed over all batches
    /// there.
    /// </summary>
    private static readonly double[] Largest =
        [0.05542731905889584, 0.109635644419, 0.2140121856777251, 0.4031909117722421];

    private static readonly int[] Batches = [1, 2, 4, 8];

    private static readonly Lazy<(Model Model, StudyResult Result)> Example = new(() =>
    {
        var model = Small.Stability(new() { Widths = [16, 64], Seeds = 2 });
        return (model, Small.Run(new StabilityStudy(), model));
    });

    private static StudyResult Result => Example.Value.Result;

    [Fact]
    public void Largest_steps_are_those_of_an_independent_program_and_in_the_summary()
    {
        using var summary = JsonDocument.Parse(
            Summary.Of(Example.Value.Model, new StabilityStudy(), Result, Small.Info));
        var list = summary.RootElement.GetProperty("stability").EnumerateArray().ToArray();
        Assert.Equal(Batches, list.Select(e => e.GetProperty("batch").GetInt32()));
        Assert.All(list.Zip(Largest), e =>
            Assert.Equal(e.Second, e.First.GetProperty("largestStep").GetDouble(), 1e-12));
        Assert.All(list, e =>
        {
            Assert.True(e.GetProperty("oneStep").GetDouble() <= e.GetProperty("largestStep").GetDouble() * (1 + 1e-12));
            Assert.True(e.GetProperty("alongDirections").GetDouble()
                >= e.GetProperty("largestStep").GetDouble() * (1 - 1e-12));
            Assert.True(e.GetProperty("withReplacement").GetDouble()
                <= e.GetProperty("largestStep").GetDouble() * (1 + 1e-12));
        });
        // The slide's bound, of sharpness and non-uniformity.
        Assert.Equal([0.08033085978834899, 0.21253547760397015], new[] { list[0], list[2] }.Select(e =>
            e.GetProperty("twoConditions").GetDouble()), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Contains("alone would forbid stable steps on batches of 4.", Result.Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_bracket_the_largest_steps_within_five_percent()
    {
        foreach (var rows in Result.Table("study-paths").Rows.Chunk(2))
        {
            foreach (var row in rows)
            {
                double exact = (double)row[2], simulated = (double)row[3], half = (double)row[5] - simulated;
                // Four standard errors are two halves of a 95 % interval, and some.
                Assert.InRange(simulated, exact - 4 / 1.96 * half, exact + 4 / 1.96 * half);
            }
            Assert.Equal(0.95 / 1.05, (double)rows[0][1] / (double)rows[1][1], 1e-12);
            Assert.True((double)rows[0][5] < 1 && (double)rows[1][4] > 1);
        }
        Assert.Contains("Paths shrink at 95 % of each of these steps", Result.Headline, StringComparison.Ordinal);
    }

    /// <summary>A NumPy program, 400 paths of 12000 steps: at 1.0046 of the step on batches of 1 the exponent is
    /// -0.00003(2), at 1.05 of it 0.00999(3).</summary>
    [Fact]
    public void Almost_every_path_stays_a_little_longer()
    {
        var row = Result.Table("study").Rows.First();
        double value = (double)row[2], half = (double)row[4] - value;
        Assert.InRange(1.0047 * Largest[0], value - 4 / 1.96 * half, value + 4 / 1.96 * half);
        Assert.InRange(half, 0, 0.003 * Largest[0]);
        var growth = Result.Table("study-growth").Rows.Single(r => (int)r[0] == 1
            && Math.Abs((double)r[1] / Largest[0] - 1.05) < 1e-9);
        Assert.InRange(0.00999, 2 * (double)growth[6] - (double)growth[5], 2 * (double)growth[7] - (double)growth[5]);
    }

    /// <summary>
    /// To first order 2 / lambda_max changes by the mean of (u w)^2 over N neurons, u the principal direction of the
    /// inputs and w of entries +-1, whose variance is 2 (1 - sum u_j^4).
    /// </summary>
    [Fact]
    public void Networks_have_the_largest_steps_of_the_limit_to_one_over_root_N()
    {
        const int seeds = 48, widest = 1024;
        var model = Small.Stability(new() { Widths = [64, 256, widest], Seeds = seeds });
        var result = Small.Run(new StabilityStudy(), model.With(model.Problem with
        {
            Training = model.Problem.Training with { Time = 0.01 },
            Stability = new() { Batches = [1, 8] },
        }));
        var x = new DenseMatrix(12, 8, [.. model.Data.Train.X]);
        var u = x.TransposeAndMultiply(x).Evd(Symmetricity.Symmetric).EigenVectors.Column(11);
        var all = Math.Sqrt(2 * (1 - u.Sum(v => Math.Pow(v, 4))) / widest);
        // Of B = 1 by NumPy, from derivatives of the largest step along each of the 66 entries of the mean of w w'.
        foreach (var (batch, theory) in new[] { (1, 1.3140752 / Math.Sqrt(widest)), (8, all) })
        {
            var rms = (double)result.Table("study-networks").Rows.Last(r => (int)r[0] == batch)[2];
            Assert.InRange(rms / theory, 1 - 4 / Math.Sqrt(2 * seeds), 1 + 4 / Math.Sqrt(2 * seeds));
        }
        foreach (var batch in new[] { 1, 8 })
        {
            var rate = result.Findings.Single(f => f.Name == $"width-{batch}");
            Assert.InRange(-0.5, rate.Low, rate.High);
        }
    }

    /// <summary>
    /// Gradient descent of a network that is not linear, in the metric of masses: from beside its fit it goes back with
    /// steps of 0.95 of the largest, away with 1.05.
    /// </summary>
    [Fact]
    public void A_trained_network_itself_is_stable_below_and_not_above()
    {
        var model = Small.Build("""
            { "data": { "kind": "points", "x": [[-1, 0.5], [0.4, 1], [1.3, -0.2]], "y": [[-0.5], [0.7], [0.4]] },
              "network": { "biases": "trained", "layers": [
                { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
                { "weights": { "law": "gaussian", "mean": 0.5, "std": 1 }, "activation": "tanh" },
                { "weights": { "law": "gaussian", "mean": 1, "std": 1 },
                  "rate": { "schedule": "constant", "value": 2 } } ] },
              "training": { "loss": "squared", "time": 200, "tolerance": 1e-9 },
              "couple": { "widths": [6], "seeds": 1, "tracers": 0 }, "stability": { "batches": [3] } }
            """);
        var run = new SideBySide(model, new(), 0, [(6, model.Dynamics)], traced: null);
        var trained = run.Trained(0);
        Assert.InRange(trained.Trajectory.Train[^1].Risk, 0, 1e-12);
        var largest = new EndOfTraining(model).OfNetwork(trained, 6, 0, new()).LargestSteps.Single();
        double Moved(double factor)
        {
            var (network, state) = (model.Sample([6, 6], 0), trained.Result.State.ToArray());
            for (var i = 0; i < state.Length; i++) state[i] += 1e-6 * Math.Sin(i + 1);
            var velocity = new double[state.Length];
            var field = new MeanFieldVelocity(network, model.Loss, new FullExpectation(model.Data.Train),
                new ManagedEngine(1), model.Schedules);
            double Risk()
            {
                var predictor = new Predictor(network, model.Data.Train, new ManagedEngine(1));
                predictor.Predict(state);
                return predictor.Measure(model.Loss).Risk;
            }
            var before = Risk();
            for (var k = 0; k < 60; k++)
            {
                field.Evaluate(0, state, velocity);
                for (var i = 0; i < state.Length; i++) state[i] += factor * largest * velocity[i];
            }
            return Risk() / before;
        }
        Assert.InRange(Moved(0.95), 0, 0.1);
        Assert.InRange(Moved(1.05), 10, double.PositiveInfinity);
    }

    [Fact]
    public void Steps_that_are_asked_for_have_a_verdict_and_fits_that_are_not_exact_are_said()
    {
        var model = Small.Stability(new() { Widths = [16, 64], Seeds = 2 });
        var result = Small.Run(new StabilityStudy(), model.With(model.Problem with
        {
            Training = model.Problem.Training with { Time = 0.1 },
            Stability = new() { Batches = [8], Steps = [0.3, 0.5] },
        }));
        var rows = result.Table("study-steps").Rows.ToArray();
        Assert.Equal(["yes", "no"], rows.Select(r => (string)r[2]));
        Assert.All(rows, r => Assert.Equal((string)r[2] == "yes", (double)r[3] < 1));
        Assert.Contains("The fit is not exact", result.Headline, StringComparison.Ordinal);
        Assert.Contains("Not all networks of width 16, 64 fit", result.Headline, StringComparison.Ordinal);
        Assert.DoesNotContain("The fit is not exact", Result.Headline, StringComparison.Ordinal);
    }

    /// <summary>A constant is no fit of labels that differ, wherever their mean is.</summary>
    [Fact]
    public void Misfits_are_relative_to_the_variance_of_the_labels()
    {
        var model = Small.Stability(new() { Widths = [16], Seeds = 1 });
        var points = (PointsData)model.Problem.Data;
        var far = Model.Build(model.Problem with
        {
            Data = points with { Y = [.. points.Y.Select(y => new[] { y[0] + 100 })] },
        });
        var variance = points.Y.Average(y => y[0] * y[0]) - Math.Pow(points.Y.Average(y => y[0]), 2);
        // Half-squared: the risk of the mean of the labels is half of their variance.
        Assert.Equal(1, new EndOfTraining(far).Misfit(variance / 2), 1e-10);
        Assert.Equal(1, new EndOfTraining(model).Misfit(variance / 2), 1e-12);
        Assert.InRange(Result.Findings.Single(f => f.Name == "misfit").Value, 0, 1e-6);
    }

    [Fact]
    public void What_is_not_known_or_not_confirmed_is_said_with_its_reason()
    {
        var batches = (IReadOnlyList<BatchMeasurement>)Result.Parts["stability"];
        string Headline(LimitEnd end, params BatchMeasurement[] of) => string.Join(" ",
            StabilityResult.Sentences(of, end, 0, new Dictionary<int, double>()));
        var first = batches[0];
        Assert.Contains("The error of the steps is not known: the limit on other nodes ended early at t = 2.",
            Headline(new([], [double.NaN]) { Untold = "ended early at t = 2" }, first), StringComparison.Ordinal);
        Assert.Contains("The steps are known to 10.0 % by limits on other nodes: use more nodes.",
            Headline(new([], [0.1 * first.LargestStep]), first), StringComparison.Ordinal);
        var off = first.Above with { Exact = first.Above.Simulated.High * 1.2 };
        Assert.Contains("On batches of 1 they grow otherwise than the operator has it",
            Headline(new([], [0]), first with { Above = off }), StringComparison.Ordinal);
        Assert.DoesNotContain("otherwise", Headline(new([], [0, 0, 0, 0]), [.. batches]), StringComparison.Ordinal);
    }

    /// <summary>All batches of powers of two, and of all points, where none are given.</summary>
    [Fact]
    public void Batches_are_powers_of_two_and_all_points_where_none_are_given()
    {
        var model = Small.Stability(new() { Widths = [16], Seeds = 1 });
        var points = (PointsData)model.Problem.Data;
        var six = Model.Build(model.Problem with
        {
            Data = points with { X = [.. points.X.Take(6)], Y = [.. points.Y.Take(6)] },
            Stability = null,
        });
        Assert.Equal([1, 2, 4, 6], new EndOfTraining(six).Batches);
    }

    [Fact]
    public void Problems_without_a_fit_of_equal_points_are_refused()
    {
        var model = Small.Stability(new() { Widths = [16], Seeds = 1 });
        var (problem, points) = (model.Problem, (PointsData)model.Problem.Data);
        Refuses(problem with { Stability = new() { Batches = [1, 9] } }, "$.stability.batches[1]: a batch must have " +
            "at most the 8 training points, got 9; use a smaller one");
        Refuses(problem with { Stability = new() { Batches = [0] } }, "$.stability.batches[0]: batches must be at " +
            "least 1, got 0; use a positive number of points");
        Refuses(problem with { Stability = new() { Batches = [4, 2] } }, "$.stability.batches[1]: batches must be " +
            "strictly increasing, got 2 after 4; sort them and name each once");
        Refuses(problem with { Stability = new() { Steps = [0] } }, "$.stability.steps[0]: steps must be ");
        Refuses(problem with { Training = problem.Training with { Loss = "huber" } }, "$.training.loss: loss must be " +
            "squared or half-squared for stability, whose fit is exact, got huber; use half-squared");
        Refuses(problem with { Training = problem.Training with { WeightDecay = 0.1 } }, "$.training.weightDecay: " +
            "weightDecay must be 0 for stability, or no fit is a minimum, got 0.1; remove it");
        Refuses(problem with { Training = problem.Training with { Dynamics = DynamicsKind.Langevin } },
            "$.training.dynamics: dynamics must be flow or sgd for stability, which end at a fit, got langevin; " +
            "use flow");
        Assert.Contains("scaling must not be given for stability, which is of the mean-field scaling, got " +
            "mean-field; remove it", Assert.Throws<ProblemException>(() =>
                new StabilityStudy().Plan(Small.Lazy(), 1)).Message,
            StringComparison.Ordinal);
        Refuses(problem with { Data = points with { Masses = [1, 1, 1, 1, 1, 1, 1, 2] } }, "$.data: points must have " +
            "equal masses for stability, whose batches have no point twice, got others; remove the masses, or use a " +
            "sample");
        Refuses(problem with { Data = points with { Y = [.. points.Y.Select(y => new[] { y[0], 1 })] } }, "$.data: " +
            "points must have one output for stability, got 2; use one");
        var layers = problem.Network.Layers;
        Refuses(problem with
        {
            Network = problem.Network with
            {
                Layers = [layers[0] with { Constraint = WeightConstraint.Sphere }, layers[1]],
            },
            Limit = problem.Limit with { Types = [new SobolSpec { Nodes = 16 }] },
        }, "$.network.layers[0].constraint: constraint must be none or starts-on-sphere for stability, whose steps " +
            "leave the sphere, got sphere; remove the constraint");
        Assert.EndsWith("then 2 x 0 MB for second moments of batches", new StabilityStudy().Plan(model, 2).Memory,
            StringComparison.Ordinal);
        var frozen = layers[1] with { Rate = new ConstantRate { Value = 0 } };
        Refuses(problem with
        {
            Network = problem.Network with { Layers = [layers[0], layers[1] with { Interaction = "gated" }] },
        }, "$.network.layers[1].interaction: interaction must be weighted-sum for stability, got gated; " +
            "remove the key");
        // Nothing that is trained.
        var still = Model.Build(problem with { Network = problem.Network with { Layers = [layers[0], frozen] } });
        Assert.Contains("got a tangent kernel of 0; train a layer", Assert.Throws<ProblemException>(() =>
            Small.Run(new StabilityStudy(), still)).Message, StringComparison.Ordinal);
    }

    private static void Refuses(Problem problem, string rule)
    {
        var thrown = Assert.Throws<ProblemException>(() => new StabilityStudy().Plan(Model.Build(problem), 1));
        Assert.Contains(rule, thrown.Message, StringComparison.Ordinal);
    }
}
