using MeanFieldLimit.Limits.Laws;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Limits.Movements;

/// <summary>
/// The limit of a two-layer network by minimizing movements (JKO), each the minimum of energy + W_2^2 / (2 tau): in
/// quantile coordinates on the line, from the masses of the cells of a grid; on the nodes of the types in the plane.
/// </summary>
/// <param name="Model">What it is the limit of.</param>
public sealed record MovementsLimit(Model Model) : ILimit
{
    private const double LeastMass = 1e-13;

    /// <summary>The cells whose masses the quantiles have.</summary>
    public required Grid Grid { get; init; }

    /// <summary>The longest step, in units of time.</summary>
    public required double Tau { get; init; }

    /// <summary>Times that no step goes across.</summary>
    internal IReadOnlyList<double> Stops { get; init; } = [];

    /// <summary>Why there are none for a model, a clause; null where there are.</summary>
    public static string? Refuse(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var coordinates = NeuronCoordinates.Of(model);
        return model.Problem.Training.Dynamics == DynamicsKind.SgdDiffusion
                ? "with the noise of SGD there is no energy to descend"
            : coordinates is { Dimension: > 1, Temperature: > 0 } ? "particles in the plane have no entropy"
            : null;
    }

    IReadOnlyList<IKnob> ILimit.Knobs =>
    [
        // Of order 1 in tau. Particles in the plane are the same on every grid.
        new DifferenceKnob<MovementsLimit>(ErrorPart.Time, "time", 2,
            limit => limit.With(PartedSteps.Of(Model, limit.Tau, []))),
        .. OnLine ? [new DifferenceKnob<MovementsLimit>(ErrorPart.Types, "quantiles", 1,
            limit => limit with { Grid = limit.Grid.Coarser() })] : Array.Empty<IKnob>(),
        .. DataKnob.Of(Model),
    ];

    private NeuronCoordinates Coordinates => NeuronCoordinates.Of(Model);

    private bool OnLine => Coordinates.Dimension == 1;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There are none, or a step has not found its minimum.</exception>
    public Run Begin(Machine machine, string name = "run", IProgress<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(machine);
        if (Refuse(Model) is { } reason) throw new InvalidOperationException(reason);
        var (coordinates, start) = (Coordinates, Start());
        var (risk, d, masses) = (coordinates.NewRisk(), coordinates.Dimension, start.Masses);
        DiscreteMeasure Law(ReadOnlySpan<double> x) => new(d, x.ToArray(), masses);
        if (!OnLine)
        {
            var particles = new ProximalParticles(risk, masses, certify: true);
            return Begin(particles, particles.Steps, law => risk.Value(law.Points, masses));
        }
        var quantiles = new ProximalQuantiles(risk, masses, coordinates.Temperature);
        return Begin(quantiles, quantiles.Steps, law => quantiles.Energy(law.Points));

        Run Begin(IStepper stepper, IReadOnlyList<ProximalStep> steps, Func<DiscreteMeasure, double> energy)
        {
            var run = new Run(Model.LimitModel, machine) { Name = name, Progress = progress };
            var mover = new Mover(run.Begin(new(stepper, new FixedStep(Tau)) { Jumps = Stops }, start.Points));
            return coordinates.Begin(run, mover, risk, new(mover, Law, energy) { Steps = steps }, Law);
        }
    }

    private MovementsLimit With(PartedSteps steps) => this with { Tau = steps.Step, Stops = steps.Stops };

    ILimit ILimit.On(Model model) => this with { Model = model };

    private DiscreteMeasure Start()
    {
        if (OnLine) return NeuronLaw.Heavy(Coordinates.Initial(Grid).Measure, LeastMass);
        var limit = Model.InitialLimit();
        return NeuronLaw.Heavy(new(Coordinates.Dimension, Coordinates.Points(limit, limit.State),
            limit.Masses(1).ToArray()), LeastMass);
    }
}
