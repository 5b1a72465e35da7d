using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Kernels;

namespace MeanFieldLimit.Models;

/// <summary>
/// The Gaussian process that networks of the reference width start as, at the points of a model: its principal axes,
/// taken once, and draws.
/// </summary>
public sealed class InitialProcess
{
    private readonly int outputs;
    private readonly Matrix<double> axes;           // [point, axis]
    private readonly double[] deviations;

    /// <summary>That of a model.</summary>
    internal InitialProcess(Model model)
    {
        var points = InitialFunction.Points(model.Data);
        var nngp = GaussianKernels.Of(points, KernelLayers.Of(model), new ManagedEngine(1), new()).Nngp;
        // Principal axes and not a Cholesky factor: points may be there twice.
        var evd = new DenseMatrix(points.Count, points.Count, nngp).Evd(Symmetricity.Symmetric);
        (outputs, axes) = (points.Outputs, evd.EigenVectors);
        deviations = [.. evd.EigenValues.Select(v => Math.Sqrt(Math.Max(0, v.Real)))];
    }

    /// <summary>f0 [point, K] at the training points, then the test points: draw number <paramref name="draw"/> of a
    /// seed.</summary>
    public double[] Draw(ulong seed, int draw)
    {
        var stream = Streams.InitialFunction(Streams.SeedOf(seed, draw));
        var (points, normal) = (deviations.Length, new Gaussian(0, 1));
        var f0 = new double[points * outputs];
        for (var k = 0; k < outputs; k++)
        {
            var uniform = new double[points];
            stream.FillUniform((ulong)k << 32, uniform);
            var values = axes * DenseVector.Create(points, i => deviations[i] * normal.Quantile(uniform[i]));
            for (var n = 0; n < points; n++) f0[n * outputs + k] = values[n];
        }
        return f0;
    }
}
