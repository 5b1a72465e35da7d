using System.Text.Json;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Reports;
using MeanFieldLimit.Validation.Studies;
using MeanFieldLimit.Validation.Studies.Statics;

namespace MeanFieldLimit.Validation.Tests.Studies.Statics;

/// <summary>The problem of an independent program (NumPy), and what that found.</summary>
public class StaticsStudyTests
{
    private const double Infimum = 0.14320576743161034, Multiplier = 0.021751616794598652;

    /// <summary>1/2 E_x Var_rho*, by the variance itself.</summary>
    private const double Constant = 1.2458012178552123;

    private static readonly Lazy<(Model Model, StudyResult Result)> Example = new(() =>
    {
        var model = Model.Build(Examples.Read("statics"), null);
        return (model, Small.Run(new StaticsStudy(), model));
    });

    private static StudyResult Result => Example.Value.Result;

    private static double Of(StudyResult result, string finding) =>
        result.Findings.Single(f => f.Name == finding).Value;

    private static double Of(string finding) => Of(Result, finding);

    [Fact]
    public void The_infimum_is_that_of_an_independent_program()
    {
        Assert.Equal(Infimum, Of("infimum"), 1e-12);
        Assert.InRange(Of("duality-gap"), 0, 1e-12);
        Assert.Equal(Multiplier, Of("multiplier"), 1e-10);
        var atoms = Result.Table("study-atoms").Rows.OrderBy(r => (double)r[0]).ToArray();
        double[] angles = [2.7928216500058864, 3.2942419819850572, 4.957367643511559, 5.93441430359568];
        double[] weights = [1.0518640886417427, -1.1116224553384229, -0.28796609486094904, 0.5485473611588854];
        Assert.Equal(angles.Length, atoms.Length);
        for (var i = 0; i < atoms.Length; i++)
        {
            Assert.Equal(angles[i], (double)atoms[i][0], 1e-7);
            Assert.Equal(weights[i], (double)atoms[i][3] * (double)atoms[i][4], 1e-7);
        }
    }

    [Fact]
    public void The_summary_has_infimum_gap_and_atoms()
    {
        using var summary = JsonDocument.Parse(Summary.Of(Example.Value.Model, new StaticsStudy(), Result, Small.Info));
        var statics = summary.RootElement.GetProperty("statics");
        Assert.Equal(Infimum, statics.GetProperty("infimum").GetDouble(), 1e-12);
        Assert.InRange(statics.GetProperty("dualityGap").GetDouble(), 0, 1e-8);
        var atoms = statics.GetProperty("atoms").EnumerateArray().ToArray();
        Assert.Equal(1, atoms.Sum(a => a.GetProperty("mass").GetDouble()), 1e-12);
        // The law is one of neurons whose risk is the infimum.
        var (data, risk) = (Example.Value.Model.Data.Train, 0.0);
        for (var n = 0; n < data.Count; n++)
        {
            var f = atoms.Sum(a => a.GetProperty("mass").GetDouble() * a.GetProperty("outgoing").GetDouble() *
                Math.Max(0, a.GetProperty("weights")[0].GetDouble() * data.Input(n)[0]
                    + a.GetProperty("weights")[1].GetDouble() * data.Input(n)[1]));
            risk += (f - data.Label(n)[0]) * (f - data.Label(n)[0]) / 16;
        }
        Assert.Equal(Infimum, risk, 1e-12);
    }

    /// <summary>Nguyen (arXiv:1902.02880, equation 4), and by sampling, which proves it, C / N.</summary>
    [Fact]
    public void Networks_are_at_most_C_over_N_above_the_infimum_and_sampled_ones_so_in_the_mean()
    {
        Assert.Equal(Constant, Of("sampling-constant"), 1e-9);
        var rows = Result.Table("study-networks").Rows.ToArray();
        Assert.Equal([1, 2, 4, 8, 16, 32, 64], rows.Select(r => (int)r[0]));
        Assert.All(rows, r =>
        {
            var (width, above, sampled, error) = ((int)r[0], (double)r[2], (double)r[5], (double)r[6]);
            Assert.InRange(above, 0, Constant / width);
            Assert.InRange(sampled, Constant / width - 4 * error, Constant / width + 4 * error);
        });
        // The best that the independent program found, by another method, of one and of two neurons.
        Assert.Equal(0.23432036957027244, (double)rows[0][1], 1e-8);
        Assert.Equal(0.17982741151196896, (double)rows[1][1], 1e-8);
        Assert.Contains("below that at every width", Result.Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void The_risk_is_convex_along_mixtures_and_not_along_displacement()
    {
        var rows = Result.Table("study-interpolation").Rows.ToArray();
        double[] mixture = [.. rows.Select(r => (double)r[1])], displacement = [.. rows.Select(r => (double)r[2])];
        Assert.Equal(mixture[0], displacement[0], 1e-13);
        Assert.Equal(mixture[^1], displacement[^1], 1e-13);
        for (var k = 1; k + 1 < mixture.Length; k++)
            Assert.InRange(mixture[k - 1] - 2 * mixture[k] + mixture[k + 1], -1e-15, 1);
        Assert.InRange(displacement.Max() - Math.Max(displacement[0], displacement[^1]), 0.01, 1);
        Assert.Contains("nowhere above its chord along mixtures", Result.Headline, StringComparison.Ordinal);
    }

    /// <summary>The penalty at the multiplier of the bound gives the same minimiser without the bound.</summary>
    [Theory]
    [InlineData(1), InlineData(0.5)]
    public void A_penalty_in_place_of_the_bound_has_the_same_minimiser(double length)
    {
        // Of ReLU a neuron of half the length needs twice the outgoing weight: lambda |a| |w| is the same.
        var model = Small.Statics(new() { Widths = [1, 2], Seeds = 4 });
        var result = Small.Run(new StaticsStudy(), model.With(model.Problem with
        {
            Statics = new() { Penalty = Multiplier, Length = length },
        }));
        Assert.Equal(Infimum + 3 * Multiplier, Of(result, "infimum"), 1e-12);
        Assert.Equal(3 / length, Of(result, "mass"), 1e-6);
        Assert.InRange(Of(result, "duality-gap"), 0, 1e-11);
        // One neuron costs no less than the infimum.
        Assert.All(result.Table("study-networks").Rows, r => Assert.InRange((double)r[2], 0, 1));
    }

    [Fact]
    public void Smooth_activations_and_other_convex_losses_have_certified_infima()
    {
        foreach (var (activation, loss) in new[]
            { ("tanh", "huber"), ("gelu", "squared"), ("sine", "half-squared"), ("leaky-relu", "huber") })
        {
            var model = Small.Statics(new() { Widths = [1, 4], Seeds = 3 });
            var layers = model.Problem.Network.Layers;
            var result = Small.Run(new StaticsStudy(), model.With(model.Problem with
            {
                Network = model.Problem.Network with
                {
                    Layers = [layers[0] with { Activation = activation }, layers[1]],
                },
                Training = model.Problem.Training with { Loss = loss },
            }));
            Assert.InRange(Of(result, "duality-gap"), 0, 1e-8);
            Assert.All(result.Table("study-networks").Rows, r => Assert.InRange((double)r[2], -1e-13, 1));
        }
    }

    /// <summary>Without an error nothing is above nothing: labels of 0.</summary>
    [Fact]
    public void Labels_of_zero_are_fitted_by_no_neuron()
    {
        var model = Small.Build("""
            { "data": { "kind": "points", "x": [[1, 0], [0, 1]], "y": [[0], [0]] },
              "network": { "layers": [
                { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
                { "weights": { "law": "gaussian", "std": 1 } } ] },
              "training": { "loss": "half-squared", "time": 1 },
              "couple": { "widths": [1, 3], "seeds": 2 }, "statics": { "penalty": 0.1 } }
            """);
        var result = Small.Run(new StaticsStudy(), model);
        Assert.Equal((0, 0, 0), (Of(result, "infimum"), Of(result, "duality-gap"), Of(result, "mass")));
        Assert.Empty(result.Table("study-atoms").Rows);
    }

    [Fact]
    public void Problems_without_a_bound_in_the_plane_are_refused()
    {
        var model = Small.Statics(new() { Widths = [1], Seeds = 1 });
        Refuses(model.Problem with { Statics = null }, "$.statics: statics must be given for statics, found none; " +
            "add it, such as { \"bound\": 3 }: |a| of outgoing weights is at most 3 then");
        Refuses(model.Problem with { Statics = new() }, "$.statics.bound: bound must be given where there is no " +
            "penalty, or large weights would fit all there is to fit, found neither; add one, such as 3");
        Refuses(model.Problem with { Statics = new() { Penalty = -1 } }, "$.statics.penalty: penalty must be at " +
            "least 0, got -1; use a positive number, or 0 for none");
        Refuses(model.Problem with { Statics = new() { Penalty = 1e-9 } }, "$.statics.penalty: penalty must leave " +
            "the mean |a| of a minimiser below 1E+06, got 1E-09, by which it is below 2.69E+08; use a larger one, or " +
            "a bound");
        Refuses(model.Problem with { Statics = new() { Bound = 0 } }, "$.statics.bound: bound must be between 1E-06 " +
            "and 1000000, got 0; use a number in that range");
        Refuses(model.Problem with { Network = model.Problem.Network with { Biases = BiasMode.Frozen } },
            "$.network.biases: biases must be none for statics, got frozen; remove the key, and give inputs a " +
            "coordinate that is 1 in place of biases");
        var layers = model.Problem.Network.Layers;
        Refuses(model.Problem with
        {
            Limit = new(),
            Network = model.Problem.Network with { Layers = [layers[0], layers[0], layers[1]] },
        }, "$.network.layers: a network must have one hidden layer for statics: the risk is convex in the law of " +
            "neurons of one alone, got 2 hidden layers; use one");
        Refuses(model.Problem with
        {
            Network = model.Problem.Network with { Layers = [layers[0], layers[1] with { Activation = "tanh" }] },
        }, "$.network.layers[1].activation: the loss must be convex in the sum over neurons for statics, got the " +
            "activation tanh in the output layer; remove it");
        Refuses(model.Problem with { Network = model.Problem.Network with { Image = new() { Columns = 2 } } },
            "$.network.image: image must not be given with statics, whose neurons have two inputs each, found one; " +
            "remove it");
        Refuses(model.Problem with { Training = model.Problem.Training with { WeightDecay = 0.1 } },
            "$.training.weightDecay: weightDecay must be 0 for statics, got 0.1; remove it, and use statics.penalty");
        Refuses(model.Problem with { Scaling = new() { Kind = ScalingKind.MeanField, Width = 4 } }, "$.scaling: " +
            "scaling must not be given with statics, which is of the mean-field scaling, got mean-field; remove it");
        Refuses(model.Problem with { Data = new PointsData { X = [[1], [2]], Y = [[1], [0]] } }, "$.data: points " +
            "must have two inputs and one output for statics, whose duality gap is computed on a circle of incoming " +
            "weights, got 1 and 1; use such points");
        Refuses(model.Problem with { Data = new PointsData { X = [[1, 0], [2, 1]], Y = [[1e155], [0]] } }, "$.data: " +
            "inputs and labels must leave the risk below 1e100 for statics, got Infinity; use smaller ones");
    }

    private static void Refuses(Problem problem, string rule)
    {
        var thrown = Assert.Throws<ProblemException>(() => new StaticsStudy().Plan(Model.Build(problem), 1));
        Assert.Contains(rule, thrown.Message, StringComparison.Ordinal);
    }
}
