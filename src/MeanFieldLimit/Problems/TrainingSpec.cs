// Documented by [Description], as in Problem.cs.
#pragma warning disable CS1591

using System.ComponentModel;
using MeanFieldLimit.Losses;

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
}

/// <summary>Gradient flow on the whole data, or SGD on sampled batches.</summary>
public enum Dynamics { Flow, Sgd }
