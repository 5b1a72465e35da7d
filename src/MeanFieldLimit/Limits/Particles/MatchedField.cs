using MeanFieldLimit.Data;
using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Propagation;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>
/// The flow of an ensemble beside pairs of others, moved from it by h and by -h: for (yhat_+ - yhat_-) / (2 h), the
/// derivative, or (yhat_+ + yhat_- - 2 yhat) / (2 h^2), half the second one, both but for O(h^2) and without any of
/// activations, losses or layers. The state is [theta, theta_1+, theta_1-, ..., theta_m+, theta_m-].
/// </summary>
/// <remarks>
/// All take the same steps, so that differences are smooth in h: those of what the steps make. Not for use by two threads
/// at once.
/// </remarks>
internal sealed class MatchedField : IMassDerivatives
{
    private readonly Ensemble[] all;
    private readonly MeanFieldVelocity[] velocities;
    private readonly IMatrixEngine engine;
    private readonly double[] h;
    private readonly int size;

    /// <summary>That of pairs, each with its h.</summary>
    internal MatchedField(Ensemble ensemble, Objective objective, IMatrixEngine engine,
        IEnumerable<(Ensemble Plus, Ensemble Minus)> pairs, double[] h)
    {
        (this.engine, this.h, size) = (engine, h, ensemble.State.Length);
        all = [ensemble, .. pairs.SelectMany(pair => new[] { pair.Plus, pair.Minus })];
        velocities = [.. all.Select(e => objective.Velocity(e, engine))];
    }

    /// <summary>Whether outputs are halves of second derivatives, not derivatives.</summary>
    internal bool IsSecond { get; init; }

    public int Dimension => size * all.Length;

    public double[] Initial => [.. all.SelectMany(e => e.State)];

    public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity)
    {
        for (var j = 0; j < all.Length; j++)
            velocities[j].Evaluate(t, y.Slice(j * size, size), velocity.Slice(j * size, size));
    }

    public void Outputs(ReadOnlySpan<double> y, Dataset points, double[][] tangents)
    {
        double[] yhat = IsSecond ? Predict(y, 0, points) : [];
        for (var j = 0; j < tangents.Length; j++)
        {
            double[] above = Predict(y, 2 * j + 1, points), below = Predict(y, 2 * j + 2, points);
            for (var n = 0; n < above.Length; n++)
                tangents[j][n] = IsSecond ? ((above[n] - yhat[n]) + (below[n] - yhat[n])) / (2 * h[j] * h[j])
                    : (above[n] - below[n]) / (2 * h[j]);
        }
    }

    private double[] Predict(ReadOnlySpan<double> y, int of, Dataset points)
    {
        var predictor = new Predictor(all[of], points, engine);
        predictor.Predict(y.Slice(of * size, size));
        return [.. predictor.Predictions];
    }
}
