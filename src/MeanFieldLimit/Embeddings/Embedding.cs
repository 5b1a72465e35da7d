using MeanFieldLimit.Embeddings.Means;
using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Embeddings;

/// <summary>Independent entries: the law of every w_i and the law of every b_i (a constant 0 without biases).</summary>
internal readonly record struct LayerLaws(ILaw Weights, ILaw Biases);

/// <summary>
/// Scale * Tap(d)(c, c'): what the weights of tap d have in addition to independent draws. Functions are made as they
/// are needed: a window may have too many places for memory, which is said later.
/// </summary>
internal readonly record struct LayerMean(double Scale, Func<int, IMeanFunction> Tap);

/// <summary>
/// A neuronal embedding (Nguyen and Pham 2020): how a network of any width starts, as laws of neuron types and weights
/// given types. Finite networks and the limit both come from it. Under independent initialization the type of a neuron
/// is what their symmetry theorem lists: its initial bias b_i, joined in layer 1 by its incoming weights w_1 and in
/// layer L-1 by its outgoing weights w_L(c, 1..K). Under correlated initialization latent coordinates, which its
/// parameters do not show, join it: in layers 2..L-1 w_i(c, c') = a_i g_i(c, c') + an independent draw, on images with
/// a function g_i for each tap. All weights but those in types enter the limit by their mean.
/// </summary>
/// <remarks>
/// Coordinates of a type, in this order: w_1(1..d, c), b_i(c), w_L(c, 1..K), latents, where they belong to it. In
/// principal coordinates those of w_1 come last, as its components along the principal directions of the inputs, the
/// largest first: early coordinates are those that Sobol points fill best, and influence falls with the moment. With
/// all latents random no layer has finitely many types: the limit keeps many neurons at any depth, where independent
/// initialization leaves one in layers 2..L-2 (Nguyen and Pham 2020, on symmetries and on bidirectional diversity).
/// </remarks>
public sealed class Embedding
{
    private readonly PrincipalDirections? directions;

    /// <summary>Independent initialization; types of layer 1 in principal coordinates where given.</summary>
    internal Embedding(Architecture architecture, IReadOnlyList<LayerLaws> laws, PrincipalDirections? directions = null,
        Scaling? scaling = null)
    {
        if (laws.Count != architecture.Depth)
            throw new ArgumentException(
                $"{architecture.Depth} layers need {architecture.Depth} pairs of laws, got {laws.Count}");
        if (laws[^1].Biases.StandardDeviation != 0 && scaling is null)
            throw new ArgumentException("output biases must start at a constant: the outputs do not average over them");
        // Other laws are not the same in rotated coordinates.
        if (directions is not null && laws[0].Weights is not Gaussian)
            throw new ArgumentException($"principal coordinates need a Gaussian w_1, got {laws[0].Weights}");
        (Architecture, Laws, this.directions, Scaling) = (architecture, laws, directions, scaling);
    }

    /// <summary>How sums and learning rates go with the width; null in the mean-field scaling.</summary>
    public Scaling? Scaling { get; }

    /// <summary>What its networks have in common.</summary>
    public Architecture Architecture { get; }

    internal IReadOnlyList<LayerLaws> Laws { get; }

    internal bool IsCorrelated => Latents.Count > 0;

    /// <summary>Laws of the latents of hidden layers 1..L-1; empty where initialization is independent.</summary>
    private IReadOnlyList<IReadOnlyList<ILaw>> Latents { get; init; } = [];

    /// <summary>a_i g_i of layers 2..L-1, likewise.</summary>
    private IReadOnlyList<LayerMean> Means { get; init; } = [];

    /// <summary>What is added to the laws of weights, by tap.</summary>
    internal MeanFilters Filters { get; init; } = new([]);

    /// <summary>The correlated initialization whose independent draws are these, and its w_1, b_i and w_L.</summary>
    internal Embedding Correlated(IReadOnlyList<IReadOnlyList<ILaw>> latents, IReadOnlyList<LayerMean> means)
    {
        var depth = Architecture.Depth;
        if (latents.Count != depth - 1 || means.Count != depth - 2)
            throw new ArgumentException(
                $"{depth} layers need {depth - 1} lists of latents and {depth - 2} means, " +
                $"got {latents.Count} and {means.Count}");
        return new(Architecture, Laws) { Filters = Filters, Latents = latents, Means = means };
    }

    /// <summary>Laws of the coordinates of the type of a neuron in hidden layer i = 1..L-1; empty: one type.</summary>
    public IReadOnlyList<ILaw> TypeLaws(int layer)
    {
        static IEnumerable<ILaw> Times(int count, ILaw law) => Enumerable.Repeat(law, count);
        return
        [
            .. layer == 1 && directions is null ? Times(Incoming, Laws[0].Weights) : [],
            .. Architecture.Biases == BiasMode.None ? [] : Times(1, Laws[layer - 1].Biases),
            .. layer == Architecture.Depth - 1 ? Times(Outgoing, Laws[^1].Weights) : [],
            .. layer == 1 && directions is { Count: var count }
                ? Times(count, new Gaussian(0, Laws[0].Weights.StandardDeviation)) : [],
            .. IsCorrelated ? Latents[layer - 1] : [],
        ];
    }

    // The numbers of w_1 of a neuron, and of its w_L.
    private int Incoming => Architecture.Inputs * Architecture.Taps(1);

    private int Outgoing => Architecture.Outputs * Architecture.Taps(Architecture.Depth);

    /// <summary>The coordinate of the type in layer L-1 at which those of the outgoing weights begin.</summary>
    internal int FirstOutgoing(int layer) => (layer == 1 && directions is null ? Incoming : 0)
        + (Architecture.Biases == BiasMode.None ? 0 : 1);

    /// <summary>A finite network. Weights depend on seed and neurons alone: narrow is part of wide.</summary>
    /// <exception cref="ArgumentException">A mean is not finite.</exception>
    public Ensemble Sample(IReadOnlyList<int> widths, ulong seed)
    {
        var network = Ensemble.Uniform(Architecture, widths);
        for (var i = 1; i <= network.Depth; i++)
        {
            var w = network.Weights(i);
            for (var c = 0; c < w.Rows; c++)
                Draw(Laws[i - 1].Weights, Streams.Weights(seed, i), (ulong)c << 32, w.Row(c));
            Draw(Laws[i - 1].Biases, Streams.Biases(seed, i), 0, network.Biases(i));
        }
        // Types are the draws alone, as those of the limit are.
        Nodes[] types = IsCorrelated ? [.. widths.Select((_, i) => DrawTypes(network, i + 1, seed))] : [];
        Filters.AddTo(network);
        if (IsCorrelated) AddMeans(network, types);
        return Scaled(UnitSphere.Start(network), [.. widths.Select(n => (double)n)]);
    }

    /// <summary>Factors of initial weights and of learning rates as those of networks of such widths.</summary>
    private Ensemble Scaled(Ensemble ensemble, IReadOnlyList<double> widths)
    {
        if (Scaling is null) return ensemble;
        ensemble.Scales = Scaling.At(widths, Laws);
        ensemble.Unit = Math.Pow(widths[0] / Scaling.Reference, Scaling.Exponents.Growth);
        foreach (var (i, scale) in ensemble.Scales.Index())
        {
            var w = ensemble.Weights(i + 1).Data;
            TensorPrimitives.Multiply(w, scale.Weights, w);
        }
        return ensemble;
    }

    /// <summary>The limit: quadrature nodes over the types of each layer, w_i at its mean given two types.</summary>
    /// <param name="rules">One a hidden layer.</param>
    /// <param name="width">The width of networks whose factors it has, in another scaling than mean-field.</param>
    /// <exception cref="ArgumentException">There are more or fewer, or a mean is not finite.</exception>
    public Ensemble Discretise(IReadOnlyList<IQuadratureRule> rules, double width = 1)
    {
        var depth = Architecture.Depth;
        if (rules.Count != depth - 1)
            throw new ArgumentException($"{depth - 1} hidden layers need {depth - 1} rules, got {rules.Count}",
                nameof(rules));
        Nodes[] types = [.. rules.Select((rule, i) => WithMass(rule.Discretise(TypeLaws(i + 1))))];
        var limit = new Ensemble(Architecture, [.. types.Select(t => t.Masses)]);
        for (var i = 1; i <= depth; i++)
        {
            // Conditional means given both types; those that the types determine are overwritten below.
            limit.Weights(i).Data.Fill(Laws[i - 1].Weights.Mean);
            limit.Biases(i).Fill(Laws[i - 1].Biases.Mean);
        }
        for (var i = 1; i < depth; i++) PlaceTypes(limit, i, types[i - 1]);
        Filters.AddTo(limit);
        if (IsCorrelated) AddMeans(limit, types);
        return Scaled(UnitSphere.Start(limit), [.. rules.Select(_ => width)]);
    }

    /// <summary>
    /// The limit with the neurons of a network riding along as tracers: the right-hand member of the coupling theorem,
    /// w_i(t, C(j), C(j')), is its [tracer, tracer] block. Weights between a massive neuron and a tracer start at
    /// their mean given the two types, those between two tracers at the network's own.
    /// </summary>
    /// <exception cref="ArgumentException">A mean is not finite.</exception>
    public Ensemble WithTracers(Ensemble limit, Ensemble network)
    {
        var depth = Architecture.Depth;
        var both = new Ensemble(Architecture, [.. Enumerable.Range(1, depth - 1).Select(i =>
            limit.Masses(i).ToArray().Concat(new double[network.Size(i)]).ToArray())]);
        for (var i = 1; i <= depth; i++)
        {
            // Inputs and outputs are the same neurons in all three; elsewhere tracers come after the host.
            var (row, column) = (i == 1 ? 0 : limit.Rows(i), i == depth ? 0 : limit.Size(i));
            var w = both.Weights(i);
            w.Data.Fill(Laws[i - 1].Weights.Mean);
            Filters.AddTo(i, w, isOutput: i == depth);
            limit.Weights(i).CopyTo(w.Block(0, 0, limit.Rows(i), limit.Size(i)));
            network.Weights(i).CopyTo(w.Block(row, column, network.Rows(i), network.Size(i)));
            limit.Biases(i).CopyTo(both.Biases(i));
            network.Biases(i).CopyTo(both.Biases(i)[(both.HasBiases ? column : 0)..]);
            if (!IsCorrelated || i == 1 || i == depth) continue;
            // Both ensembles have their means already; those between a massive neuron and a tracer are missing.
            AddMean(i, limit.Types[i - 2], network.Types[i - 1], w.Block(0, column, row, network.Size(i)));
            AddMean(i, network.Types[i - 2], limit.Types[i - 1], w.Block(row, 0, network.Rows(i), column));
        }
        return both;
    }

    /// <summary>
    /// The nodes whose masses a double holds in full: those in the corners of large Gauss grids underflow (200 x 200),
    /// and a neuron of mass 0, or one whose copies have mass 0, would count among the tracers.
    /// </summary>
    private static Nodes WithMass(Nodes nodes)
    {
        int[] kept = [.. Enumerable.Range(0, nodes.Count).Where(c => double.IsNormal(nodes.Masses[c]))];
        return kept.Length == nodes.Count ? nodes : new(nodes.Dimension,
            [.. kept.SelectMany(c => nodes.Point(c).ToArray())], [.. kept.Select(c => nodes.Masses[c])]);
    }

    private void PlaceTypes(Ensemble limit, int layer, Nodes types)
    {
        var biases = limit.Biases(layer);
        var outgoing = limit.Weights(limit.Depth);
        if (layer == 1) PlaceIncoming(limit.Weights(1), types);
        for (var c = 0; c < types.Count; c++)
        {
            var type = types.Point(c);
            if (layer == 1) type = directions is null ? type[Incoming..] : type[..^directions.Count];
            if (!biases.IsEmpty)
            {
                biases[c] = type[0];
                type = type[1..];
            }
            if (layer == limit.Depth - 1) type[..Outgoing].CopyTo(outgoing.Data[(c * Outgoing)..]);
        }
    }

    /// <summary>w_1 itself, or its mean plus its components times the principal directions.</summary>
    private void PlaceIncoming(MatrixView incoming, Nodes types)
    {
        var coordinate = new double[types.Count];
        for (var j = 0; j < (directions?.Count ?? Incoming); j++)
        {
            var at = directions is null ? j : types.Dimension - directions.Count + j;
            for (var c = 0; c < coordinate.Length; c++) coordinate[c] = types.Points[c * types.Dimension + at];
            if (directions is null) coordinate.CopyTo(incoming.Row(j));
            else
                for (var i = 0; i < Incoming; i++)
                    TensorPrimitives.MultiplyAdd(coordinate, directions.Direction(j)[i], incoming.Row(i),
                        incoming.Row(i));
        }
    }

    /// <summary>The coordinates of the type of neuron c, read off the independent draws of its ensemble.</summary>
    private void ReadType(Ensemble ensemble, int layer, int c, Span<double> type)
    {
        var incoming = ensemble.Weights(1);
        var outgoing = ensemble.Weights(ensemble.Depth);
        var next = 0;
        if (layer == 1)
            while (next < Incoming) type[next] = incoming.Data[next++ * incoming.Stride + c];
        if (ensemble.HasBiases) type[next++] = ensemble.Biases(layer)[c];
        if (layer == ensemble.Depth - 1) outgoing.Data.Slice(c * Outgoing, Outgoing).CopyTo(type[next..]);
    }

    private static void Draw(ILaw law, RandomStream stream, ulong first, Span<double> values)
    {
        stream.FillUniform(first, values);
        law.Quantiles(values);
    }

    private Nodes DrawTypes(Ensemble network, int layer, ulong seed)
    {
        var (hidden, dimension) = (Latents[layer - 1], TypeLaws(layer).Count);
        var own = dimension - hidden.Count;
        var points = Arrays.New("the types of a network", network.Size(layer), dimension);
        var stream = Streams.Latents(seed, layer);
        for (var c = 0; c < network.Size(layer); c++)
        {
            var type = points.AsSpan(c * dimension, dimension);
            ReadType(network, layer, c, type[..own]);
            for (var k = 0; k < hidden.Count; k++)
                type[own + k] = hidden[k].Quantile(stream.Uniform(((ulong)c << 32) + (ulong)k));
        }
        return new(dimension, points, network.Masses(layer).ToArray());
    }

    private void AddMeans(Ensemble ensemble, Nodes[] types)
    {
        for (var i = 2; i < ensemble.Depth; i++) AddMean(i, types[i - 2], types[i - 1], ensemble.Weights(i));
        ensemble.Types = types;
    }

    private void AddMean(int layer, Nodes sources, Nodes targets, MatrixView w)
    {
        var (taps, (scale, tap)) = (Architecture.Taps(layer), Means[layer - 2]);
        for (var d = 0; d < taps; d++)
        {
            var function = tap(d);
            for (var c = 0; c < w.Rows / taps; c++)
                for (var k = 0; k < w.Columns; k++)
                {
                    var mean = function.At(sources.Point(c), targets.Point(k));
                    if (!double.IsFinite(mean))
                        throw new ArgumentException(
                            $"the mean function of w_{layer} must be finite for all types, got {mean} between " +
                            $"({string.Join(", ", sources.Point(c).ToArray())}) and " +
                            $"({string.Join(", ", targets.Point(k).ToArray())}); " +
                            "define it there, or give latents a law that stays within its domain");
                    w.Row(c * taps + d)[k] += scale * mean;
                }
        }
    }
}
