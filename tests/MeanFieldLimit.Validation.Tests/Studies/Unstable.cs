using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Models;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Validation.Tests.Studies;

/// <summary>
/// Linear networks of which some diverge, with a closed form. Only w_1 is trained, middle weights are 1, output weights
/// u are 0.1 or 1.9, and one point x = 1 has the label 2: yhat = m mean(w_1), m = mean(u), and a step of length eps
/// multiplies yhat - 2 by 1 - eps m^2. At eps = 1 networks of 4, 8 and 16 neurons with three quarters or more of
/// u = 1.9 have m^2 of 2.1 or more and overflow in the 4096 steps; the others have m^2 of at most 1.79 and converge, as
/// the limit does, of m = 1. One step of SGD is one of Euler's method.
/// </summary>
internal static class Unstable
{
    internal const int Steps = 4096, Seeds = 8;
    internal static readonly int[] Widths = [4, 8, 16];

    internal static Model Build(int tracers = 0, double step = 1, double scale = 0.9, string training = "\"method\": \"euler\"",
        string limit = "\"tolerance\": 1e-9", string more = "") => Small.Build(FormattableString.Invariant($$"""
        { "name": "unstable", "seed": 5, "data": { "kind": "points", "x": [[1]], "y": [[2]] },
          "network": { "layers": [
            { "weights": { "law": "gaussian", "mean": 0.5, "std": 1 }, "activation": "identity" },
            { "weights": { "law": "constant", "value": 1 }, "activation": "identity",
              "rate": { "schedule": "constant", "value": 0 } },
            { "weights": { "law": "rademacher", "mean": 1, "scale": {{scale}} },
              "rate": { "schedule": "constant", "value": 0 } } ] },
          "training": { "loss": "half-squared", "time": {{Steps}}, {{training}}, "step": {{step}} },
          "limit": { "types": [{ "rule": "gauss", "nodes": 2 }, { "rule": "gauss", "nodes": 2 }], {{limit}}, "predict": { "draws": 0 } },
          "record": { "saves": 512 },
          "couple": { "widths": [{{string.Join(", ", Widths)}}], "seeds": {{Seeds}}, "tracers": {{tracers}} {{more}} } }
        """));

    /// <summary>m and mean(w_1) of a network.</summary>
    internal static (double M, double W) Of(Model model, int width, int replicate)
    {
        var layers = model.Problem.Network.Layers.Count;
        var network = model.Embedding.Sample([.. Enumerable.Repeat(width, layers - 1)],
            Streams.SeedOf(model.Seed, replicate));
        return (network.Weights(layers).Data.ToArray().Average(), network.Weights(1).Data.ToArray().Average());
    }

    internal static bool Diverges(Model model, int width, int replicate) =>
        Math.Pow(Of(model, width, replicate).M, 2) > 2;

    /// <summary>Widths and replicates of the networks that diverge.</summary>
    internal static (int Width, int Replicate)[] Diverging(Model model) => [.. Widths.SelectMany(n => Enumerable
        .Range(0, Seeds).Where(r => Diverges(model, n, r)).Select(r => (n, r)))];

    /// <summary>The largest |yhat_N - yhat| over the save times, every eighth step; exact but for the flow of the limit.
    /// </summary>
    internal static double Gap(Model model, int width, int replicate)
    {
        var (m, w) = Of(model, width, replicate);
        return Enumerable.Range(0, 513).Max(k => Math.Abs(
            Math.Pow(1 - m * m, 8 * k) * (m * w - 2) - Math.Exp(-8.0 * k) * (0.5 - 2)));
    }

    /// <summary>The least-squares slope of log(rms over replicates) on log N.</summary>
    internal static double Slope(Model model, IReadOnlyCollection<int> replicates)
    {
        double[] x = [.. Widths.Select(n => Math.Log(n))], y = [.. Widths.Select(n =>
            Math.Log(Math.Sqrt(replicates.Average(r => Math.Pow(Gap(model, n, r), 2)))))];
        return x.Zip(y, (a, b) => (a - x.Average()) * (b - y.Average())).Sum() / x.Sum(a => Math.Pow(a - x.Average(), 2));
    }

    /// <summary>Rows of a table by two of its columns.</summary>
    internal static (int, int)[] Found(StudyTable table) => [.. table.Rows.Select(r =>
        ((int)r[table.Columns.ToList().IndexOf("width")], (int)r[table.Columns.ToList().IndexOf("seed")])).Distinct()];
}
