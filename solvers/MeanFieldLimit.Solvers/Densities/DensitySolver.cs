using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Solvers.Densities;

/// <summary>
/// What is wrong with a density, as int |rho - exact| with the masses that left where ends absorb, or in the solver's
/// <see cref="DensitySolver.Distance"/>, largest over its save times: from discretising space and time, and from
/// cutting the space off. Estimates, not bounds: benchmarks/Densities counts how often they hold.
/// </summary>
/// <param name="Space">From grids of twice and four times the spacing: 1.5 times the difference over q - 1, q its
/// ratio to the one before, between 1.25 and 4 (4 at order 2), but 2, the largest distance, at most. Solutions on
/// coarser grids are refined by their slopes, an error of order 3, so that it is large where a density has gathered in
/// a few cells.</param>
/// <param name="Time">The larger of two. Twice the difference from steps of half the length (or of a quarter of the
/// tolerance), on the coarser grid: order 2 would need 4/3. And, since both may pass over the same short interval where
/// coefficients change, 5/4 of the difference from steps below a hundredth of the run, at times that no others have, on
/// the coarsest grid; 1 were enough if those had no error.</param>
/// <param name="Cut">Twice <see cref="Density.CutMass"/>: what should lie beyond is missing there and too much here. In
/// another distance, that of the density to itself without that mass.</param>
public readonly record struct DensityError(double Space, double Time, double Cut)
{
    /// <summary>Their sum.</summary>
    public double Total => Space + Time + Cut;
}

/// <summary>A density in time.</summary>
public sealed record DensitySolution
{
    /// <summary>Save times, the last of which is the end of the interval.</summary>
    public required IReadOnlyList<double> Times { get; init; }

    /// <summary>The densities then.</summary>
    public required IReadOnlyList<Density> Densities { get; init; }

    /// <summary>Their energies; NaN where the equation has none. They fall, but where ends absorb: mass that leaves
    /// takes its energy along.</summary>
    public required IReadOnlyList<double> Energies { get; init; }

    /// <summary>What they are known to.</summary>
    public required DensityError Error { get; init; }

    /// <summary>What it took, on the grid itself.</summary>
    public required RunResult Run { get; init; }

    /// <summary>The last one.</summary>
    public Density Final => Densities[^1];
}

/// <summary>Solves an equation for a density, and says how well.</summary>
/// <param name="equation">The equation.</param>
public sealed class DensitySolver(IDensityEquation equation)
{
    private const double MostTolerance = 0.01;

    // The run that is to see what all others step over has this part of their steps, whose multiples come least near to
    // other multiples (1 over the golden ratio), and of a 64th of the whole run.
    private const double Golden = 0.6180339887498949, Longest = 1.0 / 64;

    /// <summary>Length of steps; they adapt to <see cref="Tolerance"/> where it is not given.</summary>
    public double? Step { get; init; }

    /// <summary>What the first-order part of a step may err, as int |rho - exact|; at most 0.01, above which it would
    /// not be what determines the steps.</summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>No step is longer, in units of time.</summary>
    public double LongestStep { get; init; } = double.PositiveInfinity;

    /// <summary>The first step, in units of time, where the tolerance is not to choose it.</summary>
    public double? FirstStep { get; init; }

    /// <summary>Times at which coefficients jump, increasing: no step goes across.</summary>
    public IReadOnlyList<double> Jumps { get; init; } = [];

    /// <summary>Times at which densities are kept, beside the end.</summary>
    public IReadOnlyList<double> SaveTimes { get; init; } = [];

    /// <summary>
    /// In what errors are measured: a distance of two densities, of which the other one may be on cells of twice the
    /// length. By default int |rho - rho'|, where the other one is refined by its slopes.
    /// </summary>
    public Func<Density, Density, double>? Distance { get; init; }

    /// <summary>Shown the masses, and what left, at the save times of the run on the grid itself.</summary>
    public IRecorder? Recorder { get; init; }

    /// <summary>Told after every step how far all runs are together, as a time.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Called after every step where the run may be saved.</summary>
    public Action<RunInProgress>? AfterStep { get; init; }

    /// <summary>Asks to stop after the current step.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary><see cref="Density.CutMass"/> above which a solution is refused.</summary>
    public double MostCutMass { get; init; } = 1e-3;

    /// <summary>From <paramref name="initial"/> at the start of an interval to its end.</summary>
    /// <exception cref="ArgumentException">The grid cannot be halved twice, the equation cannot be put on it, or the
    /// tolerance is too large.</exception>
    /// <exception cref="InvalidOperationException">Fixed steps are too long for the energy not to increase, or mass
    /// reaches an end where the grid is cut off.</exception>
    public DensitySolution Solve(Density initial, Interval interval)
    {
        if (Step is null && Tolerance > MostTolerance)
            throw new ArgumentException($"the tolerance of steps must be at most {MostTolerance}, got {Tolerance}: "
                + "with more, steps are as long as they may grow, and their error is not known");
        var half = initial.Coarser();
        var quarter = half.Coarser();
        Pass[] passes =
        [
            new(initial, 1, LongestStep, Recorder), new(half, 1, LongestStep), new(quarter, 1, LongestStep),
            new(half, 0.5, LongestStep / 2), new(quarter, Step is null ? 1 : Golden,
                Math.Max(double.Epsilon, Golden * Math.Min(LongestStep, Longest * interval.Length))),
        ];
        var (fine, run) = Make(0);
        var cut = Cut(fine);
        var (coarse, coarser, shorter, watching) = (Make(1).Kept, Make(2).Kept, Make(3).Kept, Make(4).Kept);
        double space = 0, time = 0;
        for (var i = 0; i < fine.Count; i++)
        {
            var difference = Between(fine[i], coarse[i]);
            var ratio = difference > 0 ? Math.Clamp(Between(coarse[i], coarser[i]) / difference, 1.25, 4) : 4;
            var least = 1.5 * difference / (ratio - 1);
            space = Math.Max(space, Distance is null ? Math.Min(2, least) : least);
            time = Math.Max(time,
                Math.Max(2 * Between(coarse[i], shorter[i]), 1.25 * Between(coarser[i], watching[i])));
        }
        var onGrid = equation.On(initial.Grid);
        return new()
        {
            Times = [.. fine.Select(kept => kept.Time)],
            Densities = [.. fine.Select(kept => kept.Density)],
            Energies = [.. fine.Select(kept => onGrid.Energy(kept.Density))],
            Error = new(space, time, cut),
            Run = run,
        };

        (List<Kept> Kept, RunResult Run) Make(int number)
        {
            var before = passes[..number].Sum(pass => pass.Work) * interval.Length;
            return Solve(passes[number], interval, t => Progress!.Report(interval.Start
                + (before + passes[number].Work * (t - interval.Start)) / passes.Sum(pass => pass.Work)));
        }
    }

    /// <summary>
    /// The run on the grid itself, on its way: the masses of the cells, and what left where ends absorb. What it is
    /// known to is for its caller to find out.
    /// </summary>
    public RunInProgress Begin(Density initial, Interval interval)
    {
        ArgumentNullException.ThrowIfNull(initial);
        return Begin(new(initial, 1, LongestStep, Recorder), interval, t => Progress?.Report(t));
    }

    private RunInProgress Begin(Pass pass, Interval interval, Action<double> tell)
    {
        var (grid, factor) = (pass.Start.Grid, pass.Factor);
        return new TimeLoop
        {
            Stepper = new DensityStepper(equation.On(grid)),
            // The error of extrapolated steps is of the order of the tolerance, both being O(h^2).
            Control = Step is { } step ? new FixedStep(step * factor)
                : new PiControl(new(Tolerance * factor * factor, Tolerance * factor * factor), new TotalVariation()),
            LongestStep = pass.LongestStep,
            FirstStep = FirstStep * factor,
            Jumps = Jumps,
            SaveTimes = SaveTimes.Count > 0 && SaveTimes[^1] == interval.End ? SaveTimes : [.. SaveTimes, interval.End],
            Recorder = pass.Recorder,
            AfterStep = run =>
            {
                if (Progress is not null) tell(run.Time);
                AfterStep?.Invoke(run);
            },
            Cancellation = Cancellation,
        }.Begin([.. pass.Start.Masses, .. pass.Start.Exits], interval);
    }

    private (List<Kept> Kept, RunResult Run) Solve(Pass pass, Interval interval, Action<double> tell)
    {
        var (grid, run) = (pass.Start.Grid, Begin(pass, interval, tell));
        List<Kept> kept = [];
        while (run.AdvanceToNextSave())
            kept.Add(new(run.Time,
                new(grid, run.State[..grid.Count].ToArray(), run.State[grid.Count..].ToArray())));
        return (kept, run.Result.OrThrow());
    }

    private double Between(Kept a, Kept b) => Distance?.Invoke(a.Density, b.Density)
        ?? (a.Density.Grid.Count == b.Density.Grid.Count ? a.Density.Distance(b.Density)
            : Difference(a.Density, b.Density));

    /// <summary>The distance to a solution on cells of twice the length, refined axis by axis.</summary>
    private static double Difference(Density density, Density coarser)
    {
        var masses = coarser.Masses;
        for (var k = coarser.Grid.Dimension - 1; k >= 0; k--)
            masses = Halves(masses, coarser.Grid.Axes[k], density.Grid.Stride(k));
        return density.Masses.Zip(masses, (a, b) => Math.Abs(a - b)).Sum()
            + density.Exits.Zip(coarser.Exits, (a, b) => Math.Abs(a - b)).Sum();
    }

    /// <summary>The masses of the halves of cells along one axis, by their slopes.</summary>
    private static double[] Halves(double[] masses, Axis axis, int stride)
    {
        var n = axis.Cells;
        var halves = new double[2 * masses.Length];
        for (var cell = 0; cell < masses.Length; cell++)
        {
            var (line, i, rest) = (cell / (n * stride), cell / stride % n, cell % stride);
            var slope = Density.Slope(masses, axis, stride, cell);
            var left = (line * 2 * n + 2 * i) * stride + rest;
            (halves[left], halves[left + stride]) = (masses[cell] / 2 - slope / 8, masses[cell] / 2 + slope / 8);
        }
        return halves;
    }

    private double Cut(List<Kept> kept)
    {
        var worst = kept.MaxBy(k => k.Density.CutMass);
        var cut = worst.Density.CutMass;
        if (!(cut <= MostCutMass))
            throw new InvalidOperationException("mass must stay away from the ends of the grid: at "
                + $"t = {worst.Time:R} the outermost sixteenths of the axes have {cut:G3} of it, at most "
                + $"{MostCutMass:G3} may: widen the axes, or say that an end is a wall if the space ends there");
        return Distance is null ? 2 * cut : kept.Max(k => Distance(k.Density, k.Density.WithoutCutMass()));
    }

    private readonly record struct Kept(double Time, Density Density);

    private readonly record struct Pass(Density Start, double Factor, double LongestStep, IRecorder? Recorder = null)
    {
        /// <summary>Cells times steps, as far as that is known.</summary>
        internal double Work => Start.Grid.Count / Factor;
    }

    /// <summary>sum_i |error_i| over the tolerance: masses sum to 1, so both of its parts add.</summary>
    private sealed class TotalVariation : IErrorNorm
    {
        public double Measure(ReadOnlySpan<double> error, ReadOnlySpan<double> state, ReadOnlySpan<double> next,
            Tolerance tolerance)
        {
            var sum = 0.0;
            foreach (var e in error) sum += Math.Abs(e);
            return sum / tolerance.Absolute;
        }
    }
}
