using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Embeddings;

/// <summary>Points of the family of scalings that have a name, and those given by exponents.</summary>
public enum ScalingKind
{
    /// <summary>Weights do not move in the limit, the function does, by its tangent kernel.</summary>
    Ntk,

    /// <summary>The law of neurons moves, the function starts at 0.</summary>
    MeanField,

    /// <summary>The same beside the initial function of the reference network (initialization-corrected).</summary>
    IcMf,

    /// <summary>That of PyTorch with equal rates: outputs grow like s^(1/2).</summary>
    SymDefault,

    /// <summary>That of PyTorch: outputs grow like s.</summary>
    Default,

    /// <summary>One of given exponents.</summary>
    Exponents,
}

/// <summary>
/// How a network's sum and its learning rates go with its width d, beside those of a reference width d*: with
/// s = d/d*, f = sigma* s^Sum sum_r a_r s(&lt;w_r, x&gt;), the rate of a is that of its layer times s^Outgoing, the
/// rate of w times s^Incoming (Golikov 2020, arXiv:2003.05884 and 2006.06574).
/// </summary>
public readonly record struct ScalingExponents(double Sum, double Outgoing, double Incoming)
{
    /// <summary>The points of the family that have a name: a new one is an entry.</summary>
    public static IReadOnlyDictionary<ScalingKind, ScalingExponents> Named { get; } =
        new Dictionary<ScalingKind, ScalingExponents>
        {
            [ScalingKind.Ntk] = new(-0.5, 0, 0),
            [ScalingKind.MeanField] = new(-1, 1, 1),
            [ScalingKind.IcMf] = new(-1, 1, 1) { KeepsInitial = true },
            [ScalingKind.SymDefault] = new(-0.5, 0.5, 0.5),
            [ScalingKind.Default] = new(-0.5, 1, 0),
        };

    /// <summary>Whether the limit at an infinite width starts at 0 and stays without its initial function.</summary>
    public bool ForgetsInitial => Initial < 0;

    /// <summary>
    /// The width over the reference width at which an ensemble stands for the limit: any where nothing depends on it,
    /// else one at which what vanishes is below rounding and what grows stays a number.
    /// </summary>
    internal double Far => Growth == 0 ? 1 : 1e100;

    /// <summary>q in f ~ s^q at initialization.</summary>
    public double Initial => KeepsInitial ? 0 : Sum + 0.5;

    /// <summary>q in f ~ s^q after a step: that of the larger of the two tangent kernels.</summary>
    public double Growth => 2 * Sum + 1 + Math.Max(Outgoing, Incoming);

    /// <summary>
    /// Whether (sigma* s^(-1/2) - sigma) sum_r a_r(0) s(&lt;w_r(0), x&gt;) is added to f and stays: networks of every
    /// width then start with the fluctuation that those of the reference width have.
    /// </summary>
    public bool KeepsInitial { get; init; }
}

/// <summary>
/// A scaling as factors in a network that divides by widths: a sum sigma sum_r a_r s is the mean of (sigma d a_r) s, so
/// that the weights of layer i are scaled by F_i = sigma_i N_(i-1), their rate by F_i^2 / (N_(i-1) N_i) (without N of
/// inputs and outputs), that of biases by 1 / N_i, and all by the powers of s that are the scaling's own. Parameters
/// are standardised: those with the law N(0, v) stand for sqrt(v) times one of N(0, 1), which multiplies their rate
/// by v.
/// </summary>
/// <param name="Exponents">The powers.</param>
/// <param name="Reference">d*.</param>
/// <param name="Factor">sigma*.</param>
public sealed record Scaling(ScalingExponents Exponents, double Reference, double Factor)
{
    /// <summary>The factors of layers 1..L at such widths of the hidden layers, whole or not.</summary>
    internal LayerScale[] At(IReadOnlyList<double> widths, IReadOnlyList<LayerLaws> laws)
    {
        var depth = widths.Count + 1;
        return [.. Enumerable.Range(1, depth).Select(i =>
        {
            var (below, above) = (i == 1 ? 1 : widths[i - 2], i == depth ? 1 : widths[i - 1]);
            var weights = i == 1 ? 1 : Sigma(below) * below;
            var ratio = (i == depth ? below : above) / Reference;
            var own = Math.Pow(ratio, i == depth ? Exponents.Outgoing : Exponents.Incoming);
            return new LayerScale(weights,
                own * weights * weights / (below * above) * SecondMoment(laws[i - 1].Weights),
                own / above * SecondMoment(laws[i - 1].Biases));
        })];
    }

    /// <summary>sigma at a width.</summary>
    internal double Sigma(double width) => Factor * Math.Pow(width / Reference, Exponents.Sum);

    private static double SecondMoment(ILaw law) => law.Mean * law.Mean + law.StandardDeviation * law.StandardDeviation;
}
