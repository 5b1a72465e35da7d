using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using MeanFieldLimit.Solvers.Randomness;

namespace MeanFieldLimit.Solvers.Spectra;

/// <summary>An approximate eigenvector x of length 1 and what it tells.</summary>
/// <param name="Value">(x, A x); the error is of the order Residual^2 / (the distance to the next eigenvalue).</param>
/// <param name="Vector">x.</param>
/// <param name="Residual">|A x - Value x|: there is an eigenvalue within it of Value.</param>
public sealed record Eigenpair(double Value, double[] Vector, double Residual);

/// <summary>The largest eigenvalues that were found, in descending order.</summary>
/// <param name="Pairs">One each.</param>
/// <param name="Products">Products with A that were made.</param>
/// <param name="Converged">Whether all residuals are within the tolerance.</param>
public sealed record Eigenvalues(IReadOnlyList<Eigenpair> Pairs, int Products, bool Converged);

/// <summary>
/// The largest eigenvalues of a symmetric operator by the method of Lanczos (1950): A in the basis of its products with
/// a random vector is tridiagonal, T. All of the basis is orthogonalised against, twice, so that no eigenvalue comes
/// again by rounding. (Parlett, The symmetric eigenvalue problem, chapter 13.)
/// </summary>
/// <remarks>
/// With T s = theta s the residual of x = Q s is |beta_m s_m|, beta_m the coupling to the next basis vector. It proves
/// that there is an eigenvalue near theta; that none is larger, the random start makes all but certain. A multiple
/// eigenvalue comes once, unless there are fewer different ones than asked for: the basis is then exhausted, and
/// another random vector is taken.
/// </remarks>
public static class Lanczos
{
    // Of |T|: couplings that rounding makes of 0.
    private const double Nothing = 1e-14;

    // Eigenvalues of T are looked at after each tenth more products: they cost m^3.
    private const int Tenths = 10;

    /// <summary>The largest eigenvalues.</summary>
    /// <param name="a">A.</param>
    /// <param name="count">How many; not more than n.</param>
    /// <param name="start">Draws of the random vectors; those of start number k are its substream k.</param>
    /// <param name="tolerance">Residuals within so much of the largest |theta| end it.</param>
    /// <param name="most">It ends after so many products, and keeps as many vectors.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="ArgumentException">The count is below 1 or above n, the tolerance is negative, or there is room
    /// for fewer products than eigenvalues.</exception>
    /// <exception cref="ArithmeticException">A product or its square is not finite.</exception>
    public static Eigenvalues Largest(ISymmetricOperator a, int count, RandomStream start, double tolerance = 1e-8,
        int most = 300, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(a);
        var n = a.Dimension;
        if (count < 1 || count > n)
            throw new ArgumentException($"count must be in [1, {n}], the dimension, got {count}", nameof(count));
        if (!(tolerance >= 0))
            throw new ArgumentException($"tolerance must not be negative, got {tolerance}", nameof(tolerance));
        if (most < count)
            throw new ArgumentException($"most must be at least count, {count}, got {most}", nameof(most));
        List<double[]> basis = [];
        List<double> diagonal = [], coupling = [];      // coupling[j] joins basis vectors j and j + 1
        var (next, starts, looked) = (new double[n], 0UL, 0);
        Begin();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var q = next;
            basis.Add(q);
            a.Apply(q, next = new double[n]);
            if (!double.IsFinite(TensorPrimitives.Dot<double>(next, next)))
                throw new ArithmeticException(
                    $"product {basis.Count} of the method of Lanczos must be finite, and its square too; scale the data");
            diagonal.Add(TensorPrimitives.Dot<double>(q, next));
            Orthogonalise(next);
            coupling.Add(TensorPrimitives.Norm<double>(next));
            var m = basis.Count;
            var size = diagonal.Max(Math.Abs) + coupling.Max();
            var exhausted = coupling[^1] <= Nothing * size;
            var last = m == n || m == most;
            if (last || exhausted || m >= count && m >= looked + looked / Tenths + 1)
            {
                looked = m;
                if (m >= count && Look(last || exhausted) is { } found) return found;
            }
            if (exhausted)
            {
                coupling[^1] = 0;
                Begin();
            }
            else TensorPrimitives.Divide(next, coupling[^1], next);
        }

        void Begin()
        {
            start.Substream(starts++).FillNormal(0, next);
            Orthogonalise(next);
            TensorPrimitives.Divide(next, TensorPrimitives.Norm<double>(next), next);
        }

        void Orthogonalise(double[] v)
        {
            for (var pass = 0; pass < 2; pass++)
                foreach (var q in basis)
                    TensorPrimitives.MultiplyAdd(q, -TensorPrimitives.Dot<double>(q, v), v, v);
        }

        Eigenvalues? Look(bool last)
        {
            var m = basis.Count;
            var t = Matrix<double>.Build.Dense(m, m, (i, j) => i == j ? diagonal[i]
                : Math.Abs(i - j) == 1 ? coupling[Math.Min(i, j)] : 0);
            var evd = t.Evd(Symmetricity.Symmetric);
            var largest = evd.EigenValues.Max(z => Math.Abs(z.Real));
            var converged = true;
            for (var k = 0; k < count; k++) converged &= Residual(m - 1 - k) <= tolerance * largest;
            return !converged && !last ? null : new([.. Enumerable.Range(0, count).Select(k => Pair(m - 1 - k))], m,
                converged);

            double Residual(int column) => m == n ? 0 : Math.Abs(coupling[^1] * evd.EigenVectors[m - 1, column]);

            Eigenpair Pair(int column)
            {
                var x = new double[n];
                for (var j = 0; j < m; j++)
                    TensorPrimitives.MultiplyAdd(basis[j], evd.EigenVectors[j, column], x, x);
                return new(evd.EigenValues[column].Real, x, Residual(column));
            }
        }
    }
}
