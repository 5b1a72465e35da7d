using MeanFieldLimit.Validation.Figures;
using ScottPlot;

namespace MeanFieldLimit.Validation.Studies.Lazy;

/// <summary>Kernel limit and mean-field limit in one figure.</summary>
internal static class LazyFigures
{
    private static readonly Scale Risk = new("risk E[l(\u0177, y)]", true);

    /// <summary>Distances of networks to limits against the output scale, one panel a width.</summary>
    internal static Figure Crossover(double[] alphas, IReadOnlyList<int> widths, IReadOnlyList<string> proxies,
        Func<int, int, int, double> gap)
    {
        Panel[] panels = [.. widths.Select(width =>
        {
            var panel = new Panel($"width {width}", new("output scale \u03b1", true), new("rms distance", true));
            for (var q = 0; q < proxies.Count; q++)
            {
                double[] ys = [.. alphas.Select((_, i) => gap(width, i, q))];
                var color = FigureStyle.OfWidth(q, proxies.Count);
                panel.Curve(alphas, ys, color, FigureStyle.CurveWidth);
                panel.Points(alphas, ys, color, shape: FigureStyle.ShapeOf(q));
            }
            return panel;
        })];
        return Figure.Of("crossover", "Networks of each width: rms distance of their functions at the final time, " +
            "over points and seeds, to the kernel limit from their own initial function f0, to the mean-field limit " +
            "of their output scale, which starts at 0, and to ic-mf, this one from f0.", panels,
            FigureStyle.SeriesLegend(proxies));
    }

    /// <summary>Risk of the mean-field limits and of the kernel limit against time.</summary>
    internal static Figure Risks(double[] alphas, LimitSolution[] limits, LimitSolution kernel)
    {
        var panel = new Panel("", TimeOf(kernel.Model), Risk);
        foreach (var (i, limit) in limits.Index())
            panel.Curve(limit.Trajectory.Times, Train(limit.Trajectory), FigureStyle.OfWidth(i, alphas.Length),
                FigureStyle.CurveWidth);
        panel.Curve(kernel.Trajectory.Times, Train(kernel.Trajectory), FigureStyle.Limit, FigureStyle.LimitWidth,
            LinePattern.Dashed);
        return Figure.Of("risk-curves", "Risk of the mean-field limit of every output scale \u03b1 against " +
            "time, and of the kernel limit, which is that of large \u03b1.", [panel],
            [
                .. FigureStyle.Legend(alphas.Select(a =>
                    FormattableString.Invariant($"mean-field limit, \u03b1 = {a:G3}"))),
                FigureStyle.Entry("kernel limit", FigureStyle.Limit, FigureStyle.LimitWidth, LinePattern.Dashed),
            ]);
    }

    /// <summary>Risks against time of the mean-field limit, and the means of networks and kernel limits.</summary>
    internal static Figure Widths(LimitSolution limit, IReadOnlyList<DeepNetwork> widest)
    {
        var panel = new Panel("", TimeOf(limit.Model), Risk);
        var (times, count) = (limit.Trajectory.Times, limit.Trajectory.Times.Count);
        List<LegendItem> legend = [];
        Add("mean-field limit", FigureStyle.Limit, FigureStyle.LimitWidth, Train(limit.Trajectory), LinePattern.Solid);
        Add($"networks, mean-field, width {widest[0].Width}", FigureStyle.Warning, FigureStyle.CurveWidth,
            Mean(n => n.MeanField.Risks), LinePattern.Dashed);
        Add("kernel limit", FigureStyle.OfWidth(1, 2), FigureStyle.LimitWidth, Mean(n => n.KernelLimit),
            LinePattern.Solid);
        Add($"networks, ntk, width {widest[0].Width}", FigureStyle.OfWidth(0, 2), FigureStyle.CurveWidth,
            Mean(n => n.Ntk.Risks), LinePattern.Dashed);
        return Figure.Of("risk-curves", "Training risk against time: the mean-field limit beside networks without a " +
            "scaling, and the kernel limit, from the initial functions of networks of the NTK scaling, beside these; " +
            "means over seeds, of the widest networks.", [panel], legend);

        IEnumerable<double> Mean(Func<DeepNetwork, double[]> risks) =>
            Enumerable.Range(0, count).Select(k => widest.Average(n => risks(n)[k]));

        void Add(string label, Color color, float line, IEnumerable<double> ys, LinePattern pattern)
        {
            panel.Curve(times, ys, color, line, pattern);
            legend.Add(FigureStyle.Entry(label, color, line, pattern));
        }
    }

    internal static IEnumerable<double> Train(Trajectory trajectory) => trajectory.Train.Select(p => p.Risk);

    private static Scale TimeOf(Model model) =>
        new("time t", model.Problem.Record.Spacing == Spacing.Logarithmic);
}
