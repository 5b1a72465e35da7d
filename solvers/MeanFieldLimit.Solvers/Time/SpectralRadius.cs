using System.Numerics.Tensors;

namespace MeanFieldLimit.Solvers.Time;

/// <summary>
/// The spectral radius of df/dy by the nonlinear power method: v' = (f(y + v) - f(y)) d/|f(y + v) - f(y)|, rho the
/// ratio of the norms |f(y + v) - f(y)|/|v| (Sommeijer, Shampine and Verwer, J. Comput. Appl. Math. 88, 1997). Norms
/// are the error norm's, in which components without mass do not count: they change no estimate.
/// </summary>
internal sealed class SpectralRadius(IVectorField system, Tolerance tolerance, IErrorNorm norm)
{
    /// <summary>The factor on purpose.</summary>
    internal const double Safety = 1.2;

    private const int Most = 50;
    private const double Change = 0.01;

    // |v| = sqrt(2^-52)/rtol in units of the tolerance is a relative perturbation of the root of the precision.
    private readonly double size = Math.Sqrt(double.BitIncrement(1) - 1) / tolerance.Relative;
    private readonly double[] vector = new double[system.Dimension];
    private readonly double[] perturbed = new double[system.Dimension];
    private readonly double[] slope = new double[system.Dimension];
    private bool known;

    /// <summary>Evaluations of f so far.</summary>
    internal long Evaluations { get; private set; }

    /// <summary>Forgets the eigenvector of the last estimate, from which the next one starts.</summary>
    internal void Reset() => known = false;

    internal void Carry(Snapshot snapshot)
    {
        Evaluations = snapshot.Value(Evaluations);
        snapshot.Carry(ref known);
        if (known) snapshot.Carry<double>(vector);
    }

    /// <summary>An estimate at (t, y), a fifth too large on purpose; f is the slope there.</summary>
    internal double Estimate(double t, ReadOnlySpan<double> y, ReadOnlySpan<double> f)
    {
        if (!known) Begin(y, f);
        known = true;
        double rho = 0, before = 0;
        for (var k = 0; k < Most; k++)
        {
            TensorPrimitives.Add(y, vector, perturbed);
            Evaluations++;
            system.Evaluate(t, perturbed, slope);
            TensorPrimitives.Subtract(slope, f, vector);
            rho = Scale(y) / size;
            if (!double.IsFinite(rho))
            {
                known = false;
                break;
            }
            if (rho == 0 || (k > 1 && Math.Abs(rho - before) <= Change * rho)) break;
            before = rho;
        }
        return Safety * rho;
    }

    /// <summary>
    /// A direction that depends on no order of the components and has something of every eigenvector: the slope alone,
    /// late in a decay, has little of the fast ones.
    /// </summary>
    private void Begin(ReadOnlySpan<double> y, ReadOnlySpan<double> f)
    {
        f.CopyTo(vector);
        var direct = Scale(y) > 0;
        if (direct) vector.CopyTo(perturbed, 0);
        y.CopyTo(vector);
        if (!(Scale(y) > 0)) Array.Fill(vector, 1);
        if (direct) TensorPrimitives.Add(vector, perturbed, vector);
        // Nothing is left where the slope is opposite to y, as on y' = -y.
        if (!(Scale(y) > 0) && direct) perturbed.CopyTo(vector, 0);
    }

    /// <summary>Gives the vector its size; returns the one it had.</summary>
    private double Scale(ReadOnlySpan<double> y)
    {
        var had = norm.Measure(vector, y, y, tolerance);
        if (had > 0) TensorPrimitives.Multiply(vector, size / had, vector);
        return had;
    }
}
