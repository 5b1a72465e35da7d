namespace MeanFieldLimit.Networks.Interactions;

/// <summary>phi(w, b, h) = g(b) w s(h), g(b) = 1 / (1 + e^-b): the bias is a gate on what a neuron receives.</summary>
internal sealed class Gated : ITangentInteraction
{
    private readonly WeightedSum sum = new();

    public string Name => "gated";

    public void Forward(in Pairs pairs, MatrixView above)
    {
        sum.Forward(pairs with { Biases = [] }, above);
        var gates = Gates(pairs, above.Columns);
        for (var n = 0; n < above.Rows; n++) TensorPrimitives.Multiply(above.Row(n), gates, above.Row(n));
    }

    public void Backward(in Pairs pairs, ReadOnlyMatrixView d, MatrixView below)
    {
        var masses = Gates(pairs, d.Columns);
        if (!pairs.Masses.IsEmpty) TensorPrimitives.Multiply(masses, pairs.Masses, masses);
        sum.Backward(pairs with { Masses = masses }, d, below);
    }

    public void AddWeightVelocity(in Pairs pairs, ReadOnlyMatrixView d, double rate, double keep, MatrixView dw)
    {
        var gates = Gates(pairs, d.Columns);
        var gated = new MatrixView(pairs.Scratch.Slice(d.Columns, d.Rows * d.Columns), d.Rows, d.Columns);
        for (var n = 0; n < d.Rows; n++) TensorPrimitives.Multiply(d.Row(n), gates, gated.Row(n));
        sum.AddWeightVelocity(pairs, gated, rate, keep, dw);
    }

    public void AddBiasVelocity(in Pairs pairs, ReadOnlyMatrixView d, double rate, Span<double> db)
    {
        var gates = Gates(pairs, d.Columns);
        var sums = new MatrixView(pairs.Scratch.Slice(d.Columns, d.Rows * d.Columns), d.Rows, d.Columns);
        sum.Forward(pairs with { Biases = [] }, sums);
        for (var n = 0; n < d.Rows; n++)
            for (var c = 0; c < d.Columns; c++)
                db[c] -= rate * d.Row(n)[c] * sums.Row(n)[c] * gates[c] * (1 - gates[c]);
    }

    public void ForwardTangent(in Pairs pairs, in Pairs tangents, MatrixView above)
    {
        var sums = Room(tangents, 0, above.Rows, above.Columns);
        sum.Forward(pairs with { Biases = [] }, sums);
        sum.ForwardTangent(pairs, tangents with { Biases = [] }, above);
        for (var c = 0; c < above.Columns; c++)
        {
            var gate = Gate.Of(pairs.Bias(c));
            for (var n = 0; n < above.Rows; n++)
                above.Row(n)[c] = gate.Value * above.Row(n)[c] + gate.Slope * tangents.Bias(c) * sums.Row(n)[c];
        }
    }

    public void BackwardTangent(in Pairs pairs, in Pairs tangents, ReadOnlyMatrixView d, ReadOnlyMatrixView dTangents,
        MatrixView below)
    {
        Through(pairs, tangents, d, dTangents, out var gated, out var gatedTangents);
        sum.BackwardTangent(pairs, tangents, gated, gatedTangents, below);
    }

    public void AddWeightTangent(in Pairs pairs, in Pairs tangents, ReadOnlyMatrixView d, ReadOnlyMatrixView dTangents,
        double rate, MatrixView dw)
    {
        Through(pairs, tangents, d, dTangents, out var gated, out var gatedTangents);
        sum.AddWeightTangent(pairs, tangents, gated, gatedTangents, rate, dw);
    }

    public void AddBiasTangent(in Pairs pairs, in Pairs tangents, ReadOnlyMatrixView d, ReadOnlyMatrixView dTangents,
        double rate, Span<double> db)
    {
        MatrixView sums = Room(tangents, 0, d.Rows, d.Columns), moved = Room(tangents, 1, d.Rows, d.Columns);
        sum.Forward(pairs with { Biases = [] }, sums);
        sum.ForwardTangent(pairs, tangents with { Biases = [] }, moved);
        for (var c = 0; c < d.Columns; c++)
        {
            var gate = Gate.Of(pairs.Bias(c));
            for (var n = 0; n < d.Rows; n++)
                db[c] += rate * (gate.Slope * (dTangents.Row(n)[c] * sums.Row(n)[c] + d.Row(n)[c] * moved.Row(n)[c])
                    + gate.Bend * tangents.Bias(c) * d.Row(n)[c] * sums.Row(n)[c]);
        }
    }

    // One by one: the vectorised function has other bits for short spans, and a span may be one tracer.
    private static Span<double> Gates(in Pairs pairs, int count)
    {
        var gates = pairs.Scratch[..count];
        for (var c = 0; c < count; c++) gates[c] = 1 / (1 + Math.Exp(-pairs.Bias(c)));
        return gates;
    }

    /// <summary>g D and its tangent: what the sum sees of D.</summary>
    private static void Through(in Pairs pairs, in Pairs tangents, ReadOnlyMatrixView d, ReadOnlyMatrixView dTangents,
        out MatrixView gated, out MatrixView gatedTangents)
    {
        gated = Room(tangents, 0, d.Rows, d.Columns);
        gatedTangents = Room(tangents, 1, d.Rows, d.Columns);
        for (var c = 0; c < d.Columns; c++)
        {
            var gate = Gate.Of(pairs.Bias(c));
            for (var n = 0; n < d.Rows; n++)
            {
                gated.Row(n)[c] = gate.Value * d.Row(n)[c];
                gatedTangents.Row(n)[c] = gate.Value * dTangents.Row(n)[c]
                    + gate.Slope * tangents.Bias(c) * d.Row(n)[c];
            }
        }
    }

    private static MatrixView Room(in Pairs tangents, int number, int rows, int columns) =>
        new(tangents.Scratch.Slice(number * rows * columns, rows * columns), rows, columns);

    /// <summary>g(b), g' and g''.</summary>
    private readonly record struct Gate(double Value, double Slope, double Bend)
    {
        internal static Gate Of(double b)
        {
            var g = 1 / (1 + Math.Exp(-b));
            return new(g, g * (1 - g), g * (1 - g) * (1 - 2 * g));
        }
    }
}
