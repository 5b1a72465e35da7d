using MathNet.Numerics.Statistics;
using MeanFieldLimit.Embeddings;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>The noise of the batches of SGD, to first order, from runs of an ensemble with its derivatives along noise of
/// the masses of its data.</summary>
internal static class StepNoise
{
    // Intervals are doubled until their error is this share of the gap, which takes few of the draws.
    internal const int LeastIntervals = 32;
    private const int MostIntervals = 256, Share = 4, LeastDraws = 4;
    private const double Near = 0.01, SafetyOfNodes = 2;

    // Steps end with the intervals, and are of a low order for that.
    private const string Method = "bogacki-shampine";
    private const double Tolerance = 1e-4, EvaluationsOfInterval = 4;

    /// <summary>About the evaluations of runs of one direction, whose steps end with the intervals.</summary>
    internal static double Evaluations(double ofFlow, int saves) =>
        (ofFlow + EvaluationsOfInterval * (LeastIntervals + 2 * saves)) * (1 + 1.0 / Share);

    /// <summary>d yhat / d sqrt(eps) of each draw at each save time, [point, K], for batches of so many points.</summary>
    internal static double[][][] Draw(TangentRuns runs, int batch, (int First, int Count) draws, double[] halves,
        bool merged = false)
    {
        var (data, flow) = (runs.Model.Objective.Data.Train, runs.Flow);
        if (TimeMethod.Find(flow.Method).EstimatesError)
            runs = runs with { Flow = flow with { Method = Method, Tolerance = Math.Max(Tolerance, flow.Tolerance) } };
        return runs.Along([.. Enumerable.Range(draws.First, draws.Count).Select(d => new MassDirection([],
            MassPath.White(data, batch, halves, Streams.StepNoise(runs.Model.Seed).Substream((ulong)d), merged)))], halves);
    }

    /// <summary>Their second moments, with the draws.</summary>
    internal static StepTangents Run(TangentRuns runs, double step, int batch, int draws,
        int firstDraw = 0)
    {
        var (model, few) = (runs.Model, Few(draws));
        var shares = runs.PointShares;
        double[] halves = [];
        double[][][] tangents = [];
        var error = double.PositiveInfinity;
        for (var count = LeastIntervals; count <= MostIntervals; count *= 2)
        {
            halves = MassPath.Halves(model.SaveTimes, count);
            tangents = Draw(runs, batch, (firstDraw, few), halves);
            var gap = Of(tangents).Gap;
            var merged = Draw(runs, batch, (firstDraw, few), halves, merged: true);
            double[] differences = [.. tangents.Zip(merged, (u, of) => Square(u[^1]) - Square(of[^1]))];
            error = gap == 0 ? 0
                : (Math.Abs(differences.Average()) + differences.StandardDeviation() / Math.Sqrt(few)) / (2 * gap);
            if (error <= Near * gap) break;
        }
        tangents = [.. tangents, .. Draw(runs, batch, (firstDraw + few, draws - few), halves)];
        var law = Of(tangents);
        var variance = tangents.Select(u => Square(u[^1])).Variance() / draws;
        return new(law with
        {
            Largest = Math.Sqrt(tangents.Average(u => u.Max(Square))),
            Draws = draws,
            Intervals = halves.Length - 1,
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

    /// <summary>Twice the differences that other nodes make to some of the draws on half the intervals.</summary>
    internal static double NodesError(TangentRuns runs, IEnumerable<TangentRuns?> others, PredictedSteps law)
    {
        var halves = MassPath.Halves(runs.Model.SaveTimes, LeastIntervals);
        double Gap(TangentRuns of) => Law(Draw(of, law.Batch, (0, Few(law.Draws)), halves, merged: true), law.Step,
            law.Batch, of.PointShares).Gap;
        var gap = Gap(runs);
        return others.Sum(other => other is null ? double.NaN : SafetyOfNodes * Math.Abs(Gap(other) - gap));
    }

    private static int Few(int draws) => Math.Min(draws, Math.Max(LeastDraws, draws / Share));

    private static double[] Squares(double[] u) => [.. u.Select(x => x * x)];
}

/// <summary>The law of what steps add, and the draws that tell it.</summary>
internal sealed record StepTangents(PredictedSteps Law, double[][][] Tangents);
