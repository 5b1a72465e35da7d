using MeanFieldLimit.Solvers.Measures;
using MeanFieldLimit.Solvers.Proximal;

namespace MeanFieldLimit.Solvers.Sparse;

/// <summary>Local minima of F(sum_i m_i delta_{x_i}) over the places x of atoms, their masses m kept.</summary>
public static class Descent
{
    /// <summary>
    /// Moves the points to where the limited-memory BFGS method comes to rest; F never rises. At kinks of the gradient
    /// of F it may rest earlier.
    /// </summary>
    /// <param name="functional">F.</param>
    /// <param name="points">x [atom, d], moved.</param>
    /// <param name="masses">m [atom], of either sign, none 0.</param>
    /// <param name="most">The number of iterations after which it ends anyway.</param>
    /// <returns>F at the end.</returns>
    public static double Minimise(IFunctional functional, Span<double> points, double[] masses, int most)
    {
        ArgumentNullException.ThrowIfNull(functional);
        ArgumentNullException.ThrowIfNull(masses);
        new QuasiNewton(points.Length, most).Minimise(new Objective(functional, masses), points, size: 1);
        return functional.Value(points, masses);
    }

    private sealed class Objective(IFunctional functional, double[] masses) : IObjective
    {
        public double Evaluate(ReadOnlySpan<double> x, Span<double> gradient)
        {
            functional.Gradient(x, masses, gradient);
            for (var k = 0; k < x.Length; k++) gradient[k] *= masses[k / functional.Dimension];
            return functional.Value(x, masses);
        }

        public void Precondition(ReadOnlySpan<double> x, Span<double> v)
        {
            for (var k = 0; k < v.Length; k++) v[k] /= Math.Abs(masses[k / functional.Dimension]);
        }

        public double LongestStep(ReadOnlySpan<double> x, ReadOnlySpan<double> direction) => double.PositiveInfinity;
    }
}
