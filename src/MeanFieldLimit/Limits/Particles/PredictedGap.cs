using System.Text.Json.Serialization;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>
/// The law of sqrt(N) (yhat_N - yhat) to first order, from the limit alone: a network whose hidden layers have N_i
/// sampled neurons is the limit with masses p_i + N_i^(-1/2) dp_i, dp_i white noise over the types with covariance
/// diag(p_i) - p_i p_i^T, independent over layers; what is idiosyncratic in middle weights enters at order 1/N. Hence
/// Cov = sum_i (N / N_i) E[u_i u_i^T], u_i being the derivative of predictions along dp_i.
/// </summary>
/// <param name="Times">Save times.</param>
/// <param name="Variances">E[u_i^2] of layer i = 1..L-1 at each save time, [point, K].</param>
/// <param name="PointShares">The share of each entry in means over points and outputs.</param>
public sealed record PredictedGap(IReadOnlyList<double> Times, IReadOnlyList<IReadOnlyList<double[]>> Variances,
    double[] PointShares)
{
    /// <summary>Points and outputs that a covariance is kept of: at most so many, <see cref="Evenly"/>.</summary>
    public const int MostOfCovariance = 32;

    /// <summary>
    /// E[u_i u_i^T] of layer i = 1..L-1 at the final time, [entry, entry] row by row, of at most
    /// <see cref="MostOfCovariance"/> entries.
    /// </summary>
    public IReadOnlyList<double[]> Covariances { get; init; } = [];

    /// <summary>How many derivatives it took.</summary>
    public int Directions { get; init; }

    /// <summary>
    /// The width of networks whose masses limits were really moved by, for central differences in the place of
    /// derivatives; null where these are derivatives.
    /// </summary>
    public int? MovedWidth { get; init; }

    /// <summary>How it was had.</summary>
    [JsonIgnore]
    public string Method => MovedWidth is null ? "tangent" : "perturbed masses";

    /// <summary>The standard error of <see cref="Gap"/> from the draws of dp; 0 where every type was a direction.</summary>
    public double StandardError { get; init; }

    /// <summary>Twice the differences of <see cref="Gap"/> to those on other nodes of each layer's types.</summary>
    public double NodesError { get; init; }

    /// <summary>
    /// The rms over networks of the largest over save times of sqrt(N) times the rms over points and outputs, the law
    /// being Gaussian: larger than <see cref="Largest"/>, for networks differ in when.
    /// </summary>
    public double LargestOfNetworks { get; init; }

    /// <summary>What the steps of SGD add; null under other dynamics, or where it is not predicted.</summary>
    public PredictedSteps? Steps { get; init; }

    /// <summary>Why what the steps of SGD add is not predicted.</summary>
    public string? WithoutSteps { get; init; }

    /// <summary>The pathwise gap of parameters; null where it is not asked for, or not predicted.</summary>
    public PredictedParameters? Parameters { get; init; }

    /// <summary>Why that of parameters is not predicted.</summary>
    public string? WithoutParameters { get; init; }

    /// <summary>The mean of N (yhat_N - yhat); null where it is not asked for, or not predicted.</summary>
    public PredictedBias? Bias { get; init; }

    /// <summary>Why that mean is not predicted.</summary>
    public string? WithoutBias { get; init; }

    /// <summary>The rms gap of networks of width N at the final time, with that of the steps of SGD.</summary>
    public double At(double n) => Math.Sqrt(Gap * Gap / n + (Steps is { } s ? s.Gap * s.Gap * s.Step : 0));

    /// <summary>The rms over networks of width N of the largest over save times, with that of the steps of SGD.</summary>
    public double LargestAt(double n)
    {
        if (Steps is not { LargestSquares: var (inverses, squares) }) return LargestOfNetworks / Math.Sqrt(n);
        var x = 1 / n;
        var i = inverses.Count(known => known <= x);
        return Math.Sqrt(i == inverses.Length
            ? squares[^1] + LargestOfNetworks * LargestOfNetworks * (x - inverses[^1])
            : squares[i - 1] + (squares[i] - squares[i - 1]) * (x - inverses[i - 1]) / (inverses[i] - inverses[i - 1]));
    }

    /// <summary>rms over points and outputs of sqrt(N) (yhat_N - yhat) at the final time, all widths being N.</summary>
    [JsonIgnore]
    public double Gap => Rms(Times.Count - 1);

    /// <summary>The same at the save time where it is largest.</summary>
    [JsonIgnore]
    public double Largest => Enumerable.Range(0, Times.Count).Max(Rms);

    /// <summary>What each hidden layer alone adds to <see cref="Gap"/>: they add in squares.</summary>
    [JsonIgnore]
    public IReadOnlyList<double> PerLayer => [.. Variances.Select(v => Math.Sqrt(Mean(v[^1])))];

    /// <summary>The rms at save time number k.</summary>
    public double Rms(int k) => Math.Sqrt(Variances.Sum(v => Mean(v[k])));

    /// <summary>The standard deviations of sqrt(N) (yhat_N - yhat) at save time number k, [point, K].</summary>
    public double[] Deviations(int k) =>
        [.. Enumerable.Range(0, PointShares.Length).Select(n => Math.Sqrt(Variances.Sum(v => v[k][n])))];

    /// <summary>The standard deviations of yhat_N - yhat at the final time, with those of the steps of SGD, [point,
    /// K].</summary>
    public double[] DeviationsAt(double n) => [.. Deviations(Times.Count - 1).Select((sd, i) => Math.Sqrt(sd * sd / n
        + (Steps is { } s ? s.Variances[^1][i] * s.Step : 0)))];

    /// <summary>At most so many of the numbers 0..count - 1, evenly spaced.</summary>
    public static int[] Evenly(int count, int most) =>
        [.. Enumerable.Range(0, Math.Min(count, most)).Select(i => (int)((long)i * count / Math.Min(count, most)))];

    internal double Mean(ReadOnlySpan<double> squares) => TensorPrimitives.Dot(squares, PointShares);
}
