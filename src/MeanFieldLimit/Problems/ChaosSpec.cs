using System.ComponentModel;

namespace MeanFieldLimit.Problems;

/// <summary>SGD of step gamma N^(beta - 1) as a diffusion, and mean-field Langevin dynamics, on two layers.</summary>
public sealed record ChaosSpec
{
    [Description("Kinds of noise, each measured by itself. per-particle: the noise of SGD, independent from neuron " +
        "to neuron. shared: that noise the same for all neurons, as a batch makes it. langevin: " +
        "noisy gradient descent, of training.temperature.")]
    [Items(1, Remedy = "name one kind or more, such as [\"per-particle\"]")]
    public IReadOnlyList<ChaosNoise> Noise { get; init; } = [ChaosNoise.PerParticle];

    [Description("Exponents of the step: a network of width N has the noise of SGD with step gamma N^(beta - 1). " +
        "Below 1 the limit is the gradient flow, at 1 a McKean-Vlasov diffusion. Strictly increasing.")]
    [Items(1, Remedy = "give one exponent or more, such as [0, 0.5, 1]")]
    [Between(0, 1)]
    public IReadOnlyList<double> Betas { get; init; } = [0, 0.25, 0.5, 0.75, 1];

    [Description("gamma: the step of SGD at beta = 1."), Positive]
    public double Gamma { get; init; } = 1;

    [Description("Data points per step of SGD."), AtLeast(1)]
    public int Batch { get; init; } = 1;

    [Description("Steps of the Euler-Maruyama method until training.time, the same for networks and limits.")]
    [Between(1, 1_000_000)]
    public int Steps { get; init; } = 100;

    [Description("The j of groups of j neurons that are compared with j independent copies of the limit process.")]
    [AtLeast(1)]
    public int Particles { get; init; } = 4;

    [Description("Paths of the noise at each type of the limit where neurons have noise of their own, in pairs of " +
        "opposite sign; an even number."), AtLeast(2)]
    public int Paths { get; init; } = 8;

    [Description("Histograms are of the weights of this input, counted from 0."), AtLeast(0)]
    public int Coordinate { get; init; }

    [Description("Independent draws from the law of the limit for its density."), Between(100, 1_000_000)]
    public int Draws { get; init; } = 2000;

    [Description("Further values of gamma, at which the limit at beta = 1 is set beside the deterministic one.")]
    [Positive]
    public IReadOnlyList<double> Gammas { get; init; } = [];
}

/// <summary>Kinds of noise.</summary>
public enum ChaosNoise { PerParticle, Shared, Langevin }
