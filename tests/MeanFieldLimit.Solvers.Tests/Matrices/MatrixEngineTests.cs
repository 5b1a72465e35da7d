using CsCheck;

namespace MeanFieldLimit.Solvers.Tests.Matrices;

public class MatrixEngineTests
{
    private static readonly double[] Factors = [0, 1, -1, 0.75, -2.5];
    private static readonly Gen<Op> AnyOp = Gen.Enum<Op>();
    private static readonly Gen<double> Factor = Gen.Int[0, Factors.Length - 1].Select(i => Factors[i]);

    private static readonly Gen<MatrixCase> Small = CaseOf(Gen.Int[1, 70], Gen.Int[0, 70]);

    // Around the sizes at which something changes: tiles, panels, blocks, depth, narrow products, threads.
    private static readonly Gen<MatrixCase> Large = CaseOf(
        Gen.OneOf(Gen.Int[1, 30], Gen.Int[40, 60], Gen.Int[120, 140], Gen.Int[190, 260]),
        Gen.OneOf(Gen.Int[1, 30], Gen.Int[250, 260], Gen.Int[510, 520]));

    public static TheoryData<string> Names => [.. Engines.Keys];

    private static Dictionary<string, IMatrixEngine> Engines { get; } = AllEngines();

    [Theory]
    [MemberData(nameof(Names))]
    public void Small_products_equal_the_reference(string name) =>
        Small.Sample(x => x.Check(x.Run(Engines[name]), Unit(name)), iter: 300, threads: 1);

    [Theory]
    [MemberData(nameof(Names))]
    public void Large_products_equal_the_reference(string name) =>
        Large.Sample(x => x.Check(x.Run(Engines[name]), Unit(name)), iter: 60, threads: 1);

    [Theory]
    [MemberData(nameof(Names))]
    public void More_than_one_block_of_rows_columns_and_depth(string name)
    {
        foreach (var opB in new[] { Op.Plain, Op.Transposed })
        {
            var x = new MatrixCase(130, 1030, 300, Op.Plain, opB, alpha: -1, beta: 0.5, padding: 3);
            x.Check(x.Run(Engines[name]), Unit(name));
            x = new MatrixCase(1030, 30, 2100, Op.Plain, opB, alpha: -1, beta: 0.5, padding: 3);
            x.Check(x.Run(Engines[name]), Unit(name));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void With_beta_zero_NaN_in_C_is_never_read(string name)
    {
        foreach (var (m, n, k) in new[] { (16, 50, 40), (9, 1, 30), (130, 260, 300), (5, 3, 0), (1, 5, 1) })
        {
            foreach (var opB in new[] { Op.Plain, Op.Transposed })
            {
                foreach (var alpha in new[] { 0.0, 1 })
                {
                    var x = new MatrixCase(m, n, k, Op.Plain, opB, alpha: alpha);
                    x.Check(x.RunOverNaN(Engines[name]), Unit(name));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Added_to_another_matrix_it_has_the_bits_of_what_is_added_to_a_copy(string name)
    {
        foreach (var (m, n, k) in new[] { (16, 50, 40), (9, 1, 30), (70, 5, 90), (130, 260, 300), (130, 24, 1400), (5, 3, 0), (1, 5, 1) })
            foreach (var (opA, opB) in new[] { (Op.Plain, Op.Plain), (Op.Transposed, Op.Plain), (Op.Plain, Op.Transposed) })
                foreach (var diagonal in new[] { false, true })
                {
                    var x = new MatrixCase(m, n, k, opA, opB, diagonal, alpha: -0.75, beta: 1, padding: 3);
                    Assert.Equal(x.Run(Engines[name]), x.RunBeside(Engines[name]));
                }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Empty_results_are_legal(string name)
    {
        new MatrixCase(0, 5, 3).Run(Engines[name]);
        new MatrixCase(5, 0, 3).Run(Engines[name]);
        new MatrixCase(0, 0, 0).Run(Engines[name]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void One_engine_serves_several_threads(string name)
    {
        var cases = Enumerable.Range(0, 8).Select(i => new MatrixCase(
            60 + i, 90 - i, 70, i % 2 == 0 ? Op.Plain : Op.Transposed, i % 3 == 0 ? Op.Plain : Op.Transposed, seed: i));
        Parallel.ForEach(cases, x =>
        {
            var first = x.Run(Engines[name]);
            x.Check(first, Unit(name));
            for (var repeat = 0; repeat < 20; repeat++)
                Assert.Equal(first, x.Run(Engines[name]));
        });
    }

    private static double Unit(string name) => Math.ScaleB(1, name.StartsWith("single", StringComparison.Ordinal) ? -24 : -53);

    private static Gen<MatrixCase> CaseOf(Gen<int> size, Gen<int> depth) =>
        from m in size
        from n in size
        from k in depth
        from opA in AnyOp
        from opB in AnyOp
        from diagonal in Gen.Bool
        from alpha in Factor
        from beta in Factor
        from padding in Gen.OneOf(Gen.Const(0), Gen.Int[1, 9])
        from seed in Gen.Int
        select new MatrixCase(m, n, k, opA, opB, diagonal, alpha, beta, padding, seed);

    // The system need not have OpenBLAS: then there is one engine less to test.
    private static Dictionary<string, IMatrixEngine> AllEngines()
    {
        var engines = new Dictionary<string, IMatrixEngine>
        {
            ["managed, 512 bits"] = new ManagedEngine(1, Precision.Double, 512),
            ["managed, 256 bits"] = new ManagedEngine(1, Precision.Double, 256),
            ["managed, 128 bits"] = new ManagedEngine(1, Precision.Double, 128),
            ["single, 512 bits"] = new ManagedEngine(1, Precision.Single, 512),
            ["single, 256 bits"] = new ManagedEngine(1, Precision.Single, 256),
            ["single, 128 bits"] = new ManagedEngine(1, Precision.Single, 128),
            ["managed, 3 threads"] = new ManagedEngine(3),
        };
        if (OpenBlasEngine.TryCreate(1, out var blas, out _))
            engines.Add("openblas", blas);
        return engines;
    }
}
