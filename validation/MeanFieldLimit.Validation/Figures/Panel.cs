using ScottPlot;
using ScottPlot.TickGenerators;
using Coordinates = ScottPlot.Coordinates;

namespace MeanFieldLimit.Validation.Figures;

/// <summary>
/// An axis: what it is called and whether it carries the logarithm, where numbers &lt;= 0 are left out.
/// </summary>
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

    private readonly Plot plot = FigureStyle.NewPlot(title, x.Label, y.Label);
    private double left = double.PositiveInfinity, right = double.NegativeInfinity;
    private double bottom = double.PositiveInfinity, top = double.NegativeInfinity;

    /// <summary>Whether a linear y axis reaches down to 0.</summary>
    internal bool FromZero { get; init; }

    /// <summary>A curve; points without a place on the axes are left out.</summary>
    internal void Curve(IEnumerable<double> xs, IEnumerable<double> ys, Color color, float width,
        LinePattern? pattern = null)
    {
        var points = xs.Zip(ys, (a, b) => new Coordinates(x.At(a), y.At(b))).Where(Placed).ToArray();
        if (points.Length == 0) return;
        Array.ForEach(points, Include);
        // A single save time makes no line.
        var curve = points.Length > 1 ? plot.Add.ScatterLine(points) : plot.Add.Scatter(points);
        (curve.Color, curve.LineWidth, curve.LinePattern) = (color, width, pattern ?? LinePattern.Solid);
    }

    /// <summary>Bars from low to high; those without a place on the axes are left out.</summary>
    internal void Bars(IReadOnlyList<double> xs, IReadOnlyList<double> lows, IReadOnlyList<double> highs, Color color)
    {
        for (var i = 0; i < xs.Count; i++)
        {
            Coordinates low = new(x.At(xs[i]), y.At(lows[i])), high = new(low.X, y.At(highs[i]));
            if (!Placed(low) || !Placed(high)) continue;
            Include(low);
            Include(high);
            var bar = plot.Add.ScatterLine((Coordinates[])[low, high]);
            (bar.Color, bar.LineWidth) = (color, FigureStyle.CurveWidth);
        }
    }

    /// <summary>Markers; points without a place on the axes are left out.</summary>
    internal void Points(IEnumerable<double> xs, IEnumerable<double> ys, Color color, float size = 8)
    {
        var points = xs.Zip(ys, (a, b) => new Coordinates(x.At(a), y.At(b))).Where(Placed).ToArray();
        if (points.Length == 0) return;
        Array.ForEach(points, Include);
        var markers = plot.Add.ScatterPoints(points);
        (markers.Color, markers.MarkerSize) = (color, size);
    }

    /// <summary>
    /// A map in colours of values [column, row] over [left, right] x [bottom, top], columns along x, on linear axes.
    /// Drawn first it lies under all else; with a value that is not finite it is left out.
    /// </summary>
    internal void Heat(double[,] values, CoordinateRect place)
    {
        if (!new[] { place.Left, place.Right, place.Bottom, place.Top }.All(double.IsFinite)
            || !values.Cast<double>().All(double.IsFinite)) return;
        Include(new(place.Left, place.Bottom));
        Include(new(place.Right, place.Top));
        var (columns, rows) = (values.GetLength(0), values.GetLength(1));
        var cells = new double[rows, columns];      // the first row is the uppermost
        for (var i = 0; i < columns; i++)
            for (var j = 0; j < rows; j++) cells[rows - 1 - j, i] = values[i, j];
        var map = plot.Add.Heatmap(cells);
        (map.Extent, map.Colormap) = (place, new ScottPlot.Colormaps.Viridis());
    }

    /// <summary>A light band between two curves.</summary>
    internal void Band(IEnumerable<double> xs, IEnumerable<double> lows, IEnumerable<double> highs, Color color)
    {
        var strips = xs.Zip(lows, highs)
            .Select(s => (X: x.At(s.First), Low: y.At(s.Second), High: y.At(s.Third)))
            .Where(s => Placed(new(s.X, s.Low)) && Placed(new(s.X, s.High))).ToArray();
        if (strips.Length < 2) return;
        foreach (var s in strips)
        {
            Include(new(s.X, s.Low));
            Include(new(s.X, s.High));
        }
        var band = plot.Add.FillY(strips, s => (s.X, s.Low, s.High));
        band.FillColor = color.WithAlpha(0.13);
        band.LineWidth = 0;
    }

    /// <summary>Whether nothing in it has a place on its axes.</summary>
    internal bool IsEmpty => left > right;

    /// <summary>The value that is too large for an axis, if one is.</summary>
    internal double? Beyond => new[] { left, right, bottom, top }.Where(v => !IsEmpty && !IsShown(v))
        .Cast<double?>().FirstOrDefault();

    /// <summary>Whether an axis can show a value.</summary>
    internal static bool IsShown(double value) => Math.Abs(value) <= Largest;

    /// <summary>The plot with its limits and ticks.</summary>
    internal Plot Finish()
    {
        if (IsEmpty) (left, right, bottom, top) = (0, 1, 0, 1);
        if (FromZero && !y.Log) bottom = Math.Min(0, bottom);
        Widen(ref left, ref right, 0.03);
        Widen(ref bottom, ref top, 0.04);
        plot.Axes.SetLimits(left, right, bottom, top);
        if (x.Counts) plot.Axes.Bottom.TickGenerator = new NumericAutomatic
        {
            IntegerTicksOnly = true,
            MinorTickGenerator = new EvenlySpacedMinorTickGenerator(1)
        };
        if (x.Log) plot.Axes.Bottom.TickGenerator = new NumericManual(x.LogTicksBetween(left, right));
        if (y.Log) plot.Axes.Left.TickGenerator = new NumericManual(y.LogTicksBetween(bottom, top));
        return plot;
    }

    private static bool Placed(Coordinates point) => double.IsFinite(point.X) && double.IsFinite(point.Y);

    /// <summary>Adds a margin, and makes room around values that are the same, or almost so.</summary>
    internal static void Widen(ref double low, ref double high, double margin)
    {
        var least = Math.Max(1 / Largest, LeastSpan * Math.Max(Math.Abs(low), Math.Abs(high)));
        var extra = high - low > least ? margin * (high - low) : Math.Max(1e-3, 0.1 * Math.Abs(low));
        (low, high) = (low - extra, high + extra);
    }

    private void Include(Coordinates point)
    {
        (left, right) = (Math.Min(left, point.X), Math.Max(right, point.X));
        (bottom, top) = (Math.Min(bottom, point.Y), Math.Max(top, point.Y));
    }
}
