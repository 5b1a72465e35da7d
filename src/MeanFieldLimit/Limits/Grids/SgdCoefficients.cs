using MeanFieldLimit.Data;
using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Limits.Laws;

namespace MeanFieldLimit.Limits.Grids;

/// <summary>
/// SGD as a diffusion with noise per particle (<see cref="Dynamics.SgdDiffusion"/>), of neurons with one trained
/// parameter theta: dtheta = -h(theta, mu) dt + sqrt(eps Sigma(theta, mu)) dB, h = E_P[H_x] and Sigma = Var_P[H_x],
/// H_x = dPsi_x/dtheta of the first variation Psi_x of the loss at point x. Its law has
/// d/dt rho = (h rho)' + eps/2 (Sigma rho)'' (De Bortoli, Durmus, Fontaine and Simsekli, arXiv:2007.06352).
/// </summary>
/// <remarks>More parameters have a Sigma that is not diagonal. Not for use by two threads at once.</remarks>
internal sealed class SgdCoefficients : IItoCoefficients
{
    private readonly Dataset data;
    private readonly TwoLayerRisk[] risks;      // that of each point alone
    private readonly double step, decay;
    private double[][] gradients = [];          // H [data point][theta]
    private double[] mean = [];

    /// <summary>Those of an objective, whose decay joins h; eps is SGD's step over its batch size.</summary>
    public SgdCoefficients(NeuronCoordinates coordinates, Objective objective, double step)
    {
        if (coordinates.Dimension != 1)
            throw new ArgumentException("the noise of SGD must be of neurons of one trained parameter on a grid, got " +
                $"{coordinates.Dimension}, of which it is correlated");
        if (!(step >= 0 && double.IsFinite(step)))
            throw new ArgumentException($"the step of SGD must be finite and not negative, got {step}");
        (data, this.step, decay) = (objective.Data.Train, step, objective.WeightDecay);
        risks = [.. Enumerable.Range(0, data.Count)
            .Select(n => new TwoLayerRisk(coordinates, data.Select([n]), objective.Loss))];
    }

    public int Dimension => 1;

    public void Drift(double t, ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> drift)
    {
        Evaluate(points, masses);
        TensorPrimitives.Negate(mean, drift);
        if (decay > 0) TensorPrimitives.MultiplyAdd(points, -decay, drift, drift);
    }

    public void Variance(double t, ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> variance)
    {
        Evaluate(points, masses);
        variance.Clear();
        for (var n = 0; n < risks.Length; n++)
        {
            var deviation = gradients[n];
            TensorPrimitives.Subtract(deviation, mean, deviation);
            TensorPrimitives.Multiply(deviation, deviation, deviation);
            TensorPrimitives.MultiplyAdd(deviation, step * data.Masses[n], variance, variance);
        }
    }

    /// <summary>H of every point, and h.</summary>
    private void Evaluate(ReadOnlySpan<double> points, ReadOnlySpan<double> masses)
    {
        if (mean.Length != points.Length)
        {
            mean = new double[points.Length];
            gradients = [.. risks.Select(_ => new double[mean.Length])];
        }
        Array.Clear(mean);
        for (var n = 0; n < risks.Length; n++)
        {
            risks[n].Gradient(points, masses, gradients[n]);
            TensorPrimitives.MultiplyAdd(gradients[n], data.Masses[n], mean, mean);
        }
    }
}
