using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>A vector whose entries can be summed.</summary>
internal interface IInnerProduct<V>
{
    static abstract double Sum(V x);
}

/// <summary>C with few columns: C_ij = alpha sum_k A_ik (p_k B_kj) + beta F_ij along contiguous rows of A.</summary>
internal readonly unsafe struct NarrowProduct<L, V> : IProductKernel
    where L : ILanes<V, double>, IInnerProduct<V> where V : struct
{
    public static int TileRows => L.TileRows;

    /// <summary>All columns: a share has none less.</summary>
    public static int TileColumns => int.MaxValue;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in Product x, int i0, int i1, int j0, int j1)
    {
        for (var j = j0; j < j1; j++)
        {
            var y = Column(x, j);
            var i = i0;
            for (; i + 4 <= i1; i += 4)
                FourRows(x, y, i, j);
            for (; i < i1; i++)
                OneRow(x, y, i, j);
        }
    }

    /// <summary>p_k B_kj, contiguous.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double* Column(in Product x, int j)
    {
        var from = x.B.From(0, j);
        if (from.Row == 1 && x.P == null) return from.Data;
        var y = Scratch.Get(x.K);
        if (from.Row == 1)
            TensorPrimitives.Multiply(new(from.Data, x.K), new ReadOnlySpan<double>(x.P, x.K), new Span<double>(y, x.K));
        else for (var k = 0; k < x.K; k++)
            y[k] = (x.P == null ? 1 : x.P[k]) * from.Data[k * from.Row];
        return y;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourRows(in Product x, double* y, int i, int j)
    {
        double* a0 = x.A.At(i, 0), a1 = a0 + x.A.Row, a2 = a1 + x.A.Row, a3 = a2 + x.A.Row;
        V s0 = default, s1 = default, s2 = default, s3 = default;
        var k = 0;
        for (; k + L.Count <= x.K; k += L.Count)
        {
            var v = L.Load(y + k);
            s0 = L.MultiplyAdd(L.Load(a0 + k), v, s0);
            s1 = L.MultiplyAdd(L.Load(a1 + k), v, s1);
            s2 = L.MultiplyAdd(L.Load(a2 + k), v, s2);
            s3 = L.MultiplyAdd(L.Load(a3 + k), v, s3);
        }
        Put(x, i, j, Finish(L.Sum(s0), a0, y, k, x.K));
        Put(x, i + 1, j, Finish(L.Sum(s1), a1, y, k, x.K));
        Put(x, i + 2, j, Finish(L.Sum(s2), a2, y, k, x.K));
        Put(x, i + 3, j, Finish(L.Sum(s3), a3, y, k, x.K));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneRow(in Product x, double* y, int i, int j)
    {
        var a = x.A.At(i, 0);
        V s = default;
        var k = 0;
        for (; k + L.Count <= x.K; k += L.Count)
            s = L.MultiplyAdd(L.Load(a + k), L.Load(y + k), s);
        Put(x, i, j, Finish(L.Sum(s), a, y, k, x.K));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Finish(double sum, double* a, double* y, int k, int end)
    {
        for (; k < end; k++)
            sum = double.MultiplyAddEstimate(a[k], y[k], sum);
        return sum;
    }

    private static void Put(in Product x, int i, int j, double sum) =>
        ToC.Put(sum, x.Alpha, x.Beta, x.F.At(i, j), x.C.At(i, j));
}
