namespace MeanFieldLimit.Networks.Interactions;

/// <summary>phi(w, b, h) = w s(h) + b, the standard model.</summary>
internal sealed class WeightedSum : IInteraction
{
    public string Name => "weighted-sum";

    public void Forward(in Pairs pairs, MatrixView above)
    {
        if (!pairs.Biases.IsEmpty)
            for (var n = 0; n < above.Rows; n++) pairs.Biases.CopyTo(above.Row(n));
        pairs.Engine.Multiply(1, pairs.S.Plain, pairs.Masses, pairs.Weights.Plain,
            pairs.Biases.IsEmpty ? 0 : 1, above);
    }

    public void Backward(in Pairs pairs, ReadOnlyMatrixView d, MatrixView below)
    {
        pairs.Engine.Multiply(1, d.Plain, pairs.Masses, pairs.Weights.Transposed, 0, below);
        for (var n = 0; n < below.Rows; n++)
            TensorPrimitives.Multiply(below.Row(n), pairs.Slopes.Row(n), below.Row(n));
    }

    public void AddWeightVelocity(in Pairs pairs, ReadOnlyMatrixView d, double rate, double keep, MatrixView dw) =>
        pairs.Engine.Multiply(-rate, pairs.S.Transposed, [], d.Plain, keep, dw);
}
