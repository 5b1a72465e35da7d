using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Losses;

namespace MeanFieldLimit.Propagation;

/// <summary>Risk and, for a classification, error rate of an ensemble on a data set.</summary>
/// <param name="Risk">E_P[l(yhat, y)].</param>
/// <param name="ErrorRate">Mass of the points classified wrongly; NaN for a regression.</param>
public readonly record struct Performance(double Risk, double ErrorRate);

/// <summary>yhat [point, K] of a state.</summary>
internal delegate void Predicting(ReadOnlySpan<double> state, Span<double> predictions);

/// <summary>Predictions of an ensemble, or of the law of neurons in other coordinates, on one data set.</summary>
public sealed class Predictor
{
    private readonly Dataset data;
    private readonly Predicting predict;
    private readonly Passes? ofOneBlock;

    /// <summary>Predictions of states of <paramref name="ensemble"/> on <paramref name="data"/>.</summary>
    public Predictor(Ensemble ensemble, Dataset data, IMatrixEngine engine)
        : this(data, Passes.InBlocks(ensemble, engine, data.Count)) { }

    private Predictor(Dataset data, Passes passes)
        : this(data, Passing(passes, data)) => ofOneBlock = passes.Capacity < data.Count ? null : passes;

    /// <summary>Predictions on <paramref name="data"/> by a function of the state.</summary>
    internal Predictor(Dataset data, Predicting predict)
    {
        (this.data, this.predict) = (data, predict);
        Predictions = Arrays.New("predictions", data.Count, data.Outputs);
    }

    /// <summary>yhat of the last <see cref="Predict"/>, [point, K].</summary>
    public double[] Predictions { get; }

    /// <summary>H_i of the last <see cref="Predict"/>; null where points are more than a block, or there is none.</summary>
    internal ForwardPass? Pass => ofOneBlock is null ? null : new(ofOneBlock, data.Count);

    /// <summary>Fills <see cref="Predictions"/> for a state.</summary>
    public void Predict(ReadOnlySpan<double> state) => predict(state, Predictions);

    private static Predicting Passing(Passes passes, Dataset data) => (state, predictions) =>
    {
        for (var start = 0; start < data.Count; start += passes.Capacity)
        {
            var points = passes.Forward(state, data, start, out _);
            passes.Outputs(points).CopyTo(predictions[(start * data.Outputs)..]);
        }
    };

    /// <summary>Risk and error rate of <see cref="Predictions"/>.</summary>
    public Performance Measure(ILoss loss)
    {
        double risk = 0, errors = 0;
        for (var n = 0; n < data.Count; n++)
        {
            var yhat = Predictions.AsSpan(n * data.Outputs, data.Outputs);
            risk += data.Masses[n] * loss.Value(yhat, data.Label(n));
            if (data.IsError(n, yhat)) errors += data.Masses[n];
        }
        return new(risk, data.Labels == LabelKind.Real ? double.NaN : errors);
    }
}
