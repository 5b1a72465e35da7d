using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Studies;
using ScottPlot;

// One namespace is to be imported for all main verbs.
#pragma warning disable IDE0130
namespace MeanFieldLimit;

/// <summary>Studies and figures of the program, to be asked for in C# and shown in a notebook.</summary>
public static class Notebook
{
    private const int MostMarkers = 40;

    /// <summary>What a study, as of <c>mfl couple</c>, finds: its answer, numbers, tables and figures.</summary>
    /// <param name="model">What it is asked of.</param>
    /// <param name="study">Its name.</param>
    /// <param name="threads">Threads; results have the same bits for any.</param>
    /// <exception cref="ArgumentException">There is no such study.</exception>
    /// <exception cref="ProblemException">The problem does not allow the study.</exception>
    public static StudyResult Ask(this Model model, string study, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(model);
        var asked = Catalogue.Find<IStudy>(study);
        // As the command does: with the section of the study, where the problem has none.
        var problem = asked.Complete(model.Problem);
        return asked.Plan(problem == model.Problem ? model : model.With(problem), threads)
            .Run(new() { Threads = threads });
    }

    /// <summary>Curves in one frame; those of few points have markers.</summary>
    /// <param name="caption">What is plotted.</param>
    /// <param name="x">The label of the horizontal axis; one that starts with "log " is logarithmic.</param>
    /// <param name="y">The label of the vertical axis, likewise.</param>
    /// <param name="curves">What the legend calls them, and their points; those that have no place on the axes are left
    /// out.</param>
    public static Figure Plot(string caption, string x, string y,
        params IReadOnlyList<(string Label, IReadOnlyList<double> Xs, IReadOnlyList<double> Ys)> curves)
    {
        ArgumentNullException.ThrowIfNull(curves);
        var panel = new Panel("", Axis(x), Axis(y));
        List<LegendItem> legend = [];
        foreach (var (i, curve) in curves.Index())
        {
            var (color, shape) = (FigureStyle.OfWidth(i, curves.Count), FigureStyle.ShapeOf(i));
            panel.Curve(curve.Xs, curve.Ys, color, FigureStyle.CurveWidth);
            var isMarked = curve.Xs.Count <= MostMarkers;
            if (isMarked) panel.Points(curve.Xs, curve.Ys, color, shape: shape);
            legend.Add(isMarked ? FigureStyle.PointEntry(curve.Label, color, shape, FigureStyle.CurveWidth)
                : FigureStyle.Entry(curve.Label, color, FigureStyle.LimitWidth));
        }
        return Figure.Of("plot", caption, [panel], curves.Count == 1 ? [] : legend);
    }

    private static Scale Axis(string label) =>
        label.StartsWith("log ", StringComparison.Ordinal) ? new(label[4..], true) : new(label, false);
}
