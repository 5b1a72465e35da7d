namespace MeanFieldLimit.Solvers.Transport;

/// <summary>W_2 between two densities on one regular grid in two dimensions.</summary>
public static class WassersteinGrid
{
    /// <summary>Exact, by the network simplex between the cells with mass: up to some 5,000 cells.</summary>
    /// <param name="cells">The grid.</param>
    /// <param name="source">Masses [row, column], of sum 1: densities times the area of a cell.</param>
    /// <param name="target">Masses likewise. The plan counts the cells with mass only, in their order.</param>
    /// <exception cref="ArgumentException">As for <see cref="GridCells.Measure"/>.</exception>
    public static OptimalTransport Exact(GridCells cells, double[] source, double[] target) =>
        WassersteinExact.Between(cells.Measure(source), cells.Measure(target));

    /// <summary>
    /// The debiased divergence S_eps, whose kernel factors into one per axis: O(n^(3/2)) per iteration and O(n) memory
    /// for n cells. eps a few times the squared spacing and more: what moves by less than sqrt(eps) is not resolved
    /// further.
    /// </summary>
    /// <param name="cells">The grid.</param>
    /// <param name="source">Masses [row, column], of sum 1.</param>
    /// <param name="target">Masses [row, column], of sum 1.</param>
    /// <param name="epsilon">eps, positive, in the units of squared distances.</param>
    /// <param name="limits">When to end.</param>
    /// <exception cref="ArgumentException">As for <see cref="GridCells.Measure"/>, or eps is not positive.</exception>
    public static SinkhornDivergence Divergence(
        GridCells cells, double[] source, double[] target, double epsilon, SinkhornLimits? limits = null)
    {
        var (mu, nu) = (cells.Checked(source), cells.Checked(target));
        WassersteinEntropic.Check(mu, nu, epsilon, 2);
        TransportArguments.Extent(2, mu.Points, nu.Points, 2);
        var cost = new GridSoftMinimum(cells);
        EntropicTransport Solve(double[] a, double[] b, bool symmetric) =>
            new Sinkhorn(new GridPass(cost, a, b), a, b).Solve(epsilon, limits ?? new(), symmetric);
        return new(2, Solve(source, target, false), Solve(source, source, true), Solve(target, target, true));
    }
}
