using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Schedules;

namespace MeanFieldLimit.Dynamics;

/// <summary>
/// Noisy gradient descent, the mean-field Langevin dynamics of a two-layer ensemble:
/// dw = (velocity - xi_i lambda w) dt + sqrt(2 tau xi_i) dB, of temperature tau and weight decay lambda, every weight
/// its own B. In the limit its stationary law is proportional to exp(-(V + lambda |w|^2 / 2) / tau), V the first
/// variation of the risk there (Mei, Montanari and Nguyen, arXiv:1804.06561); a rate xi_i of layer i changes how fast,
/// not where to, and a layer of rate 0 stands still.
/// </summary>
/// <remarks>Increments are [neuron, w_1(1..d, c) then w_2(c, 1..K)].</remarks>
public sealed class LangevinDiffusion : IStochasticField
{
    private readonly Ensemble ensemble;
    private readonly IVectorField velocity;
    private readonly double temperature;
    private readonly IReadOnlyList<ISchedule> schedules;

    /// <summary>That of an ensemble, whose velocity has learning rates and weight decay in it already.</summary>
    /// <exception cref="ArgumentException">The temperature is negative, or the network not such a one.</exception>
    public LangevinDiffusion(Ensemble ensemble, IVectorField velocity, double temperature,
        IReadOnlyList<ISchedule>? schedules = null)
    {
        if (!(temperature >= 0 && double.IsFinite(temperature)))
            throw new ArgumentException($"the temperature must be finite and not negative, got {temperature}");
        if (ensemble.Depth != 2 || ensemble.Architecture.Biases == BiasMode.Trained)
            throw new ArgumentException("Langevin dynamics must be of two layers without trained biases, got " +
                $"{ensemble.Depth} layers, biases {ensemble.Architecture.Biases}");
        (this.ensemble, this.velocity, this.temperature) = (ensemble, velocity, temperature);
        this.schedules = schedules ?? [new ConstantSchedule(1), new ConstantSchedule(1)];
    }

    /// <inheritdoc/>
    public int Dimension => velocity.Dimension;

    /// <inheritdoc/>
    public int NoiseDimension => ensemble.Size(1) * (ensemble.Size(0) + ensemble.Size(2));

    /// <inheritdoc/>
    public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity) =>
        this.velocity.Evaluate(t, y, velocity);

    /// <inheritdoc/>
    public void Diffuse(double t, ReadOnlySpan<double> y, ReadOnlySpan<double> increments, Span<double> noise)
    {
        noise.Clear();
        MatrixView incoming = ensemble.Weights(noise, 1), outgoing = ensemble.Weights(noise, 2);
        double first = Math.Sqrt(2 * temperature * schedules[0].At(t)),
            second = Math.Sqrt(2 * temperature * schedules[1].At(t));
        var (inputs, each) = (incoming.Rows, incoming.Rows + outgoing.Columns);
        for (var c = 0; c < incoming.Columns; c++)
        {
            var own = increments.Slice(c * each, each);
            for (var i = 0; i < inputs; i++) incoming.Data[i * incoming.Stride + c] = first * own[i];
            TensorPrimitives.Multiply(own[inputs..], second, outgoing.Row(c));
        }
    }
}
