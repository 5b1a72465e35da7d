/// <summary>
/// The error estimate against the error, in random problems: quadratic and wavy potentials, attraction and repulsion,
/// diffusion over three orders of magnitude, one axis or two, circles or grids that may be too small, fixed steps or
/// adaptive ones. The error is the distance, at two times, to a solution with steps of an eighth on cells of an eighth
/// of the length and axes of twice the length; in two dimensions on cells of a quarter.
/// </summary>
internal sealed class ErrorStudy
{
    private readonly RandomStream random;
    private readonly int dimension, cells, finer, wider;
    private readonly bool circles;
    private readonly double end, mean, variance, time;
    private readonly double? step;
    private readonly AggregationDiffusion equation;
    private ulong draws;

    private ErrorStudy(int seed)
    {
        random = new((ulong)seed, 1);
        dimension = random.Below(draws++, 4) == 0 ? 2 : 1;
        circles = random.Below(draws++, 4) == 0;
        (cells, finer) = dimension == 2 ? (32, 4) : (32 << random.Below(draws++, 4), 8);
        wider = dimension == 2 || circles ? 1 : 2;
        (end, mean, variance) = (Uniform(2.5, 5), Uniform(-1, 1), Math.Pow(10, Uniform(-1.5, -0.3)));
        time = Uniform(0.1, 2);
        double bowl = circles ? 0 : Uniform(0.2, 3), wave = Uniform(-2, 2), number = Uniform(1, 4);
        double strength = Uniform(-3, 3), width = Uniform(0.4, 2), diffusion = Math.Pow(10, Uniform(-2.5, 0.3));
        // Waves that fit on the circle: at its ends V has no kink.
        if (circles) number = Math.Round(number) * Math.PI / end;
        step = random.Below(draws++, 2) == 0 ? null
            : Math.Min(Uniform(0.01, 0.1), 0.5 * width * width / Math.Abs(strength));
        equation = new(dimension, diffusion)
        {
            Potential = x => x.Sum(v => bowl * v * v / 2 + wave * Math.Sin(number * v + wave)),
            Interaction = z => strength * Math.Exp(-z.Sum(v => circles
                ? 2 * Math.Pow(end / Math.PI * Math.Sin(Math.PI * v / (2 * end)), 2) : v * v / 2) / (width * width)),
        };
    }

    /// <summary>How often the estimate is above the error, and their ratios; each one below is told. Whether nine in
    /// ten are above.</summary>
    internal static bool Print(int problems)
    {
        var ratios = new List<double>();
        var refused = 0;
        for (var seed = 0; seed < problems; seed++)
        {
            var problem = new ErrorStudy(seed);
            try
            {
                var (estimate, error) = problem.Measure();
                ratios.Add(estimate.Total / error);
                if (estimate.Total < error)
                    Console.WriteLine($"  {problem.Name(seed)}: error {error:0.0e0}, estimate {estimate.Total:0.0e0} "
                        + $"= {estimate.Space:0.0e0} + {estimate.Time:0.0e0} + {estimate.Cut:0.0e0}");
            }
            catch (InvalidOperationException e)
            {
                refused++;
                Console.WriteLine($"  {problem.Name(seed)}: {e.Message}");
            }
        }
        ratios.Sort();
        Console.WriteLine($"error estimates of {ratios.Count} random problems ({refused} refused): "
            + $"{ratios.Count(r => r >= 1)} at least the error; estimate / error is "
            + $"{ratios[0]:0.00} at least, {ratios[ratios.Count / 2]:0.00} in the median, {ratios[^1]:0.0} at most");
        return ratios.Count(r => r >= 1) >= 0.9 * ratios.Count;
    }

    private string Name(int seed) => $"problem {seed}, {dimension}-D{(circles ? " circles" : "")}, {cells} cells on "
        + $"[-{end:0.0}, {end:0.0}], D = {equation.Diffusion:0.000}";

    private double Uniform(double from, double to) => from + (to - from) * random.Uniform(draws++);

    private (DensityError Estimate, double Error) Measure()
    {
        IReadOnlyList<double> times = [time / 2];
        var solution = new DensitySolver(equation) { Step = step, SaveTimes = times }
            .Solve(Initial(cells, 1), new(0, time));
        var reference = new SavedStates();
        var fine = Initial(cells * finer * wider, wider);
        new TimeLoop
        {
            Stepper = new DensityStepper(equation.On(fine.Grid)),
            Control = new FixedStep(Math.Min((step ?? 0.04) / 8, 0.005)),
            SaveTimes = [.. times, time],
            Recorder = reference,
        }.Run(fine.Masses, new(0, time)).OrThrow();
        var error = 0.0;
        for (var i = 0; i < solution.Densities.Count; i++)
            error = Math.Max(error, Distance(solution.Densities[i].Masses, reference.States[i]));
        return (solution.Error, error);
    }

    private Density Initial(int n, int times)
    {
        var ends = circles ? AxisEnd.Periodic : AxisEnd.Cut;
        double Shape(double x) => circles
            ? Math.Exp((Math.Cos(Math.PI * (x - mean) / end) - 1) / variance)
            : Math.Exp(-(x - mean) * (x - mean) / (2 * variance));
        var axes = Enumerable.Range(0, dimension).Select(_ => new Axis(-times * end, times * end, n, ends, ends));
        return Density.Of(new([.. axes]), x => x.Aggregate(1.0, (p, v) => p * Shape(v)), double.PositiveInfinity);
    }

    /// <summary>Sum of the differences of masses over the cells, and what the reference has outside.</summary>
    private double Distance(double[] masses, double[] reference)
    {
        var (sums, outside) = (new double[masses.Length], 0.0);
        int fine = cells * finer * wider, margin = (wider - 1) * cells / 2;
        for (var i = 0; i < reference.Length; i++)
        {
            var (cell, inside) = (0, true);
            for (int k = dimension - 1, rest = i, stride = 1; k >= 0; k--, rest /= fine, stride *= cells)
            {
                var at = rest % fine / finer - margin;
                inside &= at >= 0 && at < cells;
                cell += at * stride;
            }
            if (inside) sums[cell] += reference[i];
            else outside += reference[i];
        }
        return outside + sums.Zip(masses, (a, b) => Math.Abs(a - b)).Sum();
    }
}
