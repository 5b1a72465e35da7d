using MeanFieldLimit.Limits;
using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Statistics;
using MeanFieldLimit.Validation.Studies.Coupling;
using SkiaSharp;

namespace MeanFieldLimit.Validation.Tests.Figures;

public class FigureTests
{
    [Fact]
    public void Regression_figures_are_drawn()
    {
        var (model, result) = Small.RegressionRun;
        CheckDrawn(GapRateFigure.Draw(result));
        CheckDrawn(CurveFigures.Risk(model, result.Limit.Trained, result.Networks));
        CheckDrawn(CurveFigures.Risk(model, result.Limit.Trained, []));
        CheckDrawn(CurveFigures.GapTime(model, result));
        CheckDrawn(PredictionFigure.Draw(model, result.Limit.Trained));
    }

    [Fact]
    public void Classification_figures_are_drawn()
    {
        var (model, result) = Small.ClassificationRun;
        CheckDrawn(GapRateFigure.Draw(result));
        CheckDrawn(CurveFigures.Risk(model, result.Limit.Trained, result.Networks));
        CheckDrawn(CurveFigures.GapTime(model, result));
        Assert.Null(PredictionFigure.Draw(model, result.Limit.Trained));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-9)]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    public void The_rate_is_drawn_whatever_the_error_of_the_limit(double error)
    {
        var result = Small.RegressionRun.Result;
        CheckDrawn(GapRateFigure.Draw(
            result with { Limit = result.Limit with { Parts = [new(ErrorPart.Types, [1], error)] } }));
    }

    [Fact]
    public void No_line_is_fitted_through_gaps_that_are_all_flagged()
    {
        var result = Small.RegressionRun.Result;
        var gaps = result.Rate!.Fitted.Rms;
        string[] Texts(double error) => [.. GapRateFigure.Draw(
            result with { Limit = result.Limit with { Parts = [new(ErrorPart.Types, [1], error)] } })!.Svg()
            .Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value)];
        bool IsOfFit(string text) => text.StartsWith("fit N", StringComparison.Ordinal)
            || text.StartsWith("slope", StringComparison.Ordinal);
        Assert.Equal(2, Texts(gaps.Min() / 20).Count(IsOfFit));
        Assert.Equal(0, Texts(gaps.Max()).Count(IsOfFit));
    }

    // At t = 0 of Gauss rules, say.
    [Fact]
    public void An_error_that_is_rounding_alone_does_not_stretch_the_axis_of_gaps()
    {
        var (model, result) = Small.RegressionRun;
        var least = result.Rate!.Fitted.Rms.Min();
        string[] Texts(double first) => [.. CurveFigures.GapTime(model, result with
        {
            Limit = result.Limit with
            {
                Errors = [first, .. Enumerable.Repeat(least / 5, result.Limit.Trajectory.Times.Count - 1)],
            },
        })!.Svg().Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value)];
        Assert.Contains("error of the limit", Texts(1e-17));
        Assert.Equal(Texts(double.NaN), Texts(1e-17));
        Assert.NotEqual(Texts(double.NaN), Texts(least / 5000));
    }

    [Fact]
    public void One_width_one_seed_and_equal_gaps_are_drawn()
    {
        var result = Small.RegressionRun.Result;
        double[] none = [double.NaN];
        CheckDrawn(GapRateFigure.Draw(result with
        {
            Rates = [RateOf([100], 1, new(double.NaN, double.NaN, double.NaN, [0.1], none, none))],
        }));
        CheckDrawn(GapRateFigure.Draw(result with
        {
            Rates =
            [
                RateOf([100, 120], 3, new(0.3, 0.2, 0.4, [0.1, 0.1], [0.1, 0.1], [0.1, 0.1])),
            ],
        }));
        Assert.Null(GapRateFigure.Draw(result with
        {
            Rates = [RateOf([100], 1, new(double.NaN, double.NaN, double.NaN, [0], none, none))],
        }));

        static Rate RateOf(int[] widths, int replicates, PowerLaw law) =>
            new(GapQuantity.Prediction, widths, new double[widths.Length, replicates], law);
    }

    [Fact]
    public void Widths_have_distinct_colours()
    {
        Assert.Equal(6, Enumerable.Range(0, 6).Select(i => FigureStyle.OfWidth(i, 6).ToStringRGB()).Distinct().Count());
    }

    private static void CheckDrawn(Figure? drawn)
    {
        var figure = Assert.IsType<Figure>(drawn);
        using var stream = new MemoryStream();
        figure.WritePng(stream);
        using var bitmap = SKBitmap.Decode(stream.ToArray());
        Assert.Equal((Figure.PngWidth, figure.PngHeight), (bitmap.Width, bitmap.Height));
        // Ink in every part of the page: no panel is blank, and none is covered by another.
        for (var part = 0; part < 4; part++)
        {
            var colours = new HashSet<SKColor>();
            var (x0, y0) = (part % 2 * bitmap.Width / 2, part / 2 * bitmap.Height / 2);
            for (var y = y0; y < y0 + bitmap.Height / 2; y++)
                for (var x = x0; x < x0 + bitmap.Width / 2; x++) colours.Add(bitmap.GetPixel(x, y));
            Assert.True(colours.Count > 10, $"part {part} of {figure.Name} has {colours.Count} colours");
        }
        CheckSvg(figure);
    }

    // Each title stands once: a plot drawn twice would double the file and darken what is transparent.
    private static void CheckSvg(Figure figure)
    {
        var svg = figure.Svg();
        Assert.Equal($"0 0 {figure.Width} {figure.Height}", svg.Attribute("viewBox")!.Value);
        var texts = svg.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value.Trim()).ToArray();
        string[] titles = ["training risk", "test risk", "training error", "test error", "width N", "label y",
            "rms prediction gap \u00d7 \u221aN"];
        Assert.NotEmpty(titles.Intersect(texts));
        Assert.All(titles, title => Assert.InRange(texts.Count(t => t == title), 0, 1));
        Assert.DoesNotContain(svg.Descendants(),
            e => e.Name.LocalName == "rect" && e.Attribute("fill") is null && e.Parent!.Name.LocalName != "clipPath");
    }
}
