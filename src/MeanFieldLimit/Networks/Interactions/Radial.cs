using MeanFieldLimit.Networks.Activations;

namespace MeanFieldLimit.Networks.Interactions;

/// <summary>
/// phi(rho, b, r) = E_u s(rho r u + b): what layer 2 receives on average from the neurons of layer 1 whose weight
/// vectors have length rho and a uniform direction, on an input of length r; u is the cosine of the angle. With
/// rotation-invariant data and initial weights w_1, the first layer of the limit is this layer of one input, r, and
/// one weight a neuron, rho, its activation taken up by phi.
/// </summary>
/// <remarks>
/// Why it is exact, where phi_2 is linear in s_1(h). Let H_2 depend on |x| alone. The gradient of w_1, E_P[D_1 x],
/// D_1 = s'(&lt;w_1, x&gt; + b) sum_c' p(c') D_2 w_2, is then along w_1, by averaging over the directions of x: w_1
/// keeps its direction, and d|w_1|/dt has E_u[s' r u] = d phi/d rho; that of b has E_u[s'] = d phi/d b, that of w_2 has
/// E_u[s] = phi. The directions of w_1 stay uniform and independent of all else, so that H_2 keeps depending on |x|
/// alone. (Symmetry of the limit: Nguyen and Pham 2020; the data: Nguyen, arXiv:1902.02880, section 4.2.1.)
/// </remarks>
internal sealed class Radial : IInteraction
{
    /// <summary>For s_1 in d >= 2 dimensions; so many angles where the mean over u has no closed form.</summary>
    public Radial(int dimension, IActivation activation, int angles)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 2);
        Mean = activation is IPiecewiseLinear linear ? new AngularRelu(dimension, linear.SlopeBelow)
            : new AngularQuadrature(dimension, activation, angles);
    }

    public string Name => "radial";

    internal IAngularMean Mean { get; }

    public bool IsAffineInWeights => false;

    public void Forward(in Pairs pairs, MatrixView above)
    {
        var rho = pairs.Weights.Row(0);
        for (var n = 0; n < above.Rows; n++)
            for (var c = 0; c < above.Columns; c++)
                above.Row(n)[c] = Mean.Value(rho[c] * pairs.S.Row(n)[0], pairs.Bias(c));
    }

    public void Backward(in Pairs pairs, ReadOnlyMatrixView d, MatrixView below) =>
        throw new NotSupportedException("the radial interaction is that of a first layer");

    public void AddWeightVelocity(in Pairs pairs, ReadOnlyMatrixView d, double rate, double keep, MatrixView dw)
    {
        Span<double> rho = dw.Row(0);
        if (keep == 0) rho.Clear();
        var at = pairs.Weights.Row(0);
        for (var n = 0; n < d.Rows; n++)
        {
            var r = pairs.S.Row(n)[0];
            for (var c = 0; c < d.Columns; c++)
                rho[c] -= rate * d.Row(n)[c] * r * Mean.SlopeInRadius(at[c] * r, pairs.Bias(c));
        }
    }

    public void AddBiasVelocity(in Pairs pairs, ReadOnlyMatrixView d, double rate, Span<double> db)
    {
        var at = pairs.Weights.Row(0);
        for (var n = 0; n < d.Rows; n++)
            for (var c = 0; c < d.Columns; c++)
                db[c] -= rate * d.Row(n)[c] * Mean.SlopeInBias(at[c] * pairs.S.Row(n)[0], pairs.Bias(c));
    }
}
