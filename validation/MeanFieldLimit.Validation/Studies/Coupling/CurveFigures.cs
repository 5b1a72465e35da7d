using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Runs;
using MeanFieldLimit.Validation.Figures;
using ScottPlot;

namespace MeanFieldLimit.Validation.Studies.Coupling;

/// <summary>Curves over time: risks, error rates and gaps of every width, with the limit on top.</summary>
internal static class CurveFigures
{
    private const double LogFrom = 30;

    /// <summary>Risk and, for classifications, error rate against t, on training and test points.</summary>
    internal static Figure Risk(Model model, Trained limit, IReadOnlyList<NetworkRun> networks)
    {
        var trajectory = limit.Trajectory;
        var (groups, panels) = (Groups(networks), new List<Panel>());
        var seeds = model.Problem.Couple.Seeds;
        double[] risks = [.. trajectory.Train.Concat(trajectory.Test)
            .Concat(networks.SelectMany(n => n.Train.Concat(n.Test))).Select(p => p.Risk)];
        var log = risks.Length > 0 && risks.Min() > 0 && risks.Max() > LogFrom * risks.Min();
        Add("training risk", "risk E[l(\u0177, y)]", t => t.Train, n => n.Train, p => p.Risk, false);
        Add("test risk", "risk E[l(\u0177, y)]", t => t.Test, n => n.Test, p => p.Risk, false);
        Add("training error", "fraction misclassified", t => t.Train, n => n.Train, p => p.ErrorRate, true);
        Add("test error", "fraction misclassified", t => t.Test, n => n.Test, p => p.ErrorRate, true);

        var caption = (panels.Count, networks.Count) switch
        {
            (1, 0) => "Risk of the infinite-width limit against time.",
            ( > 1, 0) => "Performance of the infinite-width limit against time.",
            (_, _) => "Performance of finite networks against time, one colour a width" +
                (seeds > 1 ? $" (line: mean over {seeds} seeds; band: smallest to largest)" : "") +
                ", with the infinite-width limit drawn on top.",
        };
        return Figure.Of("risk-curves", caption, panels,
            networks.Count == 0 ? [] : Legend(groups,
                [FigureStyle.Entry("limit", FigureStyle.Limit, FigureStyle.LimitWidth, LimitPattern(true))]));

        void Add(string title, string label, Func<Trajectory, IReadOnlyList<Performance>> ofLimit,
            Func<NetworkRun, IReadOnlyList<Performance>> ofNetwork, Func<Performance, double> value, bool fromZero)
        {
            double[] ours = [.. ofLimit(trajectory).Select(value)];
            if (!ours.Any(double.IsFinite)) return;
            var panel = new Panel(title, TimeScale(model), new(label, log && !fromZero)) { FromZero = fromZero };
            // Every band lies under every line.
            for (var i = 0; seeds > 1 && i < groups.Length; i++)
                panel.Band(Times(groups[i]), Over(groups[i], v => v.Min()), Over(groups[i], v => v.Max()),
                    FigureStyle.OfWidth(i, groups.Length));
            for (var i = 0; i < groups.Length; i++)
                panel.Curve(Times(groups[i]), Over(groups[i], v => v.Average()), FigureStyle.OfWidth(i, groups.Length),
                    FigureStyle.CurveWidth);
            panel.Curve(trajectory.Times, ours, FigureStyle.Limit, FigureStyle.LimitWidth,
                LimitPattern(networks.Count > 0));
            panels.Add(panel);

            IEnumerable<double> Over(WidthGroup group, Func<IEnumerable<double>, double> statistic) =>
                ofNetwork(group.Runs[0]).Select((_, k) => statistic(group.Runs.Select(r => value(ofNetwork(r)[k]))));
        }
    }

    /// <summary>
    /// rms gap times sqrt(N) against t: curves that coincide where the gap is of order N^(-1/2). Null without networks.
    /// </summary>
    internal static Figure? GapTime(Model model, CouplingResult result)
    {
        if (result.Networks.Count == 0) return null;
        var groups = Groups(result.Networks);
        var panel = new Panel("gap \u00d7 \u221aN over time", TimeScale(model),
            new("rms prediction gap \u00d7 \u221aN", false))
        {
            FromZero = true,
        };
        for (var i = 0; i < groups.Length; i++)
        {
            var runs = groups[i].Runs;
            var rms = runs[0].Gaps.Select(
                (_, k) => Math.Sqrt(groups[i].Width * runs.Average(r => r.Gaps[k].Rms * r.Gaps[k].Rms)));
            panel.Curve(Times(groups[i]), rms, FigureStyle.OfWidth(i, groups.Length), FigureStyle.CurveWidth);
        }
        return Figure.Of("gap-time", "Root mean square, over points, outputs and seeds, of the difference " +
            "of the predictions of finite networks and the limit, times \u221aN, against time. " +
            "Where the gap is of order 1/\u221aN the curves coincide.",
            [panel], Legend(groups, []));
    }

    private static Scale TimeScale(Model model) =>
        new("time t", model.Problem.Record.Spacing == Spacing.Logarithmic);

    private static IEnumerable<double> Times(WidthGroup group) => group.Runs[0].Gaps.Select(g => g.Time);

    private static WidthGroup[] Groups(IReadOnlyList<NetworkRun> networks) =>
        [.. networks.GroupBy(n => n.Width).OrderBy(g => g.Key).Select(g => new WidthGroup(g.Key, [.. g]))];

    // Dashed over networks: a wide network lies under the limit, and shows in its gaps.
    private static LinePattern LimitPattern(bool overNetworks) => overNetworks ? LinePattern.Dashed : LinePattern.Solid;

    private static LegendItem[] Legend(WidthGroup[] groups, LegendItem[] last) =>
    [
        .. FigureStyle.Legend(groups.Select(g => $"N = {g.Width}")),
        .. last,
    ];

    private sealed record WidthGroup(int Width, NetworkRun[] Runs);
}
