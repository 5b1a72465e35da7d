using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Solvers.Matrices;
using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Experiments;

/// <summary>What is recorded of a run at its save times.</summary>
public sealed class Trajectory : IRecorder
{
    private readonly Experiment experiment;
    private readonly Predictor train;
    private readonly Predictor watched;
    private readonly Predictor? test;
    private readonly UnkinkedExpectation? nodes;
    private readonly Func<Dataset, Predictor> predictorOn;
    private readonly List<double> times = [];
    private readonly List<Performance> performance = [];
    private readonly List<Performance> testPerformance = [];
    private readonly List<double[]> predictions = [];
    private readonly List<double[]> conditions = [];

    internal Trajectory(Experiment experiment, Ensemble ensemble, IMatrixEngine engine)
    {
        this.experiment = experiment;
        predictorOn = points => new(ensemble, points, engine);
        train = predictorOn(experiment.Data.Train);
        watched = experiment.Watched == experiment.Data.Train ? train : predictorOn(experiment.Watched);
        test = experiment.Data.Test is { } data ? predictorOn(data) : null;
        if (experiment.Data.Lengths is { } law) nodes = new(law, ensemble, engine, signs: true);
    }

    /// <summary>The save times reached.</summary>
    public IReadOnlyList<double> Times => times;

    /// <summary>Risk and error rate on the training points, one entry a save time.</summary>
    public IReadOnlyList<Performance> Train => performance;

    /// <summary>Risk and error rate on the test points; empty without test points.</summary>
    public IReadOnlyList<Performance> Test => testPerformance;

    /// <summary>yhat on the watched training points, [point, K], one array a save time.</summary>
    public IReadOnlyList<double[]> Predictions => predictions;

    /// <summary>The conditions of <c>training.until</c> that the run is watched for.</summary>
    internal IReadOnlyList<EventFunction> Watches { get; init; } = [];

    /// <summary>Their values, one array a save time.</summary>
    internal IReadOnlyList<double[]> Conditions => conditions;

    /// <summary>The performance on all training points.</summary>
    internal Performance Measure(double t, ReadOnlySpan<double> state)
    {
        var all = nodes is null ? train : predictorOn(nodes.At(t, state));
        all.Predict(state);
        return all.Measure(experiment.Loss);
    }

    /// <summary>
    /// Whether the last risk on the training points and the last predictions are finite: of states that are, they need
    /// not be.
    /// </summary>
    internal bool IsMeasured => times.Count == 0
        || (double.IsFinite(performance[^1].Risk) && !Array.Exists(predictions[^1], yhat => !double.IsFinite(yhat)));

    /// <inheritdoc/>
    public void Record(double t, ReadOnlySpan<double> state)
    {
        times.Add(t);
        if (Watches.Count > 0)
        {
            var values = new double[Watches.Count];
            for (var k = 0; k < values.Length; k++) values[k] = Watches[k](t, state);
            conditions.Add(values);
        }
        performance.Add(Measure(t, state));
        if (watched != train) watched.Predict(state);
        predictions.Add([.. watched.Predictions]);
        if (test is null) return;
        test.Predict(state);
        testPerformance.Add(test.Measure(experiment.Loss));
    }

    /// <inheritdoc/>
    public void Carry(Snapshot snapshot)
    {
        snapshot.Carry(times);
        snapshot.Carry(performance);
        snapshot.Carry(testPerformance);
        snapshot.Carry(predictions);
        snapshot.Carry(conditions);
    }

    /// <summary>
    /// sqrt(mean over points and outputs of (yhat - yhat_other)^2) at save time number <paramref name="k"/>, points
    /// counting by their masses.
    /// </summary>
    public double RmsDistance(Trajectory other, int k)
    {
        double[] ours = predictions[k], theirs = other.predictions[k];
        var points = experiment.Watched;
        if (!points.HasEqualMasses) (ours, theirs) = (ByMass(ours), ByMass(theirs));
        return MathNet.Numerics.Distance.Euclidean(ours, theirs) / Math.Sqrt(ours.Length);

        double[] ByMass(double[] yhat) => [.. yhat.Select((v, i) => v * points.RootOfMass(i / points.Outputs))];
    }

    /// <summary>
    /// max over points, of whatever mass, and outputs of |yhat - yhat_other| at save time number <paramref name="k"/>.
    /// </summary>
    public double MaxDistance(Trajectory other, int k) =>
        MathNet.Numerics.Distance.Chebyshev(predictions[k], other.predictions[k]);

    /// <summary>
    /// The larger difference, at the last save time of this trajectory and at the one before, of the values of the
    /// condition that a limit stopped at; 0 where it did not.
    /// </summary>
    internal double LastDifference(Trajectory other, Stop? stop) => stop is null ? 0
        : Enumerable.Range(0, times.Count).TakeLast(2)
            .Select(k => Math.Abs(conditions[k][stop.Number] - other.conditions[k][stop.Number]))
            .Aggregate(0.0, Math.Max);

    /// <summary>
    /// The largest <see cref="RmsDistance"/> over the save times that both have reached; NaN if one of them is NaN,
    /// which LINQ's maximum would skip.
    /// </summary>
    public double LargestRmsDistance(Trajectory other) =>
        Enumerable.Range(0, Math.Min(times.Count, other.times.Count)).Where(k => times[k] == other.times[k])
            .Select(k => RmsDistance(other, k)).Aggregate(0.0, Math.Max);
}
