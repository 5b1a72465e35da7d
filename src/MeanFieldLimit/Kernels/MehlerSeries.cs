using MeanFieldLimit.Networks.Activations;

namespace MeanFieldLimit.Kernels;

/// <summary>
/// E s(u) s(v) = sum_k a_k(u) a_k(v) rho^k by Mehler's formula, rho the correlation and a_k the coefficients of
/// z -> s(sd z) in normalised Hermite polynomials, by the midpoint rule; likewise of s'. By Parseval and Cauchy-Schwarz
/// what is left out is at most the root of the product of E s^2 - sum_k a_k^2 at both points. To that comes the error
/// of the midpoint rule, told by the change of E s^2 on the last doubling of nodes: it falls like 1/nodes or faster.
/// </summary>
internal sealed class MehlerSeries : IPairs
{
    // The weight's root is below rounding beyond Reach; the spacing resolves polynomials of all degrees used.
    internal const double Reach = 13;
    internal const int FewestNodes = 1024;
    private const double Negligible = 4e-15;
    private const int MostNodes = 16384, FewestTerms = 64, MostTerms = 1024;

    private readonly double[] _variances;
    private readonly (double[] Products, double[] Slopes) _coefficients;
    private readonly int _terms;

    private MehlerSeries(double[] variances, (double[], double[]) coefficients, int terms, double error) =>
        (_variances, _coefficients, _terms, Error) = (variances, coefficients, terms, error);

    public double Error { get; }

    internal static MehlerSeries Of(IActivation activation, double[] variances, IMatrixEngine engine,
        bool coarser = false)
    {
        var (mostNodes, mostTerms) = coarser ? (MostNodes / 2, MostTerms / 2) : (MostNodes, MostTerms);
        var (nodes, error) = (FewestNodes, 0.0);
        var rule = new HermiteRule(Reach, nodes);
        var squares = rule.Squares(activation, variances);
        for (var change = double.PositiveInfinity; change > Negligible && nodes < mostNodes;)
        {
            rule = new(Reach, nodes *= 2);
            var finer = rule.Squares(activation, variances);
            change = finer.Zip(squares, (a, b) => Math.Abs(a - b) / Math.Max(Math.Abs(a), double.Epsilon)).Max();
            error = finer.Zip(squares, (a, b) => Math.Abs(a - b)).Max();
            squares = finer;
        }
        for (var terms = FewestTerms; ; terms *= 2)
        {
            var (values, slopes) = rule.Coefficients(activation, variances, terms, engine);
            var tail = Math.Max(Tail(values, squares.AsSpan(0, variances.Length), terms),
                Tail(slopes, squares.AsSpan(variances.Length), terms));
            if (tail <= Negligible * squares.Max() || terms == mostTerms)
                return new(variances, (values, slopes), terms, tail + error);
        }
    }

    public void Row(int i, Span<double> covariances, Span<double> slopes)
    {
        Span<double> correlations = stackalloc double[Chunk], term = stackalloc double[Chunk];
        for (var start = 0; start < covariances.Length; start += Chunk)
        {
            var count = Math.Min(Chunk, covariances.Length - start);
            Span<double> rho = correlations[..count], added = term[..count];
            for (var j = 0; j < count; j++)
            {
                var scale = Math.Sqrt(_variances[i] * _variances[start + j]);
                rho[j] = scale == 0 ? 0 : Math.Clamp(covariances[start + j] / scale, -1, 1);
            }
            Horner(_coefficients.Products, i, start, rho, added, covariances.Slice(start, count));
            Horner(_coefficients.Slopes, i, start, rho, added, slopes.Slice(start, count));
        }
    }

    private const int Chunk = 256;

    /// <summary>sum_k a_k(i) a_k(j) rho_j^k for the points j from <paramref name="start"/> on.</summary>
    private void Horner(double[] coefficients, int i, int start, ReadOnlySpan<double> rho, Span<double> term,
        Span<double> sum)
    {
        var points = _variances.Length;
        sum.Clear();
        for (var k = _terms - 1; k >= 0; k--)
        {
            TensorPrimitives.Multiply(coefficients.AsSpan(k * points + start, rho.Length), coefficients[k * points + i],
                term);
            TensorPrimitives.MultiplyAdd(sum, rho, term, sum);
        }
    }

    /// <summary>The largest part of E s^2 that the coefficients leave out.</summary>
    private static double Tail(double[] coefficients, ReadOnlySpan<double> squares, int terms)
    {
        var tail = 0.0;
        for (var j = 0; j < squares.Length; j++)
        {
            var sum = 0.0;
            for (var k = terms - 1; k >= 0; k--)
                sum += coefficients[k * squares.Length + j] * coefficients[k * squares.Length + j];
            tail = Math.Max(tail, squares[j] - sum);
        }
        return tail;
    }
}
