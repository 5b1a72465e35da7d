namespace MeanFieldLimit.Solvers.Tests.Time;

public class BackwardDifferencesTests
{
    private static readonly RootMeanSquareNorm Norm = new();

    private static RunResult Run(IVectorField field, double[] initial, double end, Tolerance tolerance, int order = 5)
    {
        var bdf = new BackwardDifferences(field, tolerance, Norm, order);
        return new TimeLoop { Stepper = bdf, Control = bdf }.Run(initial, new(0, end)).OrThrow();
    }

    private static double[] Robertson(double[] y)
    {
        double a = 0.04 * y[0] - 1e4 * y[1] * y[2], b = 3e7 * y[1] * y[1];
        return [-a, a - b, b];
    }

    private static double[] VanDerPol(double[] y) => [y[1], 1000 * (1 - y[0] * y[0]) * y[1] - y[0]];

    // The reference solutions are SUNDIALS CVODE's and SciPy's Radau at tight tolerances, which agree in these digits.
    private static readonly double[] RobertsonEnd = [3.89833771e-02, 1.62176832e-07, 9.61016461e-01];
    private static readonly double[] VanDerPolEnd = [1.70616773, -8.92809701e-04];

    [Theory, InlineData(1e-4), InlineData(1e-6), InlineData(1e-8)]
    public void Robertson_to_its_reference(double tolerance)
    {
        var run = Run(new Field(3, (t, y) => Robertson(y)), [1, 0, 0], 4e4, new(tolerance, 1e-4 * tolerance));
        Assert.All(run.State.Zip(RobertsonEnd), v =>
            Assert.InRange(Math.Abs(v.First / v.Second - 1), 0, tolerance + 3e-9));     // nine digits are known
        Assert.InRange(run.Evaluations, 0, 10_000);     // an explicit method takes tens of millions
    }

    [Theory, InlineData(1e-4), InlineData(1e-6), InlineData(1e-8)]
    public void Van_der_Pol_to_its_reference(double tolerance)
    {
        var run = Run(new Field(2, (t, y) => VanDerPol(y)), [2, 0], 2000, new(tolerance, tolerance));
        Assert.InRange(Math.Abs(run.State[0] - VanDerPolEnd[0]), 0, tolerance + 5e-9);
        Assert.InRange(Math.Abs(run.State[1] - VanDerPolEnd[1]), 0, tolerance);
    }

    [Fact]
    public void A_Jacobian_that_is_given_serves_as_well_as_differences()
    {
        var given = Run(new RobertsonField(), [1, 0, 0], 40, new(1e-6, 1e-10));
        var differences = Run(new Field(3, (t, y) => Robertson(y)), [1, 0, 0], 40, new(1e-6, 1e-10));
        Assert.All(given.State.Zip(differences.State), v => Assert.InRange(v.First / v.Second, 1 - 1e-6, 1 + 1e-6));
        Assert.True(given.Evaluations < differences.Evaluations);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public void Errors_fall_with_the_steps_as_the_highest_order_says(int order)
    {
        // Error ~ steps^-k along a run under control; orders 4 and 5 where rounding does not yet show.
        (double Steps, double Error) At(double tolerance)
        {
            var run = Run(new Waves(), Waves.Initial, 6, new(tolerance, tolerance), order);
            return (run.Steps, Waves.Error(run.State, 6));
        }
        var (loose, tight) = order <= 2 ? (1e-3, 1e-5) : (1e-4, 1e-7);
        var (a, b) = (At(loose), At(tight));
        var slope = Math.Log(a.Error / b.Error) / Math.Log(b.Steps / a.Steps);
        Assert.InRange(slope, order - 0.5, order + 0.8);
    }

    [Fact]
    public void Stiff_decay_does_not_need_short_steps()
    {
        var field = new Field(1, (t, y) => [-1e6 * (y[0] - Math.Cos(t)) - Math.Sin(t)]);
        var run = Run(field, [2], 10, new(1e-6, 1e-6));
        Assert.Equal(Math.Cos(10), run.State[0], 1e-6);
        Assert.InRange(run.Steps, 1, 1000);
    }

    [Fact]
    public void Dense_output_is_as_accurate_as_the_steps()
    {
        var keeper = new Keeper();
        var bdf = new BackwardDifferences(new Waves(), new(1e-6, 1e-6), Norm);
        new TimeLoop
        {
            Stepper = bdf,
            Control = bdf,
            SaveTimes = [.. Enumerable.Range(0, 1000).Select(k => k * 0.006)],
            Recorder = keeper,
        }.Run(Waves.Initial, new(0, 6)).OrThrow();
        Assert.Equal(1000, keeper.Saved.Count);
        Assert.All(keeper.Saved, s => Assert.InRange(Waves.Error(s.State, s.Time), 0, 1e-6));
    }

    [Fact]
    public void Systems_too_large_and_wrong_orders_are_refused()
    {
        Assert.Contains("512", Assert.Throws<ArgumentException>(
            () => new BackwardDifferences(new Field(513, (t, y) => y), new(1e-6, 1e-6), Norm)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new BackwardDifferences(new Waves(), new(1e-6, 1e-6), Norm, 6));
    }

    [Fact]
    public void Factors_solve_their_system_and_a_singular_matrix_is_told()
    {
        var lu = new DenseLu(3);
        double[] matrix = [0, 2, 1, 1, -1, 3, 4, 0, -2];        // needs a pivot at once
        matrix.CopyTo(lu.Matrix, 0);
        Assert.True(lu.Factor());
        double[] x = [2 * 2 + 1 * 3, 1 - 2 + 3 * 3, 4 - 2 * 3];     // A (1, 2, 3)
        lu.Solve(x);
        Assert.All(x.Zip([1.0, 2, 3]), v => Assert.Equal(v.Second, v.First, 1e-14));
        new double[9].CopyTo(lu.Matrix, 0);
        Assert.False(lu.Factor());
    }

    private sealed class RobertsonField : IDifferentiableField
    {
        public int Dimension => 3;

        public void Evaluate(double t, ReadOnlySpan<double> y, Span<double> velocity) =>
            Robertson(y.ToArray()).CopyTo(velocity);

        public void Jacobian(double t, ReadOnlySpan<double> y, Span<double> jacobian)
        {
            double[] rows =
            [
                -0.04, 1e4 * y[2], 1e4 * y[1],
                0.04, -1e4 * y[2] - 6e7 * y[1], -1e4 * y[1],
                0, 6e7 * y[1], 0,
            ];
            rows.CopyTo(jacobian);
        }
    }
}
