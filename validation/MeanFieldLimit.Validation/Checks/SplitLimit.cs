using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Models;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>
/// A limit whose neurons of one type are told apart: each is split into n copies of equal mass, and the weights between
/// two hidden layers get noise that differs from pair to pair and sums to zero over the copies of either neuron. So
/// does the noise of i.i.d. weights in the limit, over the neurons of a type. That copies behave alike is then a
/// property of the dynamics, where the limit itself, with one node a type, presupposes it.
/// </summary>
internal static class SplitLimit
{
    internal const int Copies = 4;

    /// <summary>The split limit of a model, the noise standard normal but for its sums.</summary>
    internal static Subject Of(Model model, CheckSetting setting)
    {
        var split = model.InitialLimit().Split(Copies);
        for (var i = 2; i < split.Depth; i++) AddNoise(split.Weights(i), Streams.Weights(model.Seed, i));
        return new(model, split, setting);
    }

    private static void AddNoise(MatrixView w, RandomStream stream)
    {
        var noise = new double[Copies * Copies];
        for (var row = 0; row < w.Rows; row += Copies)
            for (var column = 0; column < w.Columns; column += Copies)
            {
                stream.FillNormal((ulong)row * (ulong)w.Columns + (ulong)column * Copies, noise);
                for (var c = 0; c < Copies; c++) Centre(noise, c * Copies, 1);
                for (var j = 0; j < Copies; j++) Centre(noise, j, Copies);
                for (var k = 0; k < noise.Length; k++) w.Row(row + k / Copies)[column + k % Copies] += noise[k];
            }
    }

    /// <summary>Takes the mean out of a row or a column.</summary>
    private static void Centre(double[] block, int first, int step)
    {
        var mean = Enumerable.Range(0, Copies).Average(b => block[first + b * step]);
        for (var b = 0; b < Copies; b++) block[first + b * step] -= mean;
    }
}
