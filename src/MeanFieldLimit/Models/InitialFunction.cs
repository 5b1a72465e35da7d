using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MeanFieldLimit.Data;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Kernels;

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

    /// <summary>f0 [point, K] at the points of <see cref="Points"/>.</summary>
    internal static double[] Values(Model model)
    {
        var spec = model.Problem.Limit.Initial;
        if (spec.Values is { } given) return [.. given.SelectMany(row => row)];
        var points = Points(model.Data);
        var nngp = GaussianKernels.Of(points, KernelLayers.Of(model), new ManagedEngine(1), new()).Nngp;
        var covariance = new DenseMatrix(points.Count, points.Count, nngp);
        // Principal axes and not a Cholesky factor: points may be there twice.
        var evd = covariance.Evd(Symmetricity.Symmetric);
        var stream = Streams.InitialFunction(Streams.SeedOf(model.Seed, spec.Draw ?? 0));
        var f0 = new double[points.Count * points.Outputs];
        for (var k = 0; k < points.Outputs; k++)
        {
            var draws = new double[points.Count];
            stream.FillUniform((ulong)k << 32, draws);
            var normal = new Gaussian(0, 1);
            var axes = DenseVector.Create(draws.Length, i =>
                Math.Sqrt(Math.Max(0, evd.EigenValues[i].Real)) * normal.Quantile(draws[i]));
            var values = evd.EigenVectors * axes;
            for (var n = 0; n < points.Count; n++) f0[n * points.Outputs + k] = values[n];
        }
        var scaling = model.Embedding.Scaling!;
        var ratio = model.Problem.Limit.Ratio ?? 1;
        TensorPrimitives.Multiply(f0, scaling.Exponents.KeepsInitial ? 1
            : Math.Pow(ratio, 0.5 + scaling.Exponents.Sum), f0);
        return f0;
    }

    /// <summary>A function of values at all points, as it is at each data set of a model.</summary>
    internal static Offset Offset(Model model, double[] f0)
    {
        var train = model.Data.Train.Count * model.Data.Train.Outputs;
        var offset = new Offset().At(model.Data.Train, f0[..train]).At(model.Watched, f0);
        return model.Data.Test is { } test ? offset.At(test, f0[train..]) : offset;
    }
}
