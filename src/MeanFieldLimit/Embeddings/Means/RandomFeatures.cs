namespace MeanFieldLimit.Embeddings.Means;

/// <summary>p functions of a type: phi_k(c) = sqrt 2 cos(u_k . c + theta_k), u [k, coordinate].</summary>
internal sealed record CosineFeatures(double[] Frequencies, double[] Phases)
{
    /// <summary>
    /// Random features of the types with coordinates of the given laws: u_k . c is normal with standard deviation
    /// <paramref name="frequency"/> where c is, and theta_k is uniform, so that E phi_k(c)^2 over features is 1.
    /// </summary>
    public static CosineFeatures Draw(IReadOnlyList<ILaw> laws, int count, double frequency, RandomStream stream)
    {
        var random = Math.Max(1, laws.Count(law => law.StandardDeviation > 0));
        var frequencies = Arrays.New("frequencies", count, laws.Count);
        var phases = new double[count];
        for (var k = 0; k < count; k++)
        {
            var first = (ulong)k << 32;
            phases[k] = 2 * Math.PI * stream.Uniform(first);
            for (var j = 0; j < laws.Count; j++)
            {
                // On standardised coordinates, so that no coordinate is overlooked for its scale.
                if (laws[j].StandardDeviation == 0) continue;
                var u = frequency / (Math.Sqrt(random) * laws[j].StandardDeviation)
                    * stream.Normal(first + 1 + (ulong)j);
                frequencies[k * laws.Count + j] = u;
                phases[k] -= u * laws[j].Mean;
            }
        }
        return new(frequencies, phases);
    }

    /// <summary>phi_k(c).</summary>
    public double At(int k, ReadOnlySpan<double> type) => Math.Sqrt(2) *
        Math.Cos(TensorPrimitives.Dot(Frequencies.AsSpan(k * type.Length, type.Length), type) + Phases[k]);
}

/// <summary>
/// g(c, c') = (1/sqrt(2p)) sum_k (phi_k(c) in_k(c') + out_k(c) psi_k(c')), phi_k functions of the whole type of the
/// source, psi_k of that of the target: mean 0, and variance 1 on average over features.
/// </summary>
/// <remarks>
/// What is left of bidirectional diversity (Nguyen and Pham 2020) with p features. It asks that the pair of functions
/// w_i(., C_i), w_{i+1}(C_i, .) have full support in L2 x L2. Here the first has the coefficients in(C_i) on phi, the
/// second out(C_i) on psi, each plus bounded functions of C_i from the other sum. A map of R^2p onto itself that is
/// the identity plus a bounded continuous one is onto, so the pair, projected on the spans of phi and psi, has full
/// support in R^p x R^p for normal latents; in layers 1 and L-1 with w_1 in R^d and w_L in R^K in place of one of
/// them. As p and the frequencies grow the spans fill L2; on images that of functions of type and tap, for phi_k and
/// psi_k of a tap are drawn for it alone. (A single sum of cosines of both types would be simpler, but
/// its functions lie on a surface of as many dimensions as the type has.)
/// </remarks>
internal sealed class RandomFeatures(LatentPlaces places, CosineFeatures phi, CosineFeatures psi) : IMeanFunction
{
    public double At(ReadOnlySpan<double> source, ReadOnlySpan<double> target)
    {
        ReadOnlySpan<double> outgoing = places.Of(source), incoming = places.To(target);
        var sum = 0.0;
        for (var k = 0; k < places.Count; k++)
            sum += phi.At(k, source) * incoming[k] + outgoing[k] * psi.At(k, target);
        return sum / Math.Sqrt(2 * places.Count);
    }
}
