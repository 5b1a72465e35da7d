using MeanFieldLimit.Activations;
using MeanFieldLimit.Data;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Losses;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Schedules;
using MeanFieldLimit.Solvers.Laws;
using MeanFieldLimit.Solvers.Quadrature;

namespace MeanFieldLimit.Experiments;

/// <summary>A problem made ready to run: its data loaded, its embedding built, its limit's size checked.</summary>
public sealed class Experiment
{
    private Experiment(LoadedProblem loaded, ExperimentData data, IEmbedding embedding)
    {
        (Loaded, Data, Embedding) = (loaded, data, embedding);
        Loss = Catalogue.Find<ILoss>(loaded.Problem.Training.Loss);
        SaveTimes = Experiments.SaveTimes.Of(loaded.Problem);
        Watched = data.Train.Spread(loaded.Problem.Record.Points);
    }

    private Experiment(Experiment other, LoadedProblem loaded, ExperimentData data)
        : this(loaded, data, other.Embedding) => Watched = other.Watched;

    /// <summary>The problem, with the limit's rules written out, and its file.</summary>
    public LoadedProblem Loaded { get; }

    /// <summary>The problem, with the limit's rules written out.</summary>
    public Problem Problem => Loaded.Problem;

    /// <summary>Seed of everything random.</summary>
    public ulong Seed => (ulong)Problem.Seed;

    /// <summary>Its data.</summary>
    public ExperimentData Data { get; }

    /// <summary>How networks of every width start.</summary>
    public IEmbedding Embedding { get; }

    /// <summary>The quadrature rules of the limit's types, one per hidden layer.</summary>
    public IReadOnlyList<IQuadratureRule> Rules => TypeRules.Asked(Problem.Limit.Types!, Seed);

    /// <summary>Its loss.</summary>
    public ILoss Loss { get; }

    /// <summary>Learning rates xi_1..xi_L, for the limit and for finite networks.</summary>
    public IReadOnlyList<ISchedule> Schedules => [.. Problem.Network.Layers.Select(l => Schedule(l.Rate))];

    /// <summary>When trajectories are recorded, the first at 0, the last at the final time.</summary>
    public double[] SaveTimes { get; }

    /// <summary>The training points at which predictions are recorded and compared.</summary>
    public Dataset Watched { get; }

    /// <summary>
    /// The experiment of a checked problem; <paramref name="dataFolder"/> is where its data files are, if not beside
    /// it.
    /// </summary>
    /// <exception cref="ProblemException">A data file or a value cannot be used.</exception>
    public static Experiment Build(LoadedProblem loaded, string? dataFolder)
    {
        var data = ExperimentData.Load(loaded, dataFolder);
        CheckLabels(loaded, data);
        var (embedding, limit) = TypeRules.Complete(loaded.Problem, data,
            directions => BuildEmbedding(loaded.Problem, data.Train, directions));
        loaded = loaded with { Problem = loaded.Problem with { Limit = limit } };
        MemoryPlan.CheckLimit(loaded, embedding);
        return new(loaded, data, embedding);
    }

    /// <summary>The limit at time 0, on the nodes that the problem asks for.</summary>
    public Ensemble InitialLimit() => Embedding.Discretise(Rules);

    /// <summary>
    /// The same experiment trained on another independent sample of its continuous data law, watched at the same
    /// points.
    /// </summary>
    internal Experiment WithSample(int sample) => new(this, Loaded, ExperimentData.Load(Loaded, null, sample));

    /// <summary>The same experiment with another discretisation of its limit.</summary>
    internal Experiment WithLimit(LimitSpec limit) =>
        new(this, Loaded with { Problem = Problem with { Limit = limit } }, Data);

    private static IEmbedding BuildEmbedding(Problem problem, Dataset data, PrincipalDirections? directions)
    {
        var network = problem.Network;
        IActivation[] activations =
            [.. network.Layers.Select(l => Catalogue.Find<IActivation>(l.Activation ?? "identity"))];
        var architecture = new Architecture(data.Inputs, data.Outputs, activations, network.Biases);
        LayerLaws[] laws = [.. network.Layers.Select(l =>
            new LayerLaws(Law(l.Weights), l.Bias is { } bias ? Law(bias) : new Constant(0)))];
        return network.Embedding is CorrelatedSpec correlated
            ? CorrelatedInitialization.Build(architecture, laws, correlated, (ulong)problem.Seed)
            : new IidEmbedding(architecture, laws, directions);
    }

    private static ISchedule Schedule(ScheduleSpec? spec) => spec switch
    {
        null => new ConstantSchedule(1),
        ConstantRate c => new ConstantSchedule(c.Value),
        PowerRate p => new PowerSchedule(p.Exponent, p.Unit),
        PiecewiseRate p => new PiecewiseSchedule(p.Times, p.Values),
        _ => throw new NotSupportedException($"no schedule of kind {spec.GetType().Name}"),
    };

    private static ILaw Law(LawSpec spec) => spec switch
    {
        GaussianLaw g => new Gaussian(g.Mean, g.Std),
        UniformLaw u => new Uniform(u.Low, u.High),
        RademacherLaw r => new Rademacher(r.Mean, r.Scale),
        ConstantLaw c => new Constant(c.Value),
        _ => throw new NotSupportedException($"no law of kind {spec.GetType().Name}"),
    };

    private static void CheckLabels(LoadedProblem loaded, ExperimentData data)
    {
        foreach (var points in data.Test is null ? [data.Train] : new[] { data.Train, data.Test })
            for (var n = 0; n < points.Count; n++)
                if (LabelRule.Refuse(loaded.Problem.Training.Loss, points.Label(n)) is { } rule)
                    throw loaded.Error("$.training.loss", rule);
    }
}
