using MeanFieldLimit.Data;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Models;

/// <summary>
/// The initial function f0 of the limit of a scaling: given values, or a draw of the Gaussian process that networks of
/// the reference width start as, times s^(1/2 + q_sigma) at a width ratio s that is kept.
/// </summary>
internal static class InitialFunction
{
    /// <summary>Training points, then test points: all that a kernel is taken at.</summary>
    internal static Dataset Points(ExperimentData data) => data.Test is null ? data.Train
        : new(data.Train.Inputs, data.Train.Outputs, [.. data.Train.X, .. data.Test.X],
            [.. data.Train.Y, .. data.Test.Y], data.Train.Labels);

    /// <summary>Refuses points whose first pre-activations have no finite variance: nor then has f0.</summary>
    internal static void Check(LoadedProblem loaded, ExperimentData data, Embedding embedding)
    {
        var points = Points(data);
        for (var n = 0; n < points.Count; n++)
        {
            var (x, deviation) = (points.X[(n * points.Inputs)..((n + 1) * points.Inputs)],
                embedding.Laws[0].Weights.StandardDeviation);
            var variance = TensorPrimitives.Dot<double>(x, x) * deviation * deviation;
            if (!double.IsFinite(variance))
                throw loaded.Error("$.data", "inputs must leave pre-activations of finite variance in a scaling, got " +
                    $"{variance} for point {n}; scale them down");
        }
    }

    /// <summary>f0 [point, K] at the points of <see cref="Points"/>.</summary>
    internal static double[] Values(Model model)
    {
        var spec = model.Problem.Limit.Initial;
        if (spec.Values is { } given) return [.. given.SelectMany(row => row)];
        var f0 = model.InitialProcess.Draw(model.Seed, spec.Draw ?? 0);
        var scaling = model.Embedding.Scaling!;
        var ratio = model.Problem.Limit.Ratio ?? 1;
        TensorPrimitives.Multiply(f0, scaling.Exponents.KeepsInitial ? 1
            : Math.Pow(ratio, 0.5 + scaling.Exponents.Sum), f0);
        return f0;
    }

    /// <summary>
    /// Adds the initial function to a limit. Where outputs grow with the width so does what rounding and random nodes
    /// leave of the mean of a s(w x), 0 of the law: that is taken off.
    /// </summary>
    internal static void AddTo(Ensemble limit, Model model)
    {
        var (f0, train) = (Values(model), model.Data.Train.Count * model.Data.Train.Outputs);
        limit.Offset = new Offset { ReplacesInitial = model.Problem.Limit.Ratio is null && limit.Unit > 1 }
            .At(model.Data.Train, f0[..train]).At(model.Watched, f0);
        if (model.Data.Test is { } test) limit.Offset.At(test, f0[train..]);
    }
}
