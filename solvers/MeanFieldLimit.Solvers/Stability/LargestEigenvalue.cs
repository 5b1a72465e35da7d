using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace MeanFieldLimit.Solvers.Stability;

/// <summary>An eigenvalue of a symmetric map and its eigenvector of length 1.</summary>
internal readonly record struct Eigenpair(double Value, double[] Vector);

/// <summary>
/// The largest eigenvalue of a symmetric map, by Lanczos' method with all vectors kept orthogonal. The eigenvalue found
/// is one to the residual, and the largest that the start has a part of.
/// </summary>
internal static class LargestEigenvalue
{
    // Of the residual, relative to the eigenvalue; the error of the latter is of second order in it.
    private const double Tolerance = 1e-13;
    private const int MostSteps = 400, Between = 4;

    /// <param name="apply">Sets its second argument to the map of its first.</param>
    /// <param name="start">Any vector with a part of the eigenvector.</param>
    internal static Eigenpair Of(Action<double[], double[]> apply, double[] start)
    {
        List<double[]> basis = [];
        List<double> diagonal = [], below = [];
        double[] next = [.. start];
        Divide(next, TensorPrimitives.Norm<double>(next));
        while (true)
        {
            var v = next;
            basis.Add(v);
            next = new double[v.Length];
            apply(v, next);
            diagonal.Add(TensorPrimitives.Dot<double>(v, next));
            // Twice is enough (Parlett).
            for (var pass = 0; pass < 2; pass++)
                foreach (var b in basis)
                    TensorPrimitives.MultiplyAdd(b, -TensorPrimitives.Dot<double>(b, next), next, next);
            var norm = TensorPrimitives.Norm<double>(next);
            var steps = basis.Count;
            var isLast = steps == Math.Min(MostSteps, v.Length) || norm <= Tolerance * Math.Abs(diagonal.Max());
            if (isLast || steps % Between == 0)
            {
                var small = new DenseMatrix(steps, steps);
                for (var j = 0; j < steps; j++)
                {
                    small[j, j] = diagonal[j];
                    if (j > 0) small[j, j - 1] = small[j - 1, j] = below[j - 1];
                }
                var evd = small.Evd(Symmetricity.Symmetric);
                var (value, of) = (evd.EigenValues[steps - 1].Real, evd.EigenVectors.Column(steps - 1));
                if (isLast || norm * Math.Abs(of[steps - 1]) <= Tolerance * Math.Abs(value))
                {
                    var vector = new double[v.Length];
                    for (var j = 0; j < steps; j++) TensorPrimitives.MultiplyAdd(basis[j], of[j], vector, vector);
                    return new(value, vector);
                }
            }
            Divide(next, norm);
            below.Add(norm);
        }
    }

    private static void Divide(double[] v, double by) => TensorPrimitives.Divide(v, by, v);
}
