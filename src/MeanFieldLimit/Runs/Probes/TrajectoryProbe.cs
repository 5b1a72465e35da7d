using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Propagation;

namespace MeanFieldLimit.Runs.Probes;

/// <summary>Records risk, error rate and predictions of a mover.</summary>
internal sealed class TrajectoryProbe : IProbe
{
    private readonly Model model;
    private readonly Predictor train, watched;
    private readonly Predictor? test;
    private readonly UnkinkedExpectation? nodes;
    private readonly Func<Dataset, Predictor> predictorOn;
    private readonly List<double> times = [];
    private readonly List<Performance> performance = [], testPerformance = [];
    private readonly List<double[]> predictions = [], conditions = [];
    private readonly List<Curvature> curvatures = [];

    // Not carried: what a run goes on from has times, but nothing has passed.
    private bool hasLooked;

    /// <summary>A recorder of what <paramref name="predictorOn"/> predicts on data sets.</summary>
    internal TrajectoryProbe(Model model, Func<Dataset, Predictor> predictorOn, UnkinkedExpectation? nodes = null)
    {
        (this.model, this.predictorOn, this.nodes) = (model, predictorOn, nodes);
        train = predictorOn(model.Data.Train);
        watched = model.Watched == model.Data.Train ? train : predictorOn(model.Watched);
        test = model.Data.Test is { } data ? predictorOn(data) : null;
    }

    internal static TrajectoryProbe Of(Model model, Ensemble ensemble, IMatrixEngine engine,
        IReadOnlyList<EventFunction>? watches = null) => new(model, points => new(ensemble, points, engine),
            model.Data.Lengths is { } law ? new(law, ensemble, engine, signs: true) : null)
        {
            Watches = watches ?? [],
            Unit = ensemble.Unit,
            Curvature = model.Problem.Record.Probes.Count > 0 && !HasTracers(ensemble)
                ? new CurvatureMeasure(model, ensemble, engine) : null,
        };

    // What carries tracers is a limit that is recorded without them too.
    private static bool HasTracers(Ensemble ensemble) =>
        Enumerable.Range(1, ensemble.Depth).Any(i => ensemble.Massive(i) < ensemble.Size(i));

    internal Mover? Mover { get; set; }

    internal IReadOnlyList<EventFunction> Watches { get; init; } = [];

    private CurvatureMeasure? Curvature { get; init; }

    /// <summary>What outputs and risks are divided by after the start.</summary>
    internal double Unit { get; init; } = 1;

    internal Trajectory Trajectory => new([.. times], [.. performance], [.. testPerformance], [.. predictions])
    {
        Conditions = [.. conditions],
        Curvatures = [.. curvatures],
        Roots = model.Watched.HasEqualMasses ? []
            : [.. Enumerable.Range(0, model.Watched.Count * model.Watched.Outputs)
                .Select(i => model.Watched.RootOfMass(i / model.Watched.Outputs))],
    };

    /// <summary>Whether the last risk and predictions are finite: of states that are, they need not be.</summary>
    internal bool IsMeasured => times.Count == 0
        || (double.IsFinite(performance[^1].Risk) && !Array.Exists(predictions[^1], yhat => !double.IsFinite(yhat)));

    /// <summary>H_i on these points where it looked last; null unless that was at time t, on them, in one block.</summary>
    internal ForwardPass? Pass(double t, Dataset points) =>
        hasLooked && times[^1] == t && points == model.Watched ? watched.Pass : null;

    public void Look(Run run)
    {
        hasLooked = true;
        var t = Mover!.Time;
        var state = Mover.State;
        times.Add(t);
        if (Watches.Count > 0)
        {
            var values = new double[Watches.Count];
            for (var k = 0; k < values.Length; k++) values[k] = Watches[k](t, state);
            conditions.Add(values);
        }
        // Outputs grow with the width from the first step on; at the start they are f0.
        var unit = t > 0 ? Unit : 1;
        performance.Add(In(unit, Measure(t, state)));
        if (watched != train) watched.Predict(state);
        predictions.Add(unit == 1 ? [.. watched.Predictions] : [.. watched.Predictions.Select(f => f / unit)]);
        if (Curvature is not null) curvatures.Add(Curvature.At(t, state));
        if (test is null) return;
        test.Predict(state);
        testPerformance.Add(In(unit, test.Measure(model.Loss)));
    }

    public void Carry(Snapshot snapshot)
    {
        snapshot.Carry(times);
        snapshot.Carry(performance);
        snapshot.Carry(testPerformance);
        snapshot.Carry(predictions);
        snapshot.Carry(conditions);
        snapshot.Carry(curvatures);
    }

    private static Performance In(double unit, Performance p) => unit == 1 ? p : p with { Risk = p.Risk / unit };

    /// <summary>The performance on all training points.</summary>
    internal Performance Measure(double t, ReadOnlySpan<double> state)
    {
        var all = nodes is null ? train : predictorOn(nodes.At(t, state));
        all.Predict(state);
        return all.Measure(model.Loss);
    }
}
