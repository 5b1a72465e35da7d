using MeanFieldLimit.Solvers.Laws;

namespace MeanFieldLimit.Solvers.Transport;

/// <summary>
/// Integrals of exp(g) over intervals on each of which g is concave, all in units of the exponential of one number, so
/// that none overflows: adaptive Gauss-Legendre rules where exp(g) is not below exp(-50) of its maximum there.
/// </summary>
internal static class LogConcaveIntegral
{
    private const int Nodes = 8, Halvings = 40, Searches = 200;
    private const double Drop = 50, Rounding = 1e-15;
    private static readonly double Golden = (Math.Sqrt(5) - 1) / 2;
    private static readonly GaussRule Rule = GaussRule.Legendre(Nodes).Map(0.5, 0.5);

    /// <summary>What of [from, to], one end of which may be infinite, counts.</summary>
    public static (double From, double To) Range(Func<double, double> g, double from, double to)
    {
        // From the end that is finite outwards, until g has fallen; then the top between the neighbours of the best.
        var (end, other) = double.IsFinite(from) ? (from, to) : (to, from);
        var reach = Math.Abs(other - end);
        double At(double by) => by < reach ? other > end ? end + by : end - by : other;
        double best = double.NegativeInfinity, top = 0, step = Math.Max(double.Epsilon, Math.Min(1, reach) * 1e-12);
        for (var by = step; ; by *= 2)
        {
            var value = g(At(by));
            if (value > best) (best, top) = (value, by);
            if (by >= reach || value < best - Drop) break;
        }
        double low = top == step ? 0 : top / 2, high = Math.Min(2 * top, reach);
        double left = At(low), right = At(high);
        for (var k = 0; k < Searches && Math.Abs(right - left) > 1e-9 * Math.Max(Math.Abs(left), Math.Abs(right)); k++)
        {
            double a = right - Golden * (right - left), b = left + Golden * (right - left);
            if (g(a) > g(b)) right = b;
            else left = a;
        }
        var peak = left + (right - left) / 2;
        var least = g(peak) - Drop;
        double inner = Fall(end, peak), outer = Fall(double.IsFinite(other) ? other : Beyond(), peak);
        return inner < outer ? (inner, outer) : (outer, inner);

        double Beyond()
        {
            var by = Math.Max(high, double.Epsilon);
            while (g(At(by)) > least) by *= 2;
            return At(by);
        }

        // Where g is `least` between an end and the top, or the end.
        double Fall(double outside, double inside)
        {
            if (g(outside) >= least) return outside;
            for (var k = 0; k < Searches && Math.Abs(inside - outside) > 1e-3 * Math.Abs(peak - outside); k++)
            {
                var middle = outside + (inside - outside) / 2;
                if (g(middle) < least) outside = middle;
                else inside = middle;
            }
            return outside;
        }
    }

    /// <summary>The largest g at the nodes of the first rule.</summary>
    public static double Largest(Func<double, double> g, double from, double to)
    {
        var largest = double.NegativeInfinity;
        foreach (var node in Rule.Nodes) largest = Math.Max(largest, g(from + (to - from) * node));
        return largest;
    }

    /// <summary>int exp(g - unit) by one rule.</summary>
    public static double Coarse(Func<double, double> g, double unit, double from, double to)
    {
        var sum = 0.0;
        for (var k = 0; k < Nodes; k++)
            sum += Rule.Weights[k] * Math.Exp(g(from + (to - from) * Rule.Nodes[k]) - unit);
        return sum * (to - from);
    }

    /// <summary>The same, halved until rules and their halves agree to the tolerance.</summary>
    public static double Fine(Func<double, double> g, double unit, double from, double to, double tolerance) =>
        Adaptive(g, unit, from, to, Coarse(g, unit, from, to), tolerance, Halvings);

    private static double Adaptive(Func<double, double> g, double unit, double from, double to, double whole,
        double tolerance, int halvings)
    {
        var middle = from + (to - from) / 2;
        var (left, right) = (Coarse(g, unit, from, middle), Coarse(g, unit, middle, to));
        // Below the roundings of g, which exp makes relative ones, halves would disagree for ever.
        var rounding = Rounding * (Nodes + Math.Abs(unit)) * (left + right);
        if (halvings == 0 || !(Math.Abs(left + right - whole) > Math.Max(tolerance, rounding))) return left + right;
        return Adaptive(g, unit, from, middle, left, tolerance, halvings - 1)
            + Adaptive(g, unit, middle, to, right, tolerance, halvings - 1);
    }
}
