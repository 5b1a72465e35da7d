using System.Text.RegularExpressions;
using System.Xml.Linq;
using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Studies.Coupling;
using SkiaSharp;

namespace MeanFieldLimit.Validation.Tests.Figures;

public partial class SvgTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static readonly Lazy<(string Name, Figure Of)[]> Figures = new(() =>
    {
        var (regression, result) = Small.RegressionRun;
        var (classification, classified) = Small.ClassificationRun;
        return
        [
            ("rate", GapRateFigure.Draw(result)!),
            ("rate of a limit that is hardly known", GapRateFigure.Draw(result with
            {
                Limit = result.Limit with { Parts = [new(Limits.ErrorPart.Types, [1], 0.05)] },
            })!),
            ("risk", CurveFigures.Risk(regression, result.Limit.Trained, result.Networks)),
            ("four panels", CurveFigures.Risk(classification, classified.Limit.Trained, classified.Networks)),
            ("gap over time", CurveFigures.GapTime(regression, result)!),
            ("predictions", PredictionFigure.Draw(regression, result.Limit.Trained)!),
            ("series", Series()),
            ("map", Map()),
        ];
    });

    public static TheoryData<string> Names => [.. Figures.Value.Select(f => f.Name)];

    private static Figure Series() => SeriesFigure.Draw("series", "Series.", new("time t", false),
        new("E sup |W^N - W*|^2", true), [.. Enumerable.Range(0, 7).Select(i => new Series(
            $"a series with a long name, number {i}", [1.0, 2, 3], [1e-6 + i, 2e-3 + i, 5.0 + i]) { Theory = -0.5 })]);

    private static Figure Map()
    {
        var panel = new Panel("t = 0", new("w_1", false), new("w_2", false));
        panel.Heat(new[,] { { 0.0, 1 }, { 4, 9 } }, new(0, 2, 0, 2));
        panel.Curve([0, 1], [1, 2], FigureStyle.Data, 1);
        return Figure.Of("map", "A map.", [panel], []);
    }

    /// <summary>The attributes that a text is placed by.</summary>
    private sealed record Placed(
        string Text, string[] Families, bool IsLevel, float Size, double X, double Y, double Length)
    {
        internal static Placed Of(XElement text)
        {
            double Number(string name) => double.Parse(text.Attribute(name)!.Value, CultureInfo.InvariantCulture);
            Assert.Equal("middle", text.Attribute("text-anchor")!.Value);
            Assert.Equal("spacingAndGlyphs", text.Attribute("lengthAdjust")!.Value);
            var moved = Translation().Match(text.Attribute("transform")?.Value ?? "");
            double Moved(int group) => moved.Groups[group].Success
                ? double.Parse(moved.Groups[group].Value, CultureInfo.InvariantCulture) : 0;
            return new(text.Value, text.Attribute("font-family")!.Value.Split(", "), moved.Success,
                (float)Number("font-size"), Number("x") + Moved(1), Number("y") + Moved(2), Number("textLength"));
        }
    }

    private static Placed[] Texts(Figure figure) => [.. figure.Svg().Descendants(Svg + "text").Select(Placed.Of)];

    [Theory, MemberData(nameof(Names))]
    public void A_text_has_a_font_everywhere_and_the_length_that_it_has_here(string name)
    {
        var texts = Texts(Of(name));
        Assert.NotEmpty(texts);
        foreach (var text in texts)
        {
            Assert.Equal("sans-serif", text.Families[^1]);
            using var typeface = SKTypeface.FromFamilyName(text.Families[0]);
            Assert.Equal(text.Families[0], typeface.FamilyName);
            using var font = new SKFont(typeface, text.Size);
            var glyphs = font.GetGlyphs(text.Text);
            Assert.DoesNotContain((ushort)0, glyphs);
            Assert.Equal(font.GetGlyphWidths(glyphs).Sum(), text.Length, 0.02);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void No_text_is_cut_or_runs_into_another_of_its_line(string name)
    {
        var figure = Of(name);
        foreach (var line in Texts(figure).Where(t => t.IsLevel).GroupBy(t => Math.Round(t.Y)))
        {
            var right = 0.0;
            foreach (var text in line.OrderBy(t => t.X))
            {
                Assert.True(text.X - text.Length / 2 >= right, $"\"{text.Text}\" begins before {right:0}");
                right = text.X + text.Length / 2;
            }
            Assert.True(right <= figure.Width, $"the line ends at {right:0} of {figure.Width}");
            Assert.InRange(line.Key, 0, figure.Height);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void No_text_reaches_beyond_the_part_of_the_page_that_its_panel_or_legend_has(string name)
    {
        var svg = Of(name).Svg();
        var parts = svg.Descendants(Svg + "clipPath").ToDictionary(c => $"url(#{c.Attribute("id")!.Value})",
            c => c.Element(Svg + "rect"));
        foreach (var text in svg.Descendants(Svg + "text").Where(t => Placed.Of(t).IsLevel))
            foreach (var part in text.Ancestors().Select(a => a.Attribute("clip-path")?.Value).OfType<string>())
            {
                double Number(string name) =>
                    double.Parse(parts[part]!.Attribute(name)?.Value ?? "0", CultureInfo.InvariantCulture);
                var placed = Placed.Of(text);
                Assert.True(placed.X - placed.Length / 2 >= Number("x")
                    && placed.X + placed.Length / 2 <= Number("x") + Number("width"), $"\"{text.Value}\" is cut");
            }
    }

    [Fact]
    public void The_points_of_a_curve_tell_their_values_where_they_are_drawn()
    {
        double[] xs = [1, 10, 100], ys = [2, 3, -4];
        var panel = new Panel("", new("width N", true), new("gap x_1", false));
        panel.Curve(xs, ys, FigureStyle.Data, 2);
        panel.Curve(xs, xs, FigureStyle.Guide, 2, ScottPlot.LinePattern.Dashed);
        var svg = Figure.Of("points", "Points.", [panel, new("", new("x", false), new("y", false))],
            [FigureStyle.Entry("data", FigureStyle.Data, 2), FigureStyle.GuideEntry("guide")]).Svg();
        var circles = svg.Descendants(Svg + "circle").Where(c => c.Element(Svg + "title") is not null).ToArray();
        Assert.Equal(xs.Zip(ys, (x, y) => FormattableString.Invariant($"data\nwidth N: {x}\ngap x\u2081: {y}")),
            circles.Select(c => c.Value));
        var stroke = svg.Descendants(Svg + "path").First(p => p.Attribute("stroke")?.Value == "#1F5FA8");
        double[] drawn = [.. Coordinate().Matches(stroke.Attribute("d")!.Value)
            .Select(m => double.Parse(m.Value, CultureInfo.InvariantCulture))];
        double[] told = [.. circles.SelectMany(c => new[] { "cx", "cy" }
            .Select(a => double.Parse(c.Attribute(a)!.Value, CultureInfo.InvariantCulture)))];
        Assert.Equal(drawn.Length, told.Length);
        Assert.All(drawn.Zip(told), p => Assert.Equal(p.First, p.Second, 0.1));
    }

    [Fact]
    public void Marked_points_speak_for_the_line_through_them_and_clouds_are_silent()
    {
        var panel = new Panel("", new("x", false), new("y", false));
        panel.Curve([1, 2, 3], [1, 2, 3], FigureStyle.Data, 2);
        panel.Points([1, 3], [1.5, 2.5], FigureStyle.Data);
        double[] many = [.. Enumerable.Range(0, 1000).Select(i => i / 1000.0)];
        panel.Points(many, many, FigureStyle.Warning);
        panel.Curve(many, many, FigureStyle.Limit, 2);
        var titles = Figure.Of("points", "Points.", [panel], [FigureStyle.PointEntry("one", FigureStyle.Data),
            FigureStyle.PointEntry("two", FigureStyle.Data)]).Svg().Descendants(Svg + "title").ToArray();
        Assert.Equal(["x: 1\ny: 1.5", "x: 3\ny: 2.5"], titles.Take(2).Select(t => t.Value));
        Assert.InRange(titles.Length, 10, 60);
    }

    [Fact]
    public void A_map_has_a_bar_with_the_densities_of_its_colours()
    {
        var texts = Texts(Map()).Select(t => t.Text).ToArray();
        Assert.Contains("density", texts);
        // 9 is the largest; but for 0.2 % of four cells it is cut at 4: squares of equal steps up to 2.
        Assert.All(["0", "0.16", "0.64", "1.4", "2.6", "4"], label => Assert.Contains(label, texts));
        Assert.DoesNotContain("9", texts);
        Assert.Empty(Map().Svg().Descendants(Svg + "title"));
    }

    private static Figure Of(string name) => Figures.Value.Single(f => f.Name == name).Of;

    [GeneratedRegex(@"^translate\((-?[0-9.]+)[ ,]+(-?[0-9.]+)\)$")]
    private static partial Regex Translation();

    [GeneratedRegex("-?[0-9.]+")]
    private static partial Regex Coordinate();
}
