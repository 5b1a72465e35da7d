namespace MeanFieldLimit.Embeddings.Means;

/// <summary>
/// g(c, c') = (k - E k) / sd k with k = exp(-|out(c) - in(c')|^2 / (2 length^2)): mean 0 and variance 1 for standard
/// normal latents, for which E k^n = (1 + 2n/length^2)^(-p/2).
/// </summary>
internal sealed class GaussianKernel : IMeanFunction
{
    private readonly LatentPlaces places;
    private readonly double length, mean, deviation;

    public GaussianKernel(LatentPlaces places, double length)
    {
        (this.places, this.length, mean) = (places, length, Moment(1, length, places.Count));
        if (!IsVaried(length, places.Count))
            throw new ArgumentException(
                $"the kernel must vary over {places.Count} latents, got almost the same value for all pairs with the " +
                $"length {length}; use a length of about {Math.Sqrt(2 * places.Count):G3}", nameof(length));
        deviation = Math.Sqrt(Moment(2, length, places.Count) - mean * mean);
    }

    /// <summary>Whether k has a standard deviation above 1e-6, for <paramref name="latents"/> latents.</summary>
    public static bool IsVaried(double length, int latents) =>
        Moment(2, length, latents) - Math.Pow(Moment(1, length, latents), 2) > 1e-12;

    public double At(ReadOnlySpan<double> source, ReadOnlySpan<double> target)
    {
        var distance = TensorPrimitives.Distance(places.Of(source), places.To(target)) / length;
        return (Math.Exp(-distance * distance / 2) - mean) / deviation;
    }

    private static double Moment(int n, double length, int latents) =>
        Math.Pow(1 + 2 * n / (length * length), -latents / 2.0);
}
