namespace MeanFieldLimit.Validation.Studies.Statics;

/// <summary>
/// The risk between two laws of neurons: along mixtures (1 - t) rho_0 + t rho_1, in which it is convex, and along
/// displacement, the law of (1 - t) theta_0 + t theta_1 in the optimal coupling of W2, theta = (w, a), in which it need
/// not be.
/// </summary>
/// <param name="Mixture">The risk at times 0, 1/32, ..., 1.</param>
/// <param name="Displacement">The same along displacement.</param>
/// <param name="Distance">W2(rho_0, rho_1).</param>
internal sealed record Interpolation(double[] Mixture, double[] Displacement, double Distance)
{
    internal const int Steps = 32;
    private const int MostWidth = 8, MostLaws = 12;

    /// <summary>By how much the risk is above its chord at most: not at all where it is convex.</summary>
    internal static double AboveChord(double[] risks) =>
        risks.Select((risk, k) => risk - ((Steps - k) * risks[0] + k * risks[^1]) / Steps).Max();

    /// <summary>The width whose networks are taken.</summary>
    internal static int WidthOf(IReadOnlyList<int> widths) => widths.LastOrDefault(n => n <= MostWidth, widths[0]);

    /// <summary>Of local minima and the minimiser those two between which displacement rises most.</summary>
    internal static Interpolation Of(LawsOfNeurons laws, SparseMinimum infimum, NetworkMinima networks)
    {
        var (risk, neurons) = (laws.NewRisk().Neurons, laws.NewNeurons());
        List<DiscreteMeasure> all = [.. networks.Minima.Take(MostLaws)
            .Select(points => DiscreteMeasure.Uniform(3, neurons.Places(points)))];
        if (infimum.Mass > 0)
        {
            var alpha = Math.Asin(Math.Min(1, infimum.Mass / laws.Mass));
            all.Add(new(3, neurons.Places([.. infimum.Points.SelectMany((phi, i) =>
                new[] { Math.Sign(infimum.Masses[i]) * alpha, phi })]),
                [.. infimum.Masses.Select(m => Math.Abs(m) / infimum.Mass)]));
        }
        return all.SelectMany((a, i) => all.Skip(i + 1).Select(b => Between(a, b)))
            .DefaultIfEmpty(Between(all[0], all[0])).MaxBy(path => AboveChord(path.Displacement))!;

        Interpolation Between(DiscreteMeasure from, DiscreteMeasure to)
        {
            var transport = WassersteinExact.Between(from, to);
            var plan = transport.Plan;
            double[] mixture = new double[Steps + 1], displacement = new double[Steps + 1];
            double[] together = [.. from.Points, .. to.Points], between = new double[3 * plan.Count];
            for (var k = 0; k <= Steps; k++)
            {
                var t = (double)k / Steps;
                mixture[k] = risk.Value(together,
                    [.. from.Masses.Select(m => (1 - t) * m), .. to.Masses.Select(m => t * m)]);
            }
            for (var k = 0; k <= Steps; k++)
            {
                var t = (double)k / Steps;
                for (var p = 0; p < plan.Count; p++)
                    for (var j = 0; j < 3; j++)
                        between[3 * p + j] = (1 - t) * from.Points[3 * plan.Sources[p] + j]
                            + t * to.Points[3 * plan.Targets[p] + j];
                displacement[k] = risk.Value(between, plan.Masses);
            }
            return new(mixture, displacement, transport.Distance);
        }
    }
}
