using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MeanFieldLimit.Solvers.Threads;

namespace MeanFieldLimit.Solvers.Diffusions;

/// <summary>A kernel K at many differences z = x - y at once.</summary>
/// <param name="differences">z [coordinate, pair]: formulas are elementwise along a row.</param>
/// <param name="values">Receives K(z) [component, pair].</param>
/// <param name="pairs">Their number.</param>
public delegate void PairKernel(ReadOnlySpan<double> differences, Span<double> values, int pairs);

/// <summary>A function of squared distances: factors[j] = g(squares[j]).</summary>
public delegate void RadialFactor(ReadOnlySpan<double> squares, Span<double> factors);

/// <summary>
/// felt[i, :] = int K(x_i - y) mu(dy) = sum_j m_j K(x_i - x_j), the particle itself included. Cost: O(N^2), N times the
/// number of particles with mass, in blocks of <see cref="Block"/> of these that stay in cache. Every sum is made by
/// one thread in a fixed order: the same bits for any number of threads.
/// </summary>
public sealed class PairInteraction : IParticleInteraction
{
    /// <summary>Pairs of one call of the kernel at most.</summary>
    public const int Block = 512;

    private const int Targets = 32;             // particles of one piece of work

    private readonly PairKernel kernel;
    private readonly int threads;
    private double[] coordinates = [];          // [coordinate, particle]
    private double[] masses = [];
    private double[] sums = [];                 // [particle, component]

    /// <summary>The interaction by a kernel.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="size">Components of K.</param>
    /// <param name="kernel">K; called from several threads if there are several.</param>
    /// <param name="threads">Threads to use.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public PairInteraction(int dimension, int size, PairKernel kernel, int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        (Dimension, Size, this.kernel, this.threads) = (dimension, size, kernel, threads);
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <summary>K(z) = g(|z|^2) z, of size d.</summary>
    public static PairInteraction Radial(int dimension, RadialFactor factor, int threads = 1) =>
        new(dimension, dimension, (z, values, n) =>
        {
            Span<double> squares = stackalloc double[Block];
            squares = squares[..n];
            TensorPrimitives.Multiply(z[..n], z[..n], squares);
            for (var r = 1; r < dimension; r++)
                TensorPrimitives.MultiplyAdd(z.Slice(r * n, n), z.Slice(r * n, n), squares, squares);
            factor(squares, squares);
            for (var r = 0; r < dimension; r++)
                TensorPrimitives.Multiply(squares, z.Slice(r * n, n), values.Slice(r * n, n));
        }, threads);

    /// <inheritdoc/>
    public void Evaluate(double t, ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> felt)
    {
        int n = masses.Length, sources = masses.TrimEnd(0.0).Length;
        Buffers.Ensure(ref coordinates, n * Dimension);
        Buffers.Ensure(ref this.masses, n);
        Buffers.Ensure(ref sums, n * Size);
        for (var r = 0; r < Dimension; r++)
            for (var i = 0; i < n; i++)
                coordinates[r * n + i] = points[i * Dimension + r];
        masses.CopyTo(this.masses);
        Workers.Run((n + Targets - 1) / Targets, threads, piece => Sum(piece, n, sources));
        sums.AsSpan(0, n * Size).CopyTo(felt);
    }

    private void Sum(int piece, int n, int sources)
    {
        var (first, last) = (piece * Targets, Math.Min(n, (piece + 1) * Targets));
        var scratch = ArrayPool<double>.Shared.Rent((Dimension + Size) * Block);
        Span<double> differences = scratch.AsSpan(0, Dimension * Block), values = scratch.AsSpan(Dimension * Block);
        sums.AsSpan(first * Size, (last - first) * Size).Clear();
        for (var from = 0; from < sources; from += Block)
        {
            var pairs = Math.Min(Block, sources - from);
            var mass = masses.AsSpan(from, pairs);
            for (var i = first; i < last; i++)
            {
                for (var r = 0; r < Dimension; r++)
                    TensorPrimitives.Subtract(coordinates[r * n + i], coordinates.AsSpan(r * n + from, pairs),
                        differences.Slice(r * pairs, pairs));
                kernel(differences[..(Dimension * pairs)], values[..(Size * pairs)], pairs);
                for (var k = 0; k < Size; k++) sums[i * Size + k] += Dot(mass, values.Slice(k * pairs, pairs));
            }
        }
        ArrayPool<double>.Shared.Return(scratch);
    }

    /// <summary>A dot product whose order of sums depends on the length alone, not on where the spans lie in memory as
    /// that of TensorPrimitives does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var lanes = Vector512<double>.Zero;
        var j = 0;
        for (; j <= a.Length - Vector512<double>.Count; j += Vector512<double>.Count)
            lanes += Vector512.Create(a[j..]) * Vector512.Create(b[j..]);
        var sum = 0.0;
        for (; j < a.Length; j++) sum += a[j] * b[j];
        return sum + Vector512.Sum(lanes);
    }
}
