using System.ComponentModel;
using MeanFieldLimit.Networks.Losses;

namespace MeanFieldLimit.Problems;

/// <summary>
/// The loss, the time, and the law of motion of networks and limits, in the time of the limit (SGD: t = step count
/// times step).
/// </summary>
public sealed record TrainingSpec
{
    [Description("The loss; the risk is its expectation over the data."), NameOf<ILoss>]
    public required string Loss { get; init; }

    [Description("The final time T in the time of the limit; SGD takes T / step steps."), Positive]
    public required double Time { get; init; }

    [Description("The limit stops, before the final time, where one of these conditions is met; networks go to the " +
        "same time.")]
    public UntilSpec? Until { get; init; }

    [Description("The law of motion of networks and of their limit. flow: gradient flow on the whole data. sgd: " +
        "stochastic gradient descent on sampled batches. langevin: noisy gradient descent, dw = velocity dt + " +
        "sqrt(2 temperature) dB. sgd-diffusion: sgd as a diffusion, whose noise has the covariance of the gradient.")]
    public DynamicsKind Dynamics { get; init; } = DynamicsKind.Flow;

    [Description("sgd: the learning rate, the time of one step. sgd-diffusion: that of the sgd it stands for. flow: " +
        "the step of a method without error estimate."), Positive]
    public double? Step { get; init; }

    [Description("sgd, sgd-diffusion: number of data points per step."), AtLeast(1)]
    public int? Batch { get; init; }

    [Description("sgd: single makes the matrix products of finite networks in single precision, as programs that train " +
        "networks do, with weights in double precision. Limits are in double precision always.")]
    public Precision Precision { get; init; }

    [Description("langevin: the temperature; 0.1 where absent."), AtLeast(0)]
    public double? Temperature { get; init; }

    [Description("sgd-diffusion: per-particle, independent from neuron to neuron, where absent; or shared, the same " +
        "for all neurons, as a batch makes it.")]
    public SgdNoise? Noise { get; init; }

    [Description("lambda of the weight decay: lambda/2 |w|^2 of the weights, not of biases, is descended beside the " +
        "risk."), AtLeast(0)]
    public double WeightDecay { get; init; }

    [Description("flow: the time stepping method. auto chooses as it goes and says what and why."), MethodName]
    public string Method { get; init; } = "dormand-prince";

    [Description("flow: the relative tolerance of methods with an error estimate."), Between(1e-13, 0.1)]
    public double Tolerance { get; init; } = 1e-5;

    [Description("flow, methods with an error estimate: no step is longer, in units of time. To see what happens on " +
        "a short interval late in a run. langevin, sgd-diffusion: the step of the method of Euler and Maruyama; a " +
        "hundredth of the time where absent."), Positive]
    public double? LongestStep { get; init; }

    /// <summary>Whether the law of motion has noise that stays in the limit.</summary>
    internal bool IsNoisy => Dynamics is DynamicsKind.Langevin or DynamicsKind.SgdDiffusion;
}

[Description("Conditions at which a limit stops, whichever is met first: found inside a step to the order of the " +
    "method under the flow; looked for at the save times only where networks are trained by SGD, which has no time " +
    "between its steps.")]
public sealed record UntilSpec
{
    [Description("The risk on the training points has fallen to this."), Positive]
    public double? Risk { get; init; }

    [Description("A steady state: the velocity of the parameters, on all training points and with the learning rates " +
        "of that time, has fallen to this in the mass-weighted norm, in which d risk/dt = -velocity^2 at rates 1. " +
        "Not with weightDecay.")]
    [Positive]
    public double? Velocity { get; init; }
}

/// <summary>Laws of motion.</summary>
public enum DynamicsKind { Flow, Sgd, Langevin, SgdDiffusion }

/// <summary>Which neurons see which noise of the gradient.</summary>
public enum SgdNoise
{
    /// <summary>
    /// Every neuron its own Brownian motions, independent of all others (De Bortoli, Durmus, Fontaine and Simsekli,
    /// arXiv:2007.06352): the limit is a McKean-Vlasov diffusion.
    /// </summary>
    PerParticle,

    /// <summary>
    /// One Brownian motion per data point, for all neurons together, as a minibatch acts on them: noise in common does
    /// not average out, and the limit is a McKean-Vlasov diffusion conditional on it.
    /// </summary>
    Shared,
}
