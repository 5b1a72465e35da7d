using MeanFieldLimit.Data;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Interactions;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Models;

/// <summary>
/// The limit of isotropic data in the lengths rho = |w_1| and r = |x| (see <see cref="Radial"/>): an embedding of
/// networks with the one input r, and the law of the data as nodes over r.
/// </summary>
internal static class IsotropicReduction
{
    internal const int DefaultRadii = 96;
    private const int Angles = 128, PerPanel = 8;

    /// <summary>
    /// The embedding in reduced coordinates of one in d dimensions, with a <paramref name="share"/> of the angles, for
    /// types on the rules of <paramref name="limit"/>.
    /// </summary>
    internal static Embedding Embedding(Embedding full, LimitSpec limit, double share)
    {
        var (shape, laws) = (full.Architecture, full.Laws);
        IInteraction[] interactions =
            [new Radial(shape.Inputs, shape.Activations[0], (int)(Angles * share)), .. shape.Interactions.Skip(1)];
        if (limit.Types is [.., PanelSpec] && KinkInLastType(full) is { } kink) interactions[^1] = new PanelSum(kink);
        return new(
            new(1, shape.Outputs, [new Identity(), .. shape.Activations.Skip(1)], shape.Biases, interactions),
            [laws[0] with { Weights = new Chi(shape.Inputs, laws[0].Weights.StandardDeviation) }, .. laws.Skip(1)]);
    }

    /// <summary>Rules that the limit asks for, or suitable ones: panels where outputs are sums over kinks.</summary>
    internal static IReadOnlyList<RuleSpec> Rules(Embedding full, LimitSpec limit)
    {
        var rules = TypeRules.Chosen(limit, Embedding(full, limit, share: 1));
        return limit.Types is null && KinkInLastType(full) is not null
            ? [.. rules.SkipLast(1), new PanelSpec { Nodes = 32 }]
            : rules;
    }

    /// <summary>
    /// s of the last hidden layer, where it has a kink and yhat = sum_c p(c) w_L(c) s(H(c)) a continuum of w_L.
    /// </summary>
    private static IPiecewiseLinear? KinkInLastType(Embedding full) =>
        full.Architecture is { Depth: > 2, Activations: [.., IPiecewiseLinear kink, _] } shape
        && shape.Interactions[^1] is WeightedSum
        && full.Laws[^1].Weights is Gaussian { StandardDeviation: > 0 } or Uniform ? kink : null;

    /// <summary>
    /// The law of (|x|, y) on about a <paramref name="share"/> of its nodes, and the lengths of test points where there
    /// are any.
    /// </summary>
    internal static ExperimentData Data(Problem problem, ExperimentData full, double share)
    {
        var data = (IsotropicData)problem.Data;
        // Nodes come in panels: fewer of them, or two where there is but one.
        var radii = problem.Limit.Radii ?? DefaultRadii;
        var panels = (radii + PerPanel - 1) / PerPanel;
        if (share < 1) radii = PerPanel * (panels == 1 ? 2 : (int)(panels * share));
        var law = new LengthLaw(data.Dimension, data.Delta, radii);
        return full with
        {
            Train = law.Discretise([]),
            Test = full.Test is { } test ? Lengths(test) : null,
            Lengths = law,
        };
    }

    /// <summary>The same points, each input replaced by its length.</summary>
    internal static Dataset Lengths(Dataset data) => new(1, data.Outputs,
        [.. Enumerable.Range(0, data.Count).Select(n => TensorPrimitives.Norm<double>(data.Input(n)))],
        data.Y, data.Labels, data.Masses);
}
