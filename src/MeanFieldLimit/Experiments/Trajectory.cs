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

    /// <summary>
    /// Whether the last risk on the training points and the last predictions are finite: of states that are, they need
    /// not be.
    /// </summary>
    public bool IsMeasured => times.Count == 0
        || (double.IsFinite(performance[^1].Risk) && !Array.Exists(predictions[^1], yhat => !double.IsFinite(yhat)));

    /// <inheritdoc/>
    public void Record(double t, ReadOnlySpan<double> state)
    {
        times.Add(t);
        var all = nodes is null ? train : predictorOn(nodes.At(t, state));
        all.Predict(state);
        performance.Add(all.Measure(experiment.Loss));
        if (watched != train) watched.Predict(state);
        predictions.Add([.. watched.Predictions]);
        if (test is null) return;
        test.Predict(state);
        testPerformance.Add(test.Measure(experiment.Loss));
    }

    /// <summary>
    /// sqrt(mean over points and outputs of (yhat - yhat_other)^2) at save time number <paramref name="k"/>.
    /// </summary>
    public double RmsDistance(Trajectory other, int k) =>
        MathNet.Numerics.Distance.Euclidean(predictions[k], other.predictions[k]) / Math.Sqrt(predictions[k].Length);

    /// <summary>max over points and outputs of |yhat - yhat_other| at save time number <paramref name="k"/>.</summary>
    public double MaxDistance(Trajectory other, int k) =>
        MathNet.Numerics.Distance.Chebyshev(predictions[k], other.predictions[k]);

    /// <summary>
    /// The largest <see cref="RmsDistance"/> over the save times that both have reached; NaN if one of them is NaN,
    /// which LINQ's maximum would skip.
    /// </summary>
    public double LargestRmsDistance(Trajectory other) =>
        Enumerable.Range(0, Math.Min(times.Count, other.times.Count)).Select(k => RmsDistance(other, k))
            .Aggregate(0.0, Math.Max);
}
