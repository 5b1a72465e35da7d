using MeanFieldLimit.Data;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Problems;

/// <summary>One broken file per rule on values.</summary>
public class RuleTests
{
    [Theory]
    [InlineData("[50, 100]", "[50, 100,\n0]", 20, "$.couple.widths[2]", "widths must be at least 1, got 0; use a positive number of neurons")]
    [InlineData("[50, 100]", "[]", 19, "$.couple.widths", "widths must have at least 1 entry, got 0; give one width")]
    [InlineData("[50, 100]", "[50, 50]", 19, "$.couple.widths[1]", "strictly increasing, got 50 after 50")]
    [InlineData("[50, 100]", "[50],\n\"ratios\": [1, 2, 4]", 20, "$.couple.ratios", "one a hidden layer, of which the network has 2, got 3; give as many")]
    [InlineData("[50, 100]", "[50],\n\"ratios\": [1, 0]", 20, "$.couple.ratios[1]", "ratios must be between 1 and 10000, got 0")]
    [InlineData("\"seeds\": 8", "\"seeds\": 0", 20, "$.couple.seeds", "seeds must be between 1 and 100000, got 0")]
    [InlineData("\"saves\": 4", "\"saves\": 0", 18, "$.record.saves", "between 1 and 100000, got 0")]
    [InlineData("\"saves\": 4", "\"points\": -1", 18, "$.record.points", "at least 1, got -1")]
    [InlineData("\"gap\"", "\" \"", 2, "$.name", "name must not be empty")]
    // The network.
    [InlineData("\"std\": 1", "\"std\": -1", 9, "$.network.layers[0].weights.std", "std must be at least 0, got -1; give the standard deviation")]
    [InlineData("\"gaussian\", \"std\": 1", "\"uniform\", \"low\": 1, \"high\": 1", 9,
        "$.network.layers[0].weights.high", "high must be above low, got 1 with low 1")]
    [InlineData("\"gaussian\", \"std\": 1", "\"uniform\", \"low\": -1e308, \"high\": 1e308", 9, "$.network.layers[0].weights.high", "overflow")]
    [InlineData("\"gaussian\", \"std\": 1", "\"rademacher\", \"scale\": -1", 9, "$.network.layers[0].weights.scale", "at least 0, got -1")]
    [InlineData(", \"activation\": \"relu\"", "", 10, "$.network.layers[1].activation", "must be given in a hidden layer|add one of |tanh")]
    [InlineData("\"std\": 2 }", "\"std\": 2 }, \"bias\": { \"law\": \"constant\", \"value\": 0 }", 11,
        "$.network.layers[2].bias", "biases is none|frozen or trained")]
    [InlineData("\"activation\": \"relu\"", "\"activation\": \"relu\", \"interaction\": \"dendritic\"", 10, "$.network.layers[1].interaction",
        "must be affine in the weights where these are random, got dendritic|use the law constant|gated, residual")]
    [InlineData("\"activation\": \"relu\"", "\"activation\": \"relu\", \"interaction\": \"gate\"", 10, "$.network.layers[1].interaction", "gated")]
    // Training and the limit.
    [InlineData("\"time\": 3", "\"time\": 0", 14, "$.training.time", "time must be positive, got 0")]
    [InlineData("\"time\": 3", "\"time\": 3, \"tolerance\": 1e-14", 14, "$.training.tolerance", "between 1E-13 and 0.1, got 1E-14")]
    [InlineData("\"time\": 3", "\"time\": 3, \"tolerance\": 0.2", 14, "$.training.tolerance", "got 0.2")]
    [InlineData("\"time\": 3", "\"time\": 3, \"dynamics\": \"sgd\", \"batch\": 1", 14, "$.training.step", "step must be given while dynamics is sgd")]
    [InlineData("\"time\": 3", "\"time\": 3, \"dynamics\": \"sgd\", \"step\": 0.1", 14, "$.training.batch", "batch must be given while dynamics is sgd")]
    [InlineData("\"time\": 3", "\"time\": 3, \"dynamics\": \"sgd\", \"step\": 0.1, \"batch\": 0", 14, "$.training.batch", "at least 1, got 0")]
    [InlineData("\"time\": 3", "\"time\": 3, \"dynamics\": \"sgd\", \"step\": 4, \"batch\": 1", 14, "$.training.step",
        "at most training.time, got 4 for a time of 3")]
    [InlineData("\"time\": 3", "\"time\": 3, \"batch\": 1", 14, "$.training.batch", "batch must not be given while dynamics is flow")]
    [InlineData("\"time\": 3", "\"time\": 3, \"step\": 0.1", 14, "$.training.step", "must not be given with dormand-prince|tolerance|euler")]
    [InlineData("\"time\": 3", "\"time\": 3, \"step\": 0", 14, "$.training.step", "positive, got 0")]
    [InlineData("\"time\": 3", "\"time\": 3, \"method\": \"euler\"", 14, "$.training.step", "must be given with euler|no error estimate|dormand-prince")]
    [InlineData("\"types\"", "\"dynamics\": \"sgd\", \"types\"", 15, "$.limit.dynamics", "must be flow while training.dynamics is flow")]
    [InlineData("\"types\"", "\"method\": \"runge-kutta-4\", \"types\"", 15, "$.limit.step", "must be given with runge-kutta-4")]
    [InlineData("\"types\"", "\"step\": 1, \"types\"", 15, "$.limit.step", "must not be given with dormand-prince")]
    [InlineData("\"types\"", "\"method\": \"euler\", \"step\": 4, \"types\"", 15, "$.limit.step", "at most training.time")]
    [InlineData("\"nodes\": 24", "\"nodes\": 0", 16, "$.limit.types[0].nodes", "nodes must be between 1 and 256, got 0")]
    [InlineData("\"time\": 3", "\"time\": 3, \"until\": {}", 14, "$.training.until", "must have a condition, found none|add risk or velocity")]
    [InlineData("\"time\": 3", "\"time\": 3, \"until\": { \"risk\": 0 }", 14, "$.training.until.risk", "positive, got 0")]
    [InlineData("\"time\": 3", "\"time\": 3, \"until\": { \"velocity\": -1 }", 14, "$.training.until.velocity", "positive, got -1")]
    [InlineData("\"time\": 3", "\"time\": 3, \"weightDecay\": 0.5, \"until\": { \"velocity\": 0.05 }", 14, "$.training.until.velocity",
        "must not be given with weightDecay|does not carry|got 0.05; use until.risk")]
    [InlineData("\"time\": 3", "\"time\": 3, \"until\": { \"loss\": 1 }", 14, "$.training.until.loss", "unknown here|risk, velocity")]
    [InlineData("\"time\": 3", "\"time\": 3, \"longestStep\": 0", 14, "$.training.longestStep", "positive, got 0")]
    [InlineData("\"time\": 3", "\"time\": 3, \"longestStep\": 1e-9", 14, "$.training.longestStep", "at most 10000000 steps")]
    [InlineData("\"time\": 3", "\"time\": 3, \"method\": \"euler\", \"step\": 0.1, \"longestStep\": 0.1", 14, "$.training.longestStep",
        "must not be given with euler, whose steps have the length of step, got 0.1; remove it")]
    [InlineData("\"time\": 3", "\"time\": 3, \"dynamics\": \"sgd\", \"step\": 0.1, \"batch\": 1, \"longestStep\": 0.1", 14, "$.training.longestStep",
        "must not be given while dynamics is sgd, got 0.1")]
    [InlineData("\"time\": 3", "\"time\": 3, \"precision\": \"single\"", 14, "$.training.precision",
        "precision must be double while dynamics is flow, got single")]
    [InlineData("\"types\"", "\"longestStep\": 1e-9, \"types\"", 15, "$.limit.longestStep", "at most 10000000 steps")]
    [InlineData("{ \"rule\": \"gauss\", \"nodes\": 24 },", "", 15, "$.limit.types", "one rule per hidden layer, got 1 for 2")]
    [InlineData("\"types\"", "\"accuracy\": 1e-3, \"types\"", 15, "$.limit.types", "must not be given with accuracy|got 2 rules|remove one")]
    [InlineData("\"types\"", "\"predict\": { \"draws\": 1 }, \"types\"", 15, "$.limit.predict.draws", "0, for no prediction, or at least 2, whose spread is its error, got 1; use 200")]
    [InlineData("\"types\"", "\"accuracy\": 0, \"types\"", 15, "$.limit.accuracy", "between 1E-12 and 1, got 0")]
    [InlineData("\"types\"", "\"work\": 0, \"types\"", 15, "$.limit.work", "positive, got 0")]
    [InlineData("\"gauss\", \"nodes\": 24", "\"smolyak\", \"level\": -1", 16, "$.limit.types[0].level", "between 0 and 254, got -1")]
    // Points.
    [InlineData("[[1, 0.5], [0, -1]]", "[]", 4, "$.data.x", "x must have at least 1 entry, got 0")]
    [InlineData("[[1, 0.5], [0, -1]]", "[[], []]", 4, "$.data.x[0]", "one number or more, got none")]
    [InlineData("[[1, 0.5], [0, -1]]", "[[1, 0.5],\n[0]]", 5, "$.data.x[1]", "equally many coordinates, got 1 where x[0] has 2")]
    [InlineData("[[1], [-1]]", "[[1]]", 5, "$.data.y", "one row per point of x, got 1 for 2")]
    [InlineData("[[1], [-1]]", "[[1], [-1, 1]]", 5, "$.data.y[1]", "equally many outputs, got 2 where y[0] has 1")]
    [InlineData("\"test\": 1", "\"test\": 1, \"masses\": [1]", 5, "$.data.masses", "one entry per point of x, got 1 for 2")]
    [InlineData("\"test\": 1", "\"test\": 1, \"masses\": [1, -1]", 5, "$.data.masses[1]", "at least 0, got -1")]
    [InlineData("\"test\": 1", "\"test\": 2", 5, "$.data.test", "test must be below the number of points, got 2 of 2")]
    [InlineData("\"test\": 1", "\"test\": -1", 5, "$.data.test", "at least 0, got -1")]
    public void A_broken_rule_is_located(string old, string replacement, int line, string path, string fragments) =>
        Texts.Refused(Texts.With(old, replacement), line, path, fragments);

    [Theory]
    [InlineData("\"tolerance\": 1e-5", "$.limit.tolerance", "got 1E-05 and the accuracy 0.001|remove one")]
    [InlineData("\"method\": \"euler\", \"step\": 0.1", "$.limit.method", "got euler; use one of|dormand-prince")]
    public void An_accuracy_chooses_the_tolerance(string key, string path, string fragments)
    {
        var at = Texts.Good.IndexOf("\"types\"", StringComparison.Ordinal);
        var end = Texts.Good.IndexOf("] },", at, StringComparison.Ordinal);
        Texts.Refused(Texts.Good[..at] + $"\"accuracy\": 1e-3, {key}" + Texts.Good[(end + 1)..], 15, path, fragments);
    }

    [Fact]
    public void Principal_coordinates_need_gaussian_weights() =>
        Texts.Refused(Texts.With("\"gaussian\", \"std\": 1", "\"uniform\", \"low\": 0, \"high\": 1")
            .Replace("\"types\"", "\"coordinates\": \"principal\", \"types\"", StringComparison.Ordinal), 15,
            "$.limit.coordinates", "principal only where|Gaussian|use natural");

    [Theory]
    [InlineData("\"latent\": 0", "", "$.network.embedding.latent", "between 1 and 1000, got 0")]
    [InlineData("\"noise\": 1.5", "", "$.network.embedding.noise", "between 0 and 1, got 1.5")]
    [InlineData("\"mean\": { \"kind\": \"random-features\", \"frequency\": 0 }", "", "$.network.embedding.mean.frequency", "above 0 and below 1000000, got 0")]
    [InlineData("\"mean\": { \"kind\": \"random-features\", \"frequency\": 1e308 }", "", "$.network.embedding.mean.frequency", "got 1E+308")]
    [InlineData("\"mean\": { \"kind\": \"linear\" }", "", "$.network.embedding.mean.kind", "one of random-features, bilinear, gaussian-kernel")]
    [InlineData("\"mean\": { \"kind\": \"gaussian-kernel\", \"length\": 1e9 }", "", "$.network.embedding.mean.length",
        "leave the kernel a variance, got 1000000000 for 1 latents|use about 1.41")]
    [InlineData("\"latent\": 900, \"mean\": { \"kind\": \"gaussian-kernel\", \"length\": 0.1 }", "", "$.network.embedding.mean.length", "got 0.1 for 900")]
    [InlineData("\"latent\": 1", "\"rademacher\"", "$.network.layers[1].weights.law", "gaussian or constant|got rademacher; give a mean")]
    public void Correlated_weights_keep_their_rules(string embedding, string law, string path, string fragments)
    {
        var text = Texts.With("\"biases\": \"none\",", $"\"embedding\": {{ \"kind\": \"correlated\", {embedding} }},");
        if (law.Length > 0)
            text = text.Replace("\"gaussian\", \"mean\": 1, \"std\": 0.5", law, StringComparison.Ordinal);
        Texts.Refused(text, law.Length > 0 ? 10 : 7, path, fragments);
    }

    [Fact]
    public void Correlated_weights_need_two_hidden_layers()
    {
        var text = Texts.With("\"biases\": \"none\",", "\"embedding\": { \"kind\": \"correlated\" },").Replace(
            "      { \"weights\": { \"law\": \"gaussian\", \"mean\": 1, \"std\": 0.5 }, \"activation\": \"relu\" },\n",
            "\n", StringComparison.Ordinal);
        Texts.Refused(text, 7, "$.network.embedding.kind", "weights between hidden layers, got 2 layers|use iid");
    }

    [Theory]
    [InlineData("{ \"law\": \"gaussian\", \"std\": 1 }", false)]
    [InlineData("{ \"law\": \"uniform\", \"low\": 0, \"high\": 1 }", false)]
    [InlineData("{ \"law\": \"rademacher\" }", false)]
    [InlineData("{ \"law\": \"gaussian\", \"mean\": 2, \"std\": 0 }", true)]
    [InlineData("{ \"law\": \"rademacher\", \"scale\": 0 }", true)]
    [InlineData("{ \"law\": \"constant\", \"value\": 1 }", true)]
    public void The_output_layer_takes_no_random_bias(string law, bool isAllowed)
    {
        var text = Texts.With("\"std\": 2 }", $"\"std\": 2 }}, \"bias\": {law}")
            .Replace("\"none\"", "\"trained\"", StringComparison.Ordinal);
        if (isAllowed)
            Assert.StartsWith(law.Split('"')[3], Texts.Parse(text).Problem.Network.Layers[2].Bias!.GetType().Name,
                StringComparison.OrdinalIgnoreCase);
        else Texts.Refused(text, 11, "$.network.layers[2].bias", "do not average|constant");
    }

    [Fact]
    public void A_network_has_two_layers_or_more()
    {
        var text = """{ "data": { "kind": "csv", "path": "a" }, "training": { "loss": "half-squared", "time": 1 },""" +
            """ "network": { "layers": [{ "weights": { "law": "constant", "value": 1 } }] } }""";
        Texts.Refused(text, 1, "$.network.layers", "at least 2 entries, got 1; give at least one hidden layer");
    }

    [Fact]
    public void A_limit_by_sgd_takes_the_step_of_training()
    {
        var text = Texts.With("\"time\": 3", "\"time\": 3, \"dynamics\": \"sgd\", \"step\": 0.1, \"batch\": 1");
        Assert.Equal(DynamicsKind.Sgd,
            Texts.Parse(text.Replace("\"types\"", "\"dynamics\": \"sgd\", \"types\"", StringComparison.Ordinal))
                .Problem.Limit.Dynamics);
        Texts.Refused(
            text.Replace("\"types\"", "\"dynamics\": \"sgd\", \"step\": 1, \"types\"", StringComparison.Ordinal), 15,
            "$.limit.step", "training.step is used");
    }

    [Theory]
    [InlineData("", "", "", "")]
    [InlineData("isotropic-gaussians\", \"delta\": 0.4", "synthetic\", \"target\": \"norm\"", "$.limit.reduction", "rotation-invariant")]
    [InlineData("\"dimension\": 3", "\"dimension\": 1", "$.data.dimension", "at least 2 for a reduced limit, got 1")]
    [InlineData("\"std\": 1", "\"std\": 1, \"mean\": 1", "$.network.layers[0].weights", "normal with mean 0|no direction")]
    [InlineData("\"std\": 1", "\"std\": 0", "$.network.layers[0].weights", "use gaussian with a std")]
    [InlineData("\"activation\"", "\"interaction\": \"gated\", \"activation\"", "$.network.layers[0].interaction", "got gated")]
    [InlineData("\"std\": 1 } }] }", "\"std\": 1 }, \"interaction\": \"residual\" }] }", "$.network.layers[1].interaction", "linear in the activations|got residual")]
    [InlineData("\"std\": 1 } }] }", "\"std\": 1 }, \"interaction\": \"dendritic\" }] }", "$.network.layers[1].interaction", "got dendritic")]
    [InlineData("\"sgd\", \"step\": 0.1, \"batch\": 1", "\"flow\"", "$.training.dynamics", "must be sgd beside a reduced limit")]
    [InlineData("\"limit\": {", "\"limit\": { \"dynamics\": \"sgd\",", "$.limit.dynamics", "whose batches have directions")]
    [InlineData("\"limit\": {", "\"couple\": { \"tracers\": 5 }, \"limit\": {", "$.couple.tracers", "must be 0 beside")]
    [InlineData("\"reduction\"", "\"types\": [{ \"rule\": \"smolyak\", \"level\": 2 }], \"reduction\"", "$.limit.types[0].rule", "symmetric about their mean")]
    [InlineData("\"reduction\": \"isotropic\"", "\"radii\": 64", "$.limit.radii", "without a reduction, got 64")]
    [InlineData("\"reduction\": \"isotropic\"", "\"reduction\": \"isotropic\", \"radii\": 4", "$.limit.radii", "between 8 and 100000, got 4")]
    public void A_reduced_limit_needs_its_symmetry(string old, string replacement, string path, string fragments)
    {
        const string good = """
            { "data": { "kind": "isotropic-gaussians", "delta": 0.4, "dimension": 3, "points": 9 },
              "network": { "layers": [{ "weights": { "law": "gaussian", "std": 1 }, "activation": "relu" },
                { "weights": { "law": "gaussian", "std": 1 } }] },
              "training": { "loss": "half-squared", "time": 1, "dynamics": "sgd", "step": 0.1, "batch": 1 },
              "limit": { "reduction": "isotropic" } }
            """;
        if (old.Length == 0)
        {
            Assert.Equal(MeanFieldLimit.Problems.Reduction.Isotropic, Texts.Parse(good).Problem.Limit.Reduction);
            return;
        }
        var at = good.IndexOf(old, StringComparison.Ordinal);
        var error = Assert.Throws<MeanFieldLimit.Problems.ProblemException>(() =>
            Texts.Parse(good[..at] + replacement + good[(at + old.Length)..]));
        Assert.Equal(path, error.Path);
        foreach (var fragment in fragments.Split('|')) Assert.Contains(fragment, error.Rule, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("half-squared", "huber", "$.data.noise|under a squared loss|got 0.1 under huber")]
    [InlineData("\"gauss\", \"nodes\": 3", "\"smolyak\", \"level\": 2", "$.data.expectation.rule|not negative|got smolyak")]
    [InlineData("\"gauss\", \"nodes\": 3", "\"smolyak\", \"level\": 2", "$.data.expectation.rule|sgd-diffusion, got smolyak",
        """ "time": 1, "dynamics": "sgd-diffusion", "step": 0.1, "batch": 1 } }""")]
    [InlineData("\"gauss\", \"nodes\": 3", "\"smolyak\", \"level\": 2", "", """ "time": 1, "dynamics": "langevin" } }""")]
    public void An_expectation_fits_the_problem(string old, string replacement, string fragments, string? end = null)
    {
        const string good = """
            { "data": { "kind": "synthetic", "dimension": 2, "target": "linear", "noise": 0.1,
                "expectation": { "rule": "gauss", "nodes": 3 } },
              "network": { "layers": [
                { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
                { "weights": { "law": "gaussian", "std": 1 } } ] },
              "training": { "loss": "half-squared", "time": 1 },
              "chaos": {} }
            """;
        var text = end is null ? good : good[..good.IndexOf(" \"time\"", StringComparison.Ordinal)] + end;
        if (old.Length > 0) text = text.Replace(old, replacement, StringComparison.Ordinal);
        if (fragments.Length == 0) Texts.Parse(text);
        else
        {
            var error = Assert.Throws<MeanFieldLimit.Problems.ProblemException>(() => Texts.Parse(text));
            Assert.All(fragments.Split('|'), f =>
                Assert.Contains(f, $"{error.Path} {error.Rule}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_target_needs_its_dimension()
    {
        foreach (var target in Catalogue.All<ITarget>().Where(t => t.LeastDimension > 1))
            Texts.Refused(
                Texts.With(Texts.Points, $"\"data\": {{ \"kind\": \"synthetic\", \"points\": 9, \"target\": " +
                    $"\"{target.Name}\", \"dimension\": {target.LeastDimension - 1} }},"),
                3, "$.data.dimension", $"at least {target.LeastDimension} for the target {target.Name}");
    }
}
