using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Embeddings;

/// <summary>
/// A neuronal embedding (Nguyen and Pham 2020): how a network of any width starts, as laws of neuron types and
/// weights given types. Finite networks and the limit both come from it.
/// </summary>
public interface IEmbedding
{
    /// <summary>What its networks have in common.</summary>
    Architecture Architecture { get; }

    /// <summary>
    /// The laws of the coordinates of the type of a neuron in hidden layer i = 1..L-1; empty: one type.
    /// </summary>
    IReadOnlyList<ILaw> TypeLaws(int layer);

    /// <summary>
    /// A finite network. Every weight depends on the seed and its two neurons alone: a narrower network of the same
    /// seed is a part of a wider one.
    /// </summary>
    Ensemble Sample(IReadOnlyList<int> widths, ulong seed);

    /// <summary>The limit: quadrature nodes over the types, w_i at its mean given the two types.</summary>
    /// <param name="rules">One rule per hidden layer.</param>
    Ensemble Discretise(IReadOnlyList<IQuadratureRule> rules);

    /// <summary>
    /// The limit with the neurons of a network riding along as tracers: the right-hand member of the coupling theorem,
    /// w_i(t, C(j), C(j')), is its [tracer, tracer] block. Weights between a massive neuron and a tracer start at
    /// their mean given the two types, those between two tracers at the network's own.
    /// </summary>
    /// <param name="limit">From <see cref="Discretise"/>.</param>
    /// <param name="network">From <see cref="Sample"/>.</param>
    Ensemble WithTracers(Ensemble limit, Ensemble network);
}
