using MathNet.Numerics.LinearAlgebra.Double;
using MeanFieldLimit.Limits.Laws;
using MeanFieldLimit.Validation.Figures;
using ScottPlot;

namespace MeanFieldLimit.Validation.Studies.Densities;

/// <summary>The figures of a limit as a density.</summary>
internal static class DensityFigures
{
    private const int Columns = 240, Trajectories = 60, Bins = 50, Snapshots = 4;
    private const double LogFrom = 30, Rounding = 1e-6, Tail = 1e-4;
    private const int Marks = 24;

    // The second inside the first, where they agree.
    private static readonly (Color, MarkerShape, float)[] Markers =
        [(FigureStyle.Data, MarkerShape.OpenCircle, 10), (FigureStyle.Warning, MarkerShape.FilledDiamond, 5)];

    private static readonly Color Path = Colors.White.WithAlpha(0.55);

    internal static IEnumerable<Figure> All(Model model, IReadOnlyList<Way> ways, NeuronLaw network,
        IReadOnlyList<double> measured, double[][] distances)
    {
        var (grid, particles, times) = (ways[0].Law!, ways[1].Law!, model.SaveTimes);
        var names = NeuronCoordinates.Of(model).Names;
        yield return grid.Dimension == 1 ? HeatMap(grid, particles, times, names[0])
            : PhasePortrait(grid, particles, times, names);
        if (grid.Dimension == 2) yield return Plane(grid, times, names);
        yield return Histogram(grid, network, times, names);
        yield return Energy(ways, network, times);
        (string Name, int Index)[] pairs = [.. ways.SelectMany((a, i) => ways.Skip(i + 1)
            .Select(b => $"{a.Name}, {b.Name}")).Select((name, i) => (name, i))];
        // What differs by roundings has no place on a logarithmic axis.
        yield return SeriesFigure.Draw("distances", "W2 between the ways of solving the limit, over time.",
            new("time t", false), new("W2", true), [.. pairs.Select(p => new Series(p.Name, measured,
                [.. distances.Select(row => row[p.Index] > Rounding ? row[p.Index] : double.NaN)]))]);
    }

    /// <summary>The density over time and coordinate, with the ways of some particles.</summary>
    private static Figure HeatMap(NeuronLaw grid, NeuronLaw particles, double[] times, string name)
    {
        var panel = new Panel("", new("time t", false), new(name, false));
        var window = Window.Of(grid, 0);
        panel.Heat(Values(Columns, window.Count, (i, row) =>
        {
            var t = times[^1] * (i + 0.5) / Columns;
            var k = Math.Clamp(Array.FindLastIndex(times, s => s <= t), 0, times.Length - 2);
            var part = (t - times[k]) / (times[k + 1] - times[k]);
            return ((1 - part) * grid.Masses[k][window.From + row] + part * grid.Masses[k + 1][window.From + row])
                / grid.Axes[0].Spacing;
        }), new(0, times[^1], window.Low, window.High));
        foreach (var i in Spread(grid, particles))
            panel.Curve(times, particles.Points.Select(p => p[i]), Path, 1);
        return Figure.Of("density", $"The density of {name} over time on the grid (colours go " +
            "by its square root; between save times it is linear), and the ways of some particles (white).",
            [panel], []);
    }

    /// <summary>The ways of some particles over the density at the end.</summary>
    private static Figure PhasePortrait(NeuronLaw grid, NeuronLaw particles, double[] times,
        IReadOnlyList<string> names)
    {
        var (panel, shown) = (Heat("", grid, grid.Masses.Count - 1, names), Spread(grid, particles));
        foreach (var i in shown)
            panel.Curve(particles.Points.Select(p => p[2 * i]), particles.Points.Select(p => p[2 * i + 1]), Path, 1);
        foreach (var (law, color) in new[] { (particles.Points[0], Colors.White), (particles.Points[^1], Colors.Red) })
            panel.Points(shown.Select(i => law[2 * i]), shown.Select(i => law[2 * i + 1]), color, 5);
        return Figure.Of("phase-portrait", $"The ways of some particles from t = 0 (white) to t = {times[^1]:G4} " +
            "(red) over the density at the end (colours go by its square root).", [panel], []);
    }

    private static Figure Plane(NeuronLaw grid, double[] times, IReadOnlyList<string> names)
    {
        var at = Enumerable.Range(0, Snapshots).Select(i => i * (times.Length - 1) / (Snapshots - 1)).Distinct();
        return Figure.Of("density", "The density on the grid at some times (colours go by its square root, each " +
            "from 0 to its own largest).", [.. at.Select(k => Heat($"t = {times[k]:G3}", grid, k, names))], []);
    }

    /// <summary>Neurons of a network, and the marginals of the density, at the end.</summary>
    private static Figure Histogram(NeuronLaw grid, NeuronLaw network, double[] times, IReadOnlyList<string> names)
    {
        var (law, d) = (network.At(network.Points.Count - 1), names.Count);
        return Figure.Of("histogram", $"The neurons of a network of width {law.Count} at t = {times[^1]:G4}, and the " +
            "density of the limit then (solid) and at t = 0 (dashed).", [.. names.Select((name, k) =>
            {
                var (panel, window) = (new Panel("", new(name, false), new("density", false)) { FromZero = true },
                    Window.Of(grid, k));
                double[] sample = [.. Enumerable.Range(0, law.Count).Select(i => law.Points[i * d + k])];
                var (xs, ys) = SampleDensity.Histogram(sample, window.Low, window.High, Bins);
                panel.Band(xs, xs.Select(_ => 0.0), ys, FigureStyle.Data);
                panel.Curve(xs, ys, FigureStyle.Data, 1);
                Outline(0, FigureStyle.Guide, LinePattern.Dashed);
                Outline(grid.Masses.Count - 1, FigureStyle.Limit, LinePattern.Solid);
                return panel;

                void Outline(int time, Color color, LinePattern pattern)
                {
                    var marginal = Marginal(grid, time, k);
                    panel.Curve(marginal.Grid.Centres[window.From..window.To], marginal.Masses[window.From..window.To]
                        .Select(m => m / marginal.Grid.CellVolume), color, FigureStyle.LimitWidth, pattern);
                }
            })],
            [
                FigureStyle.Entry($"N = {law.Count}", FigureStyle.Data, 1),
                FigureStyle.Entry("limit", FigureStyle.Limit, FigureStyle.LimitWidth), FigureStyle.GuideEntry("t = 0"),
            ]);
    }

    private static Figure Energy(IReadOnlyList<Way> ways, NeuronLaw network, double[] times)
    {
        double[] all = [.. ways.SelectMany(w => w.Law!.Energies).Where(double.IsFinite)];
        var panel = new Panel("", new("time t", false),
            new("energy", all.DefaultIfEmpty().Min() is var least and > 0 && all.Max() > LogFrom * least));
        panel.Curve(times, network.Energies, FigureStyle.Guide, FigureStyle.CurveWidth);
        panel.Curve(times, ways[0].Law!.Energies, FigureStyle.Limit, FigureStyle.LimitWidth);
        List<LegendItem> legend = [FigureStyle.Entry("grid", FigureStyle.Limit, FigureStyle.LimitWidth)];
        int[] marked = [.. Enumerable.Range(0, Marks + 1).Select(k => k * (times.Length - 1) / Marks).Distinct()];
        foreach (var (way, (color, shape, size)) in ways.Skip(1).Zip(Markers))
        {
            if (!way.Law!.Energies.All(double.IsFinite)) continue;
            panel.Points(marked.Select(k => times[k]), marked.Select(k => way.Law!.Energies[k]), color, size,
                shape);
            legend.Add(FigureStyle.PointEntry(way.Name, color, shape));
        }
        if (network.Energies.All(double.IsFinite))
            legend.Add(FigureStyle.Entry("network", FigureStyle.Guide, FigureStyle.CurveWidth));
        return Figure.Of("energy", "The energy (risk, weight decay and entropy) over time, as each way of solving " +
            "the limit has it, and the risk of a network; particles have no entropy.", [panel], legend);
    }

    private static Density Marginal(NeuronLaw grid, int time, int axis) =>
        grid.Dimension == 1 ? grid.DensityAt(time) : grid.DensityAt(time).Marginal(axis);

    internal static Panel Heat(string title, NeuronLaw grid, int time, IReadOnlyList<string> names)
    {
        var panel = new Panel(title, new(names[0], false), new(names[1], false));
        var (x, y) = (Window.Of(grid, 0), Window.Of(grid, 1));
        var (density, rows) = (grid.DensityAt(time), grid.Axes[1].Cells);
        panel.Heat(Values(x.Count, y.Count,
            (i, j) => density.Masses[(x.From + i) * rows + y.From + j] / density.Grid.CellVolume),
            new(x.Low, x.High, y.Low, y.High));
        return panel;
    }

    /// <summary>The densities of a map, [column, row].</summary>
    private static double[,] Values(int columns, int rows, Func<int, int, double> value) =>
        DenseMatrix.Create(columns, rows, value).ToArray();

    /// <summary>Some of the particles that stay inside the window, spread evenly.</summary>
    private static int[] Spread(NeuronLaw grid, NeuronLaw particles)
    {
        var d = grid.Dimension;
        Window[] windows = [.. Enumerable.Range(0, d).Select(k => Window.Of(grid, k))];
        int[] inside = [.. Enumerable.Range(0, particles.At(0).Count).Where(i => particles.Points.All(law =>
            windows.Index().All(w => law[i * d + w.Index] >= w.Item.Low && law[i * d + w.Index] <= w.Item.High)))];
        var most = Math.Min(Trajectories, inside.Length);
        return [.. Enumerable.Range(0, most).Select(i => inside[(int)((long)i * inside.Length / most)])];
    }

    /// <summary>
    /// The cells of an axis from which on and before which there is a mass to speak of at the first or the last time,
    /// and the ends of that part of the axis.
    /// </summary>
    internal readonly record struct Window(int From, int To, double Low, double High)
    {
        internal int Count => To - From;

        internal bool Has(double value) => value >= Low && value <= High;

        internal static Window Of(NeuronLaw grid, int axis)
        {
            var (from, to) = (int.MaxValue, 0);
            foreach (var time in new[] { 0, grid.Masses.Count - 1 })
            {
                var below = 0.0;
                foreach (var (cell, mass) in Marginal(grid, time, axis).Masses.Index())
                {
                    if (below + mass > Tail) from = Math.Min(from, cell);
                    if (below < 1 - Tail) to = Math.Max(to, cell + 1);
                    below += mass;
                }
            }
            var (start, spacing) = (grid.Axes[axis].Start, grid.Axes[axis].Spacing);
            return new(from, to, start + from * spacing, start + to * spacing);
        }
    }
}
