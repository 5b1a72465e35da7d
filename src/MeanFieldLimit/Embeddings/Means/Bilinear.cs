namespace MeanFieldLimit.Embeddings.Means;

/// <summary>
/// g(c, c') = (1/sqrt p) sum_k out_k(c) in_k(c'): mean 0 and variance 1 for standard latents. The functions g(., C')
/// and g(C, .) fill the linear functions of p latents.
/// </summary>
internal sealed class Bilinear(LatentPlaces places) : IMeanFunction
{
    public double At(ReadOnlySpan<double> source, ReadOnlySpan<double> target) =>
        TensorPrimitives.Dot(places.Of(source), places.To(target)) / Math.Sqrt(places.Count);
}
