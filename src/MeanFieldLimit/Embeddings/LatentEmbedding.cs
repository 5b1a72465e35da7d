using MeanFieldLimit.Embeddings.Means;
using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Embeddings;

/// <summary>Scale * Function(c, c'): what a layer's weights have in addition to independent draws.</summary>
internal readonly record struct LayerMean(double Scale, IMeanFunction Function);

/// <summary>
/// Correlated initialization: w_i(c, c') = a_i g_i(c, c') + an independent draw, for the weights of layers 2..L-1. The
/// type of a neuron is what it is under independent initialization (<see cref="IidEmbedding"/>) joined by latent
/// coordinates, which its parameters do not show. w_1, the biases and w_L stay coordinates of the type, without noise
/// of their own. The limit sees of the draws their mean alone, as everywhere.
/// </summary>
/// <remarks>
/// Coordinates of a type, in this order: those of <see cref="IidEmbedding"/>, then the latent ones. With all latents
/// random no layer has finitely many types: the limit keeps many neurons at any depth, where independent
/// initialization leaves one in layers 2..L-2 (Nguyen and Pham 2020, on symmetries and on bidirectional diversity).
/// </remarks>
internal sealed class LatentEmbedding : IEmbedding
{
    private readonly IidEmbedding independent;
    private readonly IReadOnlyList<IReadOnlyList<ILaw>> latents;
    private readonly IReadOnlyList<LayerMean> means;

    /// <summary>
    /// The embedding with the laws of latents of hidden layers 1..L-1 and the means a_i g_i of layers 2..L-1, beside the
    /// <paramref name="independent"/> laws of w_1, b_i, w_L and of the draws of the rest.
    /// </summary>
    /// <exception cref="ArgumentException">Their numbers do not fit the depth.</exception>
    public LatentEmbedding(IidEmbedding independent, IReadOnlyList<IReadOnlyList<ILaw>> latents,
        IReadOnlyList<LayerMean> means)
    {
        var depth = independent.Architecture.Depth;
        if (latents.Count != depth - 1 || means.Count != depth - 2)
            throw new ArgumentException(
                $"{depth} layers need {depth - 1} lists of latents and {depth - 2} means, " +
                $"got {latents.Count} and {means.Count}");
        (this.independent, this.latents, this.means) = (independent, latents, means);
    }

    public Architecture Architecture => independent.Architecture;

    public IReadOnlyList<ILaw> TypeLaws(int layer) => [.. independent.TypeLaws(layer), .. latents[layer - 1]];

    public Ensemble Sample(IReadOnlyList<int> widths, ulong seed)
    {
        var network = independent.Sample(widths, seed);
        return AddMeans(network, [.. Enumerable.Range(1, widths.Count).Select(i => DrawTypes(network, i, seed))]);
    }

    public Ensemble Discretise(IReadOnlyList<IQuadratureRule> rules)
    {
        Nodes[] types = [.. rules.Select((rule, i) => rule.Discretise(TypeLaws(i + 1)))];
        return AddMeans(independent.Place(types), types);
    }

    public Ensemble WithTracers(Ensemble limit, Ensemble network)
    {
        var both = independent.WithTracers(limit, network);
        for (var i = 2; i < both.Depth; i++)
        {
            // Both ensembles have their means already; those between a massive neuron and a tracer are missing.
            var (rows, columns) = (limit.Size(i - 1), limit.Size(i));
            var w = both.Weights(i);
            AddMean(i, limit.Types[i - 2], network.Types[i - 1], w.Block(0, columns, rows, network.Size(i)));
            AddMean(i, network.Types[i - 2], limit.Types[i - 1], w.Block(rows, 0, network.Size(i - 1), columns));
        }
        return both;
    }

    private Nodes DrawTypes(Ensemble network, int layer, ulong seed)
    {
        var (own, hidden) = (independent.TypeLaws(layer).Count, latents[layer - 1]);
        var dimension = own + hidden.Count;
        var points = Arrays.New("the types of a network", network.Size(layer), dimension);
        var stream = Streams.Latents(seed, layer);
        for (var c = 0; c < network.Size(layer); c++)
        {
            var type = points.AsSpan(c * dimension, dimension);
            independent.ReadType(network, layer, c, type[..own]);
            for (var k = 0; k < hidden.Count; k++)
                type[own + k] = hidden[k].Quantile(stream.Uniform(((ulong)c << 32) + (ulong)k));
        }
        return new(dimension, points, network.Masses(layer).ToArray());
    }

    private Ensemble AddMeans(Ensemble ensemble, Nodes[] types)
    {
        for (var i = 2; i < ensemble.Depth; i++) AddMean(i, types[i - 2], types[i - 1], ensemble.Weights(i));
        ensemble.Types = types;
        return ensemble;
    }

    private void AddMean(int layer, Nodes sources, Nodes targets, MatrixView w)
    {
        var (scale, function) = means[layer - 2];
        for (var c = 0; c < w.Rows; c++)
            for (var d = 0; d < w.Columns; d++)
            {
                var mean = function.At(sources.Point(c), targets.Point(d));
                if (!double.IsFinite(mean))
                    throw new ArgumentException(
                        $"the mean function of w_{layer} must be finite for all types, got {mean} between " +
                        $"({string.Join(", ", sources.Point(c).ToArray())}) and " +
                        $"({string.Join(", ", targets.Point(d).ToArray())}); " +
                        "define it there, or give latents a law that stays within its domain");
                w.Row(c)[d] += scale * mean;
            }
    }
}
