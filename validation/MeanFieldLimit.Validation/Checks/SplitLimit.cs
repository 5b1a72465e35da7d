namespace MeanFieldLimit.Validation.Checks;

/// <summary>
/// A limit whose neurons of one type are told apart: each is split into n copies of equal mass, and the weights between
/// two hidden layers get noise that differs from pair to pair and sums to zero over the copies of either neuron. So
/// does the noise of i.i.d. weights in the limit, over the neurons of a type. That copies behave alike is then a
/// property of the dynamics, where the limit itself, with one node a type, presupposes it.
/// </summary>
internal static class SplitLimit
{
    /// <summary>The split limit; noise of standard deviation about <paramref name="tau"/> drawn by the seed.</summary>
    internal static Ensemble Of(Ensemble limit, int copies, double tau, ulong seed)
    {
        var split = limit.Split(copies);
        for (var i = 2; i < limit.Depth; i++) AddNoise(split, i, copies, tau, seed);
        return split;
    }

    private static void AddNoise(Ensemble split, int layer, int n, double tau, ulong seed)
    {
        var w = split.Weights(layer);
        var stream = Streams.Weights(seed, layer);
        var noise = new double[n * n];
        for (var row = 0; row < w.Rows; row += n)
            for (var column = 0; column < w.Columns; column += n)
            {
                stream.FillNormal((ulong)row * (ulong)w.Columns + (ulong)column * (ulong)n, noise);
                Centre(noise, n);
                for (var c = 0; c < n; c++)
                    for (var j = 0; j < n; j++) w.Data[(row + c) * w.Stride + column + j] += tau * noise[c * n + j];
            }
    }

    /// <summary>Takes the mean of every row, then of every column, out of an n x n block.</summary>
    private static void Centre(double[] block, int n)
    {
        for (var pass = 0; pass < 2; pass++)
            for (var a = 0; a < n; a++)
            {
                var (first, step) = pass == 0 ? (a * n, 1) : (a, n);
                var mean = Enumerable.Range(0, n).Average(b => block[first + b * step]);
                for (var b = 0; b < n; b++) block[first + b * step] -= mean;
            }
    }
}
