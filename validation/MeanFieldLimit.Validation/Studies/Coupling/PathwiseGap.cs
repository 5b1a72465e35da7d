namespace MeanFieldLimit.Validation.Studies.Coupling;

/// <summary>The largest absolute value and the root of the mean square of some differences; 0 of none.</summary>
internal readonly record struct Norms(double Max, double L2);

/// <summary>
/// The pathwise gap of one layer at a save time: a network minus its neurons riding along with the limit as tracers,
/// w_i(j, j') - w_i(t, C(j), C(j')), b_i(j') - b_i(t, C(j')) and H_i(x, j') - H_i(t, x, C(j')) (the coupling theorem
/// of Nguyen and Pham, arXiv:2001.11443). Neurons of a network have equal masses: the mean squares
/// are mass-weighted over neurons and watched points, and plain over the d inputs and the K outputs.
/// </summary>
internal readonly record struct LayerGap(Norms Weights, Norms Biases, Norms Preactivations);

/// <summary>The pathwise gaps of all layers at one save time.</summary>
internal sealed record PathwiseGap(IReadOnlyList<LayerGap> Layers)
{
    internal double ParametersMax => Layers.Max(l => Math.Max(l.Weights.Max, l.Biases.Max));

    /// <summary>sqrt(sum over layers of the mean squares of the gaps of W_i and b_i).</summary>
    internal double ParametersL2 => RootOfSquares(Layers.SelectMany(l => new[] { l.Weights.L2, l.Biases.L2 }));

    /// <summary>The largest gap of H_i over the hidden layers; that of layer L is the prediction's.</summary>
    internal double PreactivationsMax => Hidden.Max(l => l.Preactivations.Max);

    /// <summary>sqrt(sum over the hidden layers of the mean squares of the gaps of H_i).</summary>
    internal double PreactivationsL2 => RootOfSquares(Hidden.Select(l => l.Preactivations.L2));

    private IEnumerable<LayerGap> Hidden => Layers.SkipLast(1);

    private static double RootOfSquares(IEnumerable<double> values) => Math.Sqrt(values.Sum(v => v * v));
}
