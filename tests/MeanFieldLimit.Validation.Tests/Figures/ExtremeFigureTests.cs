using MeanFieldLimit.Limits;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;
using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Studies;
using MeanFieldLimit.Validation.Studies.Chaos;
using MeanFieldLimit.Validation.Studies.Coupling;
using MeanFieldLimit.Validation.Studies.Densities;

namespace MeanFieldLimit.Validation.Tests.Figures;

/// <summary>
/// Figures of numbers from 5e-324 to 1.8e308, NaN and infinities, constants and nothing at all: drawn, or left out with
/// a reason, in the time of any other.
/// </summary>
public class ExtremeFigureTests
{
    private const int Cases = 24;

    private static readonly double[] Sizes =
        [0, double.Epsilon, 1e-308, 1e-170, 1e-100, 1e-16, 1e-9, 1, 1 + 1e-15, 1 + 1e-9, 7, 1e9, 1e16, 1e99, 1e101,
            1e155,
            1e300, double.MaxValue, double.NaN, double.PositiveInfinity];

    [Fact]
    public void Series_are_drawn_or_left_out_with_a_reason()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            bool Chance() => random.Next(2) == 0;
            var series = Enumerable.Range(0, random.Next(4)).Select(_ =>
            {
                var xs = Draw(random);
                return new Series("s", xs, Like(random, xs))
                {
                    Bars = Chance() ? (Like(random, xs), Like(random, xs)) : null,
                    Slope = Chance() ? Pick(random) : null,
                    Theory = Chance() ? Pick(random) : null,
                };
            }).ToArray();
            Check(() => SeriesFigure.Draw("series", "Series.", new("x", Chance()), new("y", Chance()), series,
                Chance() ? "y = x" : null), $"seed {seed}");
        }
    }

    [Fact]
    public void Curves_bands_maps_and_densities_are_drawn_or_left_out_with_a_reason()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(1000 + seed);
            Check(() =>
            {
                var panel = new Panel("p", new("x", false), new("y", false)) { FromZero = random.Next(2) == 0 };
                var xs = Draw(random);
                if (random.Next(3) == 0)
                    panel.Heat(new double[,] { { Pick(random), Pick(random) }, { Pick(random), Pick(random) } },
                        new(Pick(random), Pick(random), Pick(random), Pick(random)));
                panel.Band(xs, Like(random, xs), Like(random, xs), FigureStyle.Data);
                panel.Curve(xs, Like(random, xs), FigureStyle.Limit, 2);
                double[] sample = Draw(random);
                var (hx, hy) = SampleDensity.Histogram(sample, Pick(random), Pick(random), 5);
                panel.Curve(hx, hy, FigureStyle.Data, 1);
                if (sample.Length > 0)
                {
                    var (sx, sy) = SampleDensity.Smooth(sample, Pick(random), Pick(random));
                    panel.Curve(sx, sy, FigureStyle.Data, 1);
                }
                return Figure.Of("panel", "A panel.", [panel, new Panel("empty", new("x", true), new("y", true))],
                    [FigureStyle.GuideEntry("guide")]);
            }, $"seed {seed}");
        }
    }

    [Fact]
    public void Rates_are_drawn_or_left_out_with_a_reason()
    {
        var result = Small.RegressionRun.Result;
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(2000 + seed);
            int[] widths = [.. Enumerable.Range(0, random.Next(1, 5))
                .Select(i => random.Next(2) == 0 ? 1 << (10 * i) : i + 1)
                .Distinct().Order()];
            double[] Values() => [.. widths.Select(_ => Pick(random))];
            Check(() => GapRateFigure.Draw(result with
            {
                Limit = result.Limit with { Parts = [new(ErrorPart.Types, [1], Pick(random))] },
                Rates = [new Rate(GapQuantity.Prediction, widths, new double[widths.Length, random.Next(1, 3)],
                    new(Pick(random), Pick(random), Pick(random), Values(), Values(), Values()))],
            }), $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(1e155, 0)]
    [InlineData(1e-300, 1e-300)]
    [InlineData(1e140, 1e140)]
    [InlineData(1e-320, 0)]
    [InlineData(1e100, -1e100)]
    [InlineData(1e153, 1e-153)]
    [InlineData(0, 0)]
    public void Limits_of_huge_and_tiny_labels_have_figures_or_reasons(double label, double other)
    {
        var text = FormattableString.Invariant($$"""
            { "data": { "kind": "points", "x": [[1], [2]], "y": [[{{label}}], [{{other}}]] },
              "network": { "layers": [
                { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh", "rate": { "schedule": "constant", "value": 0 } },
                { "weights": { "law": "constant", "value": {{label / 2}} }, "rate": { "schedule": "constant", "value": 0 } } ] },
              "training": { "loss": "half-squared", "time": 1 }, "limit": { "types": [{ "rule": "gauss", "nodes": 2 }] },
              "couple": { "widths": [2, 4], "seeds": 2, "tracers": 0 }, "record": { "saves": 2 } }
            """);
        var result = Small.Run(new CoupleStudy(), Small.Build(text));
        Assert.Equal(3 + (result.Coupled is null ? 0 : 1) + result.Tables.Count(t => t.Name == "predicted-points"),
            result.Figures.Count);
        foreach (var figure in result.Figures) Check(() => figure, "figure");
    }

    [Fact]
    public void Densities_are_drawn_or_left_out_with_a_reason()
    {
        var model = Small.Build("""
            { "data": { "kind": "points", "x": [[1], [2]], "y": [[1], [0]] },
              "network": { "layers": [ { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
                { "weights": { "law": "constant", "value": 1 }, "rate": { "schedule": "constant", "value": 0 } } ] },
              "training": { "loss": "half-squared", "time": 1 }, "density": {}, "record": { "saves": 1 } }
            """);
        foreach (var seed in Enumerable.Range(3000, Cases / 4))
        {
            var random = new Random(seed);
            double Finite() => Pick(random) is var value && double.IsFinite(value) ? value : 1;
            var half = Math.Clamp(Math.Abs(Finite()), 1e-300, 1e300);
            var grid = new Grid(new Axis(-half, half, 8));
            double[][] masses = [Masses(random), Masses(random)];
            double[] Points() => [Finite(), Finite(), Finite()];
            NeuronLaw Particles() =>
                new(1, [Points(), Points()], [[1.0 / 3, 1.0 / 3, 1.0 / 3]], [Pick(random), Pick(random)]);
            Way[] ways =
            [
                new("grid", new(1, [grid.Centres], masses, [Pick(random), Pick(random)]) { Axes = grid.Axes }),
                new("particles", Particles()),
            ];
            var figures = DensityFigures.All(model, ways, Particles(), model.SaveTimes,
                [[Pick(random)], [Pick(random)]]).GetEnumerator();
            for (var more = true; more;)
                Check(() => (more = figures.MoveNext()) ? figures.Current : null, $"seed {seed}");
        }

        static double[] Masses(Random random)
        {
            double[] masses = [.. Enumerable.Range(0, 8).Select(_ => random.Next(3) == 0 ? 0 : random.NextDouble())];
            masses[random.Next(8)] = 1e-300;
            masses[random.Next(8)] = 1;
            var sum = masses.Sum();
            return [.. masses.Select(m => m / sum)];
        }
    }

    [Fact]
    public void Chaos_is_measured_drawn_or_left_out_with_a_reason()
    {
        var model = Small.Build("""
            { "data": { "kind": "points", "x": [[1], [2]], "y": [[1], [0]] },
              "network": { "layers": [ { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
                { "weights": { "law": "gaussian", "std": 1 } } ] },
              "training": { "loss": "half-squared", "time": 1 }, "chaos": { "betas": [0, 1], "gammas": [0.5] },
              "couple": { "widths": [4, 8], "seeds": 2 } }
            """);
        foreach (var seed in Enumerable.Range(4000, Cases / 10))
        {
            var random = new Random(seed);
            double[] Some(int count) => [.. Enumerable.Range(0, count).Select(_ => Pick(random))];
            KindRecord Replicate() => new(Some(2), Some(2), Some(2), Some(2),
                [new(4, Some(2), Some(2)), new(4, Some(2), Some(2))], [Finite(Some(4)), Finite(Some(4))])
            {
                LimitCoordinates = Finite(Some(8)),
                Error = Pick(random),
            };
            ChaosMeasurement[] all = [.. new[] { 0.0, 1 }.Select(beta =>
                new ChaosMeasurement(ChaosNoise.PerParticle, beta, [Replicate(), Replicate()]))];
            LimitLaws.Sample Sample() => new(Finite(Some(5)), Pick(random));
            var laws = new LimitLaws(Sample(),
                new Dictionary<ChaosNoise, LimitLaws.Sample> { [ChaosNoise.PerParticle] = Sample() },
                [(0.5, Sample())]);
            var result = ChaosResult.Of(model, all, [[Pick(random), 1], [1, Pick(random)]], laws);
            foreach (var figure in result.Figures) Check(() => figure, $"seed {seed}");
        }

        static double[] Finite(double[] values) => [.. values.Select(v => double.IsFinite(v) ? v : 1)];
    }

    [Fact]
    public void A_figure_left_out_says_why()
    {
        var huge = SeriesFigure.Draw("huge", "", new("x", false), new("y", false),
            [new Series("s", [1, 2], [3, 1e155])]);
        Assert.Equal("it has values of 1.0e155, which no axis can show", huge.Obstacle);
        var empty = SeriesFigure.Draw("empty", "", new("x", false), new("y", true), [new Series("s", [1, 2], [0, -1])]);
        Assert.Equal("no value in it has a place on its axes", empty.Obstacle);
        // A logarithmic axis has a place for every positive number.
        Assert.Null(SeriesFigure.Draw("log", "", new("x", false), new("y", true),
            [new Series("s", [1, 2], [double.Epsilon, double.MaxValue])]).Obstacle);
    }

    private static double Pick(Random random)
    {
        var size = Sizes[random.Next(Sizes.Length)];
        if (random.Next(3) == 0) size = Math.Pow(10, random.NextDouble() * 616 - 308);
        return random.Next(3) == 0 ? -size : size;
    }

    /// <summary>Some numbers, or one number some times.</summary>
    private static double[] Draw(Random random)
    {
        var (count, constant) = (random.Next(7), Pick(random));
        var isConstant = random.Next(4) == 0;
        return [.. Enumerable.Range(0, count).Select(_ => isConstant ? constant : Pick(random))];
    }

    private static double[] Like(Random random, IReadOnlyList<double> values) => [.. values.Select(_ => Pick(random))];

    private static void Check(Func<Figure?> draw, string about)
    {
        try
        {
            if (draw() is not { } figure) return;
            if (figure.Obstacle is { } reason)
            {
                Assert.NotEmpty(reason);
                return;
            }
            figure.WritePng(Stream.Null);
            var svg = figure.Svg();
            // Maps in colours are base64.
            Assert.DoesNotContain(svg.Descendants().SelectMany(e => e.Attributes())
                .Where(a => a.Name.LocalName != "href")
                .Select(a => a.Value).Append(svg.Value), text => text.Contains("NaN", StringComparison.Ordinal));
        }
        catch (Exception e) when (e is not Xunit.Sdk.XunitException)
        {
            Assert.Fail($"{about}: {e}");
        }
    }
}
