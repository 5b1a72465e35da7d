using MeanFieldLimit.Ensembles;

namespace MeanFieldLimit.Embeddings;

/// <summary>
/// What is added to the laws of the weights w_i of layers 1..L: of layer 1 [input, tap], of layers between [tap], of
/// the last [tap, output]; an empty list for none.
/// </summary>
internal sealed record MeanFilters(IReadOnlyList<double[]> Layers)
{
    /// <summary>Adds them to the weights of an ensemble.</summary>
    internal void AddTo(Ensemble ensemble)
    {
        for (var i = 1; i <= ensemble.Depth; i++) AddTo(i, ensemble.Weights(i), isOutput: i == ensemble.Depth);
    }

    /// <summary>Adds that of a layer to weights [c T + d, c'].</summary>
    internal void AddTo(int layer, MatrixView w, bool isOutput)
    {
        if (Layers.Count == 0 || Layers[layer - 1] is not { Length: > 0 } filter) return;
        for (var r = 0; r < w.Rows; r++)
            for (var k = 0; k < w.Columns; k++)
                w.Row(r)[k] += filter[(isOutput ? r * w.Columns + k : r) % filter.Length];
    }
}
