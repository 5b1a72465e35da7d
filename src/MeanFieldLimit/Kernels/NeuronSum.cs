using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Networks.Activations;

namespace MeanFieldLimit.Kernels;

/// <summary>f(x) = sum_j q_j s(&lt;v_j, x>), of inputs x ~ N(0, I_d), s of a closed form E s(u) s(v).</summary>
/// <param name="Activation">s.</param>
/// <param name="Outgoing">q_j.</param>
/// <param name="Incoming">v_j, [neuron, d].</param>
public sealed record NeuronSum(IClosedPairs Activation, double[] Outgoing, double[] Incoming)
{
    // Rows of inner products that are there at a time.
    private const int Block = 256;

    private int Inputs => Incoming.Length / Outgoing.Length;

    /// <summary>That of a two-layer ensemble without biases in a state: q_j = p_j a_j.</summary>
    /// <exception cref="ArgumentException">It is none of the kind.</exception>
    public static NeuronSum Of(Ensemble ensemble, ReadOnlySpan<double> state)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        if (ensemble.Depth != 2 || ensemble.HasBiases || ensemble.Size(2) != 1
            || ensemble.Architecture.Activations[0] is not IClosedPairs activation)
            throw new ArgumentException("the ensemble must have two layers, one output and no biases, and an " +
                "activation whose pairs have a closed form", nameof(ensemble));
        var (q, v) = (new double[ensemble.Size(1)], new double[ensemble.Size(1) * ensemble.Size(0)]);
        var w = ensemble.Weights(state, 1);
        TensorPrimitives.Multiply(ensemble.Masses(1), ensemble.Weights(state, 2).Data, q);
        for (var c = 0; c < w.Columns; c++)
            for (var i = 0; i < w.Rows; i++) v[c * w.Rows + i] = w.Row(i)[c];
        return new(activation, q, v);
    }

    /// <summary>|v_j|.</summary>
    public double[] Lengths => [.. Incoming.Chunk(Inputs).Select(v => TensorPrimitives.Norm<double>(v))];

    /// <summary>|q_j| |v_j|, which of a homogeneous s tells the size of a neuron's part of f.</summary>
    public double[] Magnitudes => [.. Lengths.Zip(Outgoing, (length, q) => length * Math.Abs(q))];

    /// <summary>f - g.</summary>
    public NeuronSum Minus(NeuronSum other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new(Activation, [.. Outgoing, .. other.Outgoing.Select(q => -q)], [.. Incoming, .. other.Incoming]);
    }

    /// <summary>E s(&lt;v_j, x>) s(&lt;u_k, x>) of the neurons of this sum and of another, [j, k].</summary>
    public double[] Products(NeuronSum other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var (uu, vv) = (Squares(Incoming, Inputs), Squares(other.Incoming, Inputs));
        var products = Inner(Incoming, other.Incoming, Inputs);
        var slopes = new double[vv.Length];
        for (var i = 0; i < uu.Length; i++)
            Activation.Over(uu[i], vv, products.AsSpan(i * vv.Length, vv.Length), slopes);
        return products;
    }

    /// <summary>E f(x)^2, not below 0 by its rounding, which is that of sum_jk |q_j q_k| |v_j| |v_k|.</summary>
    public double SquaredNorm()
    {
        var (vv, sum) = (Squares(Incoming, Inputs), 0.0);
        var slopes = new double[vv.Length];
        for (var start = 0; start < vv.Length; start += Block)
        {
            var rows = Math.Min(Block, vv.Length - start);
            var inner = Inner(Incoming.AsSpan(start * Inputs, rows * Inputs), Incoming, Inputs);
            for (var i = start; i < start + rows; i++)
            {
                var pairs = inner.AsSpan((i - start) * vv.Length, i);
                Activation.Over(vv[i], vv.AsSpan(0, i), pairs, slopes.AsSpan(0, i));
                var own = Outgoing[i] * Activation.Over(vv[i], vv[i], vv[i]).Products;
                sum += Outgoing[i] * (own + 2 * TensorPrimitives.Dot<double>(Outgoing.AsSpan(0, i), pairs));
            }
        }
        return Math.Max(0, sum);
    }

    private static double[] Squares(double[] vectors, int inputs) =>
        [.. vectors.Chunk(inputs).Select(v => TensorPrimitives.Dot<double>(v, v))];

    private static double[] Inner(ReadOnlySpan<double> left, ReadOnlySpan<double> right, int inputs)
    {
        var (rows, columns) = (left.Length / inputs, right.Length / inputs);
        var inner = Arrays.New("the inner products of neurons", rows, columns);
        new ManagedEngine(1).Multiply(1, new ReadOnlyMatrixView(left, rows, inputs).Plain, [],
            new ReadOnlyMatrixView(right, columns, inputs).Transposed, 0, new(inner, rows, columns));
        return inner;
    }
}
