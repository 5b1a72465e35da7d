using MeanFieldLimit.Data;
using MeanFieldLimit.Networks.Interactions;
using MeanFieldLimit.Networks.Losses;

namespace MeanFieldLimit.Limits.Laws;

/// <summary>
/// The risk of a two-layer network as a functional of the law mu of its neurons theta:
/// F(mu) = E_P[l(yhat, y)] + lambda/2 int |theta|^2 d mu, yhat = s_2(b_2 + int w_2 phi(w_1, b_1, x) d mu). Its first
/// variation is Psi(theta) = E_P[sum_k dl/dyhat_k s_2' w_2k phi] + lambda/2 |theta|^2 (Nguyen, arXiv:1902.02880,
/// section 2.2). Of theta the trained parameters move, the others are constants.
/// </summary>
/// <remarks>
/// The values phi at the last points are kept, so that a grid pays for them once: an evaluation then takes
/// 2 (data points) x (points) multiplications. (The passes of ensembles, which form phi and all gradients every time,
/// take 6 to 9 times as long on 256 and 65,536 cells by 10 to 100 data points, tanh, and have masses that stay.) Not
/// for use by two threads at once.
/// </remarks>
public sealed class TwoLayerRisk : IFunctional
{
    private const int MostKept = 1 << 25;

    private readonly NeuronCoordinates coordinates;
    private readonly Dataset data;
    private readonly ILoss loss;
    private readonly double decay;
    private readonly IAngularMean? lengths;     // where w_1 and x are lengths
    private readonly double[] preactivations, outputs, signals, slopes;     // [data point, K]
    private double[] points = [], kept = [], row = [], hidden = [], inBias = [], slope = [], factor = [];
    private double[][] neurons = [], means = [];        // [parameter][point], [output][point]

    /// <summary>The risk on a data set, with weight decay lambda >= 0.</summary>
    public TwoLayerRisk(NeuronCoordinates coordinates, Dataset data, ILoss loss, double decay = 0)
    {
        if (!(decay >= 0 && double.IsFinite(decay)))
            throw new ArgumentException($"the weight decay must be finite and not negative, got {decay}");
        (this.coordinates, this.data, this.loss, this.decay) = (coordinates, data, loss, decay);
        lengths = (coordinates.Architecture.Interactions[0] as Radial)?.Mean;
        double[] New() => Arrays.New("predictions", data.Count, data.Outputs);
        (preactivations, outputs, signals, slopes) = (New(), New(), New(), New());
        Resize(0);
    }

    /// <inheritdoc/>
    public int Dimension => coordinates.Dimension;

    private int Inputs => data.Inputs;

    /// <inheritdoc/>
    public double Value(ReadOnlySpan<double> points, ReadOnlySpan<double> masses)
    {
        Predict(points, masses);
        var (risk, k) = (0.0, data.Outputs);
        for (var n = 0; n < data.Count; n++)
            risk += data.Masses[n] * loss.Value(outputs.AsSpan(n * k, k), data.Label(n));
        for (var j = 0; decay > 0 && j < Dimension; j++)
        {
            TensorPrimitives.Multiply(Coordinate(j), Coordinate(j), factor);
            risk += decay / 2 * TensorPrimitives.Dot(factor, masses);
        }
        return risk;
    }

    /// <summary>yhat [data point, K]; the span is the functional's own, until its next call.</summary>
    public ReadOnlySpan<double> Predict(ReadOnlySpan<double> points, ReadOnlySpan<double> masses)
    {
        At(points);
        for (var k = 0; k < data.Outputs; k++) TensorPrimitives.Multiply(Outgoing(k), masses, means[k]);
        for (var n = 0; n < data.Count; n++)
        {
            var values = Row(n);
            for (var k = 0; k < data.Outputs; k++)
                preactivations[n * data.Outputs + k] = coordinates.OutputBias + TensorPrimitives.Dot(values, means[k]);
        }
        coordinates.Architecture.Activations[1].Apply(preactivations, outputs);
        return outputs;
    }

    /// <inheritdoc/>
    public void FirstVariation(ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> variation)
    {
        SetSignals(points, masses);
        foreach (var mean in means) Array.Clear(mean);
        for (var n = 0; n < data.Count; n++) AddToMeans(n, Row(n));
        variation.Clear();
        for (var k = 0; k < data.Outputs; k++)
            TensorPrimitives.MultiplyAdd(means[k], Outgoing(k), variation, variation);
        for (var j = 0; decay > 0 && j < Dimension; j++)
        {
            TensorPrimitives.Multiply(Coordinate(j), decay / 2, factor);
            TensorPrimitives.MultiplyAdd(factor, Coordinate(j), variation, variation);
        }
    }

    /// <inheritdoc/>
    public void Gradient(ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> gradient)
    {
        SetSignals(points, masses);
        foreach (var mean in means) Array.Clear(mean);
        var count = masses.Length;
        // [parameter (w_1, b_1)][point]; of w_2 the means are the gradient.
        double[][] incoming = [.. Enumerable.Range(0, Inputs + 1).Select(_ => new double[count])];
        for (var n = 0; n < data.Count; n++)
        {
            var values = Row(n);
            AddToMeans(n, values);
            if (coordinates.Trained[0] > Inputs) continue;
            SetSlopes(data.Input(n), values);
            Array.Clear(factor);
            for (var k = 0; k < data.Outputs; k++)
                TensorPrimitives.MultiplyAdd(Outgoing(k), signals[n * data.Outputs + k], factor, factor);
            TensorPrimitives.MultiplyAdd(inBias, factor, incoming[Inputs], incoming[Inputs]);
            TensorPrimitives.Multiply(slope, factor, slope);
            for (var j = 0; j < Inputs; j++)
                TensorPrimitives.MultiplyAdd(slope, data.Input(n)[j], incoming[j], incoming[j]);
        }
        for (var j = 0; j < Dimension; j++)
        {
            var parameter = coordinates.Trained[j];
            var of = parameter <= Inputs ? incoming[parameter] : means[parameter - Inputs - 1];
            for (var i = 0; i < count; i++)
                gradient[i * Dimension + j] = of[i] + decay * points[i * Dimension + j];
        }
    }

    private double[] Biases => neurons[Inputs];

    private double[] Outgoing(int output) => neurons[Inputs + 1 + output];

    private double[] Coordinate(int j) => neurons[coordinates.Trained[j]];

    /// <summary>c_nk = p_n dl/dyhat_k s_2'(H_nk).</summary>
    private void SetSignals(ReadOnlySpan<double> points, ReadOnlySpan<double> masses)
    {
        Predict(points, masses);
        coordinates.Architecture.Activations[1].Derivative(preactivations, outputs, slopes);
        var k = data.Outputs;
        for (var n = 0; n < data.Count; n++)
        {
            var signal = signals.AsSpan(n * k, k);
            loss.Gradient(outputs.AsSpan(n * k, k), data.Label(n), signal);
            TensorPrimitives.Multiply(signal, data.Masses[n], signal);
        }
        TensorPrimitives.Multiply(signals, slopes, signals);
    }

    /// <summary>means_k += c_nk phi(., x_n).</summary>
    private void AddToMeans(int n, ReadOnlySpan<double> values)
    {
        for (var k = 0; k < data.Outputs; k++)
            TensorPrimitives.MultiplyAdd(values, signals[n * data.Outputs + k], means[k], means[k]);
    }

    /// <summary>phi(., x_n) at the points.</summary>
    private ReadOnlySpan<double> Row(int n)
    {
        if (kept.Length > 0) return kept.AsSpan(n * row.Length, row.Length);
        Respond(data.Input(n), row);
        return row;
    }

    /// <summary>values[i] = phi(w_1, b_1, x) of neuron i.</summary>
    private void Respond(ReadOnlySpan<double> x, Span<double> values)
    {
        if (lengths is null) coordinates.Architecture.Activations[0].Apply(Preactivations(x), values);
        else
            for (var i = 0; i < values.Length; i++) values[i] = lengths.Value(neurons[0][i] * x[0], Biases[i]);
    }

    /// <summary>slope[i] x_j = d phi/d w_j and inBias[i] = d phi/d b of neuron i.</summary>
    private void SetSlopes(ReadOnlySpan<double> x, ReadOnlySpan<double> values)
    {
        if (lengths is null)
        {
            coordinates.Architecture.Activations[0].Derivative(Preactivations(x), values, slope);
            slope.CopyTo(inBias, 0);
            return;
        }
        for (var i = 0; i < values.Length; i++)
        {
            slope[i] = lengths.SlopeInRadius(neurons[0][i] * x[0], Biases[i]);
            inBias[i] = lengths.SlopeInBias(neurons[0][i] * x[0], Biases[i]);
        }
    }

    private double[] Preactivations(ReadOnlySpan<double> x)
    {
        Biases.CopyTo(hidden, 0);
        for (var j = 0; j < x.Length; j++) TensorPrimitives.MultiplyAdd(neurons[j], x[j], hidden, hidden);
        return hidden;
    }

    /// <summary>Takes the points over, unless they are those of the last call.</summary>
    private void At(ReadOnlySpan<double> next)
    {
        if (next.SequenceEqual(points)) return;
        var count = next.Length / Dimension;
        if (count != row.Length) Resize(count);
        next.CopyTo(points);
        for (var j = 0; j < Dimension; j++)
        {
            var coordinate = Coordinate(j);
            for (var i = 0; i < count; i++) coordinate[i] = next[i * Dimension + j];
        }
        for (var n = 0; kept.Length > 0 && n < data.Count; n++)
            Respond(data.Input(n), kept.AsSpan(n * count, count));
    }

    private void Resize(int count)
    {
        points = Arrays.New("the points of neurons", count, Dimension);
        double[] New() => new double[count];
        (row, hidden, slope, inBias, factor) = (New(), New(), New(), New(), New());
        means = [.. Enumerable.Range(0, data.Outputs).Select(_ => new double[count])];
        neurons = [.. coordinates.Neuron.Select(value => Enumerable.Repeat(value, count).ToArray())];
        kept = (long)count * data.Count <= MostKept ? new double[count * data.Count] : [];
    }
}
