namespace MeanFieldLimit.Solvers.Time;

/// <summary>
/// The continuous extension of a Runge-Kutta step: the cubic Hermite polynomial through both ends and corrections,
/// y(t + x h) = y + x (u_0 + (1-x) (u_1 + x (u_2 + (1-x) (u_3 + x (u_4 + ...))))) with
/// u_0 = y' - y, u_1 = h k_1 - u_0, u_2 = u_0 - u_1 - h k_s = 2 u_0 - h (k_1 + k_s), u_{2+j} = h sum_i d_ji k_i
/// (Hairer, Norsett and Wanner, Solving ODEs I, II.6). The k_i may include further stages.
/// </summary>
public sealed class Interpolant
{
    private const double RoundOff = 1e-11;     // the rows d of order 7 have entries of several hundreds

    /// <summary>Corrections d on further stages with nodes c and rows a.</summary>
    /// <param name="order">Order of the polynomial: the error inside a step is O(h^(order + 1)).</param>
    /// <param name="c">Nodes of the further stages.</param>
    /// <param name="a">Their rows, over all stages before.</param>
    /// <param name="d">Rows d_j over all stages, each summing to 0; none for the cubic polynomial alone.</param>
    /// <exception cref="ArgumentException">A row does not sum to what it must.</exception>
    public Interpolant(int order, double[] c, double[][] a, double[][] d)
    {
        for (var i = 0; i < c.Length; i++)
            if (!(Math.Abs(a[i].Sum() - c[i]) < RoundOff))
                throw new ArgumentException($"row {i} of an interpolant must sum to c = {c[i]}, got {a[i].Sum()}");
        foreach (var row in d)
            if (!(Math.Abs(row.Sum()) < RoundOff))
                throw new ArgumentException($"corrections of an interpolant must sum to 0, got {row.Sum()}");
        (Order, C, A, D) = (order, c, a, d);
    }

    /// <summary>Order inside a step.</summary>
    public int Order { get; }

    /// <summary>Nodes of the further stages.</summary>
    internal double[] C { get; }

    /// <summary>Rows of the further stages.</summary>
    internal double[][] A { get; }

    /// <summary>Corrections.</summary>
    internal double[][] D { get; }

    /// <summary>
    /// The weights w_i(x) of y(t + x h) = y + h sum_i w_i k_i, for the step's weights b whose last belongs to k_s.
    /// </summary>
    internal void Weights(double x, double[] b, double[] result)
    {
        double one = x * (1 - x), two = x * one;            // factors of u_1 and u_2
        Array.Clear(result);
        for (var i = 0; i < b.Length; i++) result[i] = b[i] * (x - one + 2 * two);
        result[0] += one - two;
        result[b.Length - 1] -= two;
        var factor = two;
        for (var j = 0; j < D.Length; j++)
        {
            factor *= j % 2 == 0 ? 1 - x : x;
            for (var i = 0; i < D[j].Length; i++) result[i] += factor * D[j][i];
        }
    }
}
