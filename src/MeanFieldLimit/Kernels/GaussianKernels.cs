using MeanFieldLimit.Data;
using MeanFieldLimit.Networks.Activations;

namespace MeanFieldLimit.Kernels;

/// <summary>A hidden layer's activation, and the variances of weights and biases of a layer's sum.</summary>
/// <param name="Activation">Of the layer below; null below layer 1.</param>
/// <param name="Weights">s_w^2.</param>
/// <param name="Biases">s_b^2.</param>
public readonly record struct KernelLayer(IActivation? Activation, double Weights, double Biases)
{
    /// <summary>Learning rate of the standard normal parameters that the weights are s_w times.</summary>
    public double WeightRate { get; init; } = 1;

    /// <summary>That of biases; 0 where they stay.</summary>
    public double BiasRate { get; init; } = 1;
}

/// <summary>
/// The covariance of the outputs of an infinitely wide network at its initialization (NNGP) and its tangent kernel
/// (NTK, Jacot, Gabriel and Hongler 2018, arXiv:1806.07572), for parameters N(0, 1), h_1 = s_w &lt;W_1, x&gt; + s_b
/// b_1 and h_(l+1) = s_w n^(-1/2) W_(l+1) s(h_l) + s_b b_(l+1): Sigma_1 = Theta_1 = s_w^2 &lt;x, x'&gt; + s_b^2;
/// Sigma_(l+1) = s_w^2 E s s + s_b^2; Theta_(l+1) = Sigma_(l+1) + s_w^2 E s' s' Theta_l, the expectations under N(0,
/// Sigma_l). Learning rates multiply their parts of Theta.
/// </summary>
public sealed class GaussianKernels
{
    private const int Block = 128;

    private GaussianKernels(int points, double[] nngp, double[] ntk, double error) =>
        (Points, Nngp, Ntk, Error) = (points, nngp, ntk, error);

    /// <summary>Number of points.</summary>
    public int Points { get; }

    /// <summary>Sigma of the output layer [point, point], symmetric to the last bit.</summary>
    public double[] Nngp { get; }

    /// <summary>Theta of the output layer [point, point], symmetric to the last bit.</summary>
    public double[] Ntk { get; }

    /// <summary>
    /// The largest error that series left in an expectation of a layer given the covariances below; 0 for closed forms.
    /// </summary>
    public double Error { get; }

    /// <summary>Those of all pairs of points, in the memory of two matrices.</summary>
    /// <param name="points">The points.</param>
    /// <param name="layers">Layers 1 to L, the last being the output.</param>
    /// <param name="engine">Matrix products.</param>
    /// <param name="parallel">Threads, on which the bits do not depend, and what asks to stop.</param>
    /// <param name="show">Shows the progress of a phase with a name and the value at which it is done.</param>
    /// <param name="coarser">Whether series end at half of their terms, to compare with.</param>
    public static GaussianKernels Of(Dataset points, IReadOnlyList<KernelLayer> layers, IMatrixEngine engine,
        ParallelOptions parallel, Func<string, double, IProgress<double>?>? show = null, bool coarser = false)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(parallel);
        var n = points.Count;
        var sigma = new double[(long)n * n];
        First(points, layers[0], sigma, parallel);
        var theta = new double[sigma.Length];
        Parallel.For(0, n, parallel, i =>
        {
            Span<double> s = Lower(sigma, n, i), t = Lower(theta, n, i);
            // Written before it is read: a page that is read first is mapped twice, a sixth of all time.
            t.Clear();
            Parts(layers[0], s, t);
        });
        var error = 0.0;
        foreach (var (l, layer) in layers.Skip(1).Index())
        {
            var progress = show?.Invoke($"kernels of layer {l + 2}", n);
            var variances = Enumerable.Range(0, n).Select(i => sigma[(long)i * n + i]).ToArray();
            var pairs = IPairs.Of(layer.Activation!, variances, engine, coarser);
            error = Math.Max(error, pairs.Error);
            var done = 0;
            // Long rows first: rows are of unequal length, i + 1 entries of the lower triangle.
            Parallel.For(0, n, parallel, k =>
            {
                var i = n - 1 - k;
                Span<double> s = Lower(sigma, n, i), t = Lower(theta, n, i);
                var slopes = new double[i + 1];
                pairs.Row(i, s, slopes);
                TensorPrimitives.Multiply(slopes, layer.Weights, slopes);
                TensorPrimitives.Multiply(t, slopes, t);
                TensorPrimitives.Multiply(s, layer.Weights, s);
                Parts(layer, s, t);
                progress?.Report(Interlocked.Increment(ref done));
            });
        }
        foreach (var matrix in new[] { sigma, theta }) Mirror(matrix, n, parallel);
        return new(n, sigma, theta, error);
    }

    /// <summary>Sigma_1, the lower triangle by blocks of rows.</summary>
    private static void First(Dataset points, KernelLayer layer, double[] sigma, ParallelOptions parallel)
    {
        var (n, inputs, x) = (points.Count, points.Inputs, points.X);
        Parallel.For(0, (n + Block - 1) / Block, parallel, b =>
        {
            var (start, rows) = (b * Block, Math.Min(Block, n - b * Block));
            ReadOnlyMatrixView left = new(x.AsSpan(start * inputs), rows, inputs), right = new(x, start + rows, inputs);
            new ManagedEngine(1).Multiply(layer.Weights, left.Plain, [], right.Transposed, 0,
                new MatrixView(sigma.AsSpan(start * n), rows, start + rows, n));
        });
    }

    /// <summary>Theta += xi_w Sigma + xi_b s_b^2, then Sigma += s_b^2: what a layer's own parameters add.</summary>
    private static void Parts(KernelLayer layer, Span<double> sigma, Span<double> theta)
    {
        TensorPrimitives.MultiplyAdd(sigma, layer.WeightRate, theta, theta);
        TensorPrimitives.Add(theta, layer.BiasRate * layer.Biases, theta);
        TensorPrimitives.Add(sigma, layer.Biases, sigma);
    }

    private static void Mirror(double[] matrix, int n, ParallelOptions parallel) =>
        Parallel.For(0, (n + Block - 1) / Block, parallel, b =>
        {
            for (var i = 0; i < n; i++)
                for (var j = b * Block; j < Math.Min(i, (b + 1) * Block); j++)
                    matrix[j * n + i] = matrix[i * n + j];
        });

    private static Span<double> Lower(double[] matrix, int n, int i) => matrix.AsSpan(i * n, i + 1);
}
