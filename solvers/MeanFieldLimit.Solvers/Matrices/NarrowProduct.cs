namespace MeanFieldLimit.Solvers.Matrices;

/// <summary>C with few columns: C_ij = alpha sum_k A_ik (p_k B_kj) + beta C_ij along contiguous rows of A.</summary>
internal static unsafe class NarrowProduct<V> where V : struct, ILanes<V>
{
    /// <summary>The rows [i0, i1) of C.</summary>
    public static void Run(in Product x, int i0, int i1)
    {
        var y = Scratch.Get(x.K);
        for (var j = 0; j < x.N; j++)
        {
            Packing<V>.Panel(y, 1, x.B.From(0, j).Transpose, x.P, 1, x.K);
            var i = i0;
            for (; i + 4 <= i1; i += 4)
                FourRows(x, y, i, j);
            for (; i < i1; i++)
                OneRow(x, y, i, j);
        }
    }

    private static void FourRows(in Product x, double* y, int i, int j)
    {
        double* a0 = x.A.At(i, 0), a1 = a0 + x.A.Row, a2 = a1 + x.A.Row, a3 = a2 + x.A.Row;
        V s0 = default, s1 = default, s2 = default, s3 = default;
        var k = 0;
        for (; k + V.Count <= x.K; k += V.Count)
        {
            var v = V.Load(y + k);
            s0 = V.MultiplyAdd(V.Load(a0 + k), v, s0);
            s1 = V.MultiplyAdd(V.Load(a1 + k), v, s1);
            s2 = V.MultiplyAdd(V.Load(a2 + k), v, s2);
            s3 = V.MultiplyAdd(V.Load(a3 + k), v, s3);
        }
        Put(x, i, j, Finish(V.Sum(s0), a0, y, k, x.K));
        Put(x, i + 1, j, Finish(V.Sum(s1), a1, y, k, x.K));
        Put(x, i + 2, j, Finish(V.Sum(s2), a2, y, k, x.K));
        Put(x, i + 3, j, Finish(V.Sum(s3), a3, y, k, x.K));
    }

    private static void OneRow(in Product x, double* y, int i, int j)
    {
        var a = x.A.At(i, 0);
        V s = default;
        var k = 0;
        for (; k + V.Count <= x.K; k += V.Count)
            s = V.MultiplyAdd(V.Load(a + k), V.Load(y + k), s);
        Put(x, i, j, Finish(V.Sum(s), a, y, k, x.K));
    }

    private static double Finish(double sum, double* a, double* y, int k, int end)
    {
        for (; k < end; k++)
            sum = Math.FusedMultiplyAdd(a[k], y[k], sum);
        return sum;
    }

    private static void Put(in Product x, int i, int j, double sum)
    {
        var c = x.C.At(i, j);
        *c = x.Beta == 0 ? x.Alpha * sum : Math.FusedMultiplyAdd(x.Alpha, sum, x.Beta * *c);
    }
}
