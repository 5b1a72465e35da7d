// Documented by [Description], as in Problem.cs.
#pragma warning disable CS1591

using System.ComponentModel;
using MeanFieldLimit.Networks.Losses;

namespace MeanFieldLimit.Problems;

/// <summary>How finite networks are trained, in the time of the limit (SGD: t = step count times step).</summary>
public sealed record TrainingSpec
{
    [Description("The loss; the risk is its expectation over the data.")]
    [NameOf<ILoss>]
    public required string Loss { get; init; }

    [Description("The final time T in the time of the limit; SGD takes T / step steps.")]
    [Positive]
    public required double Time { get; init; }

    [Description("The limit stops, before the final time, where one of these conditions is met; networks go to the " +
        "same time.")]
    public UntilSpec? Until { get; init; }

    [Description("flow: gradient flow on the whole data. sgd: stochastic gradient descent on sampled batches.")]
    public Dynamics Dynamics { get; init; } = Dynamics.Flow;

    [Description("sgd: the learning rate, the time of one step. flow: the step of a method without error estimate.")]
    [Positive]
    public double? Step { get; init; }

    [Description("sgd: number of data points per step.")]
    [AtLeast(1)]
    public int? Batch { get; init; }

    [Description("flow: the time stepping method. auto chooses as it goes and says what and why.")]
    [MethodName]
    public string Method { get; init; } = "dormand-prince";

    [Description("flow: the relative tolerance of methods with an error estimate.")]
    [Between(1e-13, 0.1)]
    public double Tolerance { get; init; } = 1e-5;

    [Description("flow, methods with an error estimate: no step is longer, in units of time. To see what happens on " +
        "a short interval late in a run.")]
    [Positive]
    public double? LongestStep { get; init; }
}

/// <summary>Conditions at which a limit stops, whichever is met first.</summary>
[Description("Conditions at which a limit stops, whichever is met first: found inside a step to the order of the " +
    "method under the flow; looked for at the save times only where networks are trained by SGD, which has no time " +
    "between its steps.")]
public sealed record UntilSpec
{
    [Description("The risk on the training points has fallen to this.")]
    [Positive]
    public double? Risk { get; init; }

    [Description("A steady state: the velocity of the parameters, on all training points and with the learning rates " +
        "of that time, has fallen to this in the mass-weighted norm, in which d risk/dt = -velocity^2 at rates 1.")]
    [Positive]
    public double? Velocity { get; init; }
}

/// <summary>Gradient flow on the whole data, or SGD on sampled batches.</summary>
public enum Dynamics { Flow, Sgd }
