using MeanFieldLimit.Networks.Activations;

namespace MeanFieldLimit.Networks.Interactions;

/// <summary>
/// phi(w, b, h) = s(w h) + b, the local operation sigma*(w, h) = s(w h): every connection saturates on its own
/// before the neuron sums. Neither linear in w nor a sum of products: it goes pair by pair.
/// </summary>
internal sealed class Dendritic : ITangentInteraction
{
    public string Name => "dendritic";

    public bool IsAffineInWeights => false;

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

    public void Backward(in Pairs pairs, ReadOnlyMatrixView d, MatrixView below)
    {
        for (var n = 0; n < d.Rows; n++)
            for (var c = 0; c < below.Columns; c++)
            {
                var slope = Slopes(pairs, c, pairs.H.Row(n)[c], d.Columns);
                TensorPrimitives.Multiply(slope, pairs.Weights.Row(c), slope);
                if (!pairs.Masses.IsEmpty) TensorPrimitives.Multiply(slope, pairs.Masses, slope);
                below.Row(n)[c] = TensorPrimitives.Dot(slope, d.Row(n));
            }
    }

    public void AddWeightVelocity(in Pairs pairs, ReadOnlyMatrixView d, double rate, double keep, MatrixView dw)
    {
        for (var c = 0; c < dw.Rows; c++)
        {
            var sum = dw.Row(c);
            if (keep == 0) sum.Clear();
            else TensorPrimitives.Multiply(sum, keep, sum);
            for (var n = 0; n < d.Rows; n++)
            {
                var h = pairs.H.Row(n)[c];
                var slope = Slopes(pairs, c, h, d.Columns);
                TensorPrimitives.Multiply(slope, d.Row(n), slope);
                TensorPrimitives.MultiplyAdd(slope, -rate * h, sum, sum);
            }
        }
    }

    public void ForwardTangent(in Pairs pairs, in Pairs tangents, MatrixView above)
    {
        for (var n = 0; n < above.Rows; n++)
        {
            var sum = above.Row(n);
            sum.Clear();
            if (!tangents.Biases.IsEmpty) tangents.Biases.CopyTo(sum);
            for (var c = 0; c < pairs.H.Columns; c++)
            {
                var slope = Slopes(pairs, c, pairs.H.Row(n)[c], above.Columns);
                TensorPrimitives.Multiply(slope, pairs.Mass(c), slope);
                TensorPrimitives.MultiplyAdd(slope, Turn(pairs, tangents, n, c), sum, sum);
            }
        }
    }

    public void BackwardTangent(in Pairs pairs, in Pairs tangents, ReadOnlyMatrixView d, ReadOnlyMatrixView dTangents,
        MatrixView below)
    {
        for (var n = 0; n < d.Rows; n++)
            for (var c = 0; c < below.Columns; c++)
            {
                var slope = Slopes(pairs, c, pairs.H.Row(n)[c], d.Columns);
                Span<double> bend = Bends(pairs, d.Columns), turn = Turn(pairs, tangents, n, c);
                ReadOnlySpan<double> w = pairs.Weights.Row(c), v = tangents.Weights.Row(c);
                var sum = 0.0;
                for (var j = 0; j < d.Columns; j++)
                    sum += pairs.Mass(j) * (dTangents.Row(n)[j] * slope[j] * w[j]
                        + d.Row(n)[j] * (bend[j] * turn[j] * w[j] + slope[j] * v[j]));
                below.Row(n)[c] = sum;
            }
    }

    public void AddWeightTangent(in Pairs pairs, in Pairs tangents, ReadOnlyMatrixView d, ReadOnlyMatrixView dTangents,
        double rate, MatrixView dw)
    {
        for (var c = 0; c < dw.Rows; c++)
            for (var n = 0; n < d.Rows; n++)
            {
                var (h, moved) = (pairs.H.Row(n)[c], tangents.H.Row(n)[c]);
                var slope = Slopes(pairs, c, h, d.Columns);
                Span<double> bend = Bends(pairs, d.Columns), turn = Turn(pairs, tangents, n, c);
                for (var j = 0; j < d.Columns; j++)
                    dw.Row(c)[j] += rate * (dTangents.Row(n)[j] * slope[j] * h
                        + d.Row(n)[j] * (bend[j] * turn[j] * h + slope[j] * moved));
            }
    }

    /// <summary>The tangent of w h, w' h + w h', of the connections of neuron c.</summary>
    private static Span<double> Turn(in Pairs pairs, in Pairs tangents, int n, int c)
    {
        var turn = tangents.Scratch[..pairs.Weights.Columns];
        TensorPrimitives.Multiply(tangents.Weights.Row(c), pairs.H.Row(n)[c], turn);
        TensorPrimitives.MultiplyAdd(pairs.Weights.Row(c), tangents.H.Row(n)[c], turn, turn);
        return turn;
    }

    /// <summary>s''(w h) of the connections whose <see cref="Slopes"/> were last.</summary>
    private static Span<double> Bends(in Pairs pairs, int columns)
    {
        var bend = Part(pairs, 3, columns);
        ((ITwiceDifferentiable)pairs.Activation).SecondDerivative(Part(pairs, 0, columns), Part(pairs, 1, columns), bend);
        return bend;
    }

    /// <summary>s'(w h) of the connections of neuron c.</summary>
    private static Span<double> Slopes(in Pairs pairs, int c, double h, int columns)
    {
        Span<double> u = Part(pairs, 0, columns), s = Part(pairs, 1, columns), slope = Part(pairs, 2, columns);
        TensorPrimitives.Multiply(pairs.Weights.Row(c), h, u);
        pairs.Activation.Apply(u, s);
        pairs.Activation.Derivative(u, s, slope);
        return slope;
    }

    private static Span<double> Part(in Pairs pairs, int number, int columns) =>
        pairs.Scratch.Slice(number * columns, columns);
}
