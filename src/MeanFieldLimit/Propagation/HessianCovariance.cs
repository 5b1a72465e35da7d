namespace MeanFieldLimit.Propagation;

/// <summary>
/// Sigma = E_P[H_n^2] - (E_P[H_n])^2 of the Hessians H_n of the points' losses, never formed: of Gauss-Newton parts
/// J_n^* l_n'' J_n the squares are J_n^* l_n'' T_n l_n'' J_n with T_n = J_n J_n^*, K x K; others are applied point by
/// point, twice.
/// </summary>
/// <remarks>
/// The noise of SGD's gradient near a minimum that fits all points is Sigma over the batch: the square root of its
/// largest eigenvalue is the non-uniformity (Wu, Ma and E, How SGD selects the global minima in over-parameterized
/// learning, NeurIPS 2018).
/// </remarks>
internal sealed class HessianCovariance : ISymmetricOperator
{
    private readonly RiskHessian all, points;
    private readonly double[] grams, once, twice;

    /// <summary>That of a Hessian in blocks of points, and the same in blocks of one.</summary>
    internal HessianCovariance(RiskHessian all, RiskHessian points)
    {
        (this.all, this.points) = (all, points);
        (once, twice) = (new double[all.Dimension], new double[all.Dimension]);
        grams = all.IsGaussNewton ? Grams() : [];
    }

    public int Dimension => all.Dimension;

    public void Apply(ReadOnlySpan<double> v, Span<double> result)
    {
        var along = new double[Dimension];
        all.Metric.FromPlain(v, along);
        if (all.IsGaussNewton) all.Sum(along, grams, result);
        else
        {
            result.Clear();
            for (var n = 0; n < all.Data.Count; n++)
            {
                points.OfPoint(n, along, once);
                points.OfPoint(n, once, twice);
                TensorPrimitives.MultiplyAdd(twice, all.Data.Masses[n], result, result);
            }
        }
        all.Product(along, once);
        all.Product(once, twice);
        TensorPrimitives.Subtract(result, twice, result);
        all.Metric.ToPlain(result, result);
    }

    /// <summary>T_n [point, K, K].</summary>
    private double[] Grams()
    {
        var (n, k) = (all.Data.Count, all.Data.Outputs);
        var result = Arrays.New("the Gram matrices of outputs", (long)n * k, k);
        double[][] gradients = [.. Enumerable.Range(0, k).Select(_ => new double[Dimension])];
        for (var point = 0; point < n; point++)
        {
            for (var j = 0; j < k; j++) points.OutputGradient(point, j, gradients[j]);
            for (var i = 0; i < k; i++)
                for (var j = 0; j <= i; j++)
                    result[(point * k + i) * k + j] = result[(point * k + j) * k + i] =
                        TensorPrimitives.Dot<double>(gradients[i], gradients[j]);
        }
        return result;
    }
}
