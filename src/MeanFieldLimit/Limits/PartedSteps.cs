using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Models;

namespace MeanFieldLimit.Limits;

/// <summary>
/// Steps that part every one of the steps h of a limit alike, so that the difference shows the error of all: those of
/// h/parts, and stops inside what is left of h before each save time or jump. (There steps of h and of h/parts are cut
/// down to one and the same.)
/// </summary>
internal sealed record PartedSteps(double Step, IReadOnlyList<double> Stops)
{
    // A step that would leave less than this fraction of itself ends on the save time instead: see RunInProgress.
    private const double Sliver = 1e-3;

    /// <summary>Those of a model whose limit steps by <paramref name="step"/>, across no jump.</summary>
    internal static PartedSteps Of(Model model, double step, IReadOnlyList<double> jumps, int parts = 2)
    {
        var (h, times) = (Math.Min(step, model.LongestSave), model.SaveTimes);
        double[] ends = [.. times.Concat(jumps.Where(t => t < times[^1])).Distinct().Order()];
        return new(h / parts, [.. ends.Zip(ends.Skip(1)).SelectMany(between =>
        {
            var length = between.Second - between.First;
            var last = length - h * Math.Max(0, Math.Ceiling(length / h - 1 - Sliver));
            return Enumerable.Range(1, last < h * (1 - Sliver) ? parts - 1 : 0)
                .Select(k => between.Second - last * (parts - k) / parts);
        })]);
    }

    /// <summary>Half the steps of a law of motion with noise, on the same paths; null of one without.</summary>
    internal static IDynamics? Halved(Model model, IDynamics dynamics)
    {
        PartedSteps Half(double step) => Of(model, step, model.Objective.Jumps);
        return dynamics switch
        {
            LangevinDynamics langevin when Half(langevin.Step) is var (step, stops) =>
                langevin with { Step = step, Stops = stops },
            SgdDiffusionDynamics sgd when Half(sgd.Step) is var (step, stops) =>
                sgd with { Step = step, Stops = stops },
            _ => null,
        };
    }
}
