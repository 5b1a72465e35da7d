using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MeanFieldLimit.Ensembles;

/// <summary>
/// The error norm of an ensemble: with e = error / (atol + rtol max(|y|, |next|)), the root of the mean over the
/// trained blocks W_1, b_1, ..., W_L, b_L of the mass-weighted mean of e^2 in each block.
/// </summary>
/// <remarks>
/// A neuron split into two halves, or a tracer, changes nothing in it, hence none of the steps taken. (The plain
/// mean over components would shift with every tracer; the maximum would let one far quadrature node of mass
/// 1e-12 set the steps.) Of the negative masses of sparse grids it takes the absolute values, scaled to sum to 1.
/// </remarks>
public sealed class MassNorm(Ensemble ensemble) : IErrorNorm
{
    private readonly double[][] sizes =
        [.. Enumerable.Range(0, ensemble.Depth + 1).Select(i => Sizes(ensemble.Masses(i)))];

    /// <inheritdoc/>
    public double Measure(ReadOnlySpan<double> error, ReadOnlySpan<double> state, ReadOnlySpan<double> next,
        Tolerance tolerance)
    {
        double sum = 0;
        var blocks = 0;
        for (var i = 1; i <= ensemble.Depth; i++)
        {
            double[] rows = sizes[i - 1], columns = sizes[i];
            ReadOnlyMatrixView e = ensemble.Weights(error, i), y = ensemble.Weights(state, i),
                z = ensemble.Weights(next, i);
            double block = 0, total = 0;
            var taps = ensemble.Architecture.Taps(i);
            for (var c = 0; c < ensemble.Massive(i - 1) * taps; c++)
            {
                block += rows[c / taps] * Row(e.Row(c), y.Row(c), z.Row(c), columns, ensemble.Massive(i), tolerance);
                total += rows[c / taps];
            }
            // Layer masses sum to 1 but for inputs and outputs, which count 1 each: divide to get a mean.
            var outputs = i == ensemble.Depth ? ensemble.Size(i) : 1;
            sum += block / (total * outputs);
            blocks++;
            if (ensemble.Architecture.Biases != BiasMode.Trained) continue;
            sum += Row(ensemble.Biases(error, i), ensemble.Biases(state, i), ensemble.Biases(next, i), columns,
                ensemble.Massive(i), tolerance) / outputs;
            blocks++;
        }
        return Math.Sqrt(sum / blocks);
    }

    private static double[] Sizes(ReadOnlySpan<double> masses)
    {
        double[] sizes = [.. masses];
        if (!sizes.Any(m => m < 0)) return sizes;
        var total = sizes.Sum(Math.Abs);
        return Array.ConvertAll(sizes, m => Math.Abs(m) / total);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Row(ReadOnlySpan<double> error, ReadOnlySpan<double> state, ReadOnlySpan<double> next,
        ReadOnlySpan<double> mass, int count, Tolerance tolerance)
    {
        var (relative, absolute) = (Vector256.Create(tolerance.Relative), Vector256.Create(tolerance.Absolute));
        var sums = Vector256<double>.Zero;
        var j = 0;
        for (; j <= count - Vector256<double>.Count; j += Vector256<double>.Count)
        {
            var size = Vector256.Max(Vector256.Abs(At(state, j)), Vector256.Abs(At(next, j)));
            var ratio = At(error, j) / (absolute + relative * size);
            sums += At(mass, j) * ratio * ratio;
        }
        var sum = Vector256.Sum(sums);
        for (; j < count; j++)
        {
            var ratio = error[j] / tolerance.Scale(state[j], next[j]);
            sum += mass[j] * ratio * ratio;
        }
        return sum;

        static Vector256<double> At(ReadOnlySpan<double> values, int j) => Vector256.Create(values[j..]);
    }
}
