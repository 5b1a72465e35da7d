using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>Matrix products in C#, the default engine. The bits of a result do not depend on the number of threads;
/// they may depend on the vector width of the processor.</summary>
public sealed partial class ManagedEngine : IMatrixEngine
{
    // Measured in a row of products, two threads against one: 0.9 to 1.2 times the speed at 0.2e6 flops (10 us), 1.1 to 1.3
    // times at 0.5e6 (20 us), 1.2 to 1.7 times at 1.8e6.
    private const double ThreadedFromFlops = 5e5;

    private readonly int threads, bits;
    private readonly Precision precision;

    /// <summary>An engine that uses at most <paramref name="threads"/> threads per product, the caller's included.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1.</exception>
    public ManagedEngine(int threads, Precision precision = Precision.Double) : this(threads, precision, LongestVector)
    {
    }

    internal ManagedEngine(int threads, Precision precision, int bits)
    {
        if (threads < 1)
            throw new ArgumentOutOfRangeException(nameof(threads), $"threads must be at least 1, got {threads}");
        (this.threads, this.precision, this.bits) = (threads, precision, bits);
    }

    private static int LongestVector =>
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    /// <inheritdoc/>
    public string Name => precision == Precision.Double ? "managed" : "managed, single precision";

    /// <inheritdoc/>
    public int Threads => threads;

    /// <inheritdoc/>
    public IMatrixEngine OnOneThread => threads == 1 ? this : new ManagedEngine(1, precision, bits);

    /// <inheritdoc/>
    public IMatrixEngine InSinglePrecision => new ManagedEngine(threads, Precision.Single, bits);

    /// <inheritdoc/>
    public unsafe void Multiply(
        double alpha, Factor a, ReadOnlySpan<double> p, Factor b, double beta, MatrixView c)
    {
        var shape = Shape.Of(a, p, b, c);
        if (shape.M == 0 || shape.N == 0)
            return;
        if (alpha == 0 || shape.K == 0)
        {
            Scale(beta, c);
            return;
        }
        fixed (double* pa = a.Matrix.Data, pp = p, pb = b.Matrix.Data, pc = c.Data)
        {
            var to = new Strided(pc, c.Stride, 1);
            Run(new Product(shape, Strides(pa, a), pp, Strides(pb, b), new(alpha, beta, to, to), precision));
        }
    }

    /// <inheritdoc/>
    public unsafe void MultiplyAdd(
        double alpha, Factor a, ReadOnlySpan<double> p, Factor b, ReadOnlyMatrixView f, MatrixView c)
    {
        var shape = Shape.Of(a, p, b, c);
        if (f.Rows != c.Rows || f.Columns != c.Columns)
            throw new ArgumentException($"F must be {c.Rows} x {c.Columns} as C is, got {f.Rows} x {f.Columns}", nameof(f));
        if (shape.M == 0 || shape.N == 0)
            return;
        if (alpha == 0 || shape.K == 0)
        {
            f.CopyTo(c);
            return;
        }
        // Of one column the kernel may take C^T, whose row is F's only where their strides are one.
        if (c.Columns == 1 && f.Stride != c.Stride)
        {
            f.CopyTo(c);
            Multiply(alpha, a, p, b, 1, c);
            return;
        }
        fixed (double* pa = a.Matrix.Data, pp = p, pb = b.Matrix.Data, pf = f.Data, pc = c.Data)
            Run(new Product(shape, Strides(pa, a), pp, Strides(pb, b),
                new(alpha, 1, new(pf, f.Stride, 1), new(pc, c.Stride, 1)), precision));
    }

    /// <summary>C = beta C, where beta = 0 clears C whatever it holds.</summary>
    internal static void Scale(double beta, MatrixView c)
    {
        for (var i = 0; i < c.Rows; i++)
        {
            var row = c.Data.Slice(i * c.Stride, c.Columns);
            if (beta == 0)
                row.Clear();
            else
                TensorPrimitives.Multiply(row, beta, row);
        }
    }

    private void Run(in Product product)
    {
        switch (bits)
        {
            case 512: Run<Lanes512, Vector512<double>, SingleLanes512, Vector512<float>>(product); break;
            case 256: Run<Lanes256, Vector256<double>, SingleLanes256, Vector256<float>>(product); break;
            default: Run<Lanes128, Vector128<double>, SingleLanes128, Vector128<float>>(product); break;
        }
    }

    // Of few columns memory is the limit: there is nothing to gain from fewer bits.
    private void Run<D, V, S, W>(in Product product)
        where D : ILanes<V, double>, IInnerProduct<V> where V : struct where S : ILanes<W, float> where W : struct
    {
        if (product.Narrow) Run<NarrowProduct<D, V>>(product);
        else if (precision == Precision.Single) Run<TiledProduct<S, W, float>>(product);
        else Run<TiledProduct<D, V, double>>(product);
    }

    private void Run<K>(in Product product) where K : IProductKernel
    {
        if (threads > 1 && 2.0 * product.M * product.N * product.K >= ThreadedFromFlops)
            Shares<K>.Run(product, threads);
        else
            K.Run(product, 0, product.M, 0, product.N);
    }

    private static unsafe Strided Strides(double* data, Factor a) =>
        a.Op == Op.Plain ? new(data, a.Matrix.Stride, 1) : new(data, 1, a.Matrix.Stride);
}
