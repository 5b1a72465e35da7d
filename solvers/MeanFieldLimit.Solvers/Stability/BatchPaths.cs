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

/// <summary>A mean over paths of so many steps that is meant in the limit of many.</summary>
/// <param name="Value">The mean.</param>
/// <param name="Error">Its standard error over paths.</param>
/// <param name="Bias">The distance to the mean over the same paths at half of their steps: the error that is left where
/// it goes as 1 / steps.</param>
public readonly record struct LongMean(double Value, double Error, double Bias)
{
    internal static LongMean Of(int paths, int steps, Func<int, int, double> ofPath)
    {
        SampleMean Mean(int count) => SampleMean.Of([.. Enumerable.Range(0, paths).Select(p => ofPath(p, count))]);
        var (whole, half) = (Mean(steps), Mean(steps / 2));
        return new(whole.Value, whole.Error, Math.Abs(whole.Value - half.Value));
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
    // Of three lengths of a scan, to 4e-6 of the step.
    private const int Halvings = 16;
    private const double Scan = 1.08;
    private const int MostScans = 60;

    /// <summary>
    /// E &lt;e_k, M e_k> / E &lt;e_0, M e_0> after k steps from e_0 ~ N(0, M), M the E e e^T that is the first to grow:
    /// below 1 for every k where the step is below the largest stable one, above 1 for every even k where it is above.
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
    public LongMean Exponent(double step, int steps, int paths) =>
        LongMean.Of(paths, steps, (path, count) => ExponentOf(path, step, count));

    /// <summary>
    /// The step at which the exponent becomes positive: almost every path goes to 0 below it, though E |e|^2 may grow.
    /// The mean over paths of where their own growth does; infinite where none of many steps does it.
    /// </summary>
    /// <param name="from">A step at which it is not: the largest one that is stable in mean square.</param>
    /// <param name="steps">Of each path.</param>
    /// <param name="paths">Independent paths.</param>
    public LongMean AlmostSureStep(double from, int steps, int paths)
    {
        var to = Up(from, step => Enumerable.Range(0, paths).Average(path => ExponentOf(path, step, steps)));
        return double.IsInfinity(to) ? new(to, double.NaN, double.NaN) : LongMean.Of(paths, steps, ZeroOf);

        double ZeroOf(int path, int count)
        {
            double Growth(double step) => ExponentOf(path, step, count);
            // From beyond the last step by as much again: the zero of a path lies about that of the mean, and may lie
            // further.
            var low = to / Scan / Scan;
            while (Growth(low) > 0) low /= Scan;
            var high = Up(Math.Max(low, to * Scan), Growth);
            for (var k = 0; k < Halvings && double.IsFinite(high); k++)
            {
                var middle = (low + high) / 2;
                if (Growth(middle) > 0) high = middle;
                else low = middle;
            }
            return (low + high) / 2;
        }
    }

    /// <summary>The first step of a scan upwards at which something grows; infinite where none is.</summary>
    private static double Up(double step, Func<double, double> growth)
    {
        for (var scans = 0; growth(step) <= 0; scans++)
        {
            if (scans == MostScans) return double.PositiveInfinity;
            step *= Scan;
        }
        return step;
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
