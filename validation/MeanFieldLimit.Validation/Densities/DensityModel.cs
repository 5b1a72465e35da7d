using MeanFieldLimit.Densities;
using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Runs;
using MeanFieldLimit.Solvers.Densities;
using MeanFieldLimit.Solvers.Matrices;
using MeanFieldLimit.Solvers.Measures;
using MeanFieldLimit.Solvers.Proximal;
using MeanFieldLimit.Solvers.Time;

namespace MeanFieldLimit.Validation.Densities;

/// <summary>
/// A two-layer limit with temperature D and weight decay lambda, the Wasserstein gradient flow of
/// E(mu) = risk(mu) + lambda/2 int |theta|^2 d mu + D int log mu d mu, to be solved in three ways. Or one with the
/// noise of SGD in place of temperature, which is no gradient flow: by particles and on a grid.
/// </summary>
internal sealed class DensityModel(Model model, IMatrixEngine engine)
{
    // Of the initial law, in which the coordinates of the grid end where the problem does not say it.
    private const double Tail = 1e-9, Margin = 0.05;
    private const double MostOutside = 1e-6, MostCut = 1e-3, LeastMass = 1e-13;

    private readonly DensitySpec spec = model.Problem.Density!;

    /// <summary>The space of neurons.</summary>
    internal NeuronCoordinates Coordinates { get; } = NeuronCoordinates.Of(model);

    /// <summary>The step of the grid and tau.</summary>
    internal double Step => spec.Step ?? model.SaveTimes[^1] / 100;

    /// <summary>Whether the limit descends an energy.</summary>
    internal bool IsGradient => model.Problem.Training.Dynamics != DynamicsKind.SgdDiffusion;

    /// <summary>That of the law of motion; 0 where it has none.</summary>
    internal double Temperature => model.Problem.Training.Dynamics == DynamicsKind.Langevin ? model.Temperature : 0;

    /// <summary>F = risk + decay; one for each run.</summary>
    internal TwoLayerRisk NewRisk() =>
        new(Coordinates, model.OfLimit.Data.Train, model.Loss, model.Objective.WeightDecay);

    /// <summary>The limit on its nodes, moved by the passes of ensembles.</summary>
    internal Description Particles(CancellationToken cancellation, IProgress<double>? progress) =>
        Particles("particles", model.OfLimit, model.InitialLimit(), model.LimitDynamics, model.OfAll, cancellation,
            progress);

    /// <summary>The same on other nodes and other paths, to compare with.</summary>
    internal Description OtherParticles(CancellationToken cancellation, IProgress<double>? progress) =>
        Particles("particles", model.OfLimit, new ParticleLimit(model).OnOtherNodes.Initial, model.LimitDynamics,
            new(Streams.HostPaths(model.Seed)), cancellation, progress);

    /// <summary>A finite network of the problem's width.</summary>
    internal Description Network(CancellationToken cancellation, IProgress<double>? progress) =>
        Particles("network", model, model.Embedding.Sample([spec.Width], Streams.Replicate(model.Seed, 0)),
            model.Dynamics, model.IsNoisy ? model.OfAll : model.OfNetwork(0), cancellation, progress);

    private Description Particles(string name, Model what, Ensemble ensemble, IDynamics dynamics, Replicate replicate,
        CancellationToken cancellation, IProgress<double>? progress)
    {
        var run = new Run(what, new() { Engine = _ => engine, Cancellation = cancellation }) { Progress = progress };
        var mover = run.Add(ensemble, what.IsNoisy ? what.Noisy(Step) : dynamics, replicate);
        List<double[]> states = [];
        while (run.Advance()) states.Add([.. mover.State]);
        var slid = mover.Result.OrThrow().Slid;
        var (risk, masses) = (NewRisk(), ensemble.Masses(1).ToArray());
        DiscreteMeasure[] laws = [.. states.Select(state =>
            new DiscreteMeasure(Coordinates.Dimension, Coordinates.Points(ensemble, state), masses))];
        return new(name, laws, [.. laws.Select(law =>
            Temperature > 0 ? double.NaN : risk.Value(law.Points, law.Masses))])
        { Predictions = [.. risk.Predict(laws[^1].Points, masses)], Slid = slid };
    }

    /// <summary>
    /// A grid: as the problem says, or one that holds the initial law and all places where particles go.
    /// </summary>
    internal Grid Grid(Description? particles, int cells)
    {
        double[] low = new double[Coordinates.Dimension], high = new double[Coordinates.Dimension];
        for (var k = 0; k < low.Length; k++)
        {
            var law = Coordinates.Laws[k];
            // The law without its tails, and the heavier ones of the particles.
            double[] all = [.. (particles?.Laws ?? []).SelectMany(l => Enumerable.Range(0, l.Count)
                .Where(i => l.Masses[i] > Tail).Select(i => l.Points[i * l.Dimension + k])),
                law.Quantile(Tail), law.Quantile(1 - Tail)];
            var margin = Margin * (all.Max() - all.Min());
            (low[k], high[k]) = (spec.Low?[k] ?? all.Min() - margin, spec.High?[k] ?? all.Max() + margin);
        }
        return new([.. Coordinates.Axes(low, high, cells)]);
    }

    /// <summary>The Fokker-Planck equation of the problem.</summary>
    internal IDensityFlow Equation(Grid grid) => model.Problem.Training is { Dynamics: DynamicsKind.SgdDiffusion } sgd
        ? new ItoEquation(new SgdCoefficients(Coordinates, model.OfLimit.Objective, sgd.Step!.Value / sgd.Batch!.Value))
            .On(grid)
        : new AggregationDiffusion(Coordinates.Dimension, Temperature) { Functional = NewRisk() }.On(grid);

    /// <summary>The law at time 0 on a grid.</summary>
    /// <exception cref="ProblemException">Too much of it lies outside.</exception>
    internal Density Initial(Grid grid)
    {
        var (density, outside) = Coordinates.Initial(grid);
        return outside <= MostOutside ? density : throw model.Loaded.Error("$.density.low",
            $"the grid must hold the law at time 0 but for {MostOutside:G1} of it, {outside:G3} lie outside; widen " +
            "low and high, or leave them out");
    }

    /// <summary>The density on a grid.</summary>
    /// <exception cref="ProblemException">Steps are too long, or mass leaves the grid.</exception>
    internal Description OnGrid(Grid grid, double step, CancellationToken cancellation, IProgress<double>? progress)
    {
        var start = Initial(grid);
        IReadOnlyList<double[]> states;
        try
        {
            states = Run(new DensityStepper(Equation(grid)), new FixedStep(step), start.Masses, cancellation, progress);
        }
        catch (InvalidOperationException e)
        {
            throw model.Loaded.Error("$.density.step", e.Message);
        }
        Density[] densities = [.. states.Select(masses => new Density(grid, masses))];
        var cut = densities.Max(d => d.CutMass);
        if (!(cut <= MostCut))
            throw model.Loaded.Error("$.density.low", "mass must stay away from the ends of the grid, the " +
                $"outermost sixteenths of the axes have {cut:G3} of it, at most {MostCut:G3} may; widen low and high");
        var risk = NewRisk();
        return new("grid", [.. densities.Select(d => d.Measure)], [.. densities.Select(d =>
            risk.Value(grid.Centres, d.Masses) - (Temperature > 0 ? Temperature * d.Entropy : 0))])
        {
            Densities = densities,
            Predictions = [.. risk.Predict(grid.Centres, densities[^1].Masses)],
        };
    }

    /// <summary>
    /// The minimizing-movement scheme: in quantile coordinates on the line, from the masses of the cells of a grid; on
    /// the nodes of the limit in the plane, where there is none with a temperature: null. Nor is there with the noise of SGD.
    /// </summary>
    internal Description? Proximal(Grid grid, double tau, CancellationToken cancellation, IProgress<double>? progress)
    {
        var (risk, line) = (NewRisk(), Coordinates.Dimension == 1);
        if (!IsGradient || (!line && Temperature > 0)) return null;
        var limit = line ? null : model.InitialLimit();
        var start = Description.Heavy(line ? Initial(grid).Measure : new(Coordinates.Dimension,
            Coordinates.Points(limit!, limit!.State), limit.Masses(1).ToArray()), LeastMass);
        if (line)
        {
            var scheme = new ProximalQuantiles(risk, start.Masses, Temperature);
            return Done(scheme, () => scheme.Steps, x => scheme.Energy(x));
        }
        var particles = new ProximalParticles(risk, start.Masses, certify: true);
        return Done(particles, () => particles.Steps, x => risk.Value(x, start.Masses));

        Description Done(IStepper stepper, Func<IReadOnlyList<ProximalStep>> steps, Func<double[], double> energy)
        {
            var states = Run(stepper, new FixedStep(tau), start.Points, cancellation, progress);
            return new("jko", [.. states.Select(x => new DiscreteMeasure(Coordinates.Dimension, x, start.Masses))],
                [.. states.Select(energy)])
            {
                Steps = steps(),
                Predictions = [.. risk.Predict(states[^1], start.Masses)],
            };
        }
    }

    private IReadOnlyList<double[]> Run(IStepper stepper, IStepControl control, ReadOnlySpan<double> initial,
        CancellationToken cancellation, IProgress<double>? progress, double? longest = null)
    {
        var saved = new SavedStates();
        new TimeLoop
        {
            Stepper = stepper,
            Control = control,
            SaveTimes = model.SaveTimes,
            LongestStep = longest ?? double.PositiveInfinity,
            Recorder = saved,
            Progress = progress,
            Cancellation = cancellation,
        }.Run(initial, new(0, model.SaveTimes[^1])).OrThrow();
        return saved.States;
    }
}
