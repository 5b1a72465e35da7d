using MeanFieldLimit.Limits;
using MeanFieldLimit.Limits.Grids;
using MeanFieldLimit.Limits.Laws;
using MeanFieldLimit.Limits.Movements;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Tests.Limits;

/// <summary>
/// The error of steps, stated and true, where save times and jumps of rates cut steps down. Linear neurons on one
/// point, a the weight of the output, which stands still: yhat = a m with m' = -xi(t) a^2 m.
/// </summary>
public class StepErrorTests
{
    private static Model Linear(double a, double time, TrainingSpec training, LimitSpec? limit = null,
        ScheduleSpec? rate = null, Spacing spacing = Spacing.Logarithmic) => Model.Build(new()
        {
            Name = "linear",
            Data = new PointsData { X = [[1]], Y = [[0]] },
            Network = new()
            {
                Layers =
                [
                    new() { Weights = new GaussianLaw { Mean = 1, Std = 1 }, Activation = "identity", Rate = rate },
                    new() { Weights = new ConstantLaw { Value = a }, Rate = new ConstantRate { Value = 0 } },
                ],
            },
            Training = training with { Time = time },
            Limit = (limit ?? new()) with { Types = [new GaussSpec { Nodes = 4 }] },
            Record = new() { Saves = spacing == Spacing.Linear ? 10 : 40, Spacing = spacing },
        });

    private static readonly TrainingSpec Flow = new() { Loss = "half-squared", Time = 1 };

    private static readonly TrainingSpec Quiet = Flow with { Dynamics = DynamicsKind.Langevin, Temperature = 0 };

    private static (double True, double Stated) Errors(Model model, double a, Func<double, double>? clock = null)
    {
        var solution = Certifier.Solve(ILimit.Of(model), new());
        return (solution.Trajectory.Times.Zip(solution.Trajectory.Predictions).Max(at =>
            Math.Abs(at.Second[0] - a * Math.Exp(-a * a * (clock?.Invoke(at.First) ?? at.First)))),
            solution.Error.Time);
    }

    [Theory]
    [InlineData("langevin", 2)]
    [InlineData("langevin", 3)]
    [InlineData("langevin", 4)]
    [InlineData("shared", 3)]
    [InlineData("euler", 3)]
    [InlineData("euler", 4)]
    [InlineData("runge-kutta-4", 4)]
    public void The_stated_error_covers_that_of_steps_between_logarithmic_saves(string way, double a)
    {
        var model = Linear(a, 10, way switch
        {
            "langevin" => Quiet,
            "shared" => Flow with
            {
                Dynamics = DynamicsKind.SgdDiffusion,
                Noise = SgdNoise.Shared,
                Step = 1e-20,
                Batch = 1,
                LongestStep = 0.1,
            },
            _ => Flow,
        }, way is "euler" or "runge-kutta-4" ? new() { Method = way, Step = 0.1 } : null);
        var (error, stated) = Errors(model, a);
        Assert.InRange(error, 1e-4, 0.2);
        Assert.InRange(stated, error, 4 * error);
    }

    /// <summary>Steps are parted alike between saves that step, interval and jumps of rates leave unequal.</summary>
    [Fact]
    public void Every_step_is_parted()
    {
        var times = new[] { 0, 0.01, 0.02, 0.05, 0.3, 1 };
        var model = Linear(1, 1, Quiet).StoppedAt(times);
        foreach (var parts in new[] { 2, 8 })
        {
            var (step, stops) = PartedSteps.Of(model, 0.1, [0.37, 0.5], parts);
            double[] ours = [.. Steps(0.1, [])], theirs = [.. Steps(step, stops)];
            Assert.Equal(parts * ours.Length, theirs.Length);
            Assert.All(theirs.Select((length, i) => (length, ours[i / parts])),
                pair => Assert.Equal(pair.Item2 / parts, pair.length, 1e-12));
        }

        IEnumerable<double> Steps(double h, IReadOnlyList<double> stops)
        {
            double t = 0;
            foreach (var end in times.Concat([0.37, 0.5]).Concat(stops).Distinct().Order())
                for (; end - t > 1e-12; t = end - t <= h * (1 + 1e-3) ? end : t + h) yield return Math.Min(h, end - t);
        }
    }

    [Theory]
    [InlineData(Spacing.Linear, 0.1)]       // 10 steps
    [InlineData(Spacing.Linear, 1)]         // 1 step
    [InlineData(Spacing.Linear, 3)]         // cut down
    public void Equal_steps_need_no_further_stops(Spacing spacing, double step) =>
        Assert.Empty(PartedSteps.Of(Linear(1, 10, Quiet, spacing: spacing), step, []).Stops);

    /// <summary>xi falls inside a step: a step across would be 0.0002 off, and half of it as much.</summary>
    [Theory]
    [InlineData(1, 0.6667)]
    [InlineData(1, 0.3333)]
    [InlineData(3, 0.3)]        // On a step, but for rounding: 3 * 0.1 is a little more.
    [InlineData(1, 0.5)]
    public void No_step_with_noise_goes_across_a_jump_of_the_rate(double time, double jump)
    {
        var rate = new PiecewiseRate { Times = [jump], Values = [0.1, 0.001] };
        var (error, stated) = Errors(Linear(1, time, Quiet, rate: rate, spacing: Spacing.Linear), 1,
            t => 0.1 * Math.Min(t, jump) + 0.001 * Math.Max(0, t - jump));
        Assert.InRange(error, 0, stated);
        Assert.InRange(stated, 0, 2e-4);
    }

    /// <summary>Of noise too: the variance is 2 tau times the integral of the rate.</summary>
    [Fact]
    public void Noise_stops_where_its_rate_does()
    {
        var rate = new PiecewiseRate { Times = [0.37], Values = [1, 0] };
        var model = Linear(0, 1, Quiet with { Temperature = 0.5, LongestStep = 0.25 }, rate: rate).StoppedAt([0, 1]);
        var run = Run.Of(model, model.Embedding.Sample([40000], 1), model.Noisy(0.25), new(5), new()).Complete();
        var w = run.Movers[0].Ensemble.Weights(run.Movers[0].State, 1).Data.ToArray();
        Assert.Equal(1.37, w.Sum(v => v * v) / w.Length - Math.Pow(w.Average(), 2), 4 * 1.37 * Math.Sqrt(2.0 / 40000));
    }

    /// <summary>On the grid and by minimizing movements: against steps of a sixteenth at the same save times.</summary>
    [Theory, InlineData("grid"), InlineData("jko")]
    public void The_stated_error_of_densities_covers_that_of_their_steps(string way)
    {
        var model = Linear(1, 4, Flow);
        var coordinates = NeuronCoordinates.Of(model);
        ILimit Of(double step) => way == "grid"
            ? new GridLimit(model) { Grid = coordinates.Grid(64), Step = step }
            : new MovementsLimit(model) { Grid = coordinates.Grid(64), Tau = step };
        var finest = Of(0.4 / 16).Begin(new()).Complete().Trained.Trajectory;
        var solution = Certifier.Solve(Of(0.4), new());
        var error = solution.Trajectory.LargestRmsDistance(finest);
        Assert.InRange(solution.Error.Time, error, 2 * error);
    }
}
