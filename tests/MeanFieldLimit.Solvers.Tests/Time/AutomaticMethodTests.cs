namespace MeanFieldLimit.Solvers.Tests.Time;

public class AutomaticMethodTests
{
    private static readonly RootMeanSquareNorm Norm = new();

    private static RunResult Run(string method, IVectorField field, double[] initial, double end, double tolerance)
    {
        var (stepper, control) = TimeMethod.Find(method).Adaptive(field, new(tolerance, tolerance), Norm);
        return new TimeLoop { Stepper = stepper, Control = control }.Run(initial, new(0, end)).OrThrow();
    }

    /// <summary>The heat equation u_t = u_xx + u - u^3 on n points, u = 0 at both ends: rho = 4 (n + 1)^2.</summary>
    private static Field Heat(int n) => new(n, (t, y) => [.. Enumerable.Range(0, n).Select(j =>
        (n + 1.0) * (n + 1) * ((j > 0 ? y[j - 1] : 0) - 2 * y[j] + (j < n - 1 ? y[j + 1] : 0))
            + y[j] - y[j] * y[j] * y[j])]);

    private static double[] Bump(int n) =>
        [.. Enumerable.Range(1, n).Select(j => Math.Sin(Math.PI * j / (n + 1.0)) + 0.1 * Math.Cos(9.0 * j))];

    [Fact]
    public void A_large_stiff_system_goes_over_to_Chebyshev_with_the_same_answer_for_less()
    {
        var (auto, plain) = (Run("auto", Heat(99), Bump(99), 0.2, 1e-5),
            Run("dormand-prince", Heat(99), Bump(99), 0.2, 1e-5));
        Assert.Contains("stability held", auto.InWords);
        Assert.Contains("chebyshev", auto.InWords);
        Assert.True(5 * auto.Evaluations < plain.Evaluations, $"{auto.Evaluations} against {plain.Evaluations}");
        var reference = Run("bdf", Heat(99), Bump(99), 0.2, 1e-8).State;
        Assert.All(auto.State.Zip(reference), v => Assert.InRange(Math.Abs(v.First - v.Second), 0, 1e-3));
    }

    [Fact]
    public void A_small_stiff_system_goes_over_to_differentiation_formulas()
    {
        var field = new Field(2, (t, y) => [y[1], 1000 * (1 - y[0] * y[0]) * y[1] - y[0]]);
        var run = Run("auto", field, [2, 0], 2000, 1e-6);
        Assert.Contains("bdf", run.InWords);
        Assert.Equal(1.70616773, run.State[0], 2e-6);
    }

    [Theory, InlineData(1e-5, "dormand-prince ("), InlineData(1e-9, "dormand-prince-8 (")]
    public void What_is_not_stiff_keeps_the_explicit_method_step_for_step(double tolerance, string chosen)
    {
        var run = Run("auto", new Waves(), Waves.Initial, 6, tolerance);
        Assert.StartsWith("auto: " + chosen, run.InWords);
        Assert.EndsWith("not stiff", run.InWords);
        var same = Run(tolerance < 1e-7 ? "dormand-prince-8" : "dormand-prince",
            new Waves(), Waves.Initial, 6, tolerance);
        Assert.Equal(same.State, run.State);
    }

    [Fact]
    public void A_second_run_chooses_anew()
    {
        var auto = new AutomaticMethod(Heat(99), new(1e-5, 1e-5), Norm);
        var loop = new TimeLoop { Stepper = auto, Control = auto };
        var (first, second) = (loop.Run(Bump(99), new(0, 0.05)), loop.Run(Bump(99), new(0, 0.05)));
        Assert.Equal(first.State, second.State);
        Assert.Equal(first.InWords, second.InWords);
        Assert.Equal(first.Evaluations, second.Evaluations);
    }

    [Fact]
    public void A_system_that_calms_down_gets_its_explicit_method_back()
    {
        // Stiff until t = 1: y' = -2000 (y - cos t) - sin t, then the circle's y' = -sin t with cos t as its solution.
        var field = new Field(70, (t, y) => [.. y.Select(v => (t < 1 ? -2000 * (v - Math.Cos(t)) : 0) - Math.Sin(t))]);
        var run = Run("auto", field, [.. Enumerable.Repeat(2.0, 70)], 60, 1e-5);
        Assert.Contains("chebyshev", run.InWords);
        Assert.Contains("no longer stiff", run.InWords);
        Assert.Equal(Math.Cos(60), run.State[0], 1e-2);
    }
}
