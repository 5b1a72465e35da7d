using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MeanFieldLimit.Problems;

/// <summary>How the initial weights of different neurons are related.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(IidSpec), "iid")]
[JsonDerivedType(typeof(CorrelatedSpec), "correlated")]
public abstract record EmbeddingSpec;

[Description("All initial weights and biases are independent.")]
public sealed record IidSpec : EmbeddingSpec;

[Description("The weights between hidden layers are a common function of standard normal latent coordinates of their " +
    "two neurons, with the mean and the standard deviation of the layer's law, which must be gaussian or constant. " +
    "On images each place of a window has a function of its own. The weights of the first and the last layer and the " +
    "biases are independent.")]
public sealed record CorrelatedSpec : EmbeddingSpec
{
    [Description("Number of latent coordinates that a neuron has for its incoming weights, and as many for its " +
        "outgoing ones; those of the first and the last layer need none. At least 2 under bilinear and " +
        "gaussian-kernel where a window has more than one place."), Between(1, 1000)]
    public int Latent { get; init; } = 1;

    [Description("The function of the latents; random-features where absent.")]
    public MeanSpec Mean { get; init; } = new RandomFeaturesMean();

    [Description("The part of the variance that is an independent draw for every weight; 0 gives functions of the " +
        "latents alone, 1 independent weights."), Between(0, 1)]
    public double Noise { get; init; }
}

/// <summary>The function g of the latents, of mean 0 and variance 1.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RandomFeaturesMean), "random-features")]
[JsonDerivedType(typeof(BilinearMean), "bilinear")]
[JsonDerivedType(typeof(GaussianKernelMean), "gaussian-kernel")]
public abstract record MeanSpec;

/// <summary>Sums of in_k(c') phi_k(c) and out_k(c) psi_k(c') with random cosines.</summary>
[Description("Sums of latents of one neuron times random cosines of the whole type of the other, drawn with the " +
    "seed of the problem.")]
public sealed record RandomFeaturesMean : MeanSpec
{
    [Description("Standard deviation of the arguments of the cosines."), Inside(0, 1e6)]
    public double Frequency { get; init; } = 1;
}

[Description("The inner product of the latents of both neurons over the root of their number.")]
public sealed record BilinearMean : MeanSpec;

[Description("exp(-distance^2 / (2 length^2)) of the latents of both neurons, centred and scaled.")]
public sealed record GaussianKernelMean : MeanSpec
{
    [Description("The length."), Positive]
    public required double Length { get; init; }
}
