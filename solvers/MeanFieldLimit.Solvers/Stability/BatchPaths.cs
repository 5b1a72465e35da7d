using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MeanFieldLimit.Solvers.Randomness;

namespace MeanFieldLimit.Solvers.Stability;

/// <summary>A mean over independent draws, and its standard error.</summary>
public readonly record struct SampleMean(double Value, double Error)
{
    internal static SampleMean Of(double[] values)
    {
        var mean = values.Average();
        return new(mean, Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1.0) / values.Length));
    }
}

/// <summary>
/// Paths e &lt;- (1 - eta H_S) e of SGD on batches of B points, each drawn anew without replacement: a path is a
/// function of its number and of the step, the same batches for every step.
/// </summary>
/// <param name="of">What is descended.</param>
/// <param name="batch">B.</param>
/// <param name="stream">What is random; it is divided further.</param>
public sealed class BatchPaths(SampledQuadratic of, int batch, RandomStream stream)
{
    // A bisection of the relative length of a scan's step, to 1e-6 of it.
    private const int Halvings = 16;
    private const double Scan = 1.08;
    private const int MostScans = 60;

    /// <summary>
    /// E &lt;e_k, M e_k> / E &lt;e_0, M e_0> after k steps from e_0 ~ N(0, M), M the E e e^T that is the first to grow:
    /// below 1 for every k where the step is below the largest stable one, above 1 where it is above.
    /// </summary>
    /// <param name="stability">That of this batch size.</param>
    /// <param name="step">eta.</param>
    /// <param name="steps">k.</param>
    /// <param name="paths">Independent paths.</param>
    public SampleMean MeanSquare(BatchStability stability, double step, int steps, int paths)
    {
        ArgumentNullException.ThrowIfNull(stability);
        var (r, m) = (of.Rank, new DenseMatrix(of.Rank, of.Rank, stability.Mode()));
        var evd = m.Evd(Symmetricity.Symmetric);
        var root = evd.EigenVectors * new DiagonalMatrix(r, r, [.. evd.EigenValues.Select(v =>
            Math.Sqrt(Math.Max(0, v.Real)))]);
        double[] start = root.ToRowMajorArray(), ratios = new double[paths], e = new double[r], normal = new double[r];
        for (var path = 0; path < paths; path++)
        {
            stream.Substream((ulong)path).Substream(0).FillNormal(0, normal);
            for (var j = 0; j < r; j++)
                e[j] = TensorPrimitives.Dot<double>(start.AsSpan(j * r, r), normal);
            var walk = NewWalk(path);
            for (var k = 0; k < steps; k++) walk.Advance(step, e);
            // |M| = 1 is E <e_0, M e_0>.
            for (var j = 0; j < r; j++)
                ratios[path] += e[j] * TensorPrimitives.Dot<double>(m.Values.AsSpan(j * r, r), e);
        }
        return SampleMean.Of(ratios);
    }

    /// <summary>What that is by the operator.</summary>
    public static double ExactMeanSquare(BatchStability stability, double step, int steps)
    {
        ArgumentNullException.ThrowIfNull(stability);
        double[] mode = stability.Mode(), m = [.. mode], next = new double[m.Length];
        for (var k = 0; k < steps; k++)
        {
            stability.Step(step, m, next);
            (m, next) = (next, m);
        }
        return TensorPrimitives.Dot<double>(mode, m);
    }

    /// <summary>
    /// The largest exponent of Lyapunov, lim (1/k) log |e_k| of almost every path: mean over some paths of the growth
    /// in the last three quarters of so many steps.
    /// </summary>
    public SampleMean Exponent(double step, int steps, int paths) =>
        SampleMean.Of([.. Enumerable.Range(0, paths).Select(path => ExponentOf(path, step, steps))]);

    /// <summary>
    /// The step at which the exponent becomes positive: almost every path goes to 0 below it, though E |e|^2 may grow.
    /// The mean over paths of where their own growth does.
    /// </summary>
    /// <param name="from">A step at which it is not: the largest one that is stable in mean square.</param>
    /// <param name="steps">Of each path.</param>
    /// <param name="paths">Independent paths.</param>
    public SampleMean AlmostSureStep(double from, int steps, int paths)
    {
        var to = from;
        for (var scans = 0; Exponent(to, steps, paths).Value <= 0; scans++)
        {
            if (scans == MostScans) return new(double.PositiveInfinity, double.NaN);
            to *= Scan;
        }
        return SampleMean.Of([.. Enumerable.Range(0, paths).Select(path =>
        {
            // Beyond both ends by as much again: the zero of a path lies about that of the mean.
            double low = to / Scan / Scan, high = to * Scan;
            for (var k = 0; k < Halvings; k++)
            {
                var middle = (low + high) / 2;
                if (ExponentOf(path, middle, steps) > 0) high = middle;
                else low = middle;
            }
            return (low + high) / 2;
        })]);
    }

    private double ExponentOf(int path, double step, int steps)
    {
        var e = new double[of.Rank];
        Array.Fill(e, 1);
        var (walk, burnt, sum) = (NewWalk(path), steps / 4, 0.0);
        for (var k = 0; k < steps; k++)
        {
            walk.Advance(step, e);
            var norm = TensorPrimitives.Norm<double>(e);
            if (norm == 0) return double.NegativeInfinity;
            TensorPrimitives.Divide(e, norm, e);
            if (k >= burnt) sum += Math.Log(norm);
        }
        return sum / (steps - burnt);
    }

    private Walk NewWalk(int path) => new(of, batch, stream.Substream((ulong)path).Substream(1));

    /// <summary>Batches of one path, in order.</summary>
    private sealed class Walk(SampledQuadratic of, int batch, RandomStream draws)
    {
        private readonly int[] order = [.. Enumerable.Range(0, of.Points)];
        private readonly double[] gradient = new double[of.Rank];
        private ulong drawn;

        internal void Advance(double step, Span<double> e)
        {
            Array.Clear(gradient);
            for (var b = 0; b < batch; b++)
            {
                // The first B of a shuffle, which may go on from any order.
                if (batch < of.Points)
                {
                    var other = b + draws.Below(drawn++, of.Points - b);
                    (order[b], order[other]) = (order[other], order[b]);
                }
                of.AddGradient(order[b], e, gradient);
            }
            TensorPrimitives.MultiplyAdd(gradient, -step / batch, e, e);
        }
    }
}
