using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace MeanFieldLimit.Solvers.Stability;

/// <summary>About an eigenvalue of a symmetric map: x of length 1, (x, A x) and |A x - (x, A x) x|.</summary>
internal readonly record struct Eigenpair(double Value, double[] Vector, double Residual);

/// <summary>
/// The largest eigenvalue of a symmetric map, by Lanczos' method with all vectors kept orthogonal. There is one within
/// the residual of what is found, which stays large where many are close together; the largest one is no smaller.
/// </summary>
internal static class LargestEigenvalue
{
    // Of the residual, relative to the eigenvalue; the error of the latter is of second order in it.
    private const double Tolerance = 1e-13;
    private const int Between = 4;

    /// <summary>Vectors that are kept, of the length of the start.</summary>
    internal const int MostSteps = 300;

    /// <param name="map">A.</param>
    /// <param name="start">Any vector with a part of the eigenvector.</param>
    internal static Eigenpair Of(SymmetricMap map, double[] start)
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
            map.Apply(v, next);
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
                var residual = norm * Math.Abs(of[steps - 1]);
                if (isLast || residual <= Tolerance * Math.Abs(value))
                {
                    var vector = new double[v.Length];
                    for (var j = 0; j < steps; j++) TensorPrimitives.MultiplyAdd(basis[j], of[j], vector, vector);
                    return new(value, vector, residual);
                }
            }
            Divide(next, norm);
            below.Add(norm);
        }
    }

    private static void Divide(double[] v, double by) => TensorPrimitives.Divide(v, by, v);
}
