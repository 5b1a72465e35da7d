using System.Xml.Linq;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Validation.Tests.Library;

/// <summary>What one namespace offers is what the program does, and shows itself.</summary>
public class LibraryTests
{
    private static readonly string File = Path.Combine(Path.GetTempPath(), $"mfl-{Guid.NewGuid():N}.json");

    [Fact]
    public void A_network_and_a_limit_are_those_of_a_coupling()
    {
        System.IO.File.WriteAllText(File, ProblemFile.Write(Small.Regression(more: "").Problem));
        try
        {
            var model = MeanField.Read(File, p => p with
            {
                Couple = p.Couple with { Widths = [5, 9], Seeds = 2, Tracers = 0 },
            });
            var coupled = model.Ask("couple").Coupled!;
            var (limit, network) = (model.Solve(), model.Train([9, 9], replicate: 1));
            Assert.Equal(coupled.Limit.Error.Total, limit.Error.Total);
            Assert.Equal(coupled.Networks.Single(n => n.Width == 9 && n.Replicate == 1).Train,
                network.Trajectory.Train);
            Assert.Throws<ProblemException>(() =>
                MeanField.Read(File, p => p with { Training = p.Training with { Time = -1 } }));
        }
        finally
        {
            System.IO.File.Delete(File);
        }
    }

    [Fact]
    public void A_study_is_asked_with_its_section_where_the_problem_has_none()
    {
        var model = Small.TwoLayers();
        (string, double)[] Found(DensitySpec? section) => [.. model.With(model.Problem with { Density = section })
            .Ask("density").Findings.Select(f => (f.Name, f.Value))];
        Assert.Equal(Found(new()), Found(null));
    }

    [Fact]
    public void Every_type_that_shows_itself_is_well_formed_and_has_its_figure()
    {
        var density = Density.Of(new Grid(new Axis(-6, 6, 32)),
            x => Math.Exp(-x[0] * x[0] / 2) / Math.Sqrt(2 * Math.PI));
        var plane = Density.Of(new Grid(new Axis(-6, 6, 16), new Axis(-6, 6, 16)),
            x => Math.Exp(-(x[0] * x[0] + x[1] * x[1]) / 2) / (2 * Math.PI));
        var model = Small.Regression(more: "");
        object[] values =
        [
            model.Solve(), model.Ask("solve"), new Finding("slope", -0.5, -0.6, -0.4, "an exponent"),
            Notebook.Plot("A line.", "x", "log y", ("line", [1, 2], [1, 10])), density, plane, density.Measure,
            DiscreteMeasure.Uniform(2, [0, 0, 1, 2]), DiscreteMeasure.Uniform(3, [0, 0, 1]),
        ];
        Assert.Equal(Show.Types.Select(t => t.Name).Order(), values.Select(v => v.GetType().Name).Distinct().Order());
        foreach (var value in values)
        {
            var page = XElement.Parse($"<body>{Show.Html(value)}</body>");
            var isDrawn = value is not (Finding or DiscreteMeasure { Dimension: 3 });
            Assert.True(page.Descendants("figure").Any() == isDrawn, $"{value}");
        }
        Assert.Contains("-0.6", Show.Html(values[2]), StringComparison.Ordinal);
        Assert.Contains(">infinite</td>", Show.Html(Finding.Of("d", double.PositiveInfinity, "a divergence")),
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Show.Html("text"));
        Assert.Throws<ArgumentException>(() => model.Ask("nothing"));
    }
}
