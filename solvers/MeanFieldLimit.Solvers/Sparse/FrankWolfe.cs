using System.Numerics.Tensors;
using MeanFieldLimit.Solvers.Measures;

namespace MeanFieldLimit.Solvers.Sparse;

/// <summary>
/// min F(nu) + price |nu| over signed measures nu on a support with |nu| &lt;= mass, F convex and smooth: the
/// conditional gradient method (Frank and Wolfe 1956; Bredies and Pikkarainen, ESAIM COCV 19, 2013) with masses that
/// are corrected fully in each iteration and atoms that slide (Denoyelle, Duval, Peyre and Soubies, Inverse
/// Problems 36, 2020).
/// </summary>
/// <remarks>
/// With V = delta F / delta nu and c >= |V| on the support, F(nu') >= F(nu) + int V d(nu' - nu) gives for each nu'
/// F(nu) + price |nu| - (F(nu') + price |nu'|) &lt;= int V d nu + price |nu| + mass max(0, c - price), the duality gap.
/// </remarks>
public sealed class FrankWolfe
{
    // Of F(0): what rounding leaves of a gap. Without a gap half as large in so many iterations it ends too.
    private const double Smallest = 1e-14;
    private const int Patience = 40, MostIterations = 600, Slides = 20;

    private readonly ISmoothFunctional functional;
    private readonly ISupport support;
    private readonly double mass, price;
    private readonly Correction correction;

    private FrankWolfe(ISmoothFunctional functional, ISupport support, double mass, double price)
    {
        if (!(mass > 0 && double.IsFinite(mass))) throw new ArgumentException($"mass must be positive, got {mass}");
        if (!(price >= 0 && double.IsFinite(price)))
            throw new ArgumentException($"price must not be negative, got {price}");
        (this.functional, this.support, this.mass, this.price) = (functional, support, mass, price);
        correction = new(functional, mass, price);
    }

    /// <summary>The measure with the smallest duality gap that was found.</summary>
    /// <param name="functional">F, convex in the measure.</param>
    /// <param name="support">The support, with its oracle.</param>
    /// <param name="mass">The largest |nu|. Where F >= 0, F(0) / price is one that changes nothing.</param>
    /// <param name="price">What a unit of |nu| costs.</param>
    /// <param name="cancellation">Asks it to stop.</param>
    /// <exception cref="ArgumentException">mass is not positive, or price negative.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public static SparseMinimum Minimise(ISmoothFunctional functional, ISupport support, double mass, double price = 0,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(functional);
        ArgumentNullException.ThrowIfNull(support);
        return new FrankWolfe(functional, support, mass, price).Run(cancellation);
    }

    private SparseMinimum Run(CancellationToken cancellation)
    {
        var (atoms, best, halved, since) = (new Atoms([], []), (SparseMinimum?)null, double.PositiveInfinity, 0);
        var goal = Smallest * Math.Abs(functional.Value([], []));
        for (var iteration = 1; ; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            var peak = support.Highest(functional, atoms.Points, atoms.Masses);
            var now = Certify(atoms, peak.Bound, iteration);
            if (best is null || now.Gap < best.Gap) best = now;
            if (best.Gap <= halved / 2) (halved, since) = (best.Gap, 0);
            else if (++since > Patience) return best with { Iterations = iteration };
            if (best.Gap <= goal || peak.Value == 0 || iteration == MostIterations)
                return best with { Iterations = iteration };
            atoms = correction.Of(atoms.With(peak.Point, -Math.Sign(peak.Value)));
            atoms = correction.Of(Slid(atoms).Merged(support));
        }
    }

    private SparseMinimum Certify(Atoms atoms, double level, int iteration)
    {
        var variation = new double[atoms.Count];
        functional.FirstVariation(atoms.Points, atoms.Masses, variation);
        var cost = price * atoms.Masses.Sum(Math.Abs);
        var gap = TensorPrimitives.Dot<double>(variation, atoms.Masses) + cost + mass * Math.Max(0, level - price);
        // Below 0 it is a rounding.
        return new(atoms.Points, atoms.Masses, functional.Value(atoms.Points, atoms.Masses) + cost, Math.Max(0, gap),
            level, iteration);
    }

    private Atoms Slid(Atoms atoms)
    {
        if (atoms.Count == 0) return atoms;
        double[] points = [.. atoms.Points];
        Descent.Minimise(functional, points, atoms.Masses, Slides);
        return atoms with { Points = points };
    }
}
