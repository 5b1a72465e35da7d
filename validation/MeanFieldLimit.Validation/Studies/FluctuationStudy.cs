using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Statistics;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Validation.Figures;
using MeanFieldLimit.Validation.Statistics;
using MeanFieldLimit.Validation.Studies.Coupling;

namespace MeanFieldLimit.Validation.Studies;

/// <summary>
/// Fluctuations beyond the law of large numbers: the law of sqrt(N) (yhat_N - yhat) over seeds at the final time. Does
/// its covariance converge as N grows, to the one that the limit predicts, does its mean vanish, and is it Gaussian?
/// </summary>
internal sealed class FluctuationStudy : IStudy
{
    private const int MostComponents = PredictedGap.MostOfCovariance, Directions = 2;
    private const double Level = 0.05;

    public string Name => "fluctuations";

    public string Question => "Does sqrt(N) times the prediction gap have a limit law as N grows, and is it Gaussian?";

    public string Help => "The law of sqrt(N) times the gap over seeds: its covariance, and whether it is Gaussian. " +
        "Example: mfl fluctuations problem.json --seeds 400";

    public StudyPlan Plan(Model model, int threads)
    {
        var couple = model.Problem.Couple;
        if (couple.Seeds < 8)
            throw model.Loaded.Error("$.couple.seeds",
                $"the fluctuations study needs at least 8 seeds for a covariance, got {couple.Seeds}; use some " +
                "hundreds");
        var (training, limit) = (model.Problem.Training, model.Problem.Limit);
        if (training.Dynamics == DynamicsKind.Sgd && limit.Dynamics == DynamicsKind.Flow)
            throw model.Loaded.Error("$.training.dynamics",
                "dynamics must not be sgd against a limit under the flow: the noise of batches, of order sqrt(eps) " +
                "at every width, makes sqrt(N) times the gap grow; use flow, or the limit under sgd, on the same " +
                "batches");
        return new CouplingCells(model.With(model.Problem with { Couple = couple with { Tracers = 0 } }),
            predicts: true).Plan(threads, Result);
    }

    private static StudyResult Result(CouplingResult coupled, Prediction predicted)
    {
        var (limit, variant) = (coupled.Limit, coupled.Limit.Model);
        var couple = variant.Problem.Couple;
        var entries = limit.Trajectory.Predictions[^1].Length;
        var components = PredictedGap.Evenly(entries, MostComponents);
        var all = new StudyTable("gaps", ["width", "seed", .. components.Select(c => $"gap{c}")],
            coupled.Networks.Select(r => (object[])[r.Width, r.Replicate,
                .. components.Select(c => (object)r.FinalGap[c])]));
        // Covariances over replicates are of the same ones at all widths.
        if (coupled.Failures.Count > 0) return StudyResult.Ended([.. coupled.Failures.Select(f => f.Failure)], all);

        if (!coupled.Networks.All(r => components.All(c => double.IsFinite(Math.Sqrt(r.Width) * r.FinalGap[c]))))
            return new("There is no covariance: gaps are not finite.", [], [all]);
        // Of each width: [replicate][component] of sqrt(N) times the gap, points counting by mass.
        var points = variant.Watched;
        double[][][] scaled = [.. couple.Widths.Select(n => coupled.Networks.Where(r => r.Width == n)
            .Select(r => components.Select(c => Math.Sqrt(n) * r.FinalGap[c] * points.RootOfMass(c / points.Outputs))
                .ToArray()).ToArray())];
        var result = Analyse(couple.Widths, scaled, limit.Error.Total, variant.Seed,
            predicted.Covariance(components, points));
        return result with { Tables = [.. result.Tables, all], Neurons = limit.Neurons(), Parts = predicted.Parts };
    }

    /// <summary>What scaled gaps [width][replicate][component] say.</summary>
    internal static StudyResult Analyse(IReadOnlyList<int> widths, double[][][] scaled, double error, ulong seed,
        Matrix<double>? predicted = null)
    {
        var replicates = scaled[0].Length;
        int[] every = [.. Enumerable.Range(0, replicates)];
        // Squares of gaps out of range: all but the trace has no unit.
        var unit = PowerOfTwo.Factor(scaled.Max(s => s.Max(v => v.Max(Math.Abs))));
        if (unit != 1) scaled = [.. scaled.Select(s => s.Select(v => v.Select(g => g * unit).ToArray()).ToArray())];
        error *= unit;
        predicted = predicted?.Multiply(unit * unit);
        var (findings, rows, normal) = (new List<Finding>(), new List<object[]>(), new List<object[]>());
        var widest = Covariance.Of(scaled[^1], every);
        var directions = Covariance.Leading(widest, Math.Min(Directions, widest.RowCount));
        var rejected = 0;
        foreach (var (i, width) in widths.Index())
        {
            var covariance = Covariance.Of(scaled[i], every);
            var mean = Enumerable.Range(0, widest.RowCount).Sum(c => Math.Pow(scaled[i].Average(v => v[c]), 2));
            var (distance, noise) = i == widths.Count - 1 ? (0, 0) : Covariance.Distance(scaled[i], scaled[^1], seed);
            rows.Add([width, covariance.Trace() / unit / unit, Math.Sqrt(mean / covariance.Trace()),
                Math.Sqrt(1.0 / replicates), distance, noise,
                Math.Sqrt(Math.Max(0, distance * distance - noise * noise)),
                error * Math.Sqrt(width) / Math.Sqrt(covariance.Trace() / widest.RowCount),
                .. predicted is null ? [] : Beside(predicted, covariance, replicates)]);
            if (predicted is not null)
                findings.Add(Finding.Of($"predicted-distance-{width}", (double)rows[^1][8], "relative Frobenius distance " +
                    $"of the covariance at N = {width} to the one that the limit predicts; sampling alone makes " +
                    $"{rows[^1][9]:G3}, in 95 % at most {rows[^1][10]:G3}"));
            findings.Add(Finding.Of($"covariance-distance-{width}", distance, "relative Frobenius distance of the " +
                $"covariances at N = {width} and {widths[^1]}; sampling alone makes {noise:G3}"));
            foreach (var (d, direction) in directions.Index())
            {
                var n = Normality.Of(Projected(scaled[i], direction));
                if (n.Kolmogorov > Normality.Critical) rejected++;
                normal.Add([width, d + 1, n.Skewness, n.SkewnessError, n.Kurtosis, n.KurtosisError, n.Kolmogorov,
                    Normality.Critical]);
                findings.Add(Finding.Of($"kolmogorov-{width}-{d + 1}", n.Kolmogorov, "modified Kolmogorov distance " +
                    $"to a normal law along direction {d + 1}; 5 % of normal samples exceed {Normality.Critical}"));
            }
        }
        var apart = rows.SkipLast(1).Count(r => (double)r[4] > 2 * (double)r[5]);
        return new(InWords(widths, replicates, apart, (rejected, normal.Count)) + InWords(widths, rows), findings,
            [
                new("study", ["width", "trace", "meanOverSqrtTrace", "zeroMeanOverSqrtTrace", "distanceToWidest",
                    "samplingDistance", "distanceBeyondSampling", "limitErrorOverRms",
                    .. predicted is null ? [] : (string[])["distanceToPredicted", "samplingOfPredicted",
                        "mostOfSampling"]], rows,
                    "Covariance of sqrt(N) (yhat_N - yhat) over seeds at the final time: its trace; the mean, and " +
                    "what sampling makes of a mean of zero; the relative Frobenius distance to the covariance at " +
                    "the widest, and what sampling alone makes of it (bootstrap); the error of the limit, which " +
                    "shifts the mean, not the covariance" + (predicted is null ? "." : "; the relative Frobenius " +
                    "distance to the covariance that the limit alone predicts, its rms where sampling alone makes it, " +
                    "and what that exceeds in 5 % of samples.")),
                new("study-normality", ["width", "direction", "skewness", "skewnessError", "excessKurtosis",
                    "excessKurtosisError", "kolmogorov", "kolmogorovCritical"], normal,
                    "Projections on the leading principal directions at the widest against a normal law with " +
                    "fitted mean and variance: skewness and kurtosis with the standard errors that a normal sample " +
                    "has, and Stephens' modified Kolmogorov distance, whose critical value 5 % of normal samples " +
                    "exceed."),
            ])
        {
            Figures = [Quantiles(widths, scaled, directions[0])],
        };
    }

    /// <summary>
    /// Whether covariances settle, <paramref name="apart"/> of those at narrower widths being apart from the widest,
    /// and whether projections are normal, some being refused of how many.
    /// </summary>
    private static string InWords(IReadOnlyList<int> widths, int replicates, int apart, (int Some, int All) refused)
    {
        var narrower = widths.Count - 1;
        return "sqrt(N) times the prediction gap " + (
            narrower == 0 ? "has a covariance at one width, which tells nothing of a limit law"
            : apart == 0 ? $"looks as if it has a limit law, as far as {replicates} seeds tell"
            : "has not settled to a limit law at all widths") +
            (narrower == 0 ? "" : $": of the covariances at {narrower} narrower widths {apart} differ by more than " +
                $"twice what sampling makes from that at N = {widths[^1]}") +
            (Binomial.CDF(Level, refused.All, refused.Some - 1) < 1 - Level ? ". It looks Gaussian"
                : ". It does not look Gaussian") +
            $": {refused.Some} of {refused.All} projections on leading directions are refused as normal at the 5 % " +
            $"level, {Level * refused.All:0.0} on average if all are.";
    }

    /// <summary>How far covariances are from the predicted one, where one is.</summary>
    private static string InWords(IReadOnlyList<int> widths, List<object[]> rows)
    {
        if (rows[0].Length < 11) return "";
        var beyond = rows.Count(r => (double)r[8] > (double)r[10]);
        return $" From the one that the limit predicts the covariance at N = {widths[^1]} differs by " +
            $"{LimitText.Short((double)rows[^1][8])}, of which sampling makes {LimitText.Short((double)rows[^1][9])} (rms); at " +
            $"{beyond} of {rows.Count} widths the distance is beyond what 95 % of samples have.";
    }

    /// <summary>The relative distance to the predicted covariance, and what sampling makes of it.</summary>
    private static object[] Beside(Matrix<double> predicted, Matrix<double> sampled, int replicates)
    {
        var (rms, most) = Covariance.Sampling(predicted, replicates);
        return [(sampled - predicted).FrobeniusNorm() / predicted.FrobeniusNorm(), rms, most];
    }

    private static double[] Projected(double[][] sample, double[] direction) =>
        [.. sample.Select(v => v.Zip(direction, (a, b) => a * b).Sum())];

    // Sorted standardised projections against normal quantiles: a straight line for a normal law.
    private static Figure Quantiles(IReadOnlyList<int> widths, double[][][] scaled, double[] direction)
    {
        var panel = new Panel("leading direction against a normal law", new("normal quantile", false),
            new("standardised fluctuation", false));
        for (var i = 0; i < widths.Count; i++)
        {
            double[] values = [.. Projected(scaled[i], direction).Order()];
            var (mean, deviation) = (values.Average(), values.StandardDeviation());
            var quantiles = values.Select((_, k) => Normal.InvCDF(0, 1, (k + 0.5) / values.Length));
            panel.Curve(quantiles, values.Select(v => (v - mean) / deviation), FigureStyle.OfWidth(i, widths.Count),
                FigureStyle.CurveWidth);
        }
        panel.Curve([-3, 3], [-3, 3], FigureStyle.Guide, FigureStyle.CurveWidth, ScottPlot.LinePattern.Dashed);
        return Figure.Of("fluctuations",
            "Projections of sqrt(N) times the prediction gap at the final time on their leading principal " +
            "direction, standardised and sorted, against normal quantiles; dashed: a normal law.", [panel],
            [.. FigureStyle.Legend(widths.Select(n => $"N = {n}")), FigureStyle.GuideEntry("normal law")]);
    }
}
