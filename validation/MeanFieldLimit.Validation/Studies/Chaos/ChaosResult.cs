using MeanFieldLimit.Validation.Statistics;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Studies.Chaos;

/// <summary>What the measurements say: slopes with intervals, tables, figures.</summary>
internal static class ChaosResult
{
    /// <summary>A law of squares: those of the root mean squares that <see cref="PowerLaw"/> fits.</summary>
    internal sealed record Squares(string Part, double Theory, PowerLaw Law)
    {
        internal double[] Means => Law.Rms;

        /// <summary>That of squares of replicates, each with one a width.</summary>
        internal static Squares Of(string part, double theory, IReadOnlyList<int> widths,
            IReadOnlyList<double[]> squares, ulong seed)
        {
            var law = PowerLaw.OfWidths(widths, squares.Count, (i, r) => Math.Sqrt(squares[r][i]), seed);
            return new(part, theory, law with
            {
                Slope = 2 * law.Slope,
                Low = 2 * law.Low,
                High = 2 * law.High,
                Rms = Square(law.Rms),
                RmsLow = Square(law.RmsLow),
                RmsHigh = Square(law.RmsHigh),
            });

            static double[] Square(double[] values) => [.. values.Select(v => v * v)];
        }
    }

    /// <summary>Correlations of two neurons, one a width, and their slope, with half their 95 % intervals.</summary>
    internal sealed record Dependence(double[] Values, double[] Half, double Slope, double SlopeHalf)
    {
        internal static Dependence Of(ChaosMeasurement m, IReadOnlyList<int> widths, ulong seed)
        {
            var replicates = m.Replicates.Count;
            (int At, int Width)[] several = [.. widths.Index().Where(n => n.Item > 1)];
            double[] logs = [.. several.Select(n => Math.Log(n.Width))];
            double[] Statistics(IEnumerable<int> drawn)
            {
                double[] values = [.. widths.Select((_, w) =>
                    Contributions.Correlation([.. drawn.Select(r => m.Replicates[r].Contributions[w])]))];
                return [.. values, PowerLaw.LogSlope(logs, [.. several.Select(n => Math.Abs(values[n.At]))])];
            }
            var all = Statistics(Enumerable.Range(0, replicates));
            var half = Bootstrap.HalfLengths(replicates, seed, Statistics);
            return new(all[..^1], half[..^1], all[^1], half[^1]);
        }
    }

    internal static StudyResult Of(Model model, IReadOnlyList<ChaosMeasurement> all, double[][] interaction,
        LimitLaws laws)
    {
        var (widths, chaos, seed) = (model.Problem.Couple.Widths, model.Problem.Chaos!, model.Seed);
        var quiet = all.Any(m => !m.IsStochastic) ? Squares.Of("interaction", -1, widths, interaction, seed) : null;
        var fits = all.Select(m => new Fitted(m,
        [
            Of("total", m, r => r.Total), Of($"total of {chaos.Particles}", m, r => r.TotalOfGroups),
            .. m.IsStochastic ? [] : new[] { Of("noise", m, r => r.NoisePart), quiet! },
        ], Dependence.Of(m, widths, seed))).ToArray();
        var headline = ChaosText.Headline(fits, quiet) + Untrusted(fits, quiet, widths);
        return new(headline, [.. Findings(fits, quiet)],
        [
            new("study", ["noise", "beta", "width", "meanSquare", "low", "high", "meanSquareOfGroup",
                "noisePart", "interactionPart", "limitErrorOverGap", "trusted", "risk"],
                [.. fits.SelectMany(f => Rows(f, widths))],
                "E sup over time of |W^N - W*|^2, mean over neurons and replicates, with 95 % intervals; the same of " +
                $"groups of {chaos.Particles} neurons. Parts: the network against itself without noise, and that " +
                "against the limit. The error of the limit is the root of the same mean between the limit and one on " +
                "other nodes and other paths, over the root of the gap; gaps below ten times that are not trusted. " +
                "The risk is that of networks at the final time, mean over replicates."),
            new("study-rates", ["noise", "beta", "part", "slope", "low", "high", "theory"],
                [.. fits.SelectMany(f => f.Parts.Select(p => (object[])
                    [f.Kind, f.Of.Beta, p.Part, p.Law.Slope, p.Law.Low, p.Law.High, p.Theory]))],
                "Exponents of N in mean squares, with 95 % intervals."),
            new("study-correlations", ["noise", "beta", "width", "correlation", "low", "high", "correlationTimesN"],
                [.. fits.SelectMany(f => widths.Select((n, w) => (object[])
                    [f.Kind, f.Of.Beta, n, f.Dependence.Values[w], f.Dependence.Values[w] - f.Dependence.Half[w],
                        f.Dependence.Values[w] + f.Dependence.Half[w], n * f.Dependence.Values[w]]))],
                "Correlation over replicates of the contributions of two neurons to the predictions at the final " +
                "time, covariances and variances summed over points and outputs, with 95 % intervals."),
            Laws(fits, laws, widths, chaos),
        ])
        {
            Text = headline + ChaosText.Table(fits, quiet),
            Figures = [.. ChaosFigures.All(model, fits, laws)],
        };

        Squares Of(string part, ChaosMeasurement m, Func<KindRecord, double[]> values) =>
            Squares.Of(part, m.Theory, widths, [.. m.Replicates.Select(values)], seed);
    }

    private static StudyTable Laws(Fitted[] fits, LimitLaws laws, IReadOnlyList<int> widths, ChaosSpec chaos)
    {
        return new("study-laws", ["noise", "beta", "width", "gamma", "distance", "samplingDistance", "limitError"],
        [
            .. fits.Where(f => !f.Of.IsStochastic || f.Of.Noise != ChaosNoise.Shared).SelectMany(f =>
                f.Of.Pooled.Select((sample, w) => Row([f.Kind, f.Of.Beta, widths[w], chaos.Gamma], sample,
                    laws.Of(f.Of).Draws, laws.Of(f.Of).Error))),
            .. laws.Gammas.Select(g =>
                Row(["limit", 1.0, "-", g.Gamma], g.Sample.Draws, laws.Deterministic.Draws, g.Sample.Error)),
        ], $"Wasserstein distance (order 1) of the weights of input {chaos.Coordinate} at the final time, of all " +
            "neurons and replicates of a width, to draws from the law of the limit, and what two independent samples " +
            "of these sizes from one law have on average; last, the same of the limit at beta = 1 for several gamma, " +
            "with noise per particle, against the deterministic one (from the same initial values, hence closer). " +
            "Under shared noise the limit at beta = 1 has a law only given the noise. The error of the limit is that " +
            "distance between draws with it and with one on other nodes and other paths.");

        static object[] Row(object[] of, double[] sample, double[] draws, double error) => [.. of,
            SampleDistance.Between(sample, draws), SampleDistance.OfChance(draws, sample.Length), error];
    }

    /// <summary>A measurement with its laws.</summary>
    internal sealed record Fitted(ChaosMeasurement Of, IReadOnlyList<Squares> Parts, Dependence Dependence)
    {
        /// <summary>Its noise, as problem files have it.</summary>
        internal string Kind { get; } = Names.Of(Of.Noise);

        internal Squares Total => Parts[0];

        /// <summary>The root of the limit's mean square error over that of a part, at width number w.</summary>
        internal double ErrorOver(Squares part, int w) => Math.Sqrt(Of.Error / part.Means[w]);
    }

    private static IEnumerable<object[]> Rows(Fitted f, IReadOnlyList<int> widths) =>
        widths.Select((n, w) => (object[])
        [f.Kind, f.Of.Beta, n, f.Total.Means[w], f.Total.Law.RmsLow[w], f.Total.Law.RmsHigh[w], f.Parts[1].Means[w],
            f.Of.IsStochastic ? double.NaN : f.Parts[2].Means[w], f.Of.IsStochastic ? double.NaN : f.Parts[3].Means[w],
            f.ErrorOver(f.Total, w), f.ErrorOver(f.Total, w) <= CouplingResult.TrustedFraction ? "yes" : "no",
            f.Of.Replicates.Average(r => r.Risk[w])]);

    private static IEnumerable<Finding> Findings(IReadOnlyList<Fitted> fits, Squares? quiet)
    {
        foreach (var f in fits)
        {
            var name = $"{f.Kind}-{f.Of.Beta:0.##}";
            foreach (var p in f.Parts.Where(p => p != quiet))
                yield return Finding.Of($"{name}-{p.Part.Replace(' ', '-')}", p.Law,
                    $"exponent of N in E sup |.|^2, {p.Part}; the theory has {p.Theory:0.##}");
            yield return new($"{name}-correlation", f.Dependence.Slope, f.Dependence.Slope - f.Dependence.SlopeHalf,
                f.Dependence.Slope + f.Dependence.SlopeHalf, "exponent of N in the correlation of two neurons" +
                PowerLaw.Unfitted(double.IsNaN(f.Dependence.Slope)
                    ? "it takes two replicates, and at two widths above 1 correlations that are not 0" : null));
            yield return Finding.Of($"{name}-limit-error", f.ErrorOver(f.Total, f.Total.Means.Length - 1),
                "error of the limit over the gap at the largest width, roots of mean squares");
        }
        if (quiet is not null)
            yield return Finding.Of("interaction", quiet.Law, "exponent of N without noise; the theory has -1");
    }

    /// <summary>What the headline is not to be believed of: slopes through gaps that the limit's error blurs.</summary>
    private static string Untrusted(IReadOnlyList<Fitted> fits, Squares? quiet, IReadOnlyList<int> widths)
    {
        string[] blurred =
        [
            .. fits.SelectMany(f => From(f, f.Total, $"{f.Kind} at beta = {f.Of.Beta:0.##}")),
            .. quiet is null ? [] : From(fits.First(f => !f.Of.IsStochastic), quiet, "without noise"),
        ];
        return blurred.Length == 0 ? "" : $" Not to be trusted, as the limit errs by more than " +
            $"{CouplingResult.TrustedFraction:0.##} of the gap: {string.Join(", ", blurred)}; give the limit more " +
            "nodes, or paths.";

        IEnumerable<string> From(Fitted f, Squares part, string name) => widths
            .Where((_, w) => !(f.ErrorOver(part, w) <= CouplingResult.TrustedFraction)).Take(1)
            .Select(n => $"{name} from N = {n}");
    }
}
