using System.Text.Json.Serialization;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>
/// The law of (yhat_eps - yhat) / sqrt(eps) to first order, yhat_eps being the predictions under SGD of step eps and yhat
/// those under the gradient flow: the derivative of predictions along white noise in time of the masses of the data. The
/// mean, of order eps, is not in it.
/// </summary>
/// <param name="Step">eps of the problem.</param>
/// <param name="Batch">B.</param>
/// <param name="Variances">E[u^2] at each save time, [point, K].</param>
/// <param name="PointShares">The share of each entry in means over points and outputs.</param>
public sealed record PredictedSteps(double Step, int Batch, IReadOnlyList<double[]> Variances, double[] PointShares)
{
    /// <summary>The rms over draws of the largest over save times of the rms over points and outputs.</summary>
    public double Largest { get; init; }

    /// <summary>Draws of the noise.</summary>
    public int Draws { get; init; }

    /// <summary>Intervals of time on which the noise is constant.</summary>
    public int Intervals { get; init; }

    /// <summary>The standard error of <see cref="Gap"/> from the draws.</summary>
    public double StandardError { get; init; }

    /// <summary>
    /// The difference of <see cref="Gap"/> to that of the same Brownian paths on half the intervals, of some of the draws,
    /// with its standard error: three times the error, which is of the second order in their length.
    /// </summary>
    public double IntervalsError { get; init; }

    /// <summary>Whether the intervals are short beside what the flow forgets: only then is their error known.</summary>
    [JsonIgnore]
    internal bool IsResolved => IntervalsError <= MostOfIntervals * Gap;

    private const double MostOfIntervals = 0.1;

    /// <summary>Twice the differences of <see cref="Gap"/> to those on other nodes of each layer's types.</summary>
    public double NodesError { get; init; }

    /// <summary>
    /// 1 / N of some widths N, increasing from 0, and at them the mean square over networks of the largest over save times
    /// of the rms gap, widths and steps together, the law being Gaussian.
    /// </summary>
    public LargestByWidth LargestSquares { get; init; } = new([0], [0]);

    /// <summary>rms over points and outputs of (yhat_eps - yhat) / sqrt(eps) at the final time.</summary>
    [JsonIgnore]
    public double Gap => Rms(Variances.Count - 1);

    /// <summary>The same at save time number k.</summary>
    internal double Rms(int k) => Math.Sqrt(TensorPrimitives.Dot<double>(Variances[k], PointShares));

    /// <summary>The standard deviations of (yhat_eps - yhat) / sqrt(eps) at save time number k, [point, K].</summary>
    public double[] Deviations(int k) => [.. Variances[k].Select(Math.Sqrt)];
}

/// <summary>Mean squares at inverse widths, which increase from 0.</summary>
public sealed record LargestByWidth(double[] Inverses, double[] Squares);
