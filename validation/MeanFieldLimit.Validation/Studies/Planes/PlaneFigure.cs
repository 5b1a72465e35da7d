using MeanFieldLimit.Validation.Figures;
using ScottPlot;

namespace MeanFieldLimit.Validation.Studies.Planes;

/// <summary>The plane of exponents (q_sigma, q): lines of the four conditions, and points by their class.</summary>
internal static class PlaneFigure
{
    // The plane is drawn so far around the outermost points.
    private const double Margin = 0.25;

    // A second point at one place is drawn so far to the left of it.
    private const double Beside = 0.1;
    private const float Size = 11;

    private static readonly string[] Colours = ["#1f5fa8", "#c2410c", "#b8860b", "#2f855a"];

    private static readonly Dictionary<(PlaneClass F, bool KernelMoves), MarkerShape> Shapes = new()
    {
        [(PlaneClass.Vanishing, false)] = MarkerShape.OpenTriangleDown,
        [(PlaneClass.Finite, false)] = MarkerShape.OpenCircle,
        [(PlaneClass.Diverging, false)] = MarkerShape.OpenTriangleUp,
        [(PlaneClass.Vanishing, true)] = MarkerShape.FilledTriangleDown,
        [(PlaneClass.Finite, true)] = MarkerShape.FilledCircle,
        [(PlaneClass.Diverging, true)] = MarkerShape.FilledTriangleUp,
    };

    internal static Figure Draw(IReadOnlyList<PlaneResult> results)
    {
        var panel = new Panel("", new("exponent of the sum", false), new("exponent of learning rates", false));
        var (left, right) = Around([.. results.Select(r => r.Point.Exponents.Sum)]);
        var (bottom, top) = Around([.. results.Select(r => r.Point.Rate)]);
        foreach (var (n, line) in PlaneLine.All.Index())
        {
            var (xs, ys) = Within(line, left, right, bottom, top);
            panel.Curve(xs, ys, Color.FromHex(Colours[n]), FigureStyle.CurveWidth);
        }
        foreach (var (n, result) in results.Index())
        {
            var point = result.Point;
            var (x, y) = (point.Exponents.Sum, point.Rate);
            var again = results.Take(n).Any(r => r.Point.Exponents.Sum == x && r.Point.Rate == y);
            if (again) x -= Beside;
            panel.Points([x], [y], FigureStyle.Limit, Size, ShapeOf(result));
            if (!point.IsOff) panel.Note(x, y, point.Name, atLeft: again);
        }
        return Figure.Of("plane", "The plane of exponents: that of the width in the sum of a network, and in its " +
            "learning rates, the larger of the two; the lines on which a limit meets each of four conditions, and " +
            "what was measured at points, those of one place side by side.", [panel],
            [
                .. PlaneLine.All.Select((line, n) => FigureStyle.Entry($"{n + 1}: {line.Label}",
                    Color.FromHex(Colours[n]), FigureStyle.CurveWidth)),
                .. Shapes.Where(s => !s.Key.KernelMoves).Select(s =>
                    FigureStyle.PointEntry($"f {Names.Of(s.Key.F)}", FigureStyle.Limit, s.Value)),
                FigureStyle.PointEntry("filled: the kernel moves", FigureStyle.Limit),
                .. results.Any(r => ShapeOf(r) == MarkerShape.Eks)
                    ? [FigureStyle.PointEntry("not told", FigureStyle.Limit, MarkerShape.Eks)]
                    : Array.Empty<LegendItem>(),
            ]);
    }

    private static MarkerShape ShapeOf(PlaneResult result) =>
        result.KernelMoves is { } moves
            ? Shapes.GetValueOrDefault((result.ClassOf(PlaneQuantity.Function), moves), MarkerShape.Eks)
            : MarkerShape.Eks;

    private static (double Low, double High) Around(double[] values) =>
        (values.Min() - Margin, values.Max() + Margin);

    /// <summary>The part of a line that lies in a rectangle: two points, or none.</summary>
    internal static (double[] Xs, double[] Ys) Within(PlaneLine line, double left, double right, double bottom,
        double top)
    {
        if (line.Rate == 0)
            return -line.Constant / line.Sum is var x && x >= left && x <= right ? ([x, x], [bottom, top]) : ([], []);
        double Sum(double rate) => -(line.Rate * rate + line.Constant) / line.Sum;
        var (from, to) = (Math.Max(left, Sum(top)), Math.Min(right, Sum(bottom)));
        return from > to ? ([], [])
            : ([from, to], [.. new[] { from, to }.Select(s => -(line.Sum * s + line.Constant) / line.Rate)]);
    }
}
