
namespace MeanFieldLimit.Solvers.Laws;

/// <summary>
/// The law of scale |Z|, Z standard normal in d dimensions: density proportional to r^(d-1) exp(-r^2 / (2 scale^2)) on
/// r > 0.
/// </summary>
/// <remarks>
/// Everything comes from the density on panels of Gauss-Legendre rules, where it is above exp(-40) of its maximum; the
/// mass outside is below 1e-16.
/// </remarks>
public sealed class Chi : ILaw
{
    private const double Drop = 40;
    private const int Panels = 64, PerPanel = 8, Newtons = 60;
    private const int FejerNodes = 1024;        // exact for squares of degree 255 times a density of degree some 200
    private static readonly GaussRule Fejer = GaussRule.Fejer(FejerNodes);
    private static readonly GaussRule[] Legendre = [.. Enumerable.Range(1, PerPanel).Select(GaussRule.Legendre)];
    private readonly double low, high;
    private readonly double[] below = new double[Panels + 1];     // mass below each end of a panel, before norming

    /// <summary>The law of the length of a centred normal vector with independent entries.</summary>
    /// <param name="dimension">d, at least 1.</param>
    /// <param name="scale">The standard deviation of the entries, positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    public Chi(int dimension, double scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(LawArguments.Finite(scale));
        (Dimension, Scale) = (dimension, scale);
        (low, high) = (Edge(-1), Edge(1));
        for (var panel = 0; panel < Panels; panel++)
            below[panel + 1] = below[panel] + Mass(End(panel), End(panel + 1));
        var two = Gauss(2);
        Mean = two.Nodes.Zip(two.Weights, (x, w) => w * x).Sum();
        StandardDeviation = Math.Sqrt(two.Nodes.Zip(two.Weights, (x, w) => w * (x - Mean) * (x - Mean)).Sum());
    }

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>The standard deviation of the entries.</summary>
    public double Scale { get; }

    /// <inheritdoc/>
    public double Mean { get; }

    /// <inheritdoc/>
    public double StandardDeviation { get; }

    /// <summary>The interval outside which the density is below exp(-40) of its maximum, or r negative.</summary>
    public (double Low, double High) Support => (Scale * low, Scale * high);

    private double Mode => Math.Sqrt(Dimension - 1);

    /// <inheritdoc/>
    public double Quantile(double u)
    {
        var target = u * below[^1];
        var found = Array.BinarySearch(below, target);
        var panel = Math.Clamp(found < 0 ? ~found - 1 : found, 0, Panels - 1);
        double start = End(panel), left = start, right = End(panel + 1);
        var r = start + (right - left) * (target - below[panel]) / (below[panel + 1] - below[panel]);
        for (var i = 0; i < Newtons; i++)
        {
            var excess = below[panel] + Mass(start, r) - target;
            if (excess > 0) right = r;
            else left = r;
            var next = r - excess / Density(r);
            if (!(next > left && next < right)) next = (left + right) / 2;      // Newton left the bracket
            if (Math.Abs(next - r) <= 1e-15 * high) break;
            r = next;
        }
        return Scale * r;
    }

    /// <inheritdoc/>
    public int GaussNodes(int requested) => GaussRule.Requested(requested);

    /// <inheritdoc/>
    public GaussRule Gauss(int requested)
    {
        // Polynomials of degree 255 oscillate ever faster towards the ends: panels of equal length lose them there, and
        // with them the orthogonality of all that follow (from 216 nodes on, with 2048 points).
        var nodes = Array.ConvertAll(Fejer.Nodes, x => low + (high - low) * (1 + x) / 2);
        var masses = nodes.Zip(Fejer.Weights, (r, w) => w * Density(r)).ToArray();
        var sum = masses.Sum();
        var scaled = GaussRule.Of(new(1, nodes, Array.ConvertAll(masses, m => m / sum)), GaussNodes(requested));
        return scaled.Map(0, Scale);
    }

    StandardLaw? ILaw.Standard => new(0, Scale, 0, double.PositiveInfinity,
        r => LogDensity(r) - Math.Log(below[^1]), (u, _) => Quantile(u) / Scale);

    /// <summary>
    /// At least <paramref name="count"/> nodes: Gauss-Legendre rules on panels, weighted by the density. Spectrally
    /// accurate for integrands that are smooth between the breaks.
    /// </summary>
    /// <param name="count">Number of nodes without breaks, 8 in each panel.</param>
    /// <param name="breaks">Further ends of panels; those outside the support are left out.</param>
    public Nodes Composite(int count, IEnumerable<double> breaks)
    {
        var panels = (count + 7) / 8;
        // Short panels need fewer nodes: n make an error of (n!)^4 / ((2n+1) ((2n)!)^3) length^(2n+1) f^(2n), at
        // these lengths no more than 8 make on the longest.
        return Discretise(
            [.. Enumerable.Range(0, panels + 1).Select(i => low + (high - low) * i / panels)
                .Concat(breaks.Select(r => r / Scale).Where(r => r > low && r < high)).Order()],
            length => (length * panels / (high - low)) switch { < 0.01 => 2, < 0.05 => 3, < 0.2 => 5, _ => 8 });
    }

    /// <summary>
    /// Gauss-Legendre rules of 8 nodes on panels with the given ends, ascending from 0, over the support.
    /// </summary>
    internal Nodes Composite(double[] ends) =>
        Discretise(Array.ConvertAll(ends, end => low + (high - low) * end / ends[^1]), _ => PerPanel);

    private Nodes Discretise(double[] ends, Func<double, int> nodes)
    {
        List<double> points = [], masses = [];
        for (var i = 1; i < ends.Length; i++)
        {
            var (middle, half) = ((ends[i - 1] + ends[i]) / 2, (ends[i] - ends[i - 1]) / 2);
            var rule = Legendre[nodes(2 * half) - 1];
            for (var j = 0; j < rule.Nodes.Length; j++)
            {
                var r = middle + half * rule.Nodes[j];
                points.Add(Scale * r);
                masses.Add(rule.Weights[j] * half * Density(r));
            }
        }
        var sum = masses.Sum();
        return new(1, [.. points], [.. masses.Select(m => m / sum)]);
    }

    private double End(int panel) => low + (high - low) * panel / Panels;

    private double Density(double r) => Math.Exp(LogDensity(r));

    /// <summary>Logarithm of the density of |Z| over its maximum.</summary>
    private double LogDensity(double r) =>
        (Dimension == 1 ? 0 : (Dimension - 1) * Math.Log(r / Mode)) - (r - Mode) * (r + Mode) / 2;

    private double Mass(double from, double to)
    {
        var sum = 0.0;
        for (var i = 0; i < PerPanel; i++)
            sum += Legendre[^1].Weights[i] * Density((from + to + (to - from) * Legendre[^1].Nodes[i]) / 2);
        return sum * (to - from);
    }

    /// <summary>
    /// Where the density has fallen to exp(-40) of its maximum on a side of the mode; 0 if it does not.
    /// </summary>
    private double Edge(int side)
    {
        // -LogDensity is at least (r - mode)^2 / 2, from the normal factor alone where r > mode.
        double inside = Mode, outside = Math.Max(0, Mode + side * Math.Sqrt(2 * Drop));
        if (outside > 0 && LogDensity(outside) > -Drop || outside == 0 && Dimension == 1) return outside;
        for (var i = 0; i < 60; i++)
        {
            var middle = (inside + outside) / 2;
            if (LogDensity(middle) > -Drop) inside = middle;
            else outside = middle;
        }
        return outside;
    }
}
