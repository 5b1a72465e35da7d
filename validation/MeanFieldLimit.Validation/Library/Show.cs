using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Xml.Linq;
using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Reports;
using MeanFieldLimit.Validation.Studies;
using MeanFieldLimit.Validation.Studies.Coupling;
using SkiaSharp;
using Page = MeanFieldLimit.Validation.Reports.Html;

#pragma warning disable IDE0130
namespace MeanFieldLimit;

/// <summary>How limits, studies, figures, measures and densities look on a page.</summary>
public static class Show
{
    private const int Bins = 40;

    // A host that is not ours, as of notebooks, does not look for native files where NuGet puts them.
    static Show() => AssemblyLoadContext.GetLoadContext(typeof(SKCanvas).Assembly)!.ResolvingUnmanagedDll +=
        (assembly, name) => NativeLibrary.TryLoad(Path.Combine(Path.GetDirectoryName(assembly.Location)!, "runtimes",
            OperatingSystem.IsMacOS() ? "osx" : RuntimeInformation.RuntimeIdentifier, "native",
            OperatingSystem.IsWindows() ? $"{name}.dll" : OperatingSystem.IsMacOS() ? $"{name}.dylib" : $"{name}.so"),
            out var library) ? library : 0;

    /// <summary>The types that <see cref="Html"/> knows.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [
        typeof(LimitSolution), typeof(StudyResult), typeof(Finding), typeof(Figure), typeof(DiscreteMeasure),
        typeof(Density),
    ];

    /// <summary>A piece of a page: tables, and figures as SVG.</summary>
    /// <exception cref="ArgumentException">It is of no type of <see cref="Types"/>.</exception>
    public static string Html(object value) =>
        string.Concat(Elements(value).Select(e => e.ToString(SaveOptions.DisableFormatting)));

    private static XElement[] Elements(object value) => value switch
    {
        Figure figure => [Drawn(figure)],
        LimitSolution limit =>
            [Page.Paragraph(LimitText.Line(limit)), Drawn(CurveFigures.Risk(limit.Model, limit.Trained, []))],
        StudyResult result =>
        [
            Page.Paragraph(result.Headline), Findings(result.Findings),
            .. result.Figures.OfType<Figure>().Select(Drawn),
        ],
        Finding finding => [Findings([finding])],
        DiscreteMeasure { Dimension: 1 } measure => [Drawn(Histogram(measure))],
        DiscreteMeasure { Dimension: 2 } measure => [Drawn(Cloud(measure))],
        DiscreteMeasure measure => [Page.Paragraph($"{measure.Count} points in dimension {measure.Dimension}")],
        Density { Grid.Dimension: 1 } density => [Drawn(Notebook.Plot("The density on its cells.", "x", "density",
            ("density", density.Grid.Centres, [.. density.Masses.Select(m => m / density.Grid.CellVolume)])))],
        Density density => [Drawn(Map(density))],
        _ => throw new ArgumentException("a value to show must be one of " +
            $"{string.Join(", ", Types.Select(t => t.Name))}, got {value?.GetType().Name ?? "null"}", nameof(value)),
    };

    private static XElement Drawn(Figure figure)
    {
        var shown = Sections.Shown(DrawnFigure.Of(figure));
        // A notebook has not the style sheet of reports.
        foreach (var svg in shown.Descendants().Where(e => e.Name.LocalName == "svg"))
            svg.SetAttributeValue("style", "max-width: 100%; height: auto");
        return shown;
    }

    private static XElement Findings(IEnumerable<Finding> findings) => Page.Numbers(["", "value", "95 % interval"],
        findings.Select(f => new[] { f.Meaning, LimitText.Short(f.Value), LimitText.Interval(f.Low, f.High) }));

    private static Figure Histogram(DiscreteMeasure measure)
    {
        var (low, high) = (measure.Points.Min(), measure.Points.Max());
        var width = high > low ? (high - low) / Bins : 1;
        var heights = new double[Bins];
        for (var i = 0; i < measure.Count; i++)
            heights[Math.Min(Bins - 1, (int)((measure.Points[i] - low) / width))] += measure.Masses[i] / width;
        return Notebook.Plot($"{measure.Count} points with masses, in {Bins} bins.", "x", "mass per length",
            ("measure",
            [.. Enumerable.Range(0, 2 * Bins).Select(i => low + (i + 1) / 2 * width)],
            [.. Enumerable.Range(0, 2 * Bins).Select(i => heights[i / 2])]));
    }

    private static Figure Cloud(DiscreteMeasure measure)
    {
        var panel = new Panel("", new("x_1", false), new("x_2", false));
        double[] Of(int axis) => [.. Enumerable.Range(0, measure.Count).Select(i => measure.Points[2 * i + axis])];
        panel.Points(Of(0), Of(1), FigureStyle.Data, 4);
        return Figure.Of("measure", $"{measure.Count} points, whatever their masses.", [panel], []);
    }

    private static Figure Map(Density density)
    {
        var axes = density.Grid.Axes;
        var values = new double[axes[0].Cells, axes[1].Cells];
        for (var cell = 0; cell < density.Masses.Length; cell++)
            values[density.Grid.Index(cell, 0), density.Grid.Index(cell, 1)] =
                density.Masses[cell] / density.Grid.CellVolume;
        var panel = new Panel("", new("x_1", false), new("x_2", false));
        panel.Heat(values, new(axes[0].Start, axes[0].End, axes[1].Start, axes[1].End));
        return Figure.Of("density", "The density on its cells (colours go by its square root).", [panel], []);
    }
}
