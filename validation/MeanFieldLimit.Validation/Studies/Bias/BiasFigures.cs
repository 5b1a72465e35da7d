using MeanFieldLimit.Validation.Figures;
using ScottPlot;

namespace MeanFieldLimit.Validation.Studies.Bias;

/// <summary>The figures of teacher and student.</summary>
internal sealed class BiasFigures(BiasResult result)
{
    private static readonly Scale Time = new("time t of a and b", true), Risk = new("E (f - f*)^2 / E f*^2", true),
        Test = new("test error E (f - f*)^2", true);

    private static readonly Color[] Colors = [FigureStyle.Warning, FigureStyle.Data, FigureStyle.OfWidth(1, 3)];

    internal Figure[] All => [PopulationRisk(), Neurons(), Ends(), Losses(), Over("test-error", Test, c => c.Test[^1],
        "Test errors against the width m", hasLimits: true), Over("path-norm", new("path norm \u03a3|a||b|", true),
            c => c.PathNorm[^1], "Path norms against the width m", hasLimits: false), Map(), Gap()];

    private double Width => result.Of.Bias.Width;

    private Figure PopulationRisk() => Figure.Of("population-risk", "Risks under the law of the inputs against time, " +
        "of networks and of their random features, for teachers of M neurons.", [.. result.Population.Select(r =>
        {
            var panel = new Panel($"M = {r.Teachers}", Time, Risk);
            Add(r.FeatureRisks, Colors[1]);
            Add(r.Risks, Colors[0]);
            return panel;

            void Add(double[] risks, Color color) => panel.Curve(Times(r), risks.Select(v => v / r.Norm), color,
                FigureStyle.LimitWidth);
        })], [Line(0), Line(1)]);

    private Figure Neurons() => Figure.Of("neurons", "Each neuron's |a| |b| against time, for teachers of M neurons: " +
        "all grow at first, then few go on.", [.. result.Population.Select(r =>
        {
            var panel = new Panel($"M = {r.Teachers}", Time, new("|a| |b|", false)) { FromZero = true };
            foreach (var (rank, j) in r.Magnitudes[^1].Index().OrderBy(m => m.Item).Select(m => m.Index).Index())
                panel.Curve(Times(r), r.Magnitudes.Select(m => m[j]), FigureStyle.OfWidth(rank, (int)Width),
                    FigureStyle.CurveWidth);
            return panel;
        })], []);

    private Figure Ends()
    {
        (PopulationRun Run, int Look)[] both = [(result.Population[0], 0), (result.Scaled, 2)];
        var sizes = new Panel("", new("neuron, by its size", false), new("|a| |b|", false)) { FromZero = true };
        var places = new Panel("", new("b along the teacher", false), new("b across it", false));
        foreach (var (run, look) in both)
        {
            double[] sorted = [.. run.Magnitudes[^1].OrderDescending()];
            sizes.Points(sorted.Select((_, j) => j + 1.0), sorted, Colors[look], shape: FigureStyle.ShapeOf(look));
            places.Points(run.Ends.Select(e => e[0]), run.Ends.Select(e => e[1]), Colors[look],
                shape: FigureStyle.ShapeOf(look));
        }
        return Figure.Of("ends", $"Neurons at the end, for a teacher of {result.Scaled.Teachers}: sizes, and " +
            "incoming weights along the (first) neuron of the teacher and across it.", [sizes, places],
            [Mark(0), Mark(2)]);
    }

    private Figure Losses()
    {
        var (n, least) = ((double)result.Of.Points, result.Of.Parametrized);
        int[] widths = [.. new[] { 2 * least, 8 * least, 0.8 * n }
            .Select(m => result.Widths.MinBy(w => Math.Abs(Math.Log(w / m)))).Distinct()];
        return Figure.Of("loss-curves", $"Risks on {n} points (solid) and of all inputs (dashed) against time, at " +
            "widths near 2 n / (d + 1), 8 n / (d + 1) and 0.8 n; one seed.", [.. widths.Select(m =>
            {
                var panel = new Panel($"m = {m}", Time, new("risk", true));
                var run = result.Families[0].Runs.First(r => r.Width == m && r.Replicate == 0);
                foreach (var (k, course) in new[] { run.Network, run.Features! }.Index())
                {
                    panel.Curve(run.Times.Select(t => t / m), course.Train.Select(v => v > Shown ? v : double.NaN),
                        Colors[k], FigureStyle.LimitWidth);
                    panel.Curve(run.Times.Select(t => t / m), course.Test, Colors[k], FigureStyle.CurveWidth,
                        LinePattern.Dashed);
                }
                return panel;
            })], [Line(0), Line(1)]);
    }

    // Risks that say only that a network has settled.
    private const double Shown = 1e-8;

    private Figure Over(string name, Scale y, Func<Course, double> quantity, string what, bool hasLimits)
    {
        var panel = new Panel("", Scale.Widths(result.Widths), y);
        double[] xs = [.. result.Widths.Select(m => (double)m)];
        List<LegendItem> legend = [Mark(0), Mark(1), Mark(2)];
        var values = result.Families.Select(f => result.Widths.Select(m => f.At(m, quantity)).ToArray()).ToArray();
        double[] all = [.. values.SelectMany(v => v).Select(v => v.Value)];
        foreach (var m in new[] { result.Of.Parametrized, result.Of.Points })
            panel.Curve([m, m], [all.Min(), all.Max()], FigureStyle.Guide, FigureStyle.CurveWidth, LinePattern.Dashed);
        legend.Add(FigureStyle.GuideEntry("m = n / (d + 1), m = n"));
        for (var k = 0; k < values.Length; k++)
        {
            panel.Bars(xs, values[k].Select(v => v.Low), values[k].Select(v => v.High), Colors[k]);
            panel.Curve(xs, values[k].Select(v => v.Value), Colors[k], FigureStyle.CurveWidth);
            panel.Points(xs, values[k].Select(v => v.Value), Colors[k], shape: FigureStyle.ShapeOf(k));
        }
        if (hasLimits)
        {
            Level(result.MeanField.Test, Colors[2], "mean-field limit");
            Level(result.Kernel.Test, Colors[1], "kernel limit");
        }
        return Figure.Of(name, $"{what}, {result.Of.Points} points in dimension {result.Of.Inputs}: medians over " +
            "seeds, with the least and the largest" +
            (hasLimits ? "; the limits of infinite width are those of the first seed." : "."),
            [panel], legend);

        void Level(double height, Color color, string label)
        {
            if (!double.IsFinite(height)) return;
            panel.Curve([xs[0], xs[^1]], [height, height], color, FigureStyle.CurveWidth, LinePattern.Dotted);
            legend.Add(FigureStyle.Entry(label, color, FigureStyle.CurveWidth, LinePattern.Dotted));
        }
    }

    // Squares at the edge of the map are whole.
    private const double Beyond = 1.3;

    private Figure Map()
    {
        double[] levels = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1];
        Color Of(double test) =>
            FigureStyle.OfWidth((int)Math.Clamp(Math.Round(4 * (Math.Log10(test) + 5)), 0, 20), 21);
        return Figure.Of("map", "Test errors over widths m and numbers of points n, of conventional networks and of " +
            $"those of the mean-field scaling: medians over seeds on {result.Of.Points} points, one seed on other " +
            "numbers of them; dark is large. Dashed: m = n / (d + 1) and m = n.",
            [Panel(isScaled: false), Panel(isScaled: true)],
            [.. levels.Select(v => FigureStyle.PointEntry($"{v:G1}", Of(v), MarkerShape.FilledSquare))]);

        Panel Panel(bool isScaled)
        {
            var panel = new Panel(isScaled ? "mean-field scaling" : "conventional", Scale.Widths(result.Widths),
                new("points n", true) { Labelled = result.Of.Bias.Samples });
            var those = result.Samples.Where(r => r.Features is null == isScaled);
            foreach (var cell in those.GroupBy(r => (r.Points, r.Width)))
                panel.Points([cell.Key.Width], [cell.Key.Points],
                    Of(WidthMedian.Of(cell.Select(r => r.Test)).Value), 15, MarkerShape.FilledSquare);
            double[] ns = [result.Of.Bias.Samples[0] / Beyond, Beyond * result.Of.Bias.Samples[^1]];
            foreach (var divisor in (double[])[result.Of.Inputs + 1, 1])
                panel.Curve(ns.Select(n => n / divisor), ns, FigureStyle.Guide, FigureStyle.CurveWidth,
                    LinePattern.Dashed);
            return panel;
        }
    }

    private Figure Gap() => SeriesFigure.Draw("gap-rate", "The largest distance in time of a conventional network to " +
        $"its random features, root mean square over inputs and seeds, on {result.Of.Bias.Samples[0]} points, " +
        "against the width; dashed: 1 / m, the bound of the theorem.", Scale.Widths(result.Of.Bias.Wide),
        new("sup |f - f_rf|", true),
        [
            new Series("networks", result.Of.Bias.Wide, result.Gap.Rms)
            {
                Bars = (result.Gap.RmsLow, result.Gap.RmsHigh),
                Theory = -1,
            },
        ]);

    private IEnumerable<double> Times(PopulationRun run) => run.Times.Select(t => t / Width);

    private LegendItem Line(int k) => FigureStyle.Entry(result.Families[k].Label, Colors[k], FigureStyle.LimitWidth);

    private LegendItem Mark(int k) =>
        FigureStyle.PointEntry(result.Families[k].Label, Colors[k], FigureStyle.ShapeOf(k), FigureStyle.CurveWidth);
}
