namespace MeanFieldLimit.Validation.Studies.Chaos;

/// <summary>
/// What the neurons of a two-layer network contribute to H_2, phi_k = w_2(k, j) s_1(H_1(x, k)), whose mean over neurons
/// it is, for some points and all outputs: first and second moments over the neurons. phi_k has a factor
/// <see cref="Dataset.RootOfMass"/>, so that sums of squares over points count them by mass.
/// </summary>
/// <param name="Width">Number of neurons.</param>
/// <param name="Means">Mean of phi_k, [point, output].</param>
/// <param name="Squares">Mean of phi_k^2, [point, output].</param>
internal sealed record Contributions(int Width, double[] Means, double[] Squares)
{
    /// <summary>Those of <paramref name="network"/> in a state.</summary>
    internal static Contributions Of(Ensemble network, ReadOnlySpan<double> state, Dataset data, IMatrixEngine engine)
    {
        var pass = new ForwardPass(network, engine, data.Count);
        pass.Pass(state, data, 0, data.Count);
        var (h, outer, width) = (pass.Of(1).Data.ToArray(), network.Weights(state, 2).Data.ToArray(),
            network.Size(1));
        var s = new double[h.Length];
        network.Architecture.Activations[0].Apply(h, s);
        var (means, squares) = (new double[data.Count * data.Outputs], new double[data.Count * data.Outputs]);
        for (var n = 0; n < data.Count; n++)
            for (var k = 0; k < width; k++)
                for (var j = 0; j < data.Outputs; j++)
                {
                    var phi = s[n * width + k] * outer[k * data.Outputs + j] * data.RootOfMass(n);
                    means[n * data.Outputs + j] += phi / width;
                    squares[n * data.Outputs + j] += phi * phi / width;
                }
        return new(width, means, squares);
    }

    /// <summary>
    /// The correlation of phi_1 and phi_2 over replicates: with m = mean_k phi_k and v = Var phi_k,
    /// Var m = v / N + (1 - 1/N) Cov(phi_1, phi_2), sums over points and outputs on either side; NaN of one replicate
    /// or one neuron.
    /// </summary>
    internal static double Correlation(IReadOnlyList<Contributions> replicates)
    {
        double ofMean = 0, ofOne = 0;
        var (count, width) = (replicates.Count, replicates[0].Width);
        if (count == 1 || width == 1) return double.NaN;
        for (var i = 0; i < replicates[0].Means.Length; i++)
        {
            var mean = replicates.Average(c => c.Means[i]);
            var variance = replicates.Sum(c => Math.Pow(c.Means[i] - mean, 2)) / (count - 1);
            ofMean += variance;
            // E phi^2 - (E phi)^2; the square of the estimated mean is too large by its variance.
            ofOne += replicates.Average(c => c.Squares[i]) - mean * mean + variance / count;
        }
        return (ofMean - ofOne / width) / (1 - 1.0 / width) / ofOne;
    }
}
