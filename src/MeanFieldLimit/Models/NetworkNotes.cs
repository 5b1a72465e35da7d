using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Geometries;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Models;

/// <summary>What is allowed of a network and perhaps not meant, with its remedy: clauses for results.</summary>
public static class NetworkNotes
{
    /// <summary>Those of a model, of the lowest layer first.</summary>
    public static IReadOnlyList<string> Of(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return [.. Lost(model.Problem.Network), .. AtOnce(model), .. Sharp(model.Problem)];
    }

    /// <summary>Whether velocities jump on all of the mass of a layer at once.</summary>
    internal static bool JumpAtOnce(Model model) => AtOnce(model).Any();

    /// <summary>A largest eigenvalue without a limit.</summary>
    private static IEnumerable<string> Sharp(Problem problem) =>
        problem.Record is { Hessian: HessianKind.Exact } record && record.Probes.Contains(CurvatureProbe.Sharpness)
        && problem.Network.Layers.Any(layer => layer.Weights is GaussianLaw { Std: > 0 })
            ? ["away from a fit the sharpness of the exact Hessian has no limit under normal weights, whose outermost " +
                "neurons or nodes decide it; that of its Gauss-Newton part has (record.hessian)"]
            : [];

    /// <summary>Positions that windows do not reach.</summary>
    private static IEnumerable<string> Lost(NetworkSpec network)
    {
        var geometry = ImageKeys.Geometry(network);
        foreach (var (i, layer) in network.Layers.Index())
        {
            if (layer.Convolution is { } convolution && Text(convolution.Over(geometry[i].Below), geometry[i].Below,
                "convolution") is { } windows) yield return windows;
            if (layer.Pool is { } pool && Text(pool.Over(geometry[i].Extent), geometry[i].Extent, "pool") is { } pooled)
                yield return pooled;

            string? Text(Windows windows, Extent image, string key) => windows.Lost(image) is var (rows, columns)
                && rows + columns == 0 ? null : $"windows of network.layers[{i}].{key} do not reach the last " +
                    string.Join(" and ", new[] { Count(rows, "row"), Count(columns, "column") }.OfType<string>()) +
                    $" of the {image} positions they are on" + (windows.Padding > 0 ? " with their padding" : "") +
                    "; another size, stride or padding does";
        }
    }

    private static string? Count(int number, string what) =>
        number == 0 ? null : $"{number} {what}{(number == 1 ? "" : "s")}";

    /// <summary>
    /// Layers on all of whose mass the velocity jumps at once, so that steps of any method err in first order at best:
    /// kinks of one type of neuron, and switches of a maximum, which a bias leaves where they are, for the neurons of a
    /// middle layer start with the same sum over those below.
    /// </summary>
    private static IEnumerable<string> AtOnce(Model model)
    {
        var (embedding, shape) = (model.Embedding, model.Embedding.Architecture);
        if (model.LimitDynamics is not GradientFlow || model.IsKernel
            || model.Problem.Limit.Reduction != Reduction.None) yield break;
        for (var i = 1; i < shape.Depth; i++)
        {
            var isOne = embedding.TypeLaws(i).All(law => law.StandardDeviation == 0);
            var (kinks, switches) = (isOne && shape.Activations[i - 1] is IPiecewiseLinear,
                shape.Geometry[i - 1].Pooling is { HasKinks: true }
                && (isOne || i > 1 && i < shape.Depth - 1 && !embedding.IsCorrelated));
            if (!kinks && !switches) continue;
            var remedies = new[]
            {
                kinks ? $"random biases{(shape.Biases == BiasMode.None ? " (network.biases)" : "")} part kinks, a " +
                    "smooth activation has none" : null,
                switches ? "average pooling has no switches" : null,
            };
            yield return (kinks ? $"kinks of {shape.Activations[i - 1].Name}" : "") + (kinks && switches ? " and " : "")
                + (switches ? "switches of the maximum" : "") + $" act on layer {i} as a whole" + (isOne
                    ? $", which has one type of {(shape.IsDense ? "neuron" : "channel")}"
                    : ", whose channels start with the same sums but for their biases") +
                ": errors of steps are of first order at best, and half the step may not err less; " +
                string.Join(", ", remedies.OfType<string>());
        }
    }
}
