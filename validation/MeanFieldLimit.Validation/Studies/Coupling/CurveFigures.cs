using MeanFieldLimit.Validation.Figures;
using ScottPlot;

namespace MeanFieldLimit.Validation.Studies.Coupling;

/// <summary>Curves over time: risks, error rates and gaps of every width, with the limit on top.</summary>
internal static class CurveFigures
{
    private const double LogFrom = 30;

    // An error so far below its last and largest, as at t = 0 where it can be rounding alone, would stretch the axis.
    private const double FarBelow = 1e-4;

    /// <summary>Risk and, for classifications, error rate against t, on training and test points.</summary>
    internal static Figure Risk(Model model, Trained limit, IReadOnlyList<NetworkRun> networks)
    {
        var (trajectory, groups, panels) = (limit.Trajectory, Groups(networks), new List<Panel>());
        var replicates = model.Problem.Couple.Seeds;
        // Dashed over networks: a wide network lies under the limit, and shows in its gaps.
        var pattern = networks.Count > 0 ? LinePattern.Dashed : LinePattern.Solid;
        double[] risks = [.. trajectory.Train.Concat(trajectory.Test)
            .Concat(networks.SelectMany(n => n.Train.Concat(n.Test))).Select(p => p.Risk)];
        var log = risks.Length > 0 && risks.Min() > 0 && risks.Max() > LogFrom * risks.Min();
        Add("training risk", trajectory.Train, n => n.Train, p => p.Risk);
        Add("test risk", trajectory.Test, n => n.Test, p => p.Risk);
        Add("training error", trajectory.Train, n => n.Train, p => p.ErrorRate, isRate: true);
        Add("test error", trajectory.Test, n => n.Test, p => p.ErrorRate, isRate: true);

        var caption = (panels.Count, networks.Count) switch
        {
            (1, 0) => "Risk of the infinite-width limit against time.",
            ( > 1, 0) => "Performance of the infinite-width limit against time.",
            (_, _) => "Performance of finite networks against time, one colour a width" +
                (replicates > 1 ? $" (line: mean over {replicates} seeds; band: smallest to largest)" : "") +
                ", with the infinite-width limit drawn on top.",
        };
        return Figure.Of("risk-curves", caption, panels, networks.Count == 0 ? [] :
            [.. Legend(groups), FigureStyle.Entry("limit", FigureStyle.Limit, FigureStyle.LimitWidth, pattern)]);

        void Add(string title, IReadOnlyList<Performance> ofLimit,
            Func<NetworkRun, IReadOnlyList<Performance>> ofNetwork, Func<Performance, double> value,
            bool isRate = false)
        {
            double[] ours = [.. ofLimit.Select(value)];
            if (!ours.Any(double.IsFinite)) return;
            var label = isRate ? "fraction misclassified" : "risk E[l(\u0177, y)]";
            var panel = new Panel(title, TimeScale(model), new(label, log && !isRate)) { FromZero = isRate };
            // Every band lies under every line.
            if (replicates > 1)
                foreach (var (i, group) in groups.Index())
                    panel.Band(Times(group), Over(group, v => v.Min()), Over(group, v => v.Max()), Color(i, groups));
            foreach (var (i, group) in groups.Index())
                panel.Curve(Times(group), Over(group, v => v.Average()), Color(i, groups), FigureStyle.CurveWidth);
            panel.Curve(trajectory.Times, ours, FigureStyle.Limit, FigureStyle.LimitWidth, pattern);
            panels.Add(panel);

            IEnumerable<double> Over(NetworkRun[] group, Func<IEnumerable<double>, double> statistic) =>
                ofNetwork(group[0]).Select((_, k) => statistic(group.Select(r => value(ofNetwork(r)[k]))));
        }
    }

    /// <summary>
    /// rms gap times sqrt(N) against t: curves that coincide where the gap is of order N^(-1/2); and, where it comes
    /// near to the gaps, the error of the limit beneath them, which shows until when they are to be trusted. Null
    /// without networks.
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
        foreach (var (i, group) in groups.Index())
            panel.Curve(Times(group), Rms(group).Select(rms => Math.Sqrt(group[0].Width) * rms), Color(i, groups),
                FigureStyle.CurveWidth);
        double[] errors = [.. result.Limit.Trajectory.Times.Select((_, k) => result.Limit.ErrorUntil(k))];
        var isNear = errors.LastOrDefault() > GapRateFigure.DrawnFrom * groups.SelectMany(Rms).Min();
        var trust = new Panel("gap, and error of the limit", TimeScale(model), new("rms prediction gap", true));
        foreach (var (i, group) in groups.Index())
            trust.Curve(Times(group), Rms(group), Color(i, groups), FigureStyle.CurveWidth);
        trust.Curve(result.Limit.Trajectory.Times, errors.Select(e => e < FarBelow * errors[^1] ? double.NaN : e),
            FigureStyle.Warning, FigureStyle.CurveWidth, LinePattern.Dotted);
        return Figure.Of("gap-time", "Root mean square, over points, outputs and seeds, of the difference " +
            "of the predictions of finite networks and the limit, against time, times \u221aN: " +
            "where the gap is of order 1/\u221aN the curves coincide" + (isNear ? "; and as it is, on a logarithmic " +
            "axis, with the error of the limit up to that time." : "."), isNear ? [panel, trust] : [panel],
            [.. Legend(groups), .. isNear ? new[] { FigureStyle.Entry("error of the limit", FigureStyle.Warning,
                FigureStyle.CurveWidth, LinePattern.Dotted) } : []]);
    }

    private static IEnumerable<double> Rms(NetworkRun[] group) =>
        group[0].Gaps.Select((_, k) => Math.Sqrt(group.Average(r => r.Gaps[k].Rms * r.Gaps[k].Rms)));

    private static Scale TimeScale(Model model) =>
        new("time t", model.Problem.Record.Spacing == Spacing.Logarithmic);

    private static NetworkRun[][] Groups(IReadOnlyList<NetworkRun> networks) =>
        [.. networks.GroupBy(n => n.Width).Select(g => g.ToArray())];

    private static IEnumerable<double> Times(NetworkRun[] group) => group[0].Gaps.Select(g => g.Time);

    private static Color Color(int index, NetworkRun[][] groups) => FigureStyle.OfWidth(index, groups.Length);

    private static LegendItem[] Legend(NetworkRun[][] groups) =>
        FigureStyle.Legend(groups.Select(g => $"N = {g[0].Width}"));
}
