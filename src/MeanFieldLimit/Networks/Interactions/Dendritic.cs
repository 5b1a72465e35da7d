namespace MeanFieldLimit.Networks.Interactions;

/// <summary>
/// phi(w, b, h) = s(w h) + b, the local operation sigma*(w, h) = s(w h): every connection saturates on its own
/// before the neuron sums. Neither linear in w nor a sum of products: it goes pair by pair.
/// </summary>
internal sealed class Dendritic : IInteraction
{
    private readonly WeightedSum additive = new();

    /// <inheritdoc/>
    public string Name => "dendritic";

    /// <inheritdoc/>
    public bool IsAffineInWeights => false;

    /// <inheritdoc/>
    public void Forward(in Pairs pairs, MatrixView above)
    {
        Span<double> u = Part(pairs, 0, above.Columns), s = Part(pairs, 1, above.Columns);
        for (var n = 0; n < above.Rows; n++)
        {
            var sum = above.Row(n);
            sum.Clear();
            if (!pairs.Biases.IsEmpty) pairs.Biases.CopyTo(sum);
            for (var c = 0; c < pairs.H.Columns; c++)
            {
                TensorPrimitives.Multiply(pairs.Weights.Row(c), pairs.H.Row(n)[c], u);
                pairs.Activation.Apply(u, s);
                TensorPrimitives.MultiplyAdd(s, pairs.Mass(c), sum, sum);
            }
        }
    }

    /// <inheritdoc/>
    public void Backward(in Pairs pairs, ReadOnlyMatrixView d, MatrixView below)
    {
        Span<double> u = Part(pairs, 0, d.Columns), s = Part(pairs, 1, d.Columns), slope = Part(pairs, 2, d.Columns);
        for (var n = 0; n < d.Rows; n++)
            for (var c = 0; c < below.Columns; c++)
            {
                TensorPrimitives.Multiply(pairs.Weights.Row(c), pairs.H.Row(n)[c], u);
                pairs.Activation.Apply(u, s);
                pairs.Activation.Derivative(u, s, slope);
                TensorPrimitives.Multiply(slope, pairs.Weights.Row(c), slope);
                if (!pairs.Masses.IsEmpty) TensorPrimitives.Multiply(slope, pairs.Masses, slope);
                below.Row(n)[c] = TensorPrimitives.Dot(slope, d.Row(n));
            }
    }

    /// <inheritdoc/>
    public void AddWeightVelocity(in Pairs pairs, ReadOnlyMatrixView d, double rate, double keep, MatrixView dw)
    {
        Span<double> u = Part(pairs, 0, d.Columns), s = Part(pairs, 1, d.Columns), slope = Part(pairs, 2, d.Columns);
        for (var c = 0; c < dw.Rows; c++)
        {
            var sum = dw.Row(c);
            if (keep == 0) sum.Clear();
            else TensorPrimitives.Multiply(sum, keep, sum);
            for (var n = 0; n < d.Rows; n++)
            {
                var h = pairs.H.Row(n)[c];
                TensorPrimitives.Multiply(pairs.Weights.Row(c), h, u);
                pairs.Activation.Apply(u, s);
                pairs.Activation.Derivative(u, s, slope);
                TensorPrimitives.Multiply(slope, d.Row(n), slope);
                TensorPrimitives.MultiplyAdd(slope, -rate * h, sum, sum);
            }
        }
    }

    /// <inheritdoc/>
    public void AddBiasVelocity(in Pairs pairs, ReadOnlyMatrixView d, double rate, Span<double> db) =>
        additive.AddBiasVelocity(pairs, d, rate, db);

    private static Span<double> Part(in Pairs pairs, int number, int columns) =>
        pairs.Scratch.Slice(number * columns, columns);
}
