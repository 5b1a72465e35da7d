using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Statistics;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Studies;

/// <summary>
/// The gap over a long time: sup over s &lt;= t of the gap, times sqrt(N), against t. The constants of the theorems
/// grow with the time; whether the coupling is uniform in it, they leave open.
/// </summary>
internal sealed class TimeStudy : IStudy
{
    private const double Longer = 10, FittedFrom = 0.1;
    private const int Saves = 36;
    private const string NoGrowth = "it is zero, or does not vary with the seed";

    public string Name => "time";

    public string Question => "Is the coupling uniform in time: does sup over s <= t of the gap stop growing with t?";

    public string Help => "The gap over a time ten times as long. Example: mfl time problem.json --widths 50,100";

    public IEnumerable<(string Name, string Value)> Settings(Model model) =>
        Variant(model) is var variant
            ? [.. MotionText.Rows(variant, hasNetworks: true), MotionText.Recorded(variant)] : [];

    public StudyPlan Plan(Model model, int threads) => new CouplingCells(Variant(model)).Plan(threads, Result);

    private static Model Variant(Model model)
    {
        var problem = model.Problem;
        return model.With(problem with
        {
            Training = problem.Training with
            {
                Time = problem.Couple.LongTime ?? Longer * problem.Training.Time,
                // By default a share of the time: longer than in the problem itself it could be unstable.
                LongestStep = model.IsNoisy ? model.NoisyStep : problem.Training.LongestStep,
            },
            Record = problem.Record with
            {
                Saves = Math.Max(Saves, problem.Record.Saves),
                Spacing = Spacing.Logarithmic,
            },
            Couple = problem.Couple with { LongTime = null },
        });
    }

    private static StudyResult Result(CouplingResult coupled)
    {
        var (limit, variant) = (coupled.Limit, coupled.Limit.Model);
        var (couple, times) = (variant.Problem.Couple, variant.SaveTimes);
        var gaps = new StudyTable("gaps", ["width", "seed", "t", "prediction", "parameters-l2"],
            coupled.Networks.SelectMany(r => times.Select((t, k) => (object[])[r.Width, r.Replicate, t,
                r.Gaps[k].Rms, r.Pathwise.Count > 0 ? r.Pathwise[k].ParametersL2 : double.NaN])));
        if (couple.Widths.Any(n => coupled.Networks.All(r => r.Width != n)))
            return StudyResult.Ended([.. coupled.Failures.Select(f => f.Failure)], gaps);

        (string Name, Func<NetworkRun, int, double> At)[] quantities =
        [
            ("prediction", (r, k) => r.Gaps[k].Rms),
            .. variant.Tracers > 0 ? [("parameters-l2", (r, k) => r.Pathwise[k].ParametersL2)]
                : Array.Empty<(string, Func<NetworkRun, int, double>)>(),
        ];
        var (findings, rows, figures, sentences) =
            (new List<Finding>(), new List<object[]>(), new List<Figure>(), new List<string>());
        foreach (var (name, at) in quantities)
        {
            double[] widest = [];
            var panel = new Panel($"largest {name} gap up to t", new("time t", true),
                new($"sup over s \u2264 t of the gap \u00d7 \u221aN", true));
            foreach (var (i, width) in couple.Widths.Index())
            {
                double[][] sups = [.. coupled.Networks.Where(r => r.Width == width)
                    .Select(r => Largest([.. times.Select((_, k) => at(r, k))]))];
                var (curve, growth, half) = Growth(times, sups, variant.Seed);
                widest = curve;
                double[] scaled = [.. curve.Select(v => v * Math.Sqrt(width))];
                // At 0 there is no gap, and no place on the axis.
                panel.Curve(times.Skip(1), scaled.Skip(1), FigureStyle.OfWidth(i, couple.Widths.Count),
                    FigureStyle.CurveWidth);
                rows.AddRange(times.Select((t, k) => (object[])[name, width, t, curve[k], scaled[k],
                    name == "prediction" ? limit.Error.Total / curve[k] : double.NaN]));
                findings.Add(new($"growth-{name}-{width}", growth, growth - half, growth + half,
                    $"exponent of t in sup over s <= t of the {name} gap at N = {width}, fitted from T/10 to T" +
                    PowerLaw.Unfitted(double.IsNaN(growth) ? NoGrowth : null)));
            }
            sentences.Add($"At N = {couple.Widths[^1]} the largest {name} gap so far " +
                $"{InWords(times, widest, findings[^1])}.");
            figures.Add(Figure.Of($"time-{name}",
                $"Largest {name} gap up to time t between networks and limit, rms over seeds, times \u221aN, on " +
                "logarithmic axes. A coupling uniform in time levels off.",
                [panel], FigureStyle.Legend(couple.Widths.Select(n => $"N = {n}"))));
        }
        return new(string.Join(" ", sentences) +
            $" A coupling uniform in time stops growing; this tells up to t = {times[^1]:G3}.", findings,
            [
                new("study", ["quantity", "width", "t", "supOfGap", "supTimesSqrtN", "limitErrorOverSup"], rows),
                gaps,
            ])
        {
            Figures = figures,
            Neurons = limit.Neurons(),
            Failures = [.. coupled.Failures.Select(f => f.Failure)],
        };
    }

    /// <summary>
    /// What a curve does from a tenth of the final time on: "grows like t^0.34, 95 % interval [0.31, 0.37], by a factor
    /// of 2.2, from t = 3 to 30".
    /// </summary>
    internal static string InWords(double[] times, double[] curve, Finding growth)
    {
        var first = Array.FindIndex(times, t => t >= FittedFrom * times[^1]);
        var (factor, span) = (curve[^1] / curve[first], $"from t = {times[first]:G3} to {times[^1]:G3}");
        var interval = double.IsFinite(growth.Low) ? $", 95 % interval [{growth.Low:0.00}, {growth.High:0.00}]" : "";
        // It cannot fall: a thousandth is what shows in no figure.
        return double.IsNaN(growth.Value) ? $"has no rate: {NoGrowth}"
            : factor <= 1.001 ? $"does not grow {span}"
            : growth.Value < 0.005 ? $"hardly grows {span}, by {100 * (factor - 1):G2} %"
            : $"grows like t^{growth.Value:0.00}{interval}, by a factor of {factor:G3}, {span}";
    }

    /// <summary>
    /// The rms over seeds of sup_{s &lt;= t} of the gap, the least-squares exponent of t in it from a tenth of the
    /// final time on, and half the length of its 95 % interval.
    /// </summary>
    internal static (double[] Curve, double Exponent, double Half) Growth(double[] times, double[][] sups, ulong seed)
    {
        int[] late = [.. Enumerable.Range(0, times.Length).Where(k => times[k] >= FittedFrom * times[^1])];
        double[] logs = [.. late.Select(k => Math.Log(times[k]))];
        double At(int k, int[] drawn) => Math.Sqrt(drawn.Average(s => sups[s][k] * sups[s][k]));
        double Exponent(int[] drawn) => PowerLaw.LogSlope(logs, [.. late.Select(k => At(k, drawn))]);
        int[] all = [.. Enumerable.Range(0, sups.Length)];
        // Seeds that agree to six digits: what grows are the errors of steps of one and the same network.
        var none = sups.Length > 1 &&
            late.All(k => sups.Max(v => v[k]) - sups.Min(v => v[k]) <= PowerLaw.Same * sups.Max(v => v[k]));
        return ([.. times.Select((_, k) => At(k, all))], none ? double.NaN : Exponent(all),
            Bootstrap.HalfLengths(sups.Length, seed, drawn => [Exponent(drawn)])[0]);
    }

    private static double[] Largest(double[] values)
    {
        for (var k = 1; k < values.Length; k++) values[k] = Math.Max(values[k], values[k - 1]);
        return values;
    }
}
