using MeanFieldLimit.Solvers.Laws;

namespace MeanFieldLimit.Solvers.Quadrature;

/// <summary>
/// The product of one composite rule per coordinate: Gauss-Legendre rules of 8 nodes on panels of equal length,
/// weighted by the density of the law. Its nodes are equally dense throughout: at a kink of the integrand its error is
/// O(1/n^2), where that of a Gauss rule, whose nodes spread with n, is O(1/n). Smooth integrands take more nodes than
/// with Gauss. Laws on finitely many points keep their own rule.
/// </summary>
/// <param name="nodes">Nodes per coordinate, rounded up to a multiple of 8.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="nodes"/> is outside 1..256.</exception>
public sealed class PanelTensor(int nodes) : IQuadratureRule
{
    // Standard deviations to either side of the mean of a normal law: 3e-12 of the mass is beyond.
    private const double NormalRange = 7;
    private const int PerPanel = 8;

    private readonly GaussTensor tensor =
        new((GaussRule.Requested(nodes) + PerPanel - 1) / PerPanel * PerPanel, Rule);

    /// <inheritdoc/>
    public long CountNodes(IReadOnlyList<ILaw> laws) => tensor.CountNodes(laws);

    /// <inheritdoc/>
    public Nodes Discretise(IReadOnlyList<ILaw> laws) => tensor.Discretise(laws);

    private static GaussRule Rule(ILaw law, int count) => law switch
    {
        Chi chi => GaussRule.FromNodes(chi.Composite(count, [])),
        Gaussian { StandardDeviation: > 0 } =>
            Composite(count, static x => Math.Exp(-NormalRange * NormalRange * x * x / 2))
            .Map(law.Mean, NormalRange * law.StandardDeviation),
        Uniform uniform => Composite(count, static _ => 1).Map(law.Mean, (uniform.High - uniform.Low) / 2),
        _ => law.Gauss(count),
    };

    /// <summary>The rule on [-1, 1] of a density.</summary>
    private static GaussRule Composite(int count, Func<double, double> density)
    {
        var rule = GaussRule.Legendre(PerPanel);
        double[] points = new double[count], masses = new double[count];
        for (var i = 0; i < count; i++)
        {
            points[i] = (2 * (i / PerPanel) + 1 + rule.Nodes[i % PerPanel]) * PerPanel / count - 1;
            masses[i] = rule.Weights[i % PerPanel] * density(points[i]);
        }
        var sum = masses.Sum();
        return GaussRule.FromNodes(new(1, points, Array.ConvertAll(masses, m => m / sum)));
    }
}
