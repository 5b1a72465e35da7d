using ScottPlot;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;
using Coordinates = ScottPlot.Coordinates;

namespace MeanFieldLimit.Validation.Figures;

/// <summary>An axis: what it is called and whether it is logarithmic, where numbers &lt;= 0 are left out.</summary>
internal readonly record struct Scale(string Label, bool Log)
{
    /// <summary>Whether it counts: layers, say.</summary>
    internal bool Counts { get; init; }

    /// <summary>Where a logarithmic axis has its labels; powers of ten and some between where absent.</summary>
    internal IReadOnlyList<int>? Labelled { get; init; }

    /// <summary>The axis of the width, labelled at the widths there are.</summary>
    internal static Scale Widths(IReadOnlyList<int> widths) => new("width N", true) { Labelled = widths };

    /// <summary>Ticks of a logarithmic axis between two powers of ten.</summary>
    internal Tick[] LogTicksBetween(double low, double high) => Labelled is { } labelled
        ? LogTicks.At(labelled.Select(n => (double)n), low, high)
        : LogTicks.Between(low, high);

    /// <summary>The number at a position on the axis.</summary>
    internal double Of(double position) => Log ? Math.Pow(10, position) : position;

    /// <summary>Where a number stands on the axis; NaN where it has no place.</summary>
    internal double At(double value) => !Log ? value : value > 0 ? Math.Log10(value) : double.NaN;
}

/// <summary>One frame of curves, with limits from what is drawn in it.</summary>
internal sealed class Panel(string title, Scale x, Scale y)
{
    // What an axis shows: beyond, lengths in pixels and the ticks of the library overflow, and labels say nothing.
    private const double Largest = 1e100;

    // An axis over a shorter part of its values has no ticks between neighbouring numbers.
    private const double LeastSpan = 1e-12;

    private const double Brightest = 0.998;

    // Of a text from its point, in the units of letters.
    private const float NoteDistance = 4;

    // Below every number of a logarithmic axis.
    private const double Deep = 1000;

    private readonly Plot plot = FigureStyle.NewPlot(title, x.Label, y.Label);
    private readonly List<Trace> traces = [];
    private Heatmap? map;
    private double left = double.PositiveInfinity, right = double.NegativeInfinity;
    private double bottom = double.PositiveInfinity, top = double.NegativeInfinity;

    internal string Title => title;

    internal Scale X { get; } = x with { Label = Scripts.Typeset(x.Label) };

    internal Scale Y { get; } = y with { Label = Scripts.Typeset(y.Label) };

    /// <summary>Whether it has a map, with a bar of its colours at the right.</summary>
    internal bool IsMap => map is not null;

    /// <summary>The curves and markers whose values can be read: all but guides, and what lies on a map.</summary>
    internal IEnumerable<Trace> Traces => IsMap ? [] : traces;

    /// <summary>Whether a linear y axis reaches down to 0.</summary>
    internal bool FromZero { get; init; }

    /// <summary>A curve; points without a place on the axes are left out.</summary>
    internal void Curve(IEnumerable<double> xs, IEnumerable<double> ys, Color color, float width,
        LinePattern? pattern = null)
    {
        var points = Placed(xs, ys);
        if (points.Length == 0) return;
        Include(points);
        // A single save time makes no line.
        var curve = points.Length > 1 ? plot.Add.ScatterLine(points) : plot.Add.Scatter(points);
        (curve.Color, curve.LineWidth, curve.LinePattern) = (color, width, pattern ?? LinePattern.Solid);
        if (color != FigureStyle.Guide || pattern is null) traces.Add(new(color, points, IsMarked: false));
    }

    /// <summary>Bars from low to high; those without a place on the axes are left out.</summary>
    internal void Bars(IEnumerable<double> xs, IEnumerable<double> lows, IEnumerable<double> highs, Color color)
    {
        foreach (var ends in Spans(xs, lows, highs))
        {
            Include(ends);
            var bar = plot.Add.ScatterLine(ends);
            (bar.Color, bar.LineWidth) = (color, FigureStyle.CurveWidth);
        }
    }

    /// <summary>Markers; points without a place on the axes are left out.</summary>
    internal void Points(IEnumerable<double> xs, IEnumerable<double> ys, Color color, float size = 8,
        MarkerShape shape = MarkerShape.FilledCircle)
    {
        var points = Placed(xs, ys);
        if (points.Length == 0) return;
        Include(points);
        var markers = plot.Add.ScatterPoints(points);
        (markers.Color, markers.MarkerSize, markers.MarkerShape, markers.MarkerLineWidth) =
            (color, size, shape, FigureStyle.CurveWidth);
        traces.Add(new(color, points, IsMarked: true));
    }

    /// <summary>A text above a point, to its right or to its left.</summary>
    internal void Note(double atX, double atY, string text, bool atLeft = false)
    {
        var note = plot.Add.Text(text, x.At(atX), y.At(atY));
        (note.LabelFontName, note.LabelFontSize) = (FigureStyle.Font, FigureStyle.NoteSize);
        (note.LabelAlignment, note.OffsetX, note.OffsetY) = (atLeft ? Alignment.LowerRight : Alignment.LowerLeft,
            atLeft ? -NoteDistance : NoteDistance, -NoteDistance / 2);
    }

    /// <summary>
    /// A map of densities [column, row] over [left, right] x [bottom, top], columns along x, on linear axes; the
    /// colours are their square roots, up to the largest but for 0.2 %. Drawn first it lies under all else; with a
    /// value that is not finite it is left out.
    /// </summary>
    internal void Heat(double[,] densities, CoordinateRect place)
    {
        if (!new[] { place.Left, place.Right, place.Bottom, place.Top }.All(double.IsFinite)
            || !densities.Cast<double>().All(double.IsFinite)) return;
        Include([new(place.Left, place.Bottom), new(place.Right, place.Top)]);
        double[] sorted = [.. densities.Cast<double>().Order()];
        var most = sorted[(int)(Brightest * (sorted.Length - 1))];
        var (columns, rows) = (densities.GetLength(0), densities.GetLength(1));
        var cells = new double[rows, columns];      // the first row is the uppermost
        for (var i = 0; i < columns; i++)
            for (var j = 0; j < rows; j++)
                cells[rows - 1 - j, i] = Math.Sqrt(Math.Clamp(densities[i, j], 0, Math.Max(0, most)));
        map = plot.Add.Heatmap(cells);
        (map.Extent, map.Colormap) = (place, new ScottPlot.Colormaps.Viridis());
        if (!(most > 0)) return;
        map.ManualRange = new(0, Math.Sqrt(most));
        FigureStyle.ColourBar(plot, map, most);
    }

    /// <summary>A light band between two curves.</summary>
    internal void Band(IEnumerable<double> xs, IEnumerable<double> lows, IEnumerable<double> highs, Color color)
    {
        var strips = Spans(xs, lows, highs);
        if (strips.Length < 2) return;
        foreach (var ends in strips) Include(ends);
        var band = plot.Add.FillY(strips, ends => (ends[0].X, ends[0].Y, ends[1].Y));
        band.FillColor = color.WithAlpha(0.13);
        band.LineWidth = 0;
    }

    /// <summary>Shades what lies below a height, as far as the axis reaches.</summary>
    internal void Below(double height, Color color)
    {
        var top = y.At(height);
        if (!double.IsFinite(top)) return;
        var span = plot.Add.VerticalSpan(top - Deep, top);
        (span.FillColor, span.LineWidth) = (color, 0);
    }

    internal bool IsEmpty => left > right;

    /// <summary>The value that is too large for an axis, if one is.</summary>
    internal double? Beyond => new[] { left, right, bottom, top }.Where(v => !IsEmpty && !IsShown(v))
        .Cast<double?>().FirstOrDefault();

    internal static bool IsShown(double value) => Math.Abs(value) <= Largest;

    internal Plot Finish()
    {
        if (IsEmpty) (left, right, bottom, top) = (0, 1, 0, 1);
        if (FromZero && !y.Log) bottom = Math.Min(0, bottom);
        Widen(ref left, ref right, 0.03);
        Widen(ref bottom, ref top, 0.04);
        plot.Axes.SetLimits(left, right, bottom, top);
        if (x.Counts && plot.Axes.Bottom.TickGenerator is NumericAutomatic ticks) ticks.IntegerTicksOnly = true;
        if (x.Log) plot.Axes.Bottom.TickGenerator = new NumericManual(x.LogTicksBetween(left, right));
        if (y.Log) plot.Axes.Left.TickGenerator = new NumericManual(y.LogTicksBetween(bottom, top));
        return plot;
    }

    /// <summary>Adds a margin, and makes room around values that are the same, or almost so.</summary>
    internal static void Widen(ref double low, ref double high, double margin)
    {
        var least = Math.Max(1 / Largest, LeastSpan * Math.Max(Math.Abs(low), Math.Abs(high)));
        var extra = high - low > least ? margin * (high - low) : Math.Max(1e-3, 0.1 * Math.Abs(low));
        (low, high) = (low - extra, high + extra);
    }

    /// <summary>The points that have a place on the axes.</summary>
    private Coordinates[] Placed(IEnumerable<double> xs, IEnumerable<double> ys) =>
        [.. xs.Zip(ys, (a, b) => new Coordinates(x.At(a), y.At(b)))
            .Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y))];

    /// <summary>Both ends of the intervals that have a place on the axes.</summary>
    private Coordinates[][] Spans(IEnumerable<double> xs, IEnumerable<double> lows, IEnumerable<double> highs) =>
        [.. xs.Zip(lows, highs).Select(s => Placed([s.First, s.First], [s.Second, s.Third]))
            .Where(ends => ends.Length == 2)];

    private void Include(Coordinates[] points)
    {
        (left, right) = (Math.Min(left, points.Min(p => p.X)), Math.Max(right, points.Max(p => p.X)));
        (bottom, top) = (Math.Min(bottom, points.Min(p => p.Y)), Math.Max(top, points.Max(p => p.Y)));
    }
}
