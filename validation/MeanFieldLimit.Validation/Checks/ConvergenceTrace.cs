namespace MeanFieldLimit.Validation.Checks;

/// <summary>What the theorem of global convergence (Nguyen and Pham 2020) speaks of, at one time.</summary>
/// <param name="Time">The time.</param>
/// <param name="Risk">E_P[l(yhat, y)].</param>
/// <param name="LastVelocity">
/// The largest |d w_L(c, k)/dt| = |E_P[D_L(k) s_{L-1}(H_{L-1}(c))]| over neurons c that have mass and outputs k.
/// </param>
/// <param name="EffectiveRanks"><see cref="Diversity.EffectiveRank"/> of hidden layers 1..L-1.</param>
/// <param name="LeastDeviation"><see cref="Diversity.LeastDeviation"/> of w_1.</param>
/// <param name="CoveringRadius"><see cref="Diversity.CoveringRadius"/> of w_1 in [-1, 1]^d.</param>
internal sealed record ConvergencePoint(double Time, double Risk, double LastVelocity,
    IReadOnlyList<double> EffectiveRanks, double LeastDeviation, double CoveringRadius);

/// <summary>Follows a limit, or a network, and measures convergence and diversity at the save times.</summary>
internal static class ConvergenceTrace
{
    /// <summary>The gradient flow of <paramref name="ensemble"/> by the limit's method.</summary>
    /// <exception cref="InvalidOperationException">The run diverged.</exception>
    public static IReadOnlyList<ConvergencePoint> Follow(Model model, Ensemble ensemble, IMatrixEngine engine)
    {
        var run = Run.Of(model, ensemble, model.LimitDynamics, model.OfAll, Machine.Of(engine));
        var data = model.Data.Train;
        var field = new MeanFieldVelocity(ensemble, model.Loss, new FullExpectation(data), engine);
        var predictor = new Predictor(ensemble, data, engine);
        var velocity = new double[ensemble.State.Length];
        var points = new List<ConvergencePoint>();
        while (run.Advance())
        {
            var state = run.Movers[0].State;
            var time = model.SaveTimes[points.Count];
            field.Evaluate(time, state, velocity);
            predictor.Predict(state);
            points.Add(new(time, predictor.Measure(model.Loss).Risk, LargestInLastLayer(ensemble, velocity),
                [.. Ranks(ensemble, state)], Diversity.LeastDeviation(ensemble, state),
                Diversity.CoveringRadius(ensemble, state, 1)));
        }
        return run.Movers[0].Result.Status == RunStatus.Completed ? points : throw new InvalidOperationException(
            $"the run must reach its end to be judged, it stopped: {run.Movers[0].Result.Status}");
    }

    /// <summary>
    /// Puts every w_1(c) on the first axis of the inputs: w_1 has full support no more. Where the law of the data is
    /// symmetric under x_j -> -x_j, j > 1, the labels included, it stays on the axis for all time, the network remains
    /// a function of x_1, and the risk of the (half) squared loss stays above that of E[y | x_1].
    /// </summary>
    public static Ensemble OnFirstAxis(Ensemble ensemble)
    {
        var w = ensemble.Weights(1);
        for (var j = 1; j < w.Rows; j++) w.Data.Slice(j * w.Stride, w.Columns).Clear();
        return ensemble;
    }

    private static List<double> Ranks(Ensemble ensemble, ReadOnlySpan<double> state)
    {
        var ranks = new List<double>();
        for (var i = 1; i < ensemble.Depth; i++) ranks.Add(Diversity.EffectiveRank(ensemble, state, i));
        return ranks;
    }

    private static double LargestInLastLayer(Ensemble ensemble, ReadOnlySpan<double> velocity)
    {
        var w = ensemble.Weights(velocity, ensemble.Depth);
        var largest = 0.0;
        for (var c = 0; c < ensemble.Massive(ensemble.Depth - 1); c++)
            foreach (var v in w.Data.Slice(c * w.Stride, w.Columns)) largest = Math.Max(largest, Math.Abs(v));
        return largest;
    }
}
