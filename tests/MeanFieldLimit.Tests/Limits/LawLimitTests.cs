using System.Text.Json;
using System.Text.Json.Serialization;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Limits.Grids;
using MeanFieldLimit.Limits.Laws;
using MeanFieldLimit.Limits.Movements;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Tests.Limits;

/// <summary>
/// Linear neurons on one point, yhat = E theta: of the loss (yhat - y)^2 / 2 with weight decay lambda at temperature D
/// the mean has m' = -(m - 2) - lambda m and the variance v' = 2 D - 2 lambda v.
/// </summary>
public class LawLimitTests
{
    private const double Decay = 0.5, Temperature = 0.2, Time = 1;

    private static readonly Model Line = Model.Build(new()
    {
        Name = "linear",
        Data = new PointsData { X = [[1]], Y = [[2]] },
        Network = new()
        {
            Layers =
            [
                new() { Weights = new GaussianLaw { Std = 1 }, Activation = "identity" },
                new() { Weights = new ConstantLaw { Value = 1 }, Rate = new ConstantRate { Value = 0 } },
            ],
        },
        Training = new()
        {
            Loss = "half-squared",
            Time = Time,
            Dynamics = DynamicsKind.Langevin,
            Temperature = Temperature,
            WeightDecay = Decay,
        },
        Limit = new() { Types = [new SobolSpec { Nodes = 512 }] },
        Record = new() { Saves = 4 },
        Density = new() { Low = [-6], High = [8] },
    });

    private static readonly NeuronCoordinates Coordinates = NeuronCoordinates.Of(Line);

    private static readonly double Mean = 4.0 / 3 * (1 - Math.Exp(-1.5)),
        Variance = Temperature / Decay + (1 - Temperature / Decay) * Math.Exp(-2 * Decay);

    private static readonly JsonSerializerOptions Options = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        IgnoreReadOnlyProperties = true,
    };

    public static TheoryData<string> Limits { get; } = ["grid", "jko", "particles"];

    private static ILimit Of(string name) => name switch
    {
        "grid" => new GridLimit(Line) { Grid = Coordinates.Grid(64), Step = 0.05 },
        "jko" => new MovementsLimit(Line) { Grid = Coordinates.Grid(64), Tau = 0.05 },
        _ => new LawLimit(Line) { Coordinates = Coordinates, Dynamics = Line.Noisy(0.05) },
    };

    private static double W2(Trained a, Trained b) => a.Law!.Distance(b.Law!);

    /// <summary>The normal law with the mean and variance of the closed form, in cells a hundredth long.</summary>
    private static NeuronLaw Exact()
    {
        var fine = Coordinates.Grid(1400);
        var density = Solvers.Densities.Density.Of(fine, x => Math.Exp(-(x[0] - Mean) * (x[0] - Mean) / (2 * Variance))
            / Math.Sqrt(2 * Math.PI * Variance));
        return new(1, [fine.Centres], [density.Masses], [double.NaN]) { Axes = fine.Axes };
    }

    [Theory, MemberData(nameof(Limits))]
    public void The_certified_law_is_that_of_the_closed_form(string name)
    {
        var solution = Certifier.Solve(Of(name), new(), name, W2);
        var error = solution.Trained.Law!.Distance(Exact());
        Assert.InRange(error, 0, 1.5 * solution.Error.Total);
        Assert.InRange(solution.Error.Total, 1e-4, 0.3);
    }

    /// <summary>Predictions are recorded at the save times, and known to the error that is said.</summary>
    [Theory, MemberData(nameof(Limits))]
    public void Predictions_are_those_of_the_closed_form(string name)
    {
        var solution = Certifier.Solve(Of(name), new(), name);
        Assert.Equal(Line.SaveTimes, solution.Trajectory.Times);
        Assert.Equal(0, solution.Trajectory.Predictions[0][0], 1e-2);
        Assert.InRange(Math.Abs(solution.Trajectory.Predictions[^1][0] - Mean), 0, 1.5 * solution.Error.Total);
        Assert.Equal(Math.Pow(solution.Trajectory.Predictions[^1][0] - 2, 2) / 2, solution.Trajectory.Train[^1].Risk, 1e-12);
    }

    [Theory, MemberData(nameof(Limits))]
    public void What_was_solved_comes_back_from_JSON(string name)
    {
        var trained = Of(name).Begin(new()).Complete().Trained;
        var text = JsonSerializer.Serialize(trained, Options);
        var back = JsonSerializer.Deserialize<Trained>(text, Options)!;
        Assert.Equal(text, JsonSerializer.Serialize(back, Options));
        Assert.Equal(0, W2(trained, back));
        Assert.Equal(trained.Law!.Energies, back.Law!.Energies);
        Assert.Equal(trained.Trajectory.Predictions, back.Trajectory.Predictions);
    }

    /// <summary>Distances count points by their masses, and a limit has stopped at a condition.</summary>
    [Fact]
    public void What_particles_solved_comes_back_from_JSON()
    {
        var model = Model.Build(Line.Problem with
        {
            Data = new PointsData { X = [[1], [0.5]], Y = [[2], [0]], Masses = [0.75, 0.25] },
            Training = new() { Loss = "half-squared", Time = 4, Until = new() { Risk = 0.8 } },
            Density = null,
            Limit = Line.Problem.Limit with { Paths = null },
        });
        var limit = ILimit.Of(model);
        var (solved, other) = (limit.Begin(new()).Complete().Trained,
            ((ParticleLimit)limit).OnOtherNodes().Begin(new()).Complete().Trained);
        var back = JsonSerializer.Deserialize<Trained>(JsonSerializer.Serialize(solved, Options), Options)!;
        Assert.Equal(0.8, solved.Stop?.Threshold);
        Assert.Equal(solved.Stop, back.Stop);
        Assert.Equal(solved.Trajectory.RmsDistance(other.Trajectory, 1), back.Trajectory.RmsDistance(other.Trajectory, 1));
        Assert.Equal(solved.Trajectory.LastDifference(other.Trajectory, solved.Stop!),
            back.Trajectory.LastDifference(other.Trajectory, back.Stop!));
    }

    /// <summary>
    /// Half the step on the same paths: other paths of 512 particles would part the laws by a tenth.
    /// </summary>
    [Fact]
    public void The_step_of_particles_is_judged_on_the_same_paths()
    {
        var limit = Of("particles");
        var run = limit.Begin(new()).Complete().Trained;
        double Difference(ErrorPart part) => W2(run, limit.Knobs.Single(k => k.Part == part).Others(limit).Single()!
            .Begin(new()).Complete().Trained);
        Assert.InRange(Difference(ErrorPart.Time), 1e-4, 0.02);
        Assert.InRange(Difference(ErrorPart.Types), 0.02, 0.3);
    }

    /// <summary>
    /// Inputs on a line leave w across it to noise and decay: v' = 2 D - 2 lambda v. Of 1024 the variance is known to
    /// sqrt(2 / 1024) of itself where it is that of paths, and z = 4 allows 0.18; Sobol' points are closer.
    /// </summary>
    [Theory, InlineData(0, 0), InlineData(Decay, 0), InlineData(Decay, Temperature)]
    public void Neurons_are_compared_in_directions_without_data_too(double decay, double temperature)
    {
        var model = Model.Build(Line.Problem with
        {
            Data = new PointsData { X = [[1, 1], [-0.5, -0.5]], Y = [[2], [0]] },
            Training = new()
            {
                Loss = "half-squared",
                Time = Time,
                Dynamics = temperature > 0 ? DynamicsKind.Langevin : DynamicsKind.Flow,
                Temperature = temperature > 0 ? temperature : null,
                WeightDecay = decay,
            },
            Limit = new() { Types = [new SobolSpec { Nodes = 1024 }] },
            Density = new(),
        });
        var law = new LawLimit(model) { Coordinates = NeuronCoordinates.Of(model) }.Begin(new()).Complete().Trained.Law!;
        Assert.Equal(2, law.Dimension);
        double Across(double decayed) => temperature > 0 ? temperature / decay + (1 - temperature / decay) * decayed : decayed;
        foreach (var (save, t) in model.SaveTimes.Index())
        {
            var at = law.At(save);
            var variance = Enumerable.Range(0, at.Count)
                .Sum(i => at.Masses[i] * Math.Pow(at.Points[2 * i] - at.Points[2 * i + 1], 2) / 2);
            Assert.InRange(variance / Across(Math.Exp(-2 * decay * t)), temperature > 0 ? 0.82 : 0.98, temperature > 0 ? 1.18 : 1.02);
        }
    }

    [Fact]
    public void A_grid_has_no_ensemble_and_says_so() => Assert.Contains("no ensemble",
        Assert.Throws<InvalidOperationException>(() => Of("grid").Begin(new()).Movers[0].Ensemble).Message,
        StringComparison.Ordinal);
}
