using System.Text.Json.Serialization;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>
/// The law to first order of sqrt(N) times the L2 pathwise gap of parameters, between the neurons of a network and the same
/// neurons riding along with the limit: the root of the sum over layers of the mean squares of the gaps of W_i and b_i.
/// </summary>
/// <param name="Rms">Its rms over networks at each save time.</param>
public sealed record PredictedParameters(IReadOnlyList<double> Rms)
{
    /// <summary>The rms over networks of the largest over save times.</summary>
    public double Largest { get; init; }

    /// <summary>The standard error of <see cref="Largest"/> from draws of the noise of masses.</summary>
    public double StandardError { get; init; }

    /// <summary>Twice the difference of <see cref="Largest"/> to that on other nodes of all types.</summary>
    public double NodesError { get; init; }

    /// <summary>How many derivatives it took.</summary>
    public int Directions { get; init; }

    /// <summary>The rms at the final time.</summary>
    [JsonIgnore]
    public double Gap => Rms[^1];
}
