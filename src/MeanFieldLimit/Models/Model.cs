using MeanFieldLimit.Data;
using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Networks.Schedules;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Propagation;

namespace MeanFieldLimit.Models;

/// <summary>A problem made ready to run: its data loaded, its embedding built, its limit's size checked.</summary>
public sealed class Model
{
    private const int DefaultTracers = 400, DefaultSteps = 100;
    private const double DefaultTemperature = 0.1;
    private Lazy<InitialProcess> process;

    private Model(LoadedProblem loaded, ExperimentData data, Embedding embedding, Dataset? watched = null,
        double[]? times = null, bool stopped = false)
    {
        (Loaded, Data, Embedding, Stopped) = (loaded, data, embedding, stopped);
        Loss = Catalogue.Find<ILoss>(loaded.Problem.Training.Loss);
        SaveTimes = times ?? RecordPlan.Times(loaded.Problem);
        // A limit in the space of functions is one on training and test points together.
        Watched = watched ?? data.Watched ?? (embedding.Scaling is not null ? InitialFunction.Points(data)
            : data.Train.Spread(loaded.Problem.Record.Points));
        var reduces = Problem.Limit.Reduction == Reduction.Isotropic && data.Lengths is null;
        LimitModel = reduces ? Reduced(share: 1) : this;
        process = new(() => new(this));
    }

    /// <summary>The problem, with the limit's rules written out, and its file.</summary>
    public LoadedProblem Loaded { get; }

    /// <summary>The problem, with the limit's rules written out.</summary>
    public Problem Problem => Loaded.Problem;

    /// <summary>Seed of everything random.</summary>
    public ulong Seed => (ulong)Problem.Seed;

    /// <summary>Its data.</summary>
    public ExperimentData Data { get; }

    /// <summary>How networks of every width start.</summary>
    public Embedding Embedding { get; }

    /// <summary>
    /// This model as its limit sees it: the same, or in the lengths of weight vectors and inputs where the limit
    /// is reduced to them.
    /// </summary>
    public Model LimitModel { get; }

    /// <summary>The quadrature rules of the limit's types, one per hidden layer.</summary>
    public IReadOnlyList<IQuadratureRule> Rules =>
        [.. Problem.Limit.Types!.Select((spec, i) => TypeRules.Build(spec, this, i + 1, randomisation: 0))];

    /// <summary>Most neurons of a hidden layer that ride along with the limit as tracers.</summary>
    public int Tracers => Problem.Couple.Tracers
        ?? (Problem.Limit.Reduction == Reduction.None && Problem.Scaling is null ? DefaultTracers : 0);

    /// <summary>Its loss.</summary>
    public ILoss Loss { get; }

    /// <summary>Learning rates xi_1..xi_L, for the limit and for finite networks.</summary>
    public IReadOnlyList<ISchedule> Schedules =>
        [.. Problem.Network.Layers.Select(l => l.Rate?.Build() ?? new ConstantSchedule(1))];

    /// <summary>What networks and limits descend.</summary>
    public Objective Objective => new(Loss, Data, Schedules, Problem.Training.WeightDecay);

    /// <summary>How finite networks move.</summary>
    public IDynamics Dynamics => Problem.Training is var t && t.Dynamics == DynamicsKind.Flow
        ? new GradientFlow(t.Method, t.Tolerance, t.Step, t.LongestStep) { MostImplicit = MostImplicit }
        : IsSgd ? new StochasticGradientDescent(t.Step!.Value, t.Batch!.Value) { Precision = t.Precision }
        : Noisy(NoisyStep);

    /// <summary>The step of a law of motion with noise.</summary>
    public double NoisyStep => Problem.Training.LongestStep ?? Problem.Training.Time / DefaultSteps;

    /// <summary>How the limit moves.</summary>
    public IDynamics LimitDynamics => Problem.Limit is var l && (l.Dynamics == DynamicsKind.Sgd || IsNoisy)
        ? Dynamics is StochasticGradientDescent sgd ? sgd with { Precision = Precision.Double } : Dynamics
        : new GradientFlow(l.Method, l.Tolerance, l.Step, l.LongestStep) { MostImplicit = MostImplicit };

    /// <summary>The law of motion of networks and limits alike, where it is one with noise.</summary>
    public IDynamics Noisy(double step) => Problem.Training is { Dynamics: DynamicsKind.SgdDiffusion } t
        ? new SgdDiffusionDynamics(t.Noise ?? SgdNoise.PerParticle, t.Step!.Value, t.Batch!.Value, step)
        : new LangevinDynamics(Temperature, step);

    /// <summary>That of Langevin dynamics.</summary>
    public double Temperature => Problem.Training.Temperature ?? DefaultTemperature;

    /// <summary>What is random in the motion of the limit: under SGD it shares the batches of all networks.</summary>
    public Draw LimitDraw => new(Seed);

    /// <summary>Whether finite networks are trained by SGD.</summary>
    internal bool IsSgd => Problem.Training.Dynamics == DynamicsKind.Sgd;

    /// <summary>Whether the law of motion has noise that stays in the limit.</summary>
    public bool IsNoisy => Problem.Training.IsNoisy;

    // Finite networks under SGD draw from a continuous law anew; a limit that does not keeps to its sample of it, or to
    // nodes that stand for all of it.
    internal bool HasDataError => Data.Endless && Problem.Limit.Dynamics != DynamicsKind.Sgd
        && (IsSgd || Data.Watched is not null);

    // With tracers the limit is a larger system: what the method auto chooses must not depend on them.
    private int MostImplicit => Tracers > 0 ? 0 : AutomaticMethod.SmallSystem;

    /// <summary>When trajectories are recorded, the first at 0, the last at the final time.</summary>
    public double[] SaveTimes { get; }

    /// <summary>Whether it ends where its limit did, and stops at no condition.</summary>
    public bool Stopped { get; }

    /// <summary>The longest time between two saves; 0 where there is one save alone.</summary>
    internal double LongestSave => SaveTimes.Zip(SaveTimes.Skip(1), (a, b) => b - a).DefaultIfEmpty().Max();

    /// <summary>
    /// The points at which predictions are recorded and compared: training points, or a sample of the law that they are
    /// nodes of.
    /// </summary>
    public Dataset Watched { get; }

    internal IEnumerable<Dataset> DataSets => new[] { Data.Train, Watched, Data.Test }.OfType<Dataset>().Distinct();

    /// <summary>
    /// The model of a checked problem; <paramref name="dataFolder"/> is where its data files are, if not beside it.
    /// </summary>
    /// <exception cref="ProblemException">A data file or a value cannot be used.</exception>
    public static Model Build(LoadedProblem loaded, string? dataFolder) =>
        Build(loaded, DataLoader.Load(loaded, dataFolder));

    /// <summary>The model of a problem put together in code; its data files are in the current folder.</summary>
    /// <exception cref="ProblemException">The problem is refused, or a data file cannot be used.</exception>
    public static Model Build(Problem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var loaded = new LoadedProblem(problem, problem.Name, Environment.CurrentDirectory);
        ProblemCheck.Check(loaded);
        return Build(loaded, dataFolder: null);
    }

    /// <summary>
    /// A variant of the model: another network, training, limit or coupling on the same data. The data, the seed
    /// and the loss of <paramref name="problem"/> must be this model's.
    /// </summary>
    /// <exception cref="ProblemException">The variant is refused.</exception>
    public Model With(Problem problem, ExperimentData? data = null)
    {
        var loaded = Loaded with { Problem = problem };
        ProblemCheck.Check(loaded);
        return Build(loaded, data ?? Data);
    }

    private static Model Build(LoadedProblem loaded, ExperimentData data)
    {
        DataRules.Check(loaded, data);
        DataPlan.CheckRotation(loaded, data.Train.Inputs);
        var (embedding, limit) = TypeRules.Complete(loaded.Problem, data,
            directions => ProblemEmbedding.Build(loaded.Problem, data.Train, directions));
        if (NoiseCheck.IsOwn(loaded.Problem)) limit = limit with { Paths = NoiseCheck.Paths(loaded.Problem) };
        if (embedding.Scaling is not null) InitialFunction.Check(loaded, data, embedding);
        var model = new Model(loaded with { Problem = loaded.Problem with { Limit = limit } }, data, embedding);
        MemoryPlan.CheckLimit(model);
        if (ScalingCheck.DrawsInitial(model.Problem)
            && KernelCheck.Refuse(InitialFunction.Points(data), KernelLayers.Of(model)) is { } refusal)
            throw loaded.Error(refusal.Path, refusal.Rule);
        return model;
    }

    /// <summary>
    /// What is random in the motion of a network. Against a limit under SGD it is the limit's, so that width alone
    /// makes the gap, and so is noise that all neurons share; else every replicate draws its own, as the theorems
    /// have it.
    /// </summary>
    public Draw NetworkDraw(int replicate) =>
        new(Problem.Limit.Dynamics == DynamicsKind.Sgd || Problem.Training.Noise == SgdNoise.Shared ? Seed
            : Streams.SeedOf(Seed, replicate));

    /// <summary>Whether its limit is a kernel's: that of the NTK scaling at an infinite width.</summary>
    public bool IsKernel => ScalingCheck.IsKernel(Problem);

    /// <summary>What initial functions are drawn from in a scaling; the same of all its limits.</summary>
    public InitialProcess InitialProcess => process.Value;

    /// <summary>The limit at time 0, on the nodes that the problem asks for.</summary>
    public Ensemble InitialLimit() => LimitModel.Discretise(Rules);

    /// <summary>
    /// The limit at time 0 on nodes of other rules; in a scaling with the factors of a width, and the initial function
    /// where it has one.
    /// </summary>
    internal Ensemble Discretise(IReadOnlyList<IQuadratureRule> rules)
    {
        if (Embedding.Scaling is not { } scaling) return Embedding.Discretise(rules);
        var limit = Embedding.Discretise(rules, scaling.Reference * (Problem.Limit.Ratio ?? scaling.Exponents.Far));
        if (Problem.Limit.Ratio is not null || !scaling.Exponents.ForgetsInitial)
            InitialFunction.AddTo(limit, this);
        return limit;
    }

    /// <summary>Neurons of each hidden layer of networks of a width: that width times <c>couple.ratios</c>.</summary>
    public int[] Hidden(int width) => [.. Enumerable.Range(0, Embedding.Architecture.Depth - 1)
        .Select(i => width * Problem.Couple.RatioOf(i + 1))];

    /// <summary>A finite network; weights depend on the seed of the replicate and on neurons alone.</summary>
    public Ensemble Sample(IReadOnlyList<int> widths, int replicate)
    {
        var network = Embedding.Sample(widths, Streams.SeedOf(Seed, replicate));
        if (Embedding.Scaling is not { Exponents.KeepsInitial: true } scaling) return network;
        var kept = scaling.Factor * Math.Sqrt(scaling.Reference / widths[0]) / scaling.Sigma(widths[0]) - 1;
        var offset = new Offset();
        foreach (var data in DataSets)
        {
            var predictor = new Predictor(network, data, new ManagedEngine(1));
            predictor.Predict(network.State);
            TensorPrimitives.Multiply(predictor.Predictions, kept, predictor.Predictions);
            offset.At(data, predictor.Predictions);
        }
        network.Offset = offset;
        return network;
    }

    /// <summary>
    /// The same on another independent sample of the continuous law of its data, watched at the same points.
    /// </summary>
    internal Model OnOtherSample() => OnData(DataLoader.Load(Loaded, null, sample: 1), Embedding, Watched);

    /// <summary>
    /// The limit's model with its data on the nodes of another rule, watched at the same points and times.
    /// </summary>
    internal Model OnNodes(RuleSpec rule, int randomisation) =>
        OnData(GeneratedData.OnNodes(Loaded, rule, randomisation), Embedding, Watched);

    /// <summary>It in the lengths of weight vectors and inputs, with a share of the nodes.</summary>
    internal Model Reduced(double share) => OnData(IsotropicReduction.Data(Problem, Data, share),
        IsotropicReduction.Embedding(Embedding, Problem.Limit, share),
        IsotropicReduction.Lengths(Watched));

    /// <summary>The same on other data, to the same time, recorded at the same times.</summary>
    private Model OnData(ExperimentData data, Embedding embedding, Dataset watched) =>
        new(Loaded, data, embedding, watched, SaveTimes, Stopped);

    /// <summary>The same model with another discretisation of its limit.</summary>
    internal Model WithLimit(LimitSpec limit) => new(Loaded with { Problem = Problem with { Limit = limit } }, Data,
        Embedding, Watched, SaveTimes, Stopped)
    { process = process };

    /// <summary>The same model whose limit starts at f0 [point, K], training points first, then test points.</summary>
    /// <exception cref="ArgumentException">f0 has not a value for each output at each point.</exception>
    public Model StartingAt(double[] f0)
    {
        ArgumentNullException.ThrowIfNull(f0);
        var (points, outputs) = (Data.Train.Count + (Data.Test?.Count ?? 0), Data.Train.Outputs);
        if (f0.Length != (long)points * outputs)
            throw new ArgumentException($"f0 must be [{points}, {outputs}], training points first, then test points, " +
                $"got {f0.Length} numbers", nameof(f0));
        return WithLimit(Problem.Limit with { Initial = new() { Values = [.. f0.Chunk(outputs)] } });
    }

    /// <summary>
    /// The same model to the time at which its limit ended, for what is compared with that limit: networks,
    /// tracers and other limits stop at no condition of their own.
    /// </summary>
    internal Model StoppedAt(IEnumerable<double> times) =>
        new(Loaded, Data, Embedding, Watched, [.. times], stopped: true) { process = process };

    /// <summary>
    /// The model whose limit starts at the function of a network and keeps its width where the limit keeps one; null
    /// where the limit is the same beside every network.
    /// </summary>
    public Model? Beside(IReadOnlyList<int> widths, int replicate)
    {
        var limit = Problem.Limit;
        if (Embedding.Scaling is not { } scaling || (limit.Ratio is null && scaling.Exponents.ForgetsInitial))
            return null;
        var network = Sample(widths, replicate);
        var predictor = new Predictor(network, Watched, new ManagedEngine(1));
        predictor.Predict(network.State);
        return WithLimit(limit with { Ratio = limit.Ratio is null ? null : widths[0] / scaling.Reference })
            .StartingAt(predictor.Predictions);
    }
}
