using MathNet.Numerics.Statistics;
using MeanFieldLimit.Data;
using MeanFieldLimit.Dynamics;
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
    // A method for stiff systems would see the directions' own components; explicit steps bring them along.
    private const string Explicit = "dormand-prince";
    private const double LeastTolerance = 1e-6, LeastMoved = 1e-5;

    // A batch of directions and the vectors of a method stay within this.
    private const double MostNumbers = 4e6, Vectors = 10;

    // A network of this width has the moved masses: small beside what they move, large beside errors of steps.
    private const int MovedWidth = 400;

    // Each has buffers of its own.
    private const int MostMoved = 8;

    // Gaussian draws of whole trajectories, of sums of what is there.
    private const int Networks = 1000;
    internal const double OperationsOfNetworks = 2 * Networks;

    /// <summary>
    /// By every type where a layer has at most as many as draws, else from so many draws of dp a layer; with
    /// <paramref name="networks"/> the largest over time of each network too.
    /// </summary>
    internal static PredictedGap Run(ParticleLimit limit, Machine machine, int draws, int? mostTypes = null,
        bool networks = false, bool moved = false)
    {
        var (model, initial) = (limit.Model, limit.Initial);
        Noise[] all = [.. Enumerable.Range(1, initial.Depth - 1)
            .SelectMany(i => Noises(initial, i, draws, mostTypes ?? draws, model.Seed)
                .Select(n => n with { Weight = n.Weight / model.Problem.Couple.RatioOf(i) }))];
        var each = Math.Max(1, (all.Length + machine.Threads - 1) / machine.Threads);
        moved |= MassTangentField.Obstacle(initial, model.Objective) is not null;
        var size = (int)Math.Clamp(MostNumbers / (initial.State.Length * Vectors), 1, moved ? Math.Min(each, MostMoved) : each);
        var batches = all.Chunk(size).ToArray();
        var results = new double[batches.Length][][][];
        try
        {
            Parallel.For(0, batches.Length, new()
            {
                MaxDegreeOfParallelism = machine.Threads,
                CancellationToken = machine.Cancellation,
            }, b => results[b] = Tangents(limit, batches[b], moved, machine));
        }
        catch (AggregateException e) when (e.InnerException is RunFailedException or OperationCanceledException)
        {
            throw e.InnerException;
        }
        double[][][] tangents = [.. results.SelectMany(r => r)];
        var gap = Sum(model, all, tangents, initial.Depth - 1) with { MovedWidth = moved ? MovedWidth : null };
        return networks ? gap with { LargestOfNetworks = Largest(gap, all, tangents, model.Seed) } : gap;
    }

    /// <summary>d yhat / d epsilon of each direction at each save time, [point, K].</summary>
    private static double[][][] Tangents(ParticleLimit limit, Noise[] noises, bool moved, Machine machine)
    {
        var (model, initial, flow) = (limit.Model, limit.Initial, (GradientFlow)limit.Dynamics);
        double[][][] directions = [.. noises.Select(n => n.In(initial.Depth))];
        IMassDerivatives field = moved
            ? new MovedMassField(initial, model.Objective, machine.Engine(1), directions,
                [.. noises.Select(n => n.Size / Math.Sqrt(MovedWidth))])
            : new MassTangentField(initial, model.Objective, machine.Engine(1), directions);
        var method = TimeMethod.Find(flow.Method is "bdf" or "auto" ? Explicit : flow.Method);
        var tolerance = Math.Max(flow.Tolerance, moved ? LeastMoved : LeastTolerance);
        var (stepper, control) = method.EstimatesError
            ? method.Adaptive(field, new(tolerance, tolerance), new OfFirst(new MassNorm(initial), initial.State.Length))
            : method.Fixed(field, flow.Step!.Value);
        var recorder = new Recorder(field, model.Watched, directions.Length);
        var result = new TimeLoop
        {
            Stepper = stepper,
            Control = control,
            SaveTimes = model.SaveTimes,
            Recorder = recorder,
            LongestStep = flow.LongestStep ?? double.PositiveInfinity,
            Jumps = [.. flow.Jumps(model.Objective).Concat(flow.Stops).Order()],
            Cancellation = machine.Cancellation,
        }.Run(field.Initial, new(0, model.SaveTimes[^1]));
        machine.Cancellation.ThrowIfCancellationRequested();
        result.OrThrow();
        return [.. Enumerable.Range(0, directions.Length).Select(j => recorder.Seen.Select(s => s[j]).ToArray())];
    }

    private static PredictedGap Sum(Model model, Noise[] all, double[][][] tangents, int layers)
    {
        var (times, points) = (model.SaveTimes, model.Watched);
        var count = points.Count * points.Outputs;
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
        var gap = new PredictedGap(times, variances, [.. Enumerable.Range(0, count)
            .Select(n => Math.Pow(points.RootOfMass(n / points.Outputs), 2) / count)])
        {
            Directions = all.Length,
            Covariances = covariances,
        };
        var variance = all.Zip(tangents).Where(d => d.First.IsDrawn).GroupBy(d => d.First.Layer)
            .Sum(layer => layer.Select(d => gap.Mean(Squares(d.Second[^1]))).Variance() / layer.Count());
        return gap with
        {
            StandardError = variance == 0 ? 0 : Math.Sqrt(variance) / (2 * gap.Gap),
        };
    }

    private static double Largest(PredictedGap gap, Noise[] all, double[][][] tangents, ulong seed)
    {
        var sum = 0.0;
        var (z, u) = (new double[all.Length], new double[gap.PointShares.Length]);
        for (var d = 0; d < Networks; d++)
        {
            Streams.MassNoise(seed, 0).Substream((ulong)d).FillNormal(0, z);
            var largest = 0.0;
            for (var k = 0; k < gap.Times.Count; k++)
            {
                Array.Clear(u);
                for (var j = 0; j < all.Length; j++)
                    TensorPrimitives.MultiplyAdd(tangents[j][k], z[j] * Math.Sqrt(all[j].Weight), u, u);
                largest = Math.Max(largest, gap.Mean(Squares(u)));
            }
            sum += largest;
        }
        return Math.Sqrt(sum / Networks);
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
        {
            var stream = Streams.MassNoise(seed, layer).Substream((ulong)d);
            double[] x = [.. p.Select((m, j) => Math.Sqrt(m) * stream.Normal((ulong)j))];
            var sum = x.Sum();
            yield return new(layer, [.. x.Select((v, j) => v - p[j] * sum)], 1.0 / draws, true);
        }
    }

    /// <summary>A direction of the masses of a layer, and its weight in the covariance.</summary>
    private sealed record Noise(int Layer, double[] Direction, double Weight, bool IsDrawn)
    {
        /// <summary>How much of it white noise has.</summary>
        internal double Size { get; init; } = 1;

        internal double[][] In(int depth) =>
            [.. Enumerable.Range(1, depth - 1).Select(i => i == Layer ? Direction : [])];
    }

    /// <summary>A norm of the ensemble alone: at its steps tangents are the derivatives of what the steps make.</summary>
    private sealed class OfFirst(IErrorNorm norm, int count) : IErrorNorm
    {
        public double Measure(ReadOnlySpan<double> error, ReadOnlySpan<double> state, ReadOnlySpan<double> next,
            Tolerance tolerance) => norm.Measure(error[..count], state[..count], next[..count], tolerance);
    }

    private sealed class Recorder(IMassDerivatives field, Dataset points, int directions) : IRecorder
    {
        internal List<double[][]> Seen { get; } = [];

        public void Record(double t, ReadOnlySpan<double> state)
        {
            double[][] tangents = [.. Enumerable.Range(0, directions).Select(_ =>
                new double[points.Count * points.Outputs])];
            field.Outputs(state, points, tangents);
            Seen.Add(tangents);
        }

        public void Carry(Snapshot snapshot) => throw new NotSupportedException("tangents are not kept on the way");
    }
}
