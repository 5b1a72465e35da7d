using MeanFieldLimit.Limits.Laws;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Limits.Grids;

/// <summary>
/// The limit of a two-layer network as the density of its neurons, by the Fokker-Planck equation on a grid: with
/// temperature D the gradient flow of risk + lambda/2 int |theta|^2 d mu + D int log mu d mu, or one with the noise of
/// SGD, which is none.
/// </summary>
/// <param name="Model">What it is the limit of.</param>
public sealed record GridLimit(Model Model) : ILimit
{
    private const double MostCut = 1e-3;

    /// <summary>Its cells.</summary>
    public required Grid Grid { get; init; }

    /// <summary>The longest step, in units of time.</summary>
    public required double Step { get; init; }

    /// <summary>Times that no step goes across.</summary>
    internal IReadOnlyList<double> Stops { get; init; } = [];

    /// <summary>The equation.</summary>
    public IDensityEquation Equation => Equate(Coordinates, Coordinates.NewRisk());

    private NeuronCoordinates Coordinates => NeuronCoordinates.Of(Model);

    IReadOnlyList<IKnob> ILimit.Knobs =>
    [
        new DifferenceKnob<GridLimit>(ErrorPart.Types, "cells", 1, limit => limit with { Grid = limit.Grid.Coarser() }),
        // Of order 2: half the step shows three quarters.
        new DifferenceKnob<GridLimit>(ErrorPart.Time, "time", 4.0 / 3,
            limit => limit.With(PartedSteps.Of(Model, limit.Step, []))),
        .. DataKnob.Of(Model),
    ];

    /// <inheritdoc/>
    /// <exception cref="ProblemException">The law does not fit on the grid, or steps are too long.</exception>
    public Run Begin(Machine machine, string name = "run", IProgress<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var coordinates = Coordinates;
        var (risk, temperature) = (coordinates.NewRisk(), coordinates.Temperature);
        var run = new Run(Model.LimitModel, machine) { Name = name };
        var mover = new Mover(new DensitySolver(Equate(coordinates, risk))
        {
            Step = Step,
            Jumps = Stops,
            SaveTimes = Model.SaveTimes,
            Progress = progress,
            AfterStep = run.Checkpoint,
            Cancellation = machine.Cancellation,
        }.Begin(coordinates.Initial(Grid.WithThreads(machine.Threads)), new(0, Model.SaveTimes[^1])))
        {
            Refuse = e => Model.Loaded.Error("$.density.step", e.Message),
        };
        return coordinates.Begin(run, mover, risk, new(mover, Held, law => risk.Value(law.Points, law.Masses)
            - (temperature > 0 ? temperature * new Density(Grid, law.Masses).Entropy : 0))
        { Axes = Grid.Axes }, Law);
    }

    private GridLimit With(PartedSteps steps) => this with { Step = steps.Step, Stops = steps.Stops };

    ILimit ILimit.On(Model model) => this with { Model = model };

    private IDensityEquation Equate(NeuronCoordinates coordinates, TwoLayerRisk risk) =>
        Model.Problem.Training is { Dynamics: DynamicsKind.SgdDiffusion } sgd
            ? new ItoEquation(new SgdCoefficients(coordinates, Model.LimitModel.Objective,
                sgd.Step!.Value / sgd.Batch!.Value))
            : new AggregationDiffusion(coordinates.Dimension, coordinates.Temperature) { Functional = risk };

    private DiscreteMeasure Law(ReadOnlySpan<double> masses) => new(Grid.Dimension, Grid.Centres, masses.ToArray());

    private DiscreteMeasure Held(ReadOnlySpan<double> masses)
    {
        var density = new Density(Grid, masses.ToArray());
        var cut = density.CutMass;
        return cut <= MostCut ? density.Measure : throw Model.Loaded.Error("$.density.low",
            $"mass must stay away from the ends of the grid, the outermost sixteenths of the axes have {cut:G3} of " +
            $"it, at most {MostCut:G3} may; widen low and high");
    }
}
