using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MeanFieldLimit.Problems;

/// <summary>A problem file: the data, the network, its training, its limit, what is recorded and compared.</summary>
public sealed record Problem
{
    [Description("Where editors find the JSON Schema of problem files; it has no effect.")]
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    [Description("A short name, for titles."), NonEmpty]
    public string Name { get; init; } = "problem";

    [Description("What the problem asks, in a sentence or two, for the report.")]
    public string? Description { get; init; }

    [Description("The seed that every random number of the run derives from.")]
    public long Seed { get; init; } = 1;

    [Description("Where the data comes from.")]
    public required DataSpec Data { get; init; }

    [Description("The network and the laws of its initial parameters.")]
    public required NetworkSpec Network { get; init; }

    [Description("How sums and learning rates go with the width; the mean-field scaling, with sums divided by their " +
        "number of terms, where absent.")]
    public ScalingSpec? Scaling { get; init; }

    [Description("The loss, the time, and the law of motion of networks and limits.")]
    public required TrainingSpec Training { get; init; }

    [Description("How the infinite-width limit is discretised and solved.")]
    public LimitSpec Limit { get; init; } = new();

    [Description("What is recorded.")]
    public RecordSpec Record { get; init; } = new();

    [Description("Which finite networks are compared with the limit.")]
    public CoupleSpec Couple { get; init; } = new();

    [Description("The limit of a two-layer network as the density of its neurons (mfl density).")]
    public DensitySpec? Density { get; init; }

    [Description("SGD as a diffusion and its propagation of chaos (mfl chaos), for the widths and seeds of couple.")]
    public ChaosSpec? Chaos { get; init; }

    [Description("Output scales at which training is lazy or rich (mfl lazy).")]
    public LazySpec? Lazy { get; init; }

    [Description("Which limit of a scaling is the best proxy of networks of the reference width (mfl proxy).")]
    public ProxySpec? Proxy { get; init; }

    [Description("Over which laws of neurons the infimum of the risk is taken (mfl statics).")]
    public StaticsSpec? Statics { get; init; }

    [Description("For which batches and steps of SGD the end of training is a stable minimum (mfl stability).")]
    public StabilitySpec? Stability { get; init; }

    [Description("Which gradient descents are compared by the sharpness that they end at (mfl sharpness), each to " +
        "training.time, with so many seeds of the first width of couple.")]
    public SharpnessSpec? Sharpness { get; init; }

    [Description("What is asked of the predicted gap (mfl widths, mfl advise).")]
    public AdviseSpec? Advise { get; init; }

    [Description("Teacher and student: which functions gradient descent picks (mfl bias).")]
    public BiasSpec? Bias { get; init; }
}

/// <summary>What is recorded: save times in [0, T] (0 and T always) and at most so many data points.</summary>
public sealed record RecordSpec
{
    [Description("Number of intervals between save times; 0 and the final time are always saved."), Between(1, 100_000)]
    public int Saves { get; init; } = 12;

    [Description("At so many of the save times, spread evenly, the neurons of the limit are kept in state.npz, with " +
        "their masses; the first and the last always."), Between(2, 100_000)]
    public int States { get; init; } = 2;

    [Description("Spacing of the save times.")]
    public Spacing Spacing { get; init; } = Spacing.Linear;

    [Description("Predictions are recorded and compared on at most so many training points, under an expectation " +
        "over generated data on so many points drawn from its law; risk and error rate are of all points."), AtLeast(1)]
    public int Points { get; init; } = 2000;

    [Description("What is recorded of the curvature of the risk, of networks and of their limit: sharpness, the largest " +
        "eigenvalue of the Hessian in the mass metric, which gradient descent of step eta is stable below 2/eta of; " +
        "non-uniformity, the root of the largest eigenvalue of the covariance of the points' Hessians.")]
    public IReadOnlyList<CurvatureProbe> Probes { get; init; } = [];

    [Description("For probes: the exact Hessian (of relu and leaky-relu, which have no second derivative, the " +
        "Gauss-Newton part), or the Gauss-Newton part alone, which is all of it where every point is fitted exactly, " +
        "and whose covariance costs less.")]
    public HessianKind Hessian { get; init; } = HessianKind.Exact;
}

/// <summary>What may be recorded of the curvature of the risk at the save times.</summary>
public enum CurvatureProbe
{
    /// <summary>The largest eigenvalue of the Hessian in the mass metric.</summary>
    Sharpness,

    /// <summary>The root of the largest eigenvalue of the covariance of the points' Hessians.</summary>
    NonUniformity,
}

/// <summary>Which Hessian of the risk.</summary>
public enum HessianKind
{
    /// <summary>All of it; the Gauss-Newton part where an activation has no second derivative.</summary>
    Exact,

    /// <summary>E_P[J^T l'' J], which is all of it where every point is fitted exactly.</summary>
    GaussNewton,
}

/// <summary>Spacing of the save times.</summary>
public enum Spacing { Linear, Logarithmic }

/// <summary>Which finite networks are coupled to the limit.</summary>
public sealed record CoupleSpec
{
    [Description("Widths of the hidden layers, strictly increasing.")]
    [Items(1, Remedy = "give one width or more, such as [100, 200, 400]")]
    [AtLeast(1, Remedy = "use a positive number of neurons")]
    public IReadOnlyList<int> Widths { get; init; } = [100, 200, 400, 800, 1600];

    [Description("Neurons of each hidden layer for one of the width: [1, 32] gives layers of 100 and 3200 neurons at " +
        "the width 100. Where absent all hidden layers have the width."), Items(2), Between(1, 10_000)]
    public IReadOnlyList<int>? Ratios { get; init; }

    [Description("Number of independent networks sampled at every width."), Between(1, 100_000)]
    public int Seeds { get; init; } = 24;

    [Description("At most so many neurons of every hidden layer ride along with the limit as tracers, the first " +
        "ones, for pathwise gaps of parameters and pre-activations; 0 for none. Every network then takes the " +
        "limit's run again, with the tracers in it. Where absent 400, or 0 beside a reduced limit."), AtLeast(0)]
    public int? Tracers { get; init; }

    [Description("Studies of the step: lengths of the steps of SGD, each a whole fraction of the one before. Where " +
        "absent, fractions of training.step or of the time between saves."), Items(1), Positive]
    public IReadOnlyList<double>? Steps { get; init; }

    [Description("Joint study: the bound holds with probability 1 - delta."), Inside(0, 1)]
    public double Delta { get; init; } = 0.1;

    [Description("Depth study: numbers of layers, made by repeating layer 2; four from the problem's own where " +
        "absent."), Items(1), Between(2, 1000)]
    public IReadOnlyList<int>? Depths { get; init; }

    [Description("Time study: the final time; ten times training.time where absent."), Positive]
    public double? LongTime { get; init; }

    /// <summary>Neurons of hidden layer i for one of the width.</summary>
    internal int RatioOf(int layer) => Ratios?[layer - 1] ?? 1;
}
