namespace MeanFieldLimit.Networks.Interactions;

/// <summary>phi(w, b, h) = g(b) w s(h), g(b) = 1 / (1 + e^-b): the bias is a gate on what a neuron receives.</summary>
internal sealed class Gated : IInteraction
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

    // One by one: the vectorised function has other bits for short spans, and a span may be one tracer.
    private static Span<double> Gates(in Pairs pairs, int count)
    {
        var gates = pairs.Scratch[..count];
        for (var c = 0; c < count; c++) gates[c] = 1 / (1 + Math.Exp(-pairs.Bias(c)));
        return gates;
    }
}
