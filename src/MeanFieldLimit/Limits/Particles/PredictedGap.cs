using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>
/// The law of sqrt(N) (yhat_N - yhat) to first order, from the limit alone: a network whose hidden layers have N_i
/// sampled neurons is the limit with masses p_i + N_i^(-1/2) dp_i, dp_i white noise over the types with covariance
/// diag(p_i) - p_i p_i^T, independent over layers; what is idiosyncratic in middle weights enters at order 1/N. Hence
/// Cov = sum_i (N / N_i) E[u_i u_i^T], u_i being the derivative of predictions along dp_i.
/// </summary>
/// <param name="Times">Save times.</param>
/// <param name="Variances">E[u_i^2] of layer i = 1..L-1 at each save time, [point, K].</param>
/// <param name="StandardError">That of <see cref="Gap"/>, from the draws; 0 where every type was a direction.</param>
/// <param name="Directions">How many derivatives it took.</param>
public sealed record PredictedGap(IReadOnlyList<double> Times, IReadOnlyList<IReadOnlyList<double[]>> Variances,
    double StandardError, int Directions)
{
    // A method for stiff systems would see the directions' own components; explicit steps bring them along.
    private const string Explicit = "dormand-prince";
    private const double LeastTolerance = 1e-6;

    // Standard deviations of gaps change by 0.2 % from 256 to 144 nodes of types of two coordinates.
    private const int MostOfGrid = 144, MostRandom = 512;

    // A tangent takes two products for each of the limit's three, which are 6 operations a parameter.
    private const double OperationsOfDirection = 14, MostWork = 3e10;

    // A batch of directions and the vectors of a method stay within this.
    private const double MostNumbers = 4e6, Vectors = 10;

    [System.Text.Json.Serialization.JsonInclude]
    internal double[] Shares { get; init; } = [];

    /// <summary>rms over points and outputs of sqrt(N) (yhat_N - yhat) at the final time, all widths being N.</summary>
    public double Gap => Rms(Times.Count - 1);

    /// <summary>The same at the save time where it is largest.</summary>
    public double Largest => Enumerable.Range(0, Times.Count).Max(Rms);

    /// <summary>What each hidden layer alone adds to <see cref="Gap"/>: they add in squares.</summary>
    public IReadOnlyList<double> PerLayer => [.. Variances.Select(v => Math.Sqrt(Mean(v[^1])))];

    /// <summary>The rms at save time number k.</summary>
    public double Rms(int k) => Math.Sqrt(Variances.Sum(v => Mean(v[k])));

    /// <summary>The standard deviations of sqrt(N) (yhat_N - yhat) at save time number k, [point, K].</summary>
    public double[] Deviations(int k) =>
        [.. Enumerable.Range(0, Variances[0][k].Length).Select(n => Math.Sqrt(Variances.Sum(v => v[k][n])))];

    /// <summary>Why a limit has no such prediction, with a remedy; null where it has.</summary>
    public static string? Obstacle(ILimit limit)
    {
        ArgumentNullException.ThrowIfNull(limit);
        return limit is not ParticleLimit particles
            ? "only limits of particles without noise have a tangent flow"
            : particles.Dynamics is not GradientFlow
            ? "a limit that moves by batches has no tangent flow here; use limit.dynamics flow"
            : MassTangentField.Obstacle(particles.Initial, particles.Moved.Objective);
    }

    /// <summary>
    /// That of a solved limit, on at most so many nodes a layer as the law of the gap needs; or why there is none. Where
    /// <c>limit.predict</c> does not ask for it, it is not made at any price.
    /// </summary>
    public static (PredictedGap? Gap, string? Reason) For(LimitSolution solution, Machine machine)
    {
        ArgumentNullException.ThrowIfNull(solution);
        if (!solution.Trained.Result.Succeeded) return (null, "the limit did not reach its end");
        if (Obstacle(solution.Limit) is { } obstacle) return (null, obstacle);
        var asked = solution.Model.Problem.Limit.Predict;
        if (asked is { Draws: 0 }) return (null, "limit.predict.draws is 0");
        var coarse = Coarse((ParticleLimit)solution.Limit);
        var draws = (asked ?? new()).Draws;
        var initial = coarse.Initial;
        var directions = Enumerable.Range(1, initial.Depth - 1).Sum(i => Math.Min(initial.Massive(i), draws));
        var work = OperationsOfDirection * directions * solution.Trained.Result.Evaluations * initial.State.Length
            * solution.Model.Data.Train.Count;
        return asked is null && work > MostWork
            ? (null, FormattableString.Invariant($"it would take about {work:G2} operations; limit.predict asks for it"))
            : (Of(coarse, machine, draws), null);
    }

    /// <summary>The limit on fewer nodes where it has more than a law of gaps needs, and random ones or Gauss's.</summary>
    private static ParticleLimit Coarse(ParticleLimit limit)
    {
        var types = limit.Model.Problem.Limit.Types!.ToArray();
        for (var i = 0; i < types.Length; i++)
        {
            var laws = limit.Model.LimitModel.Embedding.TypeLaws(i + 1);
            if (types[i].IsRandom) types[i] = types[i].Of(Math.Min(types[i].Size, MostRandom));
            else if (types[i] is GaussSpec)
                while (types[i].Size > 1 && limit.Rules[i].CountNodes(laws) > MostOfGrid)
                {
                    types[i] = types[i].Of(types[i].Size - 1);
                    limit = limit.With(limit.Model.Problem.Limit with { Types = types });
                }
        }
        return limit.With(limit.Model.Problem.Limit with { Types = types });
    }

    /// <summary>That of a limit: by every type where a layer has at most as many as <paramref name="draws"/>, else from
    /// so many draws of dp a layer.</summary>
    /// <exception cref="ArgumentException">It has none: <see cref="Obstacle"/>.</exception>
    public static PredictedGap Of(ParticleLimit limit, Machine machine, int draws)
    {
        ArgumentNullException.ThrowIfNull(limit);
        ArgumentNullException.ThrowIfNull(machine);
        if (Obstacle(limit) is { } obstacle) throw new ArgumentException(obstacle, nameof(limit));
        var (model, initial) = (limit.Moved, limit.Initial);
        Noise[] all = [.. Enumerable.Range(1, initial.Depth - 1).SelectMany(i => Noises(initial, i, draws, model))];
        var most = (all.Length + machine.Threads - 1) / machine.Threads;
        var size = (int)Math.Clamp(MostNumbers / (initial.State.Length * Vectors), 1, Math.Max(1, most));
        var batches = all.Chunk(size).ToArray();
        var results = new double[batches.Length][][][];
        Parallel.For(0, batches.Length, new()
        {
            MaxDegreeOfParallelism = machine.Threads,
            CancellationToken = machine.Cancellation,
        }, b => results[b] = Tangents(limit, [.. batches[b].Select(n => n.In(initial.Depth))], machine));
        return Sum(model, all, [.. results.SelectMany(r => r)], initial.Depth - 1);
    }

    /// <summary>d yhat / d epsilon of each direction at each save time, [point, K].</summary>
    private static double[][][] Tangents(ParticleLimit limit, double[][][] directions, Machine machine)
    {
        var (model, initial, flow) = (limit.Moved, limit.Initial, (GradientFlow)limit.Dynamics);
        var field = new MassTangentField(initial, model.Objective, machine.Engine(1), directions);
        var method = TimeMethod.Find(flow.Method);
        if (method.Name is "bdf" or "auto") method = TimeMethod.Find(Explicit);
        var tolerance = Math.Max(flow.Tolerance, LeastTolerance);
        var (stepper, control) = method.EstimatesError
            ? method.Adaptive(field, new(tolerance, tolerance), new OfFirst(new MassNorm(initial), initial.State.Length))
            : method.Fixed(field, flow.Step!.Value);
        var recorder = new Recorder(field, model.Watched, directions.Length);
        new TimeLoop
        {
            Stepper = stepper,
            Control = control,
            SaveTimes = model.SaveTimes,
            Recorder = recorder,
            LongestStep = flow.LongestStep ?? double.PositiveInfinity,
            Jumps = [.. flow.Jumps(model.Objective).Concat(flow.Stops).Order()],
            Cancellation = machine.Cancellation,
        }.Run(field.Initial, new(0, model.SaveTimes[^1])).OrThrow();
        return [.. Enumerable.Range(0, directions.Length).Select(j => recorder.Seen.Select(s => s[j]).ToArray())];
    }

    private static PredictedGap Sum(Model model, Noise[] all, double[][][] tangents, int layers)
    {
        var (times, count) = (model.SaveTimes, model.Watched.Count * model.Watched.Outputs);
        double[][][] variances = [.. Enumerable.Range(0, layers).Select(_ =>
            times.Select(_ => new double[count]).ToArray())];
        foreach (var (noise, of) in all.Zip(tangents))
            for (var k = 0; k < times.Length; k++)
                for (var n = 0; n < count; n++)
                    variances[noise.Layer - 1][k][n] += noise.Weight * of[k][n] * of[k][n];
        var gap = new PredictedGap(times, variances, 0, all.Length)
        {
            Shares = [.. Enumerable.Range(0, count).Select(n => Math.Pow(model.Watched.HasEqualMasses ? 1
                : model.Watched.RootOfMass(n / model.Watched.Outputs), 2) / count)],
        };
        var spread = all.Zip(tangents).Where(d => d.First.IsDrawn).GroupBy(d => d.First.Layer).Sum(layer =>
            MathNet.Numerics.Statistics.Statistics.Variance(layer.Select(d => gap.Mean(Squares(d.Second[^1]))))
                / layer.Count());
        return gap with { StandardError = spread == 0 ? 0 : Math.Sqrt(spread) / (2 * gap.Gap) };

        static double[] Squares(double[] u) => [.. u.Select(x => x * x)];
    }

    private double Mean(double[] squares) => TensorPrimitives.Dot(squares, Shares);

    /// <summary>Unit masses of types, or draws of white noise over them, in one layer.</summary>
    private static IEnumerable<Noise> Noises(Ensemble ensemble, int layer, int draws, Model model)
    {
        double[] p = [.. ensemble.Masses(layer)[..ensemble.Massive(layer)]];
        if (p.Length == 1) yield break;
        for (var c = 0; c < p.Length && p.Length <= draws; c++)
        {
            double[] unit = [.. p.Select((m, j) => (j == c ? 1 : 0) - m)];
            yield return new(layer, unit, p[c], false);
        }
        for (var d = 0; d < draws && p.Length > draws; d++)
        {
            var stream = Streams.MassNoise(model.Seed, layer).Substream((ulong)d);
            double[] x = [.. p.Select((m, j) => Math.Sqrt(m) * stream.Normal((ulong)j))];
            var sum = x.Sum();
            yield return new(layer, [.. x.Select((v, j) => v - p[j] * sum)], 1.0 / draws, true);
        }
    }

    /// <summary>A direction of the masses of a layer, and its weight in the covariance.</summary>
    private sealed record Noise(int Layer, double[] Direction, double Weight, bool IsDrawn)
    {
        internal double[][] In(int depth) =>
            [.. Enumerable.Range(1, depth - 1).Select(i => i == Layer ? Direction : [])];
    }

    /// <summary>A norm of the ensemble alone: at its steps tangents are the derivatives of what the steps make.</summary>
    private sealed class OfFirst(IErrorNorm norm, int count) : IErrorNorm
    {
        public double Measure(ReadOnlySpan<double> error, ReadOnlySpan<double> state, ReadOnlySpan<double> next,
            Tolerance tolerance) => norm.Measure(error[..count], state[..count], next[..count], tolerance);
    }

    private sealed class Recorder(MassTangentField field, Data.Dataset points, int directions) : IRecorder
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
