using System.Text;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Limits.Kernels;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Validation.Studies;
using MeanFieldLimit.Validation.Studies.Lazy;

namespace MeanFieldLimit.Validation.Tests.Studies.Lazy;

public class LazyStudyTests
{
    /// <summary>
    /// alpha^2 in the sum, 1/alpha^2 in the rates: K = sigma*^2 d* (eta_a E[s s] + eta_w E[a^2 s' s'] x.x') whatever
    /// alpha, up to the error of 24 nodes on +-6 deviations, e^(-pi^2/(0.35 h)), h = 0.5, which is below rounding, and
    /// the tails'.
    /// </summary>
    [Theory]
    [InlineData(0.25)]
    [InlineData(1)]
    [InlineData(16)]
    public void The_kernel_of_the_kernel_limit_is_the_tangent_kernel_of_the_mean_field_limit_at_time_0(double alpha)
    {
        var model = Small.Lazy(nodes: 32);
        model = model.With(model.Problem with
        {
            Network = model.Problem.Network with
            {
                Layers = [.. model.Problem.Network.Layers.Select((layer, i) =>
                    layer with { Rate = new ConstantRate { Value = 2 - i } })],
            },
        });
        var scaled = new LazyScales(model).Scaled(alpha, ScalingKind.MeanField);
        var limit = new ParticleLimit(scaled).Initial;
        var tangent = TangentKernel.Of(limit, limit.State, model.Data.Train,
            [.. scaled.Schedules.Select(s => s.At(0))], new ManagedEngine(1));
        var kernels = new KernelLimit(LazyScales.Kernel(model)).Kernels(new());
        for (var n = 0; n < 6; n++)
            for (var m = 0; m < 6; m++)
                Assert.Equal(kernels.Ntk[n * kernels.Points + m], tangent[n * 6 + m], 1e-7);
    }

    /// <summary>
    /// Outgoing weights are centred: what is odd in 1/alpha has the mean 0, so that the kernel, and with it the
    /// function, is off by 1/alpha^2 only, while each weight moves by 1/alpha.
    /// </summary>
    [Fact]
    public void Weights_of_the_limit_move_as_1_over_alpha_its_kernel_and_its_function_as_1_over_alpha_squared()
    {
        var result = Small.Run(new LazyStudy(),
            Small.Lazy(nodes: 24, alphas: "[2, 4, 8, 16]", widths: "[5, 10]", seeds: 1));
        Assert.Equal(-1, Value(result, "alpha-weights"), 0.05);
        Assert.Equal(-2, Value(result, "alpha-kernel"), 0.05);
        Assert.Equal(-2, Value(result, "alpha-distance"), 0.1);
        var rows = result.Table("study").Rows.ToArray();
        Assert.True((double)rows[^1][3] < 1e-4, "at alpha = 16 it is the kernel limit but for the error of types");
        Assert.StartsWith("From alpha = 2 on training is lazy", result.Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void Networks_of_the_NTK_scaling_move_as_theory_has_it_and_those_of_the_mean_field_scaling_stay_as_rich()
    {
        var result = Small.Run(new LazyStudy(), Small.Lazy(alphas: "[1]", widths: "[64, 256, 1024]", seeds: 32), 2);
        Assert.Equal(-0.5, Value(result, "ntk-weights-width"), 0.1);
        Assert.Equal(-1, Value(result, "ntk-kernel-width"), 0.1);
        Assert.Equal(0, Value(result, "mean-field-weights-width"), 0.1);
        Assert.Equal(0, Value(result, "mean-field-kernel-width"), 0.1);
    }

    /// <summary>
    /// The mean-field limit forgets initial functions, of size alpha/sqrt(N), the kernel limit the movement of the
    /// kernel, 1/alpha^2: at small scales the first is the nearer one, at large ones the second.
    /// </summary>
    [Theory]
    [InlineData("mean-field")]
    [InlineData("ic-mf")]
    public void At_small_scales_networks_are_nearer_to_the_mean_field_limit_and_at_large_ones_to_the_kernel_limit(
        string kind)
    {
        var result = Small.Run(new LazyStudy(), Small.Lazy(16, "[1024]", 4, "[0.125, 16]", kind), 2);
        var rows = result.Table("study-networks").Rows
            .Select(r => r.Skip(2).Take(3).Cast<double>().ToArray()).ToArray();
        Assert.True(rows[0][1] < rows[0][0]);
        Assert.True(rows[1][0] < rows[1][1]);
        Assert.All(rows, r => Assert.True(r[2] <= 1.1 * Math.Min(r[0], r[1]), "ic-mf is as near as either"));
    }

    [Fact]
    public void Curves_cross_where_they_do_on_logarithmic_axes()
    {
        double[] alphas = [0.25, 0.5, 1, 2, 4, 8, 16];
        // alpha^-2 = alpha / 10.
        Assert.Equal(Math.Cbrt(10), LazyScalesResult.Crossing(alphas, [.. alphas.Select(a => 1 / (a * a))],
            [.. alphas.Select(a => a / 10)]), 1e-12);
        Assert.Equal(double.NaN, LazyScalesResult.Crossing(alphas, [.. alphas.Select(a => 1 / a)],
            [.. alphas.Select(a => 2 / a)]));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void The_limit_of_three_centred_hidden_layers_or_more_stays_at_0_and_the_kernel_limit_trains(int hidden)
    {
        var result = Small.Run(new LazyStudy(), Deep(hidden, "tanh", "[64, 128]", 2));
        Assert.Equal([0, 0, 0], new[] { "limit-weights", "limit-kernel", "limit-largest-output" }
            .Select(name => Value(result, name)));
        Assert.Equal(0.5, Value(result, "limit-risk"), 1e-15);
        Assert.True(Value(result, "kernel-risk") < 0.45);
        Assert.StartsWith("The mean-field limit does not move", result.Headline, StringComparison.Ordinal);
    }

    /// <summary>
    /// Where all but the last layer stay, outputs are the same at all points: labels whose mean is not 0 move them.
    /// </summary>
    [Theory]
    [InlineData(2, "tanh")]
    [InlineData(3, "sigmoid")]
    public void The_limit_of_two_hidden_layers_or_of_units_that_are_not_0_at_0_moves(int hidden, string activation)
    {
        var result = Small.Run(new LazyStudy(), Deep(hidden, activation, "[16, 32]", 2, first: "3"));
        Assert.True(Value(result, "limit-weights") > 1e-2);
        Assert.StartsWith("The mean-field limit moves", result.Headline, StringComparison.Ordinal);
    }

    /// <summary>
    /// One factor N^(-1/2) for each centred sum: with three hidden layers weights move as N^(-1/2), outputs as 1/N; in
    /// the NTK scaling weights as N^(-1/2), the kernel as 1/N.
    /// </summary>
    [Fact]
    public void Deep_centred_networks_move_as_theory_has_it()
    {
        var result = Small.Run(new LazyStudy(), Deep(3, "tanh", "[32, 64, 128, 256]", 32), 2);
        Assert.Equal(-0.5, Value(result, "mean-field-weights-width"), 0.1);
        Assert.Equal(-1, Value(result, "mean-field-outputs-width"), 0.1);
        Assert.Equal(-0.5, Value(result, "ntk-weights-width"), 0.1);
        Assert.Equal(-1, Value(result, "ntk-kernel-width"), 0.1);
    }

    [Fact]
    public void Weights_that_are_doubled_have_moved_by_their_size_in_any_scaling()
    {
        foreach (var model in new[] { Deep(3, "tanh", "[5, 10]", 1), Small.Lazy(), LazyScales.Kernel(Small.Lazy()) })
        {
            var network = model.Sample([.. Enumerable.Repeat(5, model.Embedding.Architecture.Depth - 1)], 0);
            Assert.Equal(1, Movement.Of(model, network, [.. network.State.Select(w => 2 * w)]).Weights, 1e-14);
            Assert.Equal(default, Movement.Of(model, network, network.State));
        }
    }

    [Theory]
    [InlineData("reference-scaling-ntk", "", "",
        "$.scaling.kind: kind must be mean-field or ic-mf for lazy|got ntk; use mean-field")]
    [InlineData("lazy", "\"tolerance\": 1e-7", "\"dynamics\": \"sgd\", \"step\": 0.5, \"batch\": 2",
        "$.training.dynamics: dynamics must be flow for lazy|got sgd; use flow")]
    [InlineData("lazy", "\"coordinates\": \"natural\"", "\"ratio\": 4",
        "$.limit.ratio: ratio must not be given|got 4; remove it")]
    [InlineData("lazy", "\"coordinates\": \"natural\"", "\"initial\": { \"draw\": 3 }",
        "$.limit.initial: initial must not be given for lazy|got draw 3; remove it")]
    [InlineData("lazy", "\"activation\": \"tanh\"", "\"activation\": \"tanh\", " +
        "\"rate\": { \"schedule\": \"power\", \"exponent\": 1, \"unit\": 1 }",
        "$.network.layers[0].rate: rate must be constant for a kernel|use constant")]
    [InlineData("lazy", "[0.25, 0.5, 1, 2, 4, 8, 16]", "[1, 0.5]",
        "$.lazy.alphas[1]: alphas must be strictly increasing, got 0.5 after 1")]
    [InlineData("lazy", "[0.25, 0.5, 1, 2, 4, 8, 16]", "[]", "$.lazy.alphas: |such as [0.5, 1, 2, 4]")]
    [InlineData("lazy", "[0.25, 0.5, 1, 2, 4, 8, 16]", "[0]", "$.lazy.alphas[0]: |got 0")]
    [InlineData("lazy", "\"scaling\": { \"kind\": \"mean-field\", \"width\": 4 },", "",
        "$.lazy: lazy must be given with the scaling|got no scaling; add that")]
    [InlineData("lazy-deep", "\"std\": 1 }, \"activation\": \"tanh\" },\n      { \"weights\": { \"law\": \"gaussian\"",
        "\"std\": 1 }, \"activation\": \"tanh\" },\n      { \"weights\": { \"law\": \"gaussian\", \"mean\": 1",
        "weights must be centred in a scaling, got the mean 1")]
    public void What_it_cannot_do_is_refused_before_any_work(string example, string old, string replacement,
        string fragments)
    {
        var text = Encoding.UTF8.GetString(Examples.Text($"{example}.json"));
        Assert.Contains(old, text, StringComparison.Ordinal);
        var error = Assert.Throws<ProblemException>(() => new LazyStudy().Plan(Small.Build(old.Length == 0 ? text
            : text.Replace(old, replacement, StringComparison.Ordinal)), 1));
        Assert.All(fragments.Split('|'), f => Assert.Contains(f, error.Message, StringComparison.Ordinal));
    }

    private static double Value(StudyResult result, string name) => result.Findings.Single(f => f.Name == name).Value;

    private static Model Deep(int hidden, string activation, string widths, int seeds, string first = "1.0")
    {
        const string layer =
            "      { \"weights\": { \"law\": \"gaussian\", \"std\": 1 }, \"activation\": \"tanh\" },\n";
        return Small.Build(Encoding.UTF8.GetString(Examples.Text("lazy-deep.json"))
            .Replace(string.Concat(Enumerable.Repeat(layer, 3)), string.Concat(Enumerable.Repeat(layer, hidden)),
                StringComparison.Ordinal)
            .Replace("[[1.0]", $"[[{first}]", StringComparison.Ordinal)
            .Replace("tanh", activation, StringComparison.Ordinal)
            .Replace("[64, 128, 256, 512]", widths, StringComparison.Ordinal)
            .Replace("\"seeds\": 8", $"\"seeds\": {seeds}", StringComparison.Ordinal));
    }
}
