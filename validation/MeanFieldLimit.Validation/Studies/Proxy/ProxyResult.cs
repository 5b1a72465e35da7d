using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Statistics;

namespace MeanFieldLimit.Validation.Studies.Proxy;

/// <summary>What is made of the laws of networks and limits.</summary>
internal static class ProxyResult
{
    // The nodes of a limit, the same for all draws, shift its D_logits: below this part of it that is not said.
    private const double FarBelow = 0.1;

    // On a logarithmic axis bars that reach down to 0 are cut at this part of the noise.
    private const double Lowest = 0.01;

    internal static StudyResult Of(Model model, Done done, Cell<LawRecord>[] networks, IReadOnlyList<ProxyLimit> limits,
        IReadOnlyList<string> refused)
    {
        if (done.Failures(networks) is { Length: > 0 } failed) return StudyResult.Ended(failed);
        CellFailure[] failures = [.. limits.Select(l => l.Failure(done)).OfType<CellFailure>()];
        ProxyLimit[] there = [.. limits.Where(l => l.Failure(done) is null)];
        if (there.Length == 0) return StudyResult.Ended(failures);
        var (groups, points) = (done.Found(networks), new ProxyPoints(model));
        IReadOnlyList<GroupedLaws>[] laws = [.. there.Select(l => l.Laws(done))];
        ProxyTime[] times = [.. model.SaveTimes.Select((t, k) => ProxyTime.Of(t,
            [.. groups.Select(g => g.Moments[k])], [.. laws.Select(l => l[k])], points.Weights))];
        string[] names = [.. there.Select(l => l.Name)];
        var variances = GroupedLaws.Together(groups.Select(g => g.Moments[^1])).Normal.Variances;
        var half = 0.5 * points.Weights.Zip(variances, (w, v) => w / v).Sum();
        double[] types = [.. there.Select(l => l.Solution(done).Error.Types)];
        var said = InWords(times, names, model.Problem.Scaling!.Width!.Value) + string.Concat(there
                .Where((l, i) => times[^1].Closest.Contains(i) && l.HasOneSetOfNodes(done)
                    && half * types[i] * types[i] > FarBelow * Math.Abs(times[^1].Logits[i].Value))
                .Select(l => $" The nodes of {l.Name} may make a part of its D_logits."))
            + string.Concat(refused.Select(rule => $" Left out: {rule}."));
        return new(said, [.. Findings(times[^1], names)],
            [
                new("study", ["time", "limit", "dLogits", "dLogitsError", "w2", "w2Error", "aboveBest",
                    "aboveBestError", "noise", "w2Noise"], [.. times.SelectMany(t => Rows(t, names))],
                    $"D_logits = E_x KL(N(m, v) || N(m*, v*)) over {points.Name} and outputs, of the mean m and the " +
                    "variance v of a limit over initial functions and of m*, v* over networks, infinite where a " +
                    "limit has no variance; w2 = E_x (m - m*)^2 + (sqrt v - sqrt v*)^2. Less their bias of order " +
                    "1/n, each with one standard error, by the jackknife over groups of networks and of draws. Above " +
                    "best: the difference to the limit of the smallest D_logits from the same networks and draws. " +
                    "Noise: between two halves of the networks, its bias included."),
                new("study-limits", ["limit", "draws", "errorOfTypes", "dLogitsOfTypes"], [.. there.Select((l, i) =>
                    (object[])[l.Name, l.Draws(done), types[i], half * types[i] * types[i]])],
                    "Draws of the initial function that a law is told by, 0 where it is known; the error of the " +
                    "nodes of types (rms, largest over the save times, from one draw), and the D_logits that a shift " +
                    "of all means by it would make at the last time. Random nodes (sobol, monte-carlo) are others " +
                    "for every draw: their error is in the standard errors."),
            ])
        {
            Failures = failures,
            Text = $"{said}\n{"limit",-12}{"D_logits",10}{"std error",11}{"W2^2",10}{"std error",11}" +
                string.Concat(names.Select((name, i) => $"\n{name,-12}" + Numbers(times[^1].Logits[i]) +
                    Numbers(times[^1].Wasserstein[i]))),
            Figures = [Draw(times, names)],
        };
    }

    private static string Numbers(Jackknife j) => $"{LimitText.Cell(Value(j)),10}{LimitText.Cell(Error(j)),11}";

    /// <summary>Which limit is closest at the last time, and how IC-MF fares at all.</summary>
    internal static string InWords(IReadOnlyList<ProxyTime> times, string[] names, double width)
    {
        var last = times[^1];
        var at = FormattableString.Invariant($"At t = {last.Time:G6} ");
        if (last.Best < 0) return $"{at}D_logits of all limits is infinite: none has a variance.";
        var (closest, best) = (last.Closest, last.Logits[last.Best]);
        int[] behind = [.. Enumerable.Range(0, names.Length).Except(closest).Where(i => last.Logits[i].IsFinite)
            .OrderBy(i => last.Logits[i].Value)];
        string[] infinite = [.. names.Where((_, i) => !last.Logits[i].IsFinite)];
        return at + (closest.Count == 1
            ? $"the best proxy of networks of width {width:G6} is {names[last.Best]}: its D_logits is "
            : $"{Listed([.. closest.Select(i => names[i])])} cannot be told apart as proxies of networks of width " +
                $"{width:G6}: the smallest D_logits, of {names[last.Best]}, is ") + Within(best) +
            string.Concat(closest.Skip(1).Select(i => $", that of {names[i]} larger by {Within(last.AboveBest(i))}")) +
            (behind.Length == 0 ? ""
                : $"; that of {names[behind[0]]}, the next, is larger by {Within(last.AboveBest(behind[0]))}") +
            " (95 % intervals)." +
            (infinite.Length == 0 ? "" : $" That of {Listed(infinite)} is infinite, for want of a variance.") +
            Corrected(times, names);
    }

    /// <summary>When the initialization-corrected limit is the best.</summary>
    private static string Corrected(IReadOnlyList<ProxyTime> times, string[] names)
    {
        var name = Names.Of(ScalingKind.IcMf);
        var limit = Array.IndexOf(names, name);
        if (limit < 0) return "";
        ProxyTime[] trained = [.. times.Skip(1)];
        var (best, tied) = (trained.Count(t => t.Closest is [var one] && one == limit),
            trained.Count(t => t.Closest.Count > 1 && t.Closest.Contains(limit)));
        return $" Of {trained.Length} save times after the start {name} is the best proxy at {best}, and cannot be " +
            $"told apart from the best at {tied}.";
    }

    private static IEnumerable<Finding> Findings(ProxyTime last, string[] names)
    {
        foreach (var (i, name) in names.Index())
        {
            yield return Of($"{name}-d-logits", last.Logits[i],
                $"E_x KL of the normal laws of {name} and of networks at the last time" +
                (last.Logits[i].IsFinite ? "" : ": infinite, without a variance"));
            yield return Of($"{name}-w2", last.Wasserstein[i], "E_x W2^2 between these laws");
        }

        static Finding Of(string name, Jackknife j, string meaning) => new(name, Value(j),
            Value(j) - Half(j), Value(j) + Half(j), meaning);
    }

    private static IEnumerable<object[]> Rows(ProxyTime t, string[] names) => names.Select((name, i) =>
    {
        var above = t.Best >= 0 && t.Logits[i].IsFinite ? t.AboveBest(i) : null;
        return (object[])[t.Time, name, Value(t.Logits[i]), Error(t.Logits[i]), Value(t.Wasserstein[i]),
            Error(t.Wasserstein[i]), above?.Value ?? double.NaN, above?.Error ?? double.NaN, t.Noise,
            t.WassersteinNoise];
    });

    private static double Value(Jackknife j) => j.IsFinite ? j.Value : j.All;

    private static double Error(Jackknife j) => j.IsFinite ? j.Error : double.NaN;

    private static double Half(Jackknife j) => j.IsFinite ? j.HalfLength : double.NaN;

    private static string Within(Jackknife j) =>
        $"{LimitText.Short(j.Value)} {LimitText.Interval(j.Value - j.HalfLength, j.Value + j.HalfLength)}";

    private static string Listed(string[] names) =>
        names.Length == 1 ? names[0] : $"{string.Join(", ", names.SkipLast(1))} and {names[^1]}";

    private static Figure Draw(IReadOnlyList<ProxyTime> times, string[] names)
    {
        Panel[] panels =
        [
            Of("D_logits, infinite of limits without a variance", t => t.Logits, t => t.Noise),
            Of("E_x W2\u00b2", t => t.Wasserstein, t => t.WassersteinNoise),
        ];
        return Figure.Of("proxy", "Distances of the laws of limits over initial functions from that of networks of " +
            "the reference width, with 95 % intervals; dashed: the same between two halves of the networks.", panels,
            [.. FigureStyle.SeriesLegend(names), FigureStyle.GuideEntry("noise of networks")]);

        Panel Of(string title, Func<ProxyTime, IReadOnlyList<Jackknife>> distance, Func<ProxyTime, double> noise)
        {
            var panel = new Panel(title, new("t", false), new("distance", true));
            var xs = times.Select(t => t.Time).ToArray();
            for (var i = 0; i < names.Length; i++)
            {
                double[] ys = [.. times.Select(t => Value(distance(t)[i]))];
                double[] wide = [.. times.Select(t => Half(distance(t)[i]))];
                var color = FigureStyle.OfWidth(i, names.Length);
                panel.Bars(xs, times.Select((t, k) => Math.Max(ys[k] - wide[k], Lowest * noise(t))),
                    ys.Zip(wide, (y, w) => y + w), color);
                panel.Curve(xs, ys, color, FigureStyle.CurveWidth);
                panel.Points(xs, ys, color, shape: FigureStyle.ShapeOf(i));
            }
            panel.Curve(xs, times.Select(noise), FigureStyle.Guide, FigureStyle.CurveWidth,
                ScottPlot.LinePattern.Dashed);
            return panel;
        }
    }
}
