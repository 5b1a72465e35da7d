namespace MeanFieldLimit.Solvers.Tests.Matrices;

public class ManagedEngineTests
{
    public static TheoryData<int, int, int, Op, Op> Shapes => new()
    {
        { 16, 1600, 700, Op.Plain, Op.Plain },
        { 16, 700, 1601, Op.Plain, Op.Transposed },
        { 100, 1600, 700, Op.Plain, Op.Transposed },
        { 703, 1603, 16, Op.Transposed, Op.Plain },
        { 301, 299, 517, Op.Plain, Op.Plain },
        { 301, 299, 517, Op.Transposed, Op.Transposed },
        { 1999, 1, 1999, Op.Plain, Op.Plain },
        { 2, 1501, 1999, Op.Plain, Op.Transposed },
        { 1601, 16, 2100, Op.Plain, Op.Plain },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_bits_do_not_depend_on_the_number_of_threads(int m, int n, int k, Op opA, Op opB)
    {
        foreach (var precision in Enum.GetValues<Precision>())
            foreach (var bits in new[] { 128, 256, 512 })
            {
                var x = new MatrixCase(m, n, k, opA, opB, alpha: -0.7, beta: 0.3);
                var expected = Bits(x.Run(new ManagedEngine(1, precision, bits)));
                foreach (var threads in new[] { 2, 3, 7 })
                    Assert.Equal(expected, Bits(x.Run(new ManagedEngine(threads, precision, bits))));
            }
    }

    [Fact]
    public void One_column_is_added_to_that_of_a_matrix_of_more()
    {
        double[] a = [.. Enumerable.Range(0, 2 * 9).Select(i => (double)i)], f = [.. Enumerable.Range(0, 27).Select(i => -100.0 * i)];
        var c = new double[9];
        new ManagedEngine(1).MultiplyAdd(1, new(new(a, 2, 9), Op.Transposed), [], new(new([1.0, 10], 2, 1), Op.Plain),
            new(f, 9, 1, 3), new(c, 9, 1));
        Assert.Equal(Enumerable.Range(0, 9).Select(i => i + 10.0 * (9 + i) - 300 * i), c);
    }

    [Fact]
    public void One_thread_allocates_nothing()
    {
        var engine = new ManagedEngine(1);
        foreach (var (m, n, k) in new[] { (16, 100, 70), (16, 1, 70), (120, 300, 300) })
        {
            foreach (var opB in new[] { Op.Plain, Op.Transposed })
            {
                var x = new MatrixCase(m, n, k, Op.Plain, opB);
                var c = x.Run(engine);
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var repeat = 0; repeat < 10; repeat++)
                    x.Run(engine, c);
                Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
            }
        }
    }

    [Fact]
    public void Several_threads_allocate_little()
    {
        var engine = new ManagedEngine(3);
        var x = new MatrixCase(200, 200, 200);
        var c = x.Run(engine);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var repeat = 0; repeat < 10; repeat++)
            x.Run(engine, c);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 * 1000);
    }

    [Fact]
    public void A_threaded_product_finishes_inside_a_full_pool()
    {
        var engine = new ManagedEngine(4);
        var x = new MatrixCase(200, 200, 200);
        var expected = Bits(x.Run(new ManagedEngine(1)));
        Parallel.For(0, 64, _ => Assert.Equal(expected, Bits(x.Run(engine))));
    }

    [Fact]
    public void Fewer_than_one_thread_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ManagedEngine(0));

    private static long[] Bits(double[] x) => Array.ConvertAll(x, BitConverter.DoubleToInt64Bits);
}
