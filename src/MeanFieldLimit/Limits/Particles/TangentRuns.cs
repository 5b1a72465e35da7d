using MeanFieldLimit.Data;
using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>Runs of an ensemble, a limit or a network, under the gradient flow with its derivatives along directions of
/// masses.</summary>
internal sealed record TangentRuns(Model Model, Ensemble Ensemble, GradientFlow Flow, Machine Machine)
{
    // A method for stiff systems would see the directions' own components; explicit steps bring them along.
    private const string Explicit = "dormand-prince";
    private const double LeastTolerance = 1e-6, LeastMoved = 1e-5;

    // A batch of directions and the vectors of a method stay within this.
    private const double MostNumbers = 4e6, Vectors = 10;

    // Each has buffers of its own.
    private const int MostMoved = 8;

    /// <summary>Those of a limit.</summary>
    internal static TangentRuns Of(ParticleLimit limit, Machine machine) =>
        new(limit.Model, limit.Initial, (GradientFlow)limit.Dynamics, machine);

    /// <summary>The share of each entry of [point, K] in means over points, by mass, and outputs.</summary>
    internal double[] PointShares => [.. Enumerable.Range(0, Model.Watched.Count * Model.Watched.Outputs).Select(n =>
        Math.Pow(Model.Watched.RootOfMass(n / Model.Watched.Outputs), 2) / (Model.Watched.Count * Model.Watched.Outputs))];

    /// <summary>
    /// d yhat / d epsilon of each direction at each save time, [point, K]; no step goes across <paramref name="stops"/>.
    /// </summary>
    internal double[][][] Along(IReadOnlyList<MassDirection> directions, IReadOnlyList<double>? stops = null) =>
        Along(directions, stops ?? [], null);

    /// <summary>Numbers of the tangent u of parameters, of each direction at each save time.</summary>
    internal double[][][] Along(IReadOnlyList<MassDirection> directions, Func<ReadOnlySpan<double>, double[]> of) =>
        Along(directions, [], of);

    private double[][][] Along(IReadOnlyList<MassDirection> directions, IReadOnlyList<double> stops,
        Func<ReadOnlySpan<double>, double[]>? of) =>
        InBatches(directions.Count, int.MaxValue, (first, count) => Run(new MassTangentField(Ensemble, Model.Objective,
            Machine.Engine(1), directions.Skip(first).Take(count)), count, LeastTolerance, stops, of));

    /// <summary>The same by central differences of masses of layers that are really moved, each by its h.</summary>
    internal double[][][] Moved(IReadOnlyList<MassDirection> directions, IReadOnlyList<double> h) =>
        Matched(directions.Count, j => MovedMasses.Pair(Ensemble, directions[j].Layers, h[j]), h, isSecond: false);

    /// <summary>
    /// (yhat_+ + yhat_- - 2 yhat) / (2 h^2) of so many pairs of ensembles, moved by h and -h, at each save time, [point, K].
    /// </summary>
    internal double[][][] Curvatures(int count, Func<int, (Ensemble Plus, Ensemble Minus)> pair, IReadOnlyList<double> h) =>
        Matched(count, pair, h, isSecond: true);

    private double[][][] Matched(int count, Func<int, (Ensemble Plus, Ensemble Minus)> pair, IReadOnlyList<double> h,
        bool isSecond) =>
        InBatches(count, MostMoved, (first, batch) => Run(new MatchedField(Ensemble, Model.Objective, Machine.Engine(1),
            Enumerable.Range(first, batch).Select(pair), [.. h.Skip(first).Take(batch)])
        { IsSecond = isSecond }, batch,
            LeastMoved, []));

    private double[][][] InBatches(int directions, int most, Func<int, int, double[][][]> run)
    {
        var each = Math.Min(most, Math.Max(1, (directions + Machine.Threads - 1) / Machine.Threads));
        var size = (int)Math.Clamp(MostNumbers / (Ensemble.State.Length * Vectors), 1, each);
        var batches = (directions + size - 1) / size;
        var results = InParallel(batches, Machine, b => run(b * size, Math.Min(size, directions - b * size)));
        return [.. results.SelectMany(r => r)];
    }

    /// <summary>Results of so many numbers, on the threads of a machine.</summary>
    internal static T[] InParallel<T>(int count, Machine machine, Func<int, T> run)
    {
        var results = new T[count];
        try
        {
            Parallel.For(0, count, new()
            {
                MaxDegreeOfParallelism = machine.Threads,
                CancellationToken = machine.Cancellation,
            }, b => results[b] = run(b));
        }
        catch (AggregateException e) when (e.InnerException is RunFailedException or ArgumentException
            or OperationCanceledException)
        {
            throw e.InnerException;
        }
        return results;
    }

    private double[][][] Run(IMassDerivatives field, int directions, double leastTolerance, IReadOnlyList<double> stops,
        Func<ReadOnlySpan<double>, double[]>? of = null)
    {
        var method = TimeMethod.Find(Flow.Method is "bdf" or "auto" ? Explicit : Flow.Method);
        var tolerance = Math.Max(Flow.Tolerance, leastTolerance);
        var (stepper, control) = method.EstimatesError
            ? method.Adaptive(field, new(tolerance, tolerance), new OfFirst(new MassNorm(Ensemble), Ensemble.State.Length))
            : method.Fixed(field, Flow.Step!.Value);
        var recorder = new Recorder(field, Model.Watched, directions, of);
        var result = new TimeLoop
        {
            Stepper = stepper,
            Control = control,
            SaveTimes = Model.SaveTimes,
            Recorder = recorder,
            LongestStep = Flow.LongestStep ?? double.PositiveInfinity,
            Jumps = [.. Flow.Jumps(Model.Objective).Concat(Flow.Stops).Concat(stops).Order()],
            Cancellation = Machine.Cancellation,
        }.Run(field.Initial, new(0, Model.SaveTimes[^1]));
        Machine.Cancellation.ThrowIfCancellationRequested();
        result.OrThrow();
        return [.. Enumerable.Range(0, directions).Select(j => recorder.Seen.Select(s => s[j]).ToArray())];
    }

    /// <summary>A norm of the ensemble alone: at its steps tangents are the derivatives of what the steps make.</summary>
    private sealed class OfFirst(IErrorNorm norm, int count) : IErrorNorm
    {
        public double Measure(ReadOnlySpan<double> error, ReadOnlySpan<double> state, ReadOnlySpan<double> next,
            Tolerance tolerance) => norm.Measure(error[..count], state[..count], next[..count], tolerance);
    }

    private sealed class Recorder(IMassDerivatives field, Dataset points, int directions,
        Func<ReadOnlySpan<double>, double[]>? of) : IRecorder
    {
        internal List<double[][]> Seen { get; } = [];

        public void Record(double t, ReadOnlySpan<double> state)
        {
            var tangents = new double[directions][];
            var size = state.Length / (1 + directions);
            for (var j = 0; j < directions; j++)
                tangents[j] = of?.Invoke(state.Slice((1 + j) * size, size)) ?? new double[points.Count * points.Outputs];
            if (of is null) field.Outputs(state, points, tangents);
            Seen.Add(tangents);
        }

        public void Carry(Snapshot snapshot) => throw new NotSupportedException("tangents are not kept on the way");
    }
}
