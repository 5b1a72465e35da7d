namespace MeanFieldLimit.Networks.Interactions;

/// <summary>phi(w, b, h) = h + w s(h) + b: the mean pre-activation below comes past the activation.</summary>
internal sealed class Residual : ITangentInteraction
{
    private readonly WeightedSum branch = new();

    public string Name => "residual";

    public void Forward(in Pairs pairs, MatrixView above)
    {
        branch.Forward(pairs, above);
        for (var n = 0; n < above.Rows; n++) AddSum(pairs.H.Row(n), pairs.Masses, above.Row(n));
    }

    public void Backward(in Pairs pairs, ReadOnlyMatrixView d, MatrixView below)
    {
        branch.Backward(pairs, d, below);
        for (var n = 0; n < below.Rows; n++) AddSum(d.Row(n), pairs.Masses, below.Row(n));
    }

    public void AddWeightVelocity(in Pairs pairs, ReadOnlyMatrixView d, double rate, double keep, MatrixView dw) =>
        branch.AddWeightVelocity(pairs, d, rate, keep, dw);

    public void ForwardTangent(in Pairs pairs, in Pairs tangents, MatrixView above)
    {
        branch.ForwardTangent(pairs, tangents, above);
        for (var n = 0; n < above.Rows; n++) AddSum(tangents.H.Row(n), pairs.Masses, above.Row(n));
    }

    public void BackwardTangent(in Pairs pairs, in Pairs tangents, ReadOnlyMatrixView d, ReadOnlyMatrixView dTangents,
        MatrixView below)
    {
        branch.BackwardTangent(pairs, tangents, d, dTangents, below);
        for (var n = 0; n < below.Rows; n++) AddSum(dTangents.Row(n), pairs.Masses, below.Row(n));
    }

    public void AddWeightTangent(in Pairs pairs, in Pairs tangents, ReadOnlyMatrixView d, ReadOnlyMatrixView dTangents,
        double rate, MatrixView dw) => branch.AddWeightTangent(pairs, tangents, d, dTangents, rate, dw);

    private static void AddSum(ReadOnlySpan<double> values, ReadOnlySpan<double> masses, Span<double> to) =>
        TensorPrimitives.Add(
            to, masses.IsEmpty ? TensorPrimitives.Sum(values) : TensorPrimitives.Dot(values, masses), to);
}
