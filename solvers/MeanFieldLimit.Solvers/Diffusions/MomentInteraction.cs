using MeanFieldLimit.Solvers.Measures;
using MeanFieldLimit.Solvers.Threads;

namespace MeanFieldLimit.Solvers.Diffusions;

/// <summary>Functions phi of a point whose means are felt.</summary>
/// <param name="x">A point, of length d.</param>
/// <param name="values">Receives phi(x).</param>
public delegate void Moments(ReadOnlySpan<double> x, Span<double> values);

/// <summary>
/// felt[i, :] = int phi d mu = sum_j m_j phi(x_j), the same for every particle. Cost: O(N), one call of phi a particle
/// with mass. Sums have a fixed order: the same bits for any number of threads.
/// </summary>
public sealed class MomentInteraction : IParticleInteraction
{
    private const int Block = 1024;

    private readonly Moments moments;
    private readonly int threads;
    private double[] points = [], masses = [], partial = [];

    /// <summary>The means of <paramref name="size"/> functions.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="size">Their number.</param>
    /// <param name="moments">phi; called from several threads if there are several.</param>
    /// <param name="threads">Threads to use.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public MomentInteraction(int dimension, int size, Moments moments, int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        (Dimension, Size, this.moments, this.threads) = (dimension, size, moments, threads);
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <summary>E X, of size d.</summary>
    public static MomentInteraction Mean(int dimension, int threads = 1) =>
        new(dimension, dimension, static (x, values) => x.CopyTo(values), threads);

    /// <summary>E X, then E X X^T row-major: of size d + d^2.</summary>
    public static MomentInteraction MeanAndSecondMoments(int dimension, int threads = 1) =>
        new(dimension, ArraySize.Of("the moments", "take fewer coordinates", dimension, dimension + 1L),
            static (x, values) =>
            {
                x.CopyTo(values);
                for (var r = 0; r < x.Length; r++)
                    for (var k = 0; k < x.Length; k++)
                        values[x.Length + r * x.Length + k] = x[r] * x[k];
            }, threads);

    /// <inheritdoc/>
    public void Evaluate(double t, ReadOnlySpan<double> points, ReadOnlySpan<double> masses, Span<double> felt)
    {
        var sources = masses.TrimEnd(0.0);      // tracers behind the particles are not even looked at
        var blocks = (sources.Length + Block - 1) / Block;
        Buffers.Ensure(ref partial, blocks * Size);
        if (threads == 1)
        {
            for (var b = 0; b < blocks; b++) Sum(b, points, sources);
        }
        else
        {
            SumOnThreads(blocks, points[..(sources.Length * Dimension)], sources);
        }

        var mean = felt[..Size];
        mean.Clear();
        for (var b = 0; b < blocks; b++)
            for (var k = 0; k < Size; k++)
                mean[k] += partial[b * Size + k];
        for (var i = 1; i < masses.Length; i++) mean.CopyTo(felt[(i * Size)..]);
    }

    private void SumOnThreads(int blocks, ReadOnlySpan<double> points, ReadOnlySpan<double> masses)
    {
        Buffers.Ensure(ref this.points, points.Length);
        Buffers.Ensure(ref this.masses, masses.Length);
        points.CopyTo(this.points);
        masses.CopyTo(this.masses);
        var count = masses.Length;
        Workers.Run(blocks, threads, b => Sum(b, this.points, this.masses.AsSpan(0, count)));
    }

    private void Sum(int block, ReadOnlySpan<double> points, ReadOnlySpan<double> masses)
    {
        var sum = partial.AsSpan(block * Size, Size);
        sum.Clear();
        Span<double> values = Size <= 128 ? stackalloc double[Size] : new double[Size];
        var end = Math.Min((block + 1) * Block, masses.Length);
        for (var i = block * Block; i < end; i++)
        {
            values.Clear();
            moments(points.Slice(i * Dimension, Dimension), values);
            for (var k = 0; k < values.Length; k++) sum[k] += masses[i] * values[k];
        }
    }
}
