using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Statistics;
using MeanFieldLimit.Validation.Studies.Planes;

namespace MeanFieldLimit.Validation.Tests.Studies.Planes;

public class PlaneStudyTests
{
    private static readonly double[] Y = [1, -1, 1, -1, -1, 1];

    /// <summary>
    /// f, K, K_a, K_w, their changes by a step and that of f: 2 q_sigma + q + 1 and so on, by hand. In `default` K is
    /// K_a, which stays, and the change of K_w, s times itself, is of its size.
    /// </summary>
    [Theory]
    [InlineData(ScalingKind.Ntk, new double[] { 0, 0, 0, 0, -1, -1, -1, 0 })]
    [InlineData(ScalingKind.MeanField, new double[] { -0.5, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(ScalingKind.IcMf, new double[] { 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(ScalingKind.SymDefault, new double[] { 0, 0.5, 0.5, 0.5, 0, 0, 0, 0.5 })]
    [InlineData(ScalingKind.Default, new double[] { 0, 1, 1, 0, 0, -1, 1, 1 })]
    public void Exponents_at_named_points_are_within_a_tenth_of_theory(ScalingKind kind, double[] theory)
    {
        int[] widths = [64, 256, 1024, 4096];
        const int seeds = 192;
        var model = PlaneStudy.At(Small.Plane(new() { Widths = widths, Seeds = seeds }), ScalingExponents.Named[kind]);
        var fits = PlaneStudy.Fits(model.Problem.Couple, [.. widths.SelectMany(n => Enumerable.Range(0, seeds)
            .SelectMany(s => PlaneMeasurement.Of(model, n, s, new ManagedEngine(1))))], 1);
        var point = new PlanePoint("", ScalingExponents.Named[kind]);
        Assert.Equal(PlaneStudy.Quantities.Length, theory.Length);
        foreach (var (q, expected) in theory.Index())
        {
            Assert.InRange(fits[(PlaneQuantity)q].Slope - expected, -0.1, 0.1);
            Assert.Equal(expected, point.Theory((PlaneQuantity)q), 1e-12);
        }
    }

    /// <summary>f = sigma sum a tanh(w.x), a step of its gradient with rates of its own, and K, written out.</summary>
    [Theory]
    [InlineData(-0.5, 0, 0)]
    [InlineData(-1, 1, 1)]
    [InlineData(-0.5, 1, 0)]
    [InlineData(-0.3, 0.45, 0.45)]
    public void A_step_is_that_of_the_network_written_out(double sum, double ofA, double ofW)
    {
        const int d = 5;
        var model = PlaneStudy.At(Small.Plane(new() { Widths = [d], Seeds = 1 }), new(sum, ofA, ofW));
        var (sigma, etaA, etaW) = (Math.Pow(d, sum), 4 * Math.Pow(d, ofA), 4 * Math.Pow(d, ofW));
        var network = model.Sample([d], 2);
        double[] a = [.. network.Weights(2).Data.ToArray().Select(v => v / (sigma * d))];
        double[] w = network.Weights(1).Data.ToArray();
        double[] a1 = [.. a], w1 = [.. w];
        for (var n = 0; n < 6; n++)
        {
            double[] x = model.Data.Train.Input(n).ToArray();
            var slope = -Y[n] / (1 + Math.Exp(Y[n] * F(a, w, x))) / 6;
            for (var r = 0; r < d; r++)
            {
                var h = w[r] * x[0] + w[d + r] * x[1];
                a1[r] -= etaA * sigma * slope * Math.Tanh(h);
                for (var j = 0; j < 2; j++)
                    w1[j * d + r] -= etaW * sigma * slope * a[r] * (1 - Math.Pow(Math.Tanh(h), 2)) * x[j];
            }
        }
        double[][] tests = [.. Enumerable.Range(0, 3).Select(n => model.Data.Test!.Input(n).ToArray())];
        double[] f = [.. tests.Select(x => F(a, w, x))], f1 = [.. tests.Select(x => F(a1, w1, x))];
        var (k, k1) = (Kernels(a, w), Kernels(a1, w1));
        double[] expected =
        [
            Norm(f) / Math.Sqrt(3), .. k.Select(m => Norm(m) / 3),
            .. k.Zip(k1, (m, m1) => Norm([.. m.Zip(m1, (u, v) => v - u)]) / Norm(m)),
            Norm([.. f.Zip(f1, (u, v) => v - u)]) / Math.Sqrt(3),
        ];
        var actual = PlaneMeasurement.Of(model, d, 2, new ManagedEngine(1));
        Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, 1e-11 * Math.Abs(p.First)));

        double F(double[] outgoing, double[] incoming, double[] x) => sigma * Enumerable.Range(0, d).Sum(r =>
            outgoing[r] * Math.Tanh(incoming[r] * x[0] + incoming[d + r] * x[1]));

        // K, K_a, K_w.
        double[][] Kernels(double[] outgoing, double[] incoming)
        {
            double[] ofA = new double[9], ofW = new double[9];
            for (var n = 0; n < 9; n++)
                for (var r = 0; r < d; r++)
                {
                    var (x, z) = (tests[n / 3], tests[n % 3]);
                    var (s, t) = (Math.Tanh(incoming[r] * x[0] + incoming[d + r] * x[1]),
                        Math.Tanh(incoming[r] * z[0] + incoming[d + r] * z[1]));
                    ofA[n] += etaA * sigma * sigma * s * t;
                    ofW[n] += etaW * sigma * sigma * outgoing[r] * outgoing[r] * (1 - s * s) * (1 - t * t)
                        * (x[0] * z[0] + x[1] * z[1]);
                }
            return [[.. ofA.Zip(ofW, (u, v) => u + v)], ofA, ofW];
        }

        static double Norm(double[] values) => Math.Sqrt(values.Sum(v => v * v));
    }

    [Fact]
    public void On_the_lines_and_on_no_other_points_the_exponents_of_the_conditions_are_0()
    {
        foreach (var (n, line) in PlaneLine.All.Index())
            for (var s = -1.5; s < 0.5; s += 0.125)
                for (var q = -1.5; q < 2; q += 0.125)
                {
                    var point = new PlanePoint("", new(s, q, q));
                    var f = point.Theory(PlaneQuantity.Function);
                    var kernel = point.Theory(PlaneQuantity.Kernel);
                    double[] exponents = [f, kernel, kernel - f, point.Theory(PlaneQuantity.KernelChange)];
                    Assert.Equal(line.Sum * s + line.Rate * q + line.Constant == 0, exponents[n] == 0);
                }
    }

    [Fact]
    public void A_line_is_drawn_as_far_as_the_plane_goes()
    {
        foreach (var line in PlaneLine.All)
        {
            var (xs, ys) = PlaneFigure.Within(line, -1.5, 0.5, -1, 2);
            Assert.All(xs.Zip(ys), p =>
            {
                Assert.Equal(0, line.Sum * p.First + line.Rate * p.Second + line.Constant, 1e-12);
                // Both ends are on the edge.
                Assert.True(p.First is -1.5 or 0.5 || p.Second is -1 or 2);
                Assert.True(p.First is >= -1.5 and <= 0.5 && p.Second is >= -1 and <= 2);
            });
            Assert.Equal(2, xs.Length);
            Assert.Empty(PlaneFigure.Within(line, 3, 4, 3, 4).Xs);
        }
    }

    /// <summary>C N^p with noise of a tenth, which shifts an exponent by about 0.01.</summary>
    [Theory]
    [InlineData(-0.5, 0.1, PlaneClass.Vanishing)]
    [InlineData(-0.15, 0.1, PlaneClass.Vanishing)]
    [InlineData(0.04, 0.1, PlaneClass.Finite)]
    [InlineData(0.3, 0.1, PlaneClass.Diverging)]
    [InlineData(0, 0, PlaneClass.Open)]      // The same at every width and seed: no rate.
    public void A_power_law_vanishes_stays_or_diverges(double power, double noise, object expected)
    {
        double[] widths = [64, 256, 1024, 4096];
        var random = new Random(1);
        var values = new double[widths.Length, 20];
        for (var i = 0; i < widths.Length; i++)
            for (var s = 0; s < 20; s++)
                values[i, s] = 3 * Math.Pow(widths[i], power) * (1 + noise * (2 * random.NextDouble() - 1));
        var fit = PowerLaw.Fit("width", widths, values, 1);
        Assert.Equal((PlaneClass)expected, PlaneResult.Class(fit.Slope, fit.Low, fit.High));
    }

    [Fact]
    public void What_an_interval_does_not_tell_is_open()
    {
        Assert.Equal(PlaneClass.Open, PlaneResult.Class(-0.4, -0.9, 0.1));
        Assert.Equal(PlaneClass.Open, PlaneResult.Class(0.4, -0.1, 0.9));
        // Of one seed there is none.
        Assert.Equal(PlaneClass.Open, PlaneResult.Class(0.4, double.NaN, double.NaN));
    }

    [Fact]
    public void Numbers_that_overflow_are_said_and_end_nothing()
    {
        var model = Small.Plane(new() { Widths = [8, 16, 32], Seeds = 4 });
        model = model.With(model.Problem with
        {
            Scaling = new() { Kind = ScalingKind.Exponents, Width = 1, Sum = 290, Outgoing = 0, Incoming = 0 },
            Limit = model.Problem.Limit with { Ratio = 1 },
        });
        var result = Small.Run(new PlaneStudy(), model);
        Assert.Contains("some have no rate at exponents (", result.Headline, StringComparison.Ordinal);
        var rows = result.Table("study-exponents").Rows.Where(r => (string)r[0] == "exponents").ToArray();
        Assert.Equal(8, rows.Length);
        Assert.Equal("open", rows[1][9]);
        Assert.Equal("it is not known at every width", rows[1][10]);
    }

    [Theory]
    [InlineData("\"method\": \"euler\", \"step\": 1", "\"method\": \"runge-kutta-4\", \"step\": 1",
        "$.training.method: method must be euler for plane")]
    [InlineData("\"method\": \"euler\", \"step\": 1", "\"dynamics\": \"sgd\", \"step\": 1, \"batch\": 2",
        "$.training.dynamics: dynamics must be flow for plane")]
    [InlineData("\"kind\": \"mean-field\", \"width\": 1 }", "\"kind\": \"mean-field\", \"width\": 1 }, " +
        "\"limit\": { \"tolerance\": 1e-5 }", "$.limit: limit must not be given for plane")]
    [InlineData("\"kind\": \"mean-field\", \"width\": 1 }", "\"kind\": \"mean-field\", \"width\": 1 }, " +
        "\"limit\": { \"ratio\": 2 }", "$.limit: limit must not be given for plane")]
    [InlineData("\"mean-field\", \"width\": 1 }", "\"ntk\" }",
        "$.network.layers: layers must be 2 for plane",
        "{ \"weights\": { \"law\": \"gaussian\", \"std\": 1 }, \"rate\"")]
    [InlineData("\"network\": {", "\"network\": { \"biases\": \"frozen\",", "$.network.biases: biases must be none")]
    [InlineData("\"std\": 1 }, \"rate\": { \"schedule\": \"constant\", \"value\": 4 }",
        "\"std\": 1 }, \"rate\": { \"schedule\": \"constant\", \"value\": 0 }",
        "$.network.layers[1].rate: rate must be positive")]
    public void What_has_no_powers_is_refused(string valid, string wrong, string rule, string? behind = null)
    {
        var text = System.Text.RegularExpressions.Regex.Replace(
            System.Text.Encoding.UTF8.GetString(Examples.Text("plane.json")), @"\s+", " ");
        Assert.Contains(valid, text, StringComparison.Ordinal);
        text = text.Replace(valid, wrong, StringComparison.Ordinal);
        // One layer more.
        if (behind is not null)
            text = text.Replace(behind, "{ \"weights\": { \"law\": \"gaussian\", \"std\": 1 }, " +
                $"\"activation\": \"tanh\" }}, {behind}", StringComparison.Ordinal);
        var model = Small.Build(text);
        var error = Assert.Throws<ProblemException>(() => new PlaneStudy().Plan(model, 1));
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_whose_slope_grows_adds_its_power()
    {
        var point = new PlanePoint("", new(0, -0.75, -0.75));
        // |l'(f)| ~ s^(1/2) under squared losses: a step is s^(1/2) larger, m = -1/4, max(m - 1/2, 2 m) = -1/2.
        Assert.Equal(0.25, point.Theory(PlaneQuantity.FunctionChange, lossGrowth: 0), 1e-12);
        Assert.Equal(0.75, point.Theory(PlaneQuantity.FunctionChange, lossGrowth: 1), 1e-12);
        Assert.Equal(-0.5, point.Theory(PlaneQuantity.KernelChange, lossGrowth: 1), 1e-12);
        // Beyond m = 0 no power is predicted.
        Assert.Equal(double.NaN, new PlanePoint("", new(0, 0.25, 0.25)).Theory(PlaneQuantity.KernelChange));
    }
}
