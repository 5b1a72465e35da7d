using MeanFieldLimit.Data;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Solvers.Matrices;

namespace MeanFieldLimit.Propagation;

/// <summary>Risk and, for a classification, error rate of an ensemble on a data set.</summary>
/// <param name="Risk">E_P[l(yhat, y)].</param>
/// <param name="ErrorRate">Mass of the points classified wrongly; NaN for a regression.</param>
public readonly record struct Performance(double Risk, double ErrorRate);

/// <summary>Predictions of an ensemble on one data set.</summary>
public sealed class Predictor
{
    private readonly Dataset data;
    private readonly Passes passes;

    /// <summary>Predictions of states of <paramref name="ensemble"/> on <paramref name="data"/>.</summary>
    public Predictor(Ensemble ensemble, Dataset data, IMatrixEngine engine)
    {
        this.data = data;
        passes = new(ensemble, engine, Blocks.Capacity(ensemble, data.Count));
        Predictions = Arrays.New("predictions", data.Count, data.Outputs);
    }

    /// <summary>yhat of the last <see cref="Predict"/>, [point, K].</summary>
    public double[] Predictions { get; }

    /// <summary>Fills <see cref="Predictions"/> for a state of the ensemble.</summary>
    public void Predict(ReadOnlySpan<double> state)
    {
        for (var start = 0; start < data.Count; start += passes.Capacity)
        {
            var points = Math.Min(passes.Capacity, data.Count - start);
            passes.Forward(state, data.X.AsSpan(start * data.Inputs, points * data.Inputs), points);
            passes.Outputs(points).CopyTo(Predictions.AsSpan(start * data.Outputs));
        }
    }

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
