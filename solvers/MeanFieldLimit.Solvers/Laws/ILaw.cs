
namespace MeanFieldLimit.Solvers.Laws;

/// <summary>The law of one real random variable X: everything sampling and quadrature ask of it.</summary>
public interface ILaw
{
    /// <summary>E X.</summary>
    double Mean { get; }

    /// <summary>sqrt(E (X - E X)^2).</summary>
    double StandardDeviation { get; }

    /// <summary>inf { x : P(X &lt;= x) >= u }, u in (0, 1): <c>Quantile(U)</c>, U uniform, has this law.</summary>
    double Quantile(double u);

    /// <summary>Each u becomes <c>Quantile(u)</c>, bit for bit.</summary>
    void Quantiles(Span<double> u)
    {
        for (var j = 0; j < u.Length; j++) u[j] = Quantile(u[j]);
    }

    /// <summary>
    /// How many nodes <see cref="Gauss"/> returns when asked for <paramref name="requested"/>: a law on finitely
    /// many points is its own exact rule and needs no more nodes than points.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="requested"/> is outside 1..256.</exception>
    int GaussNodes(int requested);

    /// <summary>
    /// The Gauss rule of this law: <c>sum_i Weights[i] f(Nodes[i]) = E f(X)</c> for polynomials f of degree up to
    /// 2n - 1, n the number of nodes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="requested"/> is outside 1..256.</exception>
    GaussRule Gauss(int requested);

    /// <summary>The law by its density, where it has one that is known.</summary>
    internal StandardLaw? Standard => null;
}
