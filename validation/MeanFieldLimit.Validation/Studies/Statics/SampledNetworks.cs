namespace MeanFieldLimit.Validation.Studies.Statics;

/// <summary>
/// Networks of N neurons drawn independently from the minimiser, each (+-|nu|, w) with the probability |nu_i| / |nu|:
/// the mean of their risk less the infimum. Where the loss is quadratic it is C / N with C = E_i F(neuron i) - F.
/// </summary>
/// <param name="Mean">The mean.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record SampledNetworks(double Mean, double Error)
{
    private const int Draws = 4000;

    internal static SampledNetworks Of(LawsOfNeurons laws, SparseMinimum infimum, int width)
    {
        if (infimum.Mass == 0) return new(0, 0);
        var risk = laws.NewRisk();
        var lowest = risk.Value(infimum.Points, infimum.Masses);
        var stream = new RandomStream(Streams.Draws(laws.Seed), (ulong)width);
        double[] gaps = new double[Draws], masses = new double[infimum.Masses.Length];
        for (var draw = 0; draw < Draws; draw++)
        {
            Array.Clear(masses);
            for (var i = 0; i < width; i++)
            {
                var atom = infimum.AtomAt(stream.Uniform((ulong)draw * (ulong)width + (ulong)i));
                masses[atom] += Math.CopySign(infimum.Mass / width, infimum.Masses[atom]);
            }
            gaps[draw] = risk.Value(infimum.Points, masses) - lowest;
        }
        var mean = gaps.Average();
        return new(mean, Math.Sqrt(gaps.Sum(g => (g - mean) * (g - mean)) / (Draws - 1.0) / Draws));
    }

    /// <summary>C.</summary>
    internal static double Constant(LawsOfNeurons laws, SparseMinimum infimum)
    {
        var risk = laws.NewRisk();
        var alone = infimum.Masses.Select((m, i) =>
            Math.Abs(m) / infimum.Mass * risk.Value([infimum.Points[i]], [Math.CopySign(infimum.Mass, m)]));
        return infimum.Mass == 0 ? 0 : alone.Sum() - risk.Value(infimum.Points, infimum.Masses);
    }
}
