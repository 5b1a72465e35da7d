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

    /// <summary>Nodes in a panel: neighbours in the last coordinate, ascending.</summary>
    public const int PerPanel = 8;

    private readonly GaussTensor tensor =
        new((GaussRule.Requested(nodes) + PerPanel - 1) / PerPanel * PerPanel, Rule(0));

    /// <summary>
    /// Other panels, as many and two at least, to compare with: the first one has a share of the length of those
    /// inside, the last one the rest. The ends of the law are then the only ones they have in common with panels of
    /// equal length.
    /// </summary>
    /// <param name="nodes">Nodes per coordinate, rounded up to a multiple of 8.</param>
    /// <param name="shift">The share; at a simple fraction more ends may coincide.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="nodes"/> is outside 1..256, or the share not between 0 and 1.
    /// </exception>
    public PanelTensor(int nodes, double shift) : this(nodes) =>
        tensor = new(Math.Max(2 * PerPanel, (nodes + PerPanel - 1) / PerPanel * PerPanel),
            Rule(shift is > 0 and < 1 ? shift : throw new ArgumentOutOfRangeException(nameof(shift), shift,
                $"shift must be between 0 and 1, got {shift}: take a share of a panel")));

    /// <inheritdoc/>
    public long CountNodes(IReadOnlyList<ILaw> laws) => tensor.CountNodes(laws);

    /// <inheritdoc/>
    public Nodes Discretise(IReadOnlyList<ILaw> laws) => tensor.Discretise(laws);

    private static Func<ILaw, int, GaussRule> Rule(double shift) => (law, count) => law switch
    {
        Chi chi => GaussRule.FromNodes(shift == 0 ? chi.Composite(count, []) : chi.Composite(Ends(count, shift))),
        Gaussian { StandardDeviation: > 0 } =>
            Composite(count, shift, static x => Math.Exp(-NormalRange * NormalRange * x * x / 2))
            .Map(law.Mean, NormalRange * law.StandardDeviation),
        Uniform uniform => Composite(count, shift, static _ => 1).Map(law.Mean, (uniform.High - uniform.Low) / 2),
        _ => law.Gauss(count),
    };

    /// <summary>The rule on [-1, 1] of a density.</summary>
    private static GaussRule Composite(int count, double shift, Func<double, double> density)
    {
        var rule = GaussRule.Legendre(PerPanel);
        double[] points = new double[count], masses = new double[count], ends = Ends(count, shift);
        for (var i = 0; i < count; i++)
        {
            var (low, high) = (ends[i / PerPanel], ends[i / PerPanel + 1]);
            points[i] = 2 * ((low + high + (high - low) * rule.Nodes[i % PerPanel]) / (2 * ends[^1])) - 1;
            masses[i] = rule.Weights[i % PerPanel] * (high - low) * density(points[i]);
        }
        var sum = masses.Sum();
        return GaussRule.FromNodes(new(1, points, Array.ConvertAll(masses, m => m / sum)));
    }

    /// <summary>The ends of the panels, from 0, in units of the length of those inside.</summary>
    private static double[] Ends(int count, double shift)
    {
        var panels = count / PerPanel;
        return shift == 0
            ? [.. Enumerable.Range(0, panels + 1).Select(i => (double)i)]
            : [0, .. Enumerable.Range(0, panels - 1).Select(i => i + shift), panels - 1];
    }
}
