using System.Numerics.Tensors;
using MeanFieldLimit.Solvers.Measures;

namespace MeanFieldLimit.Solvers.Sparse;

/// <summary>
/// min F(nu) + price |nu| over the sizes z of the masses of given atoms, z >= 0 and sum z &lt;= mass: Newton's method
/// with the constraints in each step.
/// </summary>
internal sealed class Correction(ISmoothFunctional functional, double mass, double price)
{
    private const int MostSteps = 50, MostHalvings = 40, MostStalled = 3;
    private const double Ridge = 1e-13, Decrease = 1e-4, Hidden = 1e-12, Nothing = 1e-13;

    /// <summary>The atoms with corrected masses; those without mass are gone.</summary>
    internal Atoms Of(Atoms atoms)
    {
        double[] signs = [.. atoms.Masses.Select(m => double.IsNegative(m) ? -1.0 : 1.0)];
        double[] sizes = [.. atoms.Masses.Select(Math.Abs)];
        var (points, last, lowest, stalled) = (atoms.Points, double.PositiveInfinity, double.PositiveInfinity, 0);
        for (var step = 0; step < MostSteps && signs.Length > 0; step++)
        {
            var slopes = Slopes(points, signs, sizes);
            // The duality gap among these atoms.
            var gap = TensorPrimitives.Dot<double>(sizes, slopes) + mass * Math.Max(0, -slopes.Min());
            var value = Value(points, signs, sizes);
            if (!(gap > 0 && double.IsFinite(gap))) break;
            if (gap > last / 2 && value > lowest - Hidden * Math.Abs(value) && ++stalled == MostStalled) break;
            (last, lowest) = (gap, value);
            var next = Next(points, signs, sizes, slopes);
            TensorPrimitives.Subtract(next, sizes, next);
            var slope = TensorPrimitives.Dot<double>(next, slopes);
            if (!(slope < 0)) break;
            sizes = Search(points, signs, sizes, next, (value, slope));
        }
        var share = Math.Min(1, mass / sizes.Sum());
        double[] masses = [.. sizes.Zip(signs, (size, sign) => share * size * sign)];
        return new Atoms(points, masses).Where(m => Math.Abs(m) > Nothing * mass);
    }

    private double[] Search(double[] points, double[] signs, double[] sizes, double[] direction,
        (double Value, double Slope) start)
    {
        var share = 1.0;
        for (var k = 0; ; k++, share /= 2)
        {
            double[] trial = [.. sizes.Zip(direction, (z, d) => Math.Max(0, z + share * d))];
            // Where rounding would decide, the model does.
            if (-start.Slope <= Hidden * Math.Abs(start.Value) || k == MostHalvings
                || Value(points, signs, trial) <= start.Value + Decrease * share * start.Slope) return trial;
        }
    }

    /// <summary>The minimiser of the quadratic model at the sizes.</summary>
    private double[] Next(double[] points, double[] signs, double[] sizes, double[] slopes)
    {
        var n = sizes.Length;
        var hessian = new double[n * n];
        functional.SecondVariation(points, Signed(signs, sizes), hessian);
        var largest = Math.Max(Enumerable.Range(0, n).Max(i => Math.Abs(hessian[i * n + i])),
            TensorPrimitives.MaxMagnitude<double>(slopes) / mass);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++) hessian[i * n + j] *= signs[i] * signs[j];
            // Atoms that are nearly alike leave it singular; the sizes stay near where they are then.
            hessian[i * n + i] += Ridge * largest;
        }
        double[] linear = [.. slopes], next = [.. sizes];
        for (var i = 0; i < n; i++) linear[i] -= TensorPrimitives.Dot<double>(hessian.AsSpan(i * n, n), sizes);
        SimplexQuadratic.Minimise(hessian, linear, mass, next);
        return next;
    }

    /// <summary>d/dz_i of F + price sum z.</summary>
    private double[] Slopes(double[] points, double[] signs, double[] sizes)
    {
        var slopes = new double[sizes.Length];
        functional.FirstVariation(points, Signed(signs, sizes), slopes);
        for (var i = 0; i < slopes.Length; i++) slopes[i] = signs[i] * slopes[i] + price;
        return slopes;
    }

    private double Value(double[] points, double[] signs, double[] sizes) =>
        functional.Value(points, Signed(signs, sizes)) + price * sizes.Sum();

    private static double[] Signed(double[] signs, double[] sizes) => [.. sizes.Zip(signs, (z, s) => z * s)];
}
