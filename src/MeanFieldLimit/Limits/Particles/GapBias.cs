using MathNet.Numerics.Statistics;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>
/// The mean of the gap at order 1/N by second differences of matched limits: with masses moved to either side along each
/// type, and, of equal masses, with noise of either sign on their middle weights.
/// </summary>
internal static class GapBias
{
    // Of networks of this width are the moves: (yhat_+ + yhat_- - 2 yhat) leaves second derivatives at order 1/Far, and
    // rounding in it is Far times that of predictions.
    private const double Far = 1e4;

    // Nodes of a layer that noise is drawn on, and how often, each time on nodes of their own. The noise of a weight
    // counts by the mass of its source where it goes on, of its target where it comes back: with equal masses both are
    // those of networks.
    private const int Width = 64, MostWidth = 256, Draws = 16;

    private const double SafetyOfNodes = 2;

    /// <summary>That of a limit, with another on other nodes for the error of these; or why there is none.</summary>
    internal static (PredictedBias? Bias, string? Reason) Of(ParticleLimit limit, ParticleLimit? other, Machine machine)
    {
        if (MassTangentField.Obstacle(limit.Initial, limit.Model.Objective) is { } obstacle) return (null, obstacle);
        try
        {
            var bias = Run(limit, machine);
            return (bias with
            {
                NodesError = other is null ? double.NaN : SafetyOfNodes * bias.RmsOf([.. OfMasses(other, machine)[^1]
                    .Zip(bias.OfMasses[^1], (a, b) => a - b)]),
            }, null);
        }
        catch (RunFailedException e)
        {
            return (null, $"the limit with moved masses ended early: {e.Result.Reason}");
        }
    }

    /// <summary>That of a limit, from so many draws of noise at this width.</summary>
    internal static PredictedBias Run(ParticleLimit limit, Machine machine, int draws = Draws, int width = Width)
    {
        var masses = OfMasses(limit, machine);
        var shares = TangentRuns.Of(limit, machine).PointShares;
        if (!HasNoise(limit.Model)) return new(masses, [.. masses.Select(b => new double[b.Length])], shares);
        var noise = OfNoise(limit, machine, draws, width);
        double[][] mean = [.. masses.Select((b, k) => Mean(noise, k, b.Length))];
        var bias = new PredictedBias(masses, mean, shares);
        // To first order the length moves by the component along it.
        return bias with
        {
            StandardError = bias.Rms * Math.Sqrt(noise.Select(of => bias.Share(of[^1])).Variance() / draws),
        };
    }

    private static double[] Mean(double[][][] draws, int k, int count) =>
        [.. Enumerable.Range(0, count).Select(n => draws.Average(of => of[k][n]))];

    /// <summary>1/2 sum_i (N / N_i) sum_c p_i(c) D^2 yhat[e_c - p_i, e_c - p_i] at each save time, [point, K].</summary>
    private static double[][] OfMasses(ParticleLimit limit, Machine machine)
    {
        var (runs, initial) = (TangentRuns.Of(limit, machine), limit.Initial);
        (int Layer, int Type, double Mass)[] types = [.. Enumerable.Range(1, initial.Depth - 1)
            .Where(i => initial.Massive(i) > 1)
            .SelectMany(i => initial.Masses(i)[..initial.Massive(i)].ToArray().Select((p, c) => (i, c, p)))];
        double[] h = [.. types.Select(of => Math.Sqrt(of.Mass / Far))];
        var curvatures = runs.Curvatures(types.Length, j => (Moved(types[j].Layer, types[j].Type, h[j]),
            Moved(types[j].Layer, types[j].Type, -h[j])), h);
        return [.. runs.Model.SaveTimes.Select((_, k) =>
        {
            var sum = new double[runs.PointShares.Length];
            foreach (var (of, curvature) in types.Zip(curvatures))
                TensorPrimitives.MultiplyAdd(curvature[k], of.Mass / runs.Model.Problem.Couple.RatioOf(of.Layer), sum, sum);
            return sum;
        })];

        Ensemble Moved(int layer, int type, double by)
        {
            var moved = new Ensemble(initial.Architecture, [.. Enumerable.Range(1, initial.Depth - 1).Select(i =>
                initial.Masses(i).ToArray().Select((p, c) => i != layer ? p : p + by * ((c == type ? 1 : 0) - p)).ToArray())]);
            initial.State.CopyTo(moved.State, 0);
            return moved;
        }
    }

    private static bool HasNoise(Model model) => Enumerable.Range(2, model.Embedding.Architecture.Depth - 2)
        .Any(i => Deviation(model, i) > 0);

    private static double Deviation(Model model, int layer) =>
        model.Embedding.Laws[layer - 1].Weights.StandardDeviation;

    /// <summary>Draws of N/2 sum tau^2 d^2 yhat / d w^2 of middle weights, [draw][save time][point, K].</summary>
    private static double[][][] OfNoise(ParticleLimit limit, Machine machine, int draws, int width)
    {
        var model = limit.Model;
        var widest = model.Hidden(1).Max();
        var unit = Math.Max(1, Math.Min(width, MostWidth / widest));
        var h = Math.Sqrt(unit / Far);
        var alone = machine with { Threads = 1 };
        return TangentRuns.InParallel(draws, machine, d =>
        {
            var equal = limit.Moved.Discretise([.. model.Hidden(unit).Select((n, i) => new EqualMasses(n,
                Streams.MatchedTypes(model.Seed, i + 1).Substream((ulong)d)))]);
            var runs = TangentRuns.Of(limit, alone) with { Ensemble = equal };
            var noise = new double[equal.State.Length];
            for (var i = 2; i < equal.Depth; i++)
            {
                var w = equal.Weights(noise.AsSpan(), i).Data;
                Streams.MatchedNoise(model.Seed, i).Substream((ulong)d).FillNormal(0, w);
                TensorPrimitives.Multiply(w, Deviation(model, i), w);
            }
            double[][] found = runs.Curvatures(1, _ => (Noisy(equal, noise, h), Noisy(equal, noise, -h)), [h])[0];
            foreach (var values in found) TensorPrimitives.Multiply(values, unit, values);
            return found;
        });
    }

    private static Ensemble Noisy(Ensemble equal, double[] noise, double h)
    {
        var noisy = new Ensemble(equal.Architecture, [.. Enumerable.Range(1, equal.Depth - 1)
            .Select(i => equal.Masses(i).ToArray())]);
        TensorPrimitives.MultiplyAdd(noise, h, equal.State, noisy.State);
        return noisy;
    }

    /// <summary>So many nodes of equal mass, those of a law of one type too.</summary>
    private sealed class EqualMasses(int count, RandomStream stream) : IQuadratureRule
    {
        public long CountNodes(IReadOnlyList<ILaw> laws) => count;

        public Nodes Discretise(IReadOnlyList<ILaw> laws)
        {
            IQuadratureRule rule = laws.Count <= Sobol.MostDimensions ? new Sobol(count, stream) : new MonteCarlo(count, stream);
            var nodes = rule.Discretise(laws);
            return nodes.Count == count ? nodes : new(nodes.Dimension,
                [.. Enumerable.Repeat(nodes.Points, count).SelectMany(point => point)],
                [.. Enumerable.Repeat(1.0 / count, count)]);
        }
    }
}
