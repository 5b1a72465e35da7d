using MeanFieldLimit.Networks.Activations;

namespace MeanFieldLimit.Kernels;

/// <summary>
/// The midpoint rule for N(0, 1): for analytic functions with poles off the axis its error falls like
/// exp(-2 pi distance / spacing), where that of Gauss-Hermite rules falls like exp(-c sqrt(nodes)).
/// </summary>
internal sealed class HermiteRule
{
    // Of E s^2, that the outermost node may have.
    private const double Outside = 1e-12;

    private readonly double[] _nodes, _weights;

    internal HermiteRule(double reach, int nodes)
    {
        var spacing = 2 * reach / nodes;
        _nodes = [.. Enumerable.Range(0, nodes).Select(m => (m + 0.5) * spacing - reach)];
        _weights = [.. _nodes.Select(z => Math.Exp(-z * z / 2))];
        TensorPrimitives.Divide(_weights, TensorPrimitives.Sum<double>(_weights), _weights);
    }

    /// <summary>E s(sd z)^2 for all variances, then E s'(sd z)^2.</summary>
    internal double[] Squares(IActivation activation, double[] variances)
    {
        var squares = new double[2 * variances.Length];
        Span<double> s = new double[_nodes.Length], slope = new double[_nodes.Length];
        for (var j = 0; j < variances.Length; j++)
        {
            Evaluate(activation, variances[j], s, slope);
            squares[j] = Square(s);
            squares[variances.Length + j] = Square(slope);
        }
        return squares;
    }

    /// <summary>
    /// E s(sd z)^2, and whether it and that of s' are numbers that come from within the nodes: those of e^(z^2), which
    /// are infinite, do not.
    /// </summary>
    internal (double Square, bool IsFinite) Moment(IActivation activation, double variance)
    {
        Span<double> s = new double[_nodes.Length], slope = new double[_nodes.Length];
        Evaluate(activation, variance, s, slope);
        var square = Square(s);
        return (square, IsWithin(s, square) && IsWithin(slope, Square(slope)));
    }

    private bool IsWithin(ReadOnlySpan<double> s, double square) => double.IsFinite(square)
        && Math.Max(_weights[0] * s[0] * s[0], _weights[^1] * s[^1] * s[^1]) <= Outside * square;

    /// <summary>
    /// E s(sd z) he_k(z) [k, point] for k below <paramref name="terms"/>, and that of s', he_k = He_k / sqrt(k!).
    /// </summary>
    internal (double[] Values, double[] Slopes) Coefficients(IActivation activation, double[] variances, int terms,
        IMatrixEngine engine)
    {
        var (points, nodes) = (variances.Length, _nodes.Length);
        var polynomials = Polynomials(terms);
        var (values, slopes) = (new double[terms * points], new double[terms * points]);
        const int block = 64;
        var (s, slope) = (new double[block * nodes], new double[block * nodes]);
        for (var start = 0; start < points; start += block)
        {
            var count = Math.Min(block, points - start);
            for (var j = 0; j < count; j++)
            {
                var row = j * nodes;
                Evaluate(activation, variances[start + j], s.AsSpan(row, nodes), slope.AsSpan(row, nodes));
            }
            ReadOnlyMatrixView left = new(polynomials, terms, nodes);
            foreach (var (of, to) in new[] { (s, values), (slope, slopes) })
                engine.Multiply(1, left.Plain, _weights, new ReadOnlyMatrixView(of, count, nodes).Transposed, 0,
                    new MatrixView(to.AsSpan(start), terms, count, points));
        }
        return (values, slopes);
    }

    private void Evaluate(IActivation activation, double variance, Span<double> s, Span<double> slope)
    {
        var h = new double[_nodes.Length];
        TensorPrimitives.Multiply(_nodes, Math.Sqrt(variance), h);
        activation.Apply(h, s);
        activation.Derivative(h, s, slope);
    }

    private double Square(ReadOnlySpan<double> s)
    {
        var sum = 0.0;
        for (var m = 0; m < s.Length; m++) sum += _weights[m] * s[m] * s[m];
        return sum;
    }

    /// <summary>he_k at the nodes [k, node]: he_{k+1} = (z he_k - sqrt(k) he_{k-1}) / sqrt(k + 1).</summary>
    private double[] Polynomials(int terms)
    {
        var nodes = _nodes.Length;
        var he = new double[terms * nodes];
        he.AsSpan(0, nodes).Fill(1);
        for (var k = 0; k + 1 < terms; k++)
            for (var m = 0; m < nodes; m++)
                he[(k + 1) * nodes + m] = (_nodes[m] * he[k * nodes + m]
                    - (k == 0 ? 0 : Math.Sqrt(k) * he[(k - 1) * nodes + m])) / Math.Sqrt(k + 1);
        return he;
    }
}
