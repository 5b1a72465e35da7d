using MathNet.Numerics.Statistics;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>
/// Runs of a limit with its derivatives along noise of the masses, and their second moments. Where there is no tangent,
/// derivatives are central differences of limits with really moved masses: those of networks of a width.
/// </summary>
internal static class TangentDraws
{
    // A network of this width has the moved masses: small beside what they move, large beside errors of steps.
    private const int MovedWidth = 400;

    // Gaussian draws of whole trajectories, of sums of what is there.
    private const int Networks = 1000;
    internal const double OperationsOfNetworks = 2 * Networks;

    /// <summary>
    /// By every type where a layer has at most as many as draws, else from so many draws of dp a layer; with
    /// <paramref name="networks"/> the largest over time of each network too, and with <paramref name="steps"/> of each
    /// under SGD.
    /// </summary>
    internal static PredictedGap Run(ParticleLimit limit, Machine machine, int draws, int? mostTypes = null,
        bool networks = false, bool moved = false, StepTangents? steps = null)
    {
        var (model, initial) = (limit.Model, limit.Initial);
        Noise[] all = [.. Enumerable.Range(1, initial.Depth - 1)
            .SelectMany(i => Noises(initial, i, draws, mostTypes ?? draws, model.Seed)
                .Select(n => n with { Weight = n.Weight / model.Problem.Couple.RatioOf(i) }))];
        moved |= MassTangentField.Obstacle(initial, model.Objective) is not null;
        var runs = TangentRuns.Of(limit, machine);
        MassDirection[] directions = [.. all.Select(n => n.In(initial.Depth))];
        var tangents = moved ? runs.Moved(directions, [.. all.Select(n => n.Size / Math.Sqrt(MovedWidth))])
            : runs.Along(directions);
        var gap = Sum(runs, all, tangents, initial.Depth - 1) with { MovedWidth = moved ? MovedWidth : null };
        return networks ? WithLargest(gap, all, tangents, model, steps) : gap;
    }

    private static PredictedGap Sum(TangentRuns runs, Noise[] all, double[][][] tangents, int layers)
    {
        var (times, shares) = (runs.Model.SaveTimes, runs.PointShares);
        var count = shares.Length;
        double[][][] variances = [.. Enumerable.Range(0, layers).Select(_ =>
            times.Select(_ => new double[count]).ToArray())];
        foreach (var (noise, of) in all.Zip(tangents))
            for (var k = 0; k < times.Length; k++)
                for (var n = 0; n < count; n++)
                    variances[noise.Layer - 1][k][n] += noise.Weight * of[k][n] * of[k][n];
        var entries = PredictedGap.Evenly(count, PredictedGap.MostOfCovariance);
        double[][] covariances = [.. Enumerable.Range(0, layers).Select(_ => new double[entries.Length * entries.Length])];
        foreach (var (noise, of) in all.Zip(tangents))
            for (var n = 0; n < entries.Length; n++)
                for (var m = 0; m < entries.Length; m++)
                    covariances[noise.Layer - 1][n * entries.Length + m] +=
                        noise.Weight * of[^1][entries[n]] * of[^1][entries[m]];
        var gap = new PredictedGap(times, variances, shares)
        {
            Directions = all.Length,
            Covariances = covariances,
        };
        var variance = all.Zip(tangents).Where(d => d.First.IsDrawn).GroupBy(d => d.First.Layer)
            .Sum(layer => layer.Select(d => d.First.Weight * layer.Count() * gap.Mean(Squares(d.Second[^1]))).Variance()
                / layer.Count());
        return gap with
        {
            StandardError = variance == 0 ? 0 : Math.Sqrt(variance) / (2 * gap.Gap),
        };
    }

    private static PredictedGap WithLargest(PredictedGap gap, Noise[] all, double[][][] tangents, Model model,
        StepTangents? steps)
    {
        double[] inverses = steps is null ? [] : [0, .. model.Problem.Couple.Widths.Select(n => 1.0 / n).Order()];
        var (sum, squares, largest) = (0.0, new double[inverses.Length], new double[inverses.Length]);
        var (z, u, v) = (new double[all.Length + (steps?.Tangents.Length ?? 0)], new double[gap.PointShares.Length],
            new double[gap.PointShares.Length]);
        for (var d = 0; d < Networks; d++)
        {
            Streams.MassNoise(model.Seed, 0).Substream((ulong)d).FillNormal(0, z);
            var own = 0.0;
            Array.Clear(largest);
            for (var k = 0; k < gap.Times.Count; k++)
            {
                Array.Clear(u);
                for (var j = 0; j < all.Length; j++)
                    TensorPrimitives.MultiplyAdd(tangents[j][k], z[j] * Math.Sqrt(all[j].Weight), u, u);
                own = Math.Max(own, gap.Mean(Squares(u)));
                if (steps is null) continue;
                Array.Clear(v);
                for (var j = 0; j < steps.Tangents.Length; j++)
                    TensorPrimitives.MultiplyAdd(steps.Tangents[j][k],
                        z[all.Length + j] * Math.Sqrt(steps.Law.Step / steps.Tangents.Length), v, v);
                for (var i = 0; i < inverses.Length; i++)
                    largest[i] = Math.Max(largest[i], gap.Mean([.. u.Zip(v, (a, b) =>
                        Math.Pow(a * Math.Sqrt(inverses[i]) + b, 2))]));
            }
            sum += own;
            TensorPrimitives.Add(squares, largest, squares);
        }
        TensorPrimitives.Divide(squares, Networks, squares);
        return gap with
        {
            LargestOfNetworks = Math.Sqrt(sum / Networks),
            Steps = steps is null ? null : steps.Law with { LargestSquares = new(inverses, squares) },
        };
    }

    private static double[] Squares(double[] u) => [.. u.Select(x => x * x)];

    /// <summary>Unit masses of types, or draws of white noise over them, in one layer.</summary>
    private static IEnumerable<Noise> Noises(Ensemble ensemble, int layer, int draws, int mostTypes, ulong seed)
    {
        double[] p = [.. ensemble.Masses(layer)[..ensemble.Massive(layer)]];
        if (p.Length == 1) yield break;
        for (var c = 0; c < p.Length && p.Length <= mostTypes; c++)
        {
            double[] unit = [.. p.Select((m, j) => (j == c ? 1 : 0) - m)];
            yield return new(layer, unit, p[c], false) { Size = Math.Sqrt(p[c]) };
        }
        for (var d = 0; d < draws && p.Length > mostTypes; d++)
            yield return new(layer, White(p, Normals(seed, layer, d, p.Length)), 1.0 / draws, true);
    }

    /// <summary>Draw number d of independent normal numbers, one a type of a layer.</summary>
    internal static double[] Normals(ulong seed, int layer, int d, int types)
    {
        var stream = Streams.MassNoise(seed, layer).Substream((ulong)d);
        return [.. Enumerable.Range(0, types).Select(j => stream.Normal((ulong)j))];
    }

    /// <summary>White noise over types of masses p, of covariance diag(p) - p p^T, from normal numbers.</summary>
    internal static double[] White(double[] p, IReadOnlyList<double> z)
    {
        double[] x = [.. p.Select((m, j) => Math.Sqrt(m) * z[j])];
        var sum = x.Sum();
        return [.. x.Select((v, j) => v - p[j] * sum)];
    }

    /// <summary>A direction of the masses of a layer, and its weight in the covariance.</summary>
    private sealed record Noise(int Layer, double[] Direction, double Weight, bool IsDrawn)
    {
        /// <summary>How much of it white noise has.</summary>
        internal double Size { get; init; } = 1;

        internal MassDirection In(int depth) =>
            new([.. Enumerable.Range(1, depth - 1).Select(i => i == Layer ? Direction : [])]);
    }
}
