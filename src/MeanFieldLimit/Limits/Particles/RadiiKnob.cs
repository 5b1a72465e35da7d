using MeanFieldLimit.Models;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>
/// The error of the nodes for the lengths of inputs, and of the angles between weight vectors and them, in a reduced
/// limit: the difference to one with two thirds of both.
/// </summary>
internal sealed class RadiiKnob : IKnob
{
    public ErrorPart Part => ErrorPart.Data;

    public string Name => "data";

    public bool OnSmallest => true;

    public IEnumerable<ILimit?> Others(ILimit limit) =>
        [(ParticleLimit)limit with { Moved = limit.Model.Reduced(share: 2.0 / 3) }];

    public double Estimate(IReadOnlyList<Comparison> comparisons) => comparisons[0].Difference;

    public (ILimit?, string) Finer(ILimit limit, double error, double share)
    {
        var spec = limit.Model.Problem.Limit;
        return (((ParticleLimit)limit).With(spec with
        {
            Radii = (spec.Radii ?? IsotropicReduction.DefaultRadii) * 3 / 2,
        }), "");
    }
}
