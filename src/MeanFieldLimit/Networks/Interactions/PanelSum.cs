using MeanFieldLimit.Networks.Activations;

namespace MeanFieldLimit.Networks.Interactions;

/// <summary>
/// The weighted sum over neurons that are the nodes of a composite rule (<see cref="PanelTensor"/>) with a piecewise
/// linear activation. On an input x the sum over types, H_i(x) = b + int w(c) s(H(x, c)) dP(c), has a kink at the
/// types c with H(x, c) = 0, while w and H are smooth in c. Where a panel has such a zero, H and w H on its 8 nodes
/// are taken as polynomials in c; the first gives the zero, the second is integrated up to it.
/// </summary>
/// <remarks>
/// Alternatives: nodes alone err by O(1/n^2) in n (the limit of examples/isotropic-reduced.json by 4.5e-6 at n = 32,
/// where this errs by 1.5e-7, and at n = 40 by 7e-9); panels that end at the zero would be others for each input.
/// With P_k of Legendre and the panel as [-1, 1], f of degree 7 is sum_k (2k+1) f_k P_k with
/// f_k = sum_j weight_j P_k(x_j) f(x_j), weights summing to 1, and (2k+1) int P_k = P_(k+1) - P_(k-1). What goes back
/// is unchanged: the velocity of a neuron is a mean over x, smooth in c. It is then the gradient of the risk up to the
/// error of the nodes only.
/// </remarks>
/// <param name="activation">The activation of the neurons that the sum is over.</param>
internal sealed class PanelSum(IPiecewiseLinear activation) : IInteraction
{
    private const int N = PanelTensor.PerPanel, MostSecants = 60;
    private const double Resolved = 1e-14;
    private static readonly GaussRule Rule = GaussRule.Legendre(N);
    private static readonly double[] AtNodes = [.. Rule.Nodes.SelectMany(Legendre)];
    private static readonly double[] Places = [-1, .. Rule.Nodes, 1];
    private static readonly double[] AtLow = Interpolation(-1), AtHigh = Interpolation(1);
    private readonly WeightedSum sum = new();

    public string Name => sum.Name;

    public void Forward(in Pairs pairs, MatrixView above)
    {
        sum.Forward(pairs, above);
        Span<double> zeros = stackalloc double[Places.Length + 1];
        for (var n = 0; n < above.Rows; n++)
            for (var start = 0; start < pairs.H.Columns; start += N)
            {
                var h = pairs.H.Row(n).Slice(start, N);
                var count = Zeros(h, zeros);
                if (count == 0) continue;
                for (var k = 0; k < above.Columns; k++)
                    above.Row(n)[k] += (1 - activation.SlopeBelow) * Correction(pairs, h, start, k, zeros[..count]);
            }
    }

    public void Backward(in Pairs pairs, ReadOnlyMatrixView d, MatrixView below) => sum.Backward(pairs, d, below);

    public void AddWeightVelocity(in Pairs pairs, ReadOnlyMatrixView d, double rate, double keep, MatrixView dw) =>
        sum.AddWeightVelocity(pairs, d, rate, keep, dw);

    /// <summary>int w max(H, 0) dP over a panel: between the zeros of H, less what the nodes make of it.</summary>
    private static double Correction(in Pairs pairs, ReadOnlySpan<double> h, int start, int k,
        ReadOnlySpan<double> zeros)
    {
        Span<double> moments = stackalloc double[N], terms = stackalloc double[N];
        var plain = 0.0;
        for (var j = 0; j < N; j++)
        {
            terms[j] = pairs.Mass(start + j) * pairs.Weights.Row(start + j)[k] * h[j];
            if (h[j] > 0) plain += terms[j];
        }
        Moments(terms, moments);
        // Zeros alternate between entering and leaving {H > 0}.
        var positive = TensorPrimitives.Dot(h, AtLow) > 0;
        var cut = positive ? -Primitive(moments, -1) : 0;
        foreach (var zero in zeros)
        {
            cut += positive ? Primitive(moments, zero) : -Primitive(moments, zero);
            positive = !positive;
        }
        return cut + (positive ? Primitive(moments, 1) : 0) - plain;
    }

    /// <summary>Zeros of the polynomial through <paramref name="h"/>, one at most between neighbours.</summary>
    private static int Zeros(ReadOnlySpan<double> h, Span<double> zeros)
    {
        var count = 0;
        var left = TensorPrimitives.Dot(h, AtLow);
        for (var j = 1; j < Places.Length; j++)
        {
            var right = j < Places.Length - 1 ? h[j - 1] : TensorPrimitives.Dot(h, AtHigh);
            if (left > 0 != right > 0) zeros[count++] = Zero(h, Places[j - 1], Places[j], left, right);
            left = right;
        }
        return count;
    }

    /// <summary>The zero in a bracket [a, b], by the secant method that keeps it (Illinois).</summary>
    private static double Zero(ReadOnlySpan<double> h, double a, double b, double atA, double atB)
    {
        Span<double> terms = stackalloc double[N], moments = stackalloc double[N];
        for (var j = 0; j < N; j++) terms[j] = Rule.Weights[j] * h[j];
        Moments(terms, moments);
        for (var i = 0; i < MostSecants; i++)
        {
            var middle = b - atB * (b - a) / (atB - atA);
            if (Math.Abs(middle - b) <= Resolved) return middle;
            var value = Value(moments, middle);
            if (value > 0 != atB > 0) (a, atA) = (b, atB);
            else atA /= 2;
            (b, atB) = (middle, value);
        }
        return b;
    }

    /// <summary>sum_k (2k+1) h_k P_k(x).</summary>
    private static double Value(ReadOnlySpan<double> moments, double x)
    {
        double before = 0, p = 1, sum = 0;
        for (var k = 0; k < N; k++)
        {
            sum += (2 * k + 1) * moments[k] * p;
            (before, p) = (p, ((2 * k + 1) * x * p - k * before) / (k + 1));
        }
        return sum;
    }

    /// <summary>1/2 int f up to x, up to a constant: f_0 x / 2 + sum_k f_k (P_(k+1) - P_(k-1)) / 2.</summary>
    private static double Primitive(ReadOnlySpan<double> moments, double x)
    {
        double before = 1, p = x, sum = moments[0] * x;
        for (var k = 1; k < N; k++)
        {
            var next = ((2 * k + 1) * x * p - k * before) / (k + 1);
            sum += moments[k] * (next - before);
            (before, p) = (p, next);
        }
        return sum / 2;
    }

    /// <summary>f_k = sum_j P_k(x_j) terms_j.</summary>
    private static void Moments(ReadOnlySpan<double> terms, Span<double> moments)
    {
        moments.Clear();
        for (var j = 0; j < N; j++)
            for (var k = 0; k < N; k++) moments[k] += AtNodes[j * N + k] * terms[j];
    }

    /// <summary>The weights of the values at the nodes in that of their polynomial at a place.</summary>
    private static double[] Interpolation(double x)
    {
        var p = Legendre(x);
        return [.. Enumerable.Range(0, N).Select(j =>
            Rule.Weights[j] * Enumerable.Range(0, N).Sum(k => (2 * k + 1) * AtNodes[j * N + k] * p[k]))];
    }

    private static double[] Legendre(double x)
    {
        var p = new double[N];
        (p[0], p[1]) = (1, x);
        for (var k = 1; k + 1 < N; k++) p[k + 1] = ((2 * k + 1) * x * p[k] - k * p[k - 1]) / (k + 1);
        return p;
    }
}
