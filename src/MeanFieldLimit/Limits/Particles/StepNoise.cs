using MathNet.Numerics.Statistics;
using MeanFieldLimit.Embeddings;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>The noise of the batches of SGD, to first order, from runs of an ensemble with its derivatives along noise of
/// the masses of its data.</summary>
internal static class StepNoise
{
    // Intervals are doubled until their error is this share of the gap, which takes few of the draws.
    private const int LeastIntervals = 32, MostParts = 8, Share = 4, LeastDraws = 16;
    private const double Near = 0.01, SafetyOfNodes = 2;

    // Steps end with the intervals, and are of a low order for that.
    private const string Method = "bogacki-shampine";
    private const double Tolerance = 1e-4, EvaluationsOfInterval = 4;

    /// <summary>About the evaluations of runs of one direction, whose steps end with the intervals.</summary>
    internal static double Evaluations(double ofFlow, int saves) =>
        (ofFlow + EvaluationsOfInterval * (LeastIntervals + 2 * saves)) * (1 + 1.0 / Share);

    /// <summary>
    /// d yhat / d sqrt(eps) of each draw at each save time, [point, K], for batches of so many points; on intervals of
    /// which <paramref name="parts"/> make one of the longest but one, or the longest where that is 0, the same paths.
    /// </summary>
    private static double[][][] Draw(TangentRuns runs, int batch, (int First, int Count) draws, int parts)
    {
        var (data, flow) = (runs.Model.Objective.Data.Train, runs.Flow);
        if (TimeMethod.Find(flow.Method).EstimatesError)
            runs = runs with { Flow = flow with { Method = Method, Tolerance = Math.Max(Tolerance, flow.Tolerance) } };
        var ends = MassPath.Ends(runs.Model.SaveTimes, LeastIntervals, Math.Max(1, parts));
        if (parts == 0) ends = [.. ends.Where((_, k) => k % 2 == 0)];
        var pieces = parts == 0 ? 2 * MostParts : MostParts / parts;
        return runs.Along([.. Enumerable.Range(draws.First, draws.Count).Select(d => new MassDirection([],
            MassPath.White(data, batch, ends, Streams.StepNoise(runs.Model.Seed).Substream((ulong)d), pieces)))], ends);
    }

    /// <summary>Their second moments, with the draws.</summary>
    internal static StepTangents Run(TangentRuns runs, double step, int batch, int draws,
        int firstDraw = 0)
    {
        var (model, few) = (runs.Model, Few(draws));
        var shares = runs.PointShares;
        // Whether to go on is asked of one path: other draws for those that fall short would be biased.
        var (parts, error) = (1, 0.0);
        var (before, tangents) = (Draw(runs, batch, (firstDraw, few), 0), Draw(runs, batch, (firstDraw, few), 1));
        for (; ; parts *= 2)
        {
            var gap = Of(tangents).Gap;
            double[] differences = [.. tangents.Zip(before, (u, of) => Square(u[^1]) - Square(of[^1]))];
            error = gap == 0 ? 0
                : (Math.Abs(differences.Average()) + differences.StandardDeviation() / Math.Sqrt(few)) / (2 * gap);
            if (error <= Near * gap || parts == MostParts) break;
            (before, tangents) = (tangents, Draw(runs, batch, (firstDraw, few), 2 * parts));
        }
        tangents = [.. tangents, .. Draw(runs, batch, (firstDraw + few, draws - few), parts)];
        var law = Of(tangents);
        var variance = tangents.Select(u => Square(u[^1])).Variance() / draws;
        return new(law with
        {
            Largest = Math.Sqrt(tangents.Average(u => u.Max(Square))),
            Draws = draws,
            Intervals = MassPath.Ends(model.SaveTimes, LeastIntervals, parts).Length - 1,
            StandardError = variance == 0 ? 0 : Math.Sqrt(variance) / (2 * law.Gap),
            IntervalsError = error,
        }, tangents);

        PredictedSteps Of(double[][][] drawn) => Law(drawn, step, batch, shares);
        double Square(double[] u) => TensorPrimitives.Dot<double>(Squares(u), shares);
    }

    private static PredictedSteps Law(double[][][] tangents, double step, int batch, double[] shares) =>
        new(step, batch, [.. Enumerable.Range(0, tangents[0].Length).Select(k =>
        {
            var mean = new double[shares.Length];
            foreach (var u in tangents) TensorPrimitives.MultiplyAdd(Squares(u[k]), 1.0 / tangents.Length, mean, mean);
            return mean;
        })], shares);

    /// <summary>Twice the differences that other nodes make to some of the draws on the longest intervals.</summary>
    internal static double NodesError(TangentRuns runs, IEnumerable<TangentRuns?> others, PredictedSteps law)
    {
        double Gap(TangentRuns of) => Law(Draw(of, law.Batch, (0, Few(law.Draws)), 0), law.Step, law.Batch,
            of.PointShares).Gap;
        var gap = Gap(runs);
        return others.Sum(other => other is null ? double.NaN : SafetyOfNodes * Math.Abs(Gap(other) - gap));
    }

    private static int Few(int draws) => Math.Min(draws, Math.Max(LeastDraws, draws / Share));

    private static double[] Squares(double[] u) => [.. u.Select(x => x * x)];
}

/// <summary>The law of what steps add, and the draws that tell it.</summary>
internal sealed record StepTangents(PredictedSteps Law, double[][][] Tangents);
