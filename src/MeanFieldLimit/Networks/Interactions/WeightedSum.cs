namespace MeanFieldLimit.Networks.Interactions;

/// <summary>phi(w, b, h) = w s(h) + b, the standard model.</summary>
internal sealed class WeightedSum : ITangentInteraction
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
        below.MultiplyBy(pairs.Slopes, pairs.Engine.Threads);
    }

    public void AddWeightVelocity(in Pairs pairs, ReadOnlyMatrixView d, double rate, double keep, MatrixView dw) =>
        pairs.Engine.Multiply(-rate, pairs.S.Transposed, [], d.Plain, keep, dw);

    public void ForwardTangent(in Pairs pairs, in Pairs tangents, MatrixView above)
    {
        if (pairs.Slopes.Data.IsEmpty) Forward(tangents with { S = pairs.S }, above);
        else
        {
            Forward(tangents with { Weights = pairs.Weights }, above);
            pairs.Engine.Multiply(1, pairs.S.Plain, pairs.Masses, tangents.Weights.Plain, 1, above);
        }
    }

    public void BackwardTangent(in Pairs pairs, in Pairs tangents, ReadOnlyMatrixView d, ReadOnlyMatrixView dTangents,
        MatrixView below)
    {
        var moved = new MatrixView(pairs.Scratch[..(below.Rows * below.Columns)], below.Rows, below.Columns);
        Backward(pairs with { Slopes = tangents.Slopes }, d, below);
        pairs.Engine.Multiply(1, d.Plain, pairs.Masses, tangents.Weights.Transposed, 0, moved);
        pairs.Engine.Multiply(1, dTangents.Plain, pairs.Masses, pairs.Weights.Transposed, 1, moved);
        for (var n = 0; n < below.Rows; n++)
            TensorPrimitives.MultiplyAdd(moved.Row(n), pairs.Slopes.Row(n), below.Row(n), below.Row(n));
    }

    public void AddWeightTangent(in Pairs pairs, in Pairs tangents, ReadOnlyMatrixView d, ReadOnlyMatrixView dTangents,
        double rate, MatrixView dw)
    {
        AddWeightVelocity(pairs, dTangents, -rate, 1, dw);
        if (!pairs.Slopes.Data.IsEmpty) AddWeightVelocity(tangents, d, -rate, 1, dw);
    }
}
