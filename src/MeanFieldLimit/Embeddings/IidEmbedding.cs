using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Embeddings;

/// <summary>Independent entries: the law of every w_i and the law of every b_i (a constant 0 without biases).</summary>
internal readonly record struct LayerLaws(ILaw Weights, ILaw Biases);

/// <summary>
/// Independent, identically distributed initialization. The type of a neuron is what the symmetry theorem of
/// Nguyen and Pham lists: its initial bias b_i, joined in layer 1 by its incoming weights w_1 and in layer L-1 by
/// its outgoing weights w_L(c, 1..K). All other weights enter the limit by their mean.
/// </summary>
/// <remarks>
/// Coordinates of a type, in this order: w_1(1..d, c), b_i(c), w_L(c, 1..K), where they belong to it. In principal
/// coordinates those of w_1 come last, as its components along the principal directions of the inputs, the largest
/// first: early coordinates are those that Sobol points fill best, and influence falls with the moment.
/// </remarks>
internal sealed class IidEmbedding : IEmbedding
{
    private readonly PrincipalDirections? directions;

    /// <summary>That of the laws of layers 1..L; types of layer 1 are in principal coordinates where they are given.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// Their number is not L, or the output biases are random: K outputs do not average, so the limit would depend
    /// on the draw. Or the law of w_1 is not Gaussian, hence not the same in rotated coordinates.
    /// </exception>
    public IidEmbedding(Architecture architecture, IReadOnlyList<LayerLaws> laws,
        PrincipalDirections? directions = null)
    {
        if (laws.Count != architecture.Depth)
            throw new ArgumentException(
                $"{architecture.Depth} layers need {architecture.Depth} pairs of laws, got {laws.Count}");
        if (laws[^1].Biases.StandardDeviation != 0)
            throw new ArgumentException("output biases must start at a constant: the outputs do not average over them");
        if (directions is not null && laws[0].Weights is not Gaussian)
            throw new ArgumentException($"principal coordinates need a Gaussian w_1, got {laws[0].Weights}");
        (Architecture, Laws, this.directions) = (architecture, laws, directions);
    }

    public Architecture Architecture { get; }

    internal IReadOnlyList<LayerLaws> Laws { get; }

    public IReadOnlyList<ILaw> TypeLaws(int layer)
    {
        static IEnumerable<ILaw> Times(int count, ILaw law) => Enumerable.Repeat(law, count);
        return
        [
            .. layer == 1 && directions is null ? Times(Architecture.Inputs, Laws[0].Weights) : [],
            .. Architecture.Biases == BiasMode.None ? [] : Times(1, Laws[layer - 1].Biases),
            .. layer == Architecture.Depth - 1 ? Times(Architecture.Outputs, Laws[^1].Weights) : [],
            .. layer == 1 && directions is { Count: var count }
                ? Times(count, new Gaussian(0, Laws[0].Weights.StandardDeviation)) : [],
        ];
    }

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
        return network;
    }

    public Ensemble Discretise(IReadOnlyList<IQuadratureRule> rules)
    {
        var hidden = Architecture.Depth - 1;
        if (rules.Count != hidden)
            throw new ArgumentException($"{hidden} hidden layers need {hidden} rules, got {rules.Count}", nameof(rules));
        return Place([.. rules.Select((rule, i) => rule.Discretise(TypeLaws(i + 1)))]);
    }

    /// <summary>The limit on given nodes, whose first coordinates are those of <see cref="TypeLaws"/>.</summary>
    internal Ensemble Place(IReadOnlyList<Nodes> types)
    {
        var depth = Architecture.Depth;
        var limit = new Ensemble(Architecture, [.. types.Select(t => t.Masses)]);
        for (var i = 1; i <= depth; i++)
        {
            // Conditional means given both types; those that the types determine are overwritten below.
            limit.Weights(i).Data.Fill(Laws[i - 1].Weights.Mean);
            limit.Biases(i).Fill(Laws[i - 1].Biases.Mean);
        }
        for (var i = 1; i < depth; i++) PlaceTypes(limit, i, types[i - 1]);
        return limit;
    }

    public Ensemble WithTracers(Ensemble limit, Ensemble network)
    {
        var depth = Architecture.Depth;
        var both = new Ensemble(Architecture, [.. Enumerable.Range(1, depth - 1).Select(i =>
            limit.Masses(i).ToArray().Concat(new double[network.Size(i)]).ToArray())]);
        for (var i = 1; i <= depth; i++)
        {
            // Inputs and outputs are the same neurons in all three; elsewhere tracers come after the host.
            var (row, column) = (i == 1 ? 0 : limit.Size(i - 1), i == depth ? 0 : limit.Size(i));
            var w = both.Weights(i);
            w.Data.Fill(Laws[i - 1].Weights.Mean);
            limit.Weights(i).CopyTo(w.Block(0, 0, limit.Size(i - 1), limit.Size(i)));
            network.Weights(i).CopyTo(w.Block(row, column, network.Size(i - 1), network.Size(i)));
            limit.Biases(i).CopyTo(both.Biases(i));
            network.Biases(i).CopyTo(both.Biases(i)[(both.HasBiases ? column : 0)..]);
        }
        return both;
    }

    private void PlaceTypes(Ensemble limit, int layer, Nodes types)
    {
        var biases = limit.Biases(layer);
        var outgoing = limit.Weights(limit.Depth);
        if (layer == 1) PlaceIncoming(limit.Weights(1), types);
        for (var c = 0; c < types.Count; c++)
        {
            var type = types.Point(c);
            if (layer == 1) type = directions is null ? type[Architecture.Inputs..] : type[..^directions.Count];
            if (!biases.IsEmpty)
            {
                biases[c] = type[0];
                type = type[1..];
            }
            if (layer == limit.Depth - 1)
                type[..outgoing.Columns].CopyTo(outgoing.Row(c));
        }
    }

    /// <summary>w_1 itself, or its mean plus its components times the principal directions.</summary>
    private void PlaceIncoming(MatrixView incoming, Nodes types)
    {
        var coordinate = new double[types.Count];
        for (var j = 0; j < (directions?.Count ?? Architecture.Inputs); j++)
        {
            var at = directions is null ? j : types.Dimension - directions.Count + j;
            for (var c = 0; c < coordinate.Length; c++) coordinate[c] = types.Points[c * types.Dimension + at];
            if (directions is null) coordinate.CopyTo(incoming.Row(j));
            else
                for (var i = 0; i < Architecture.Inputs; i++)
                    TensorPrimitives.MultiplyAdd(coordinate, directions.Direction(j)[i], incoming.Row(i), incoming.Row(i));
        }
    }

    /// <summary>The coordinates of the type of neuron c, read off the initial parameters of its ensemble.</summary>
    internal void ReadType(Ensemble ensemble, int layer, int c, Span<double> type)
    {
        var incoming = ensemble.Weights(1);
        var outgoing = ensemble.Weights(ensemble.Depth);
        var next = 0;
        if (layer == 1)
            while (next < Architecture.Inputs) type[next] = incoming.Data[next++ * incoming.Stride + c];
        if (ensemble.HasBiases) type[next++] = ensemble.Biases(layer)[c];
        if (layer == ensemble.Depth - 1)
            outgoing.Row(c).CopyTo(type[next..]);
    }

    private static void Draw(ILaw law, RandomStream stream, ulong first, Span<double> values)
    {
        stream.FillUniform(first, values);
        for (var j = 0; j < values.Length; j++) values[j] = law.Quantile(values[j]);
    }
}
