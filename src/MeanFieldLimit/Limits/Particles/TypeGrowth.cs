using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using static System.FormattableString;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>What it takes to bring errors of types down, extrapolated from the rounds of a search.</summary>
internal static class TypeGrowth
{
    /// <summary>That of every part, from the last two rounds that differ in it; null where they do not tell.</summary>
    internal static Cost? Needed(IReadOnlyList<LimitSolution> rounds, IReadOnlyList<TypeKnob> over, double share)
    {
        var (solution, model) = (rounds[^1], rounds[^1].Model);
        var nodes = solution.Nodes.Select(n => (double)n).ToArray();
        var sizes = new List<string>();
        foreach (var part in over)
        {
            var history = rounds.Select(r => (Spec: r.Model.Problem.Limit.Types![part.Layers[0] - 1], r.Nodes,
                Error: r.TypeErrors.FirstOrDefault(t => t.Layers.SequenceEqual(part.Layers))?.Error ?? double.NaN))
                .ToArray();
            var (spec, _, error) = history[^1];
            var before = history.LastOrDefault(h => h.Spec.Size < spec.Size);
            if (before.Spec is null || !(before.Error > error)) return null;
            foreach (var layer in part.Layers)
            {
                // Every level of a sparse grid divides the error, as far as seen; otherwise it is a power of the nodes.
                double ratio, size = model.Problem.Limit.Types![layer - 1].Size;
                var factor = before.Error / error;
                if (spec is SmolyakSpec)
                {
                    var levels = Math.Log(error / share) / Math.Log(factor) * (size - before.Spec.Size);
                    var growth = nodes[layer - 1] / before.Nodes[layer - 1];
                    (ratio, size) = (Math.Pow(growth, levels / (size - before.Spec.Size)), size + levels);
                    sizes.Add(Invariant($"level {Math.Ceiling(size):N0} in layer {layer}"));
                }
                else
                {
                    var power = Math.Log(factor) / Math.Log((double)spec.Size / before.Spec.Size);
                    ratio = Math.Pow(error / share, 1 / power);
                    size *= ratio;
                    sizes.Add(Invariant($"{Math.Ceiling(size):N0} nodes") +
                        (spec is GaussSpec or PanelSpec ? $" a coordinate in layer {layer}" : $" in layer {layer}"));
                    if (spec is GaussSpec or PanelSpec)
                        ratio = Math.Pow(ratio,
                            model.LimitModel.Embedding.TypeLaws(layer).Count(l => l.GaussNodes(3) == 3));
                }
                nodes[layer - 1] *= ratio;
            }
        }
        var (bytes, parameters) = MemoryPlan.Limit(model, nodes);
        var more = parameters / solution.Trained.Parameters;
        return new(string.Join(" and ", sizes), bytes, more * solution.Work, more * solution.Seconds);
    }
}
