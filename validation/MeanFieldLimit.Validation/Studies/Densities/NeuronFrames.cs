using MeanFieldLimit.Limits.Laws;
using MeanFieldLimit.Validation.Figures;
using ScottPlot;
using static MeanFieldLimit.Validation.Studies.Densities.DensityFigures;

namespace MeanFieldLimit.Validation.Studies.Densities;

/// <summary>The neurons of a network under the density of the limit, at one save time after the other.</summary>
internal static class NeuronFrames
{
    private const int Most = 16, Bins = 50, Dots = 500;

    internal static IEnumerable<Figure> Draw(Model model, NeuronLaw grid, NeuronLaw network)
    {
        var (times, names) = (model.SaveTimes, NeuronCoordinates.Of(model).Names);
        int[] shown = [.. Enumerable.Range(0, Most).Select(i => i * (times.Length - 1) / (Most - 1)).Distinct()];
        var caption = (grid.Dimension == 1 ? "The neurons" : $"Up to {Dots} neurons (white)") +
            $" of a network of width {network.At(0).Count} " + (grid.Dimension == 1
                ? "(bars) and the density of the limit (line), at the time of the slider."
                : "over the density of the limit, at the time of the slider.");
        var top = grid.Dimension > 1 ? 0 : shown.Max(k => Math.Max(Bars(k).Ys.Max(), Outline(k).Ys.Max()));
        return shown.Select((k, i) => Figure.Of($"neurons-{i}", caption, [At(k)], []));

        Panel At(int k)
        {
            var title = $"t = {times[k]:G3}";
            if (grid.Dimension > 1)
            {
                var (points, x, y) = (network.At(k).Points.Chunk(2), Window.Of(grid, 0), Window.Of(grid, 1));
                double[][] inside = [.. points.Take(Dots).Where(p => x.Has(p[0]) && y.Has(p[1]))];
                var map = Heat(title, grid, k, names);
                map.Points(inside.Select(p => p[0]), inside.Select(p => p[1]), Colors.White, 4);
                return map;
            }
            var panel = new Panel(title, new(names[0], false), new("density", false)) { FromZero = true };
            var (bars, outline) = (Bars(k), Outline(k));
            panel.Band(bars.Xs, bars.Xs.Select(_ => 0.0), bars.Ys, FigureStyle.Data);
            panel.Curve(bars.Xs, bars.Ys, FigureStyle.Data, 1);
            panel.Curve(outline.Xs, outline.Ys, FigureStyle.Limit, FigureStyle.LimitWidth);
            // The same frame at all times.
            panel.Points([Window.Of(grid, 0).Low], [top], Colors.Transparent, 1);
            return panel;
        }

        (double[] Xs, double[] Ys) Bars(int k)
        {
            var window = Window.Of(grid, 0);
            return SampleDensity.Histogram(network.At(k).Points, window.Low, window.High, Bins);
        }

        (double[] Xs, double[] Ys) Outline(int k)
        {
            var (window, density) = (Window.Of(grid, 0), grid.DensityAt(k));
            return (density.Grid.Centres[window.From..window.To],
                [.. density.Masses[window.From..window.To].Select(m => m / density.Grid.CellVolume)]);
        }
    }
}
