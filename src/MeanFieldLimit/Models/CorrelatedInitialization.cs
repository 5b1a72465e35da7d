using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Embeddings.Means;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Models;

/// <summary>
/// The correlated embedding of problem files: p latents of a neuron for its incoming weights in layers 2..L-1, p for
/// its outgoing ones in layers 1..L-2, all standard normal. With the layer's law N(m, s^2) and the noise nu,
/// w_i = m + s (sqrt(1 - nu) g_i(c, c') + sqrt(nu) z), z independent standard normal. The first layer's incoming
/// coordinates are w_1, the last hidden layer's outgoing ones w_L. Each tap d of a layer on images has a function
/// g_i(c, c', d) of the same latents: features of its own, or the function of the first one with latents turned.
/// </summary>
internal static class CorrelatedInitialization
{
    /// <summary>The embedding; its features derive from <paramref name="seed"/> alone.</summary>
    internal static Embedding Build(Architecture architecture, IReadOnlyList<LayerLaws> laws, MeanFilters filters,
        CorrelatedSpec spec, ulong seed)
    {
        var (depth, p) = (architecture.Depth, spec.Latent);
        var draws = new Embedding(architecture, [.. laws.Select((law, i) => i == 0 || i == depth - 1
            ? law
            : law with { Weights = Shrunk(law.Weights, Math.Sqrt(spec.Noise)) })])
        {
            Filters = filters,
        };
        // Incoming latents come before outgoing ones.
        ILaw[][] latents = [.. Enumerable.Range(1, depth - 1).Select(i =>
            Enumerable.Repeat<ILaw>(new Gaussian(0, 1), (i > 1 ? p : 0) + (i < depth - 1 ? p : 0)).ToArray())];
        ILaw[][] types = [.. latents.Select((hidden, i) => (ILaw[])[.. draws.TypeLaws(i + 1), .. hidden])];
        return draws.Correlated(latents, [.. Enumerable.Range(2, depth - 2).Select(i =>
        {
            var places = new LatentPlaces(types[i - 2].Length - p, types[i - 1].Length - latents[i - 1].Length, p);
            return new LayerMean(laws[i - 1].Weights.StandardDeviation * Math.Sqrt(1 - spec.Noise),
                tap => Mean(spec.Mean, places, types[i - 2], types[i - 1], tap,
                    part => Streams.Features(seed, i, part, tap)));
        })]);
    }

    private static Gaussian Shrunk(ILaw law, double factor) => new(law.Mean, law.StandardDeviation * factor);

    private static IMeanFunction Mean(MeanSpec spec, LatentPlaces places, ILaw[] source, ILaw[] target, int tap,
        Func<int, RandomStream> stream) => spec switch
        {
            RandomFeaturesMean m => new RandomFeatures(places,
                CosineFeatures.Draw(source, places.Count, m.Frequency, stream(0)),
                CosineFeatures.Draw(target, places.Count, m.Frequency, stream(1))),
            _ when tap > 0 => Turned.Draw(Mean(spec, places, source, target, 0, stream), places, stream(1)),
            BilinearMean => new Bilinear(places),
            GaussianKernelMean m => new GaussianKernel(places, m.Length),
            _ => throw new NotSupportedException($"no mean function of kind {spec.GetType().Name}"),
        };
}
