using MathNet.Numerics.Statistics;
using MeanFieldLimit.Embeddings;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
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

    // Types drawn in a layer. Those that random nodes stand on would not do: where masses err, they err with them.
    private const int OfTwoLayers = 256, OfMore = 128;

    // Nodes of a layer that noise is drawn on, and how often, each time on nodes of their own. The noise of a weight
    // counts by the mass of its source where it goes on, of its target where it comes back: with equal masses both are
    // those of networks.
    private const int Width = 64, MostWidth = 256, Draws = 128;

    /// <summary>
    /// That of a limit and of another on other nodes, whose mean is taken where all rules are of Gauss or random: errors of
    /// successive grids of Gauss have opposite signs, those of random nodes are independent. Or why there is none.
    /// </summary>
    internal static (PredictedBias? Bias, string? Reason) Of(ParticleLimit limit, ParticleLimit? other, Machine machine)
    {
        var (model, initial) = (limit.Model, limit.Initial);
        if (MassTangentField.Obstacle(initial, model.Objective) is { } obstacle) return (null, obstacle);
        if (model.Objective.Loss.HasKinks)
            return (null, $"losses must be twice differentiable for the mean of a gap, got {model.Objective.Loss.Name}; " +
                "use half-squared");
        if (HasNoise(model) && Unit(model, Width) < 2)
            return (null, $"noise of middle weights is drawn on at most {MostWidth} nodes of a layer, got couple.ratios of " +
                $"{model.Hidden(1).Max()}; use smaller ones");
        var kept = Enumerable.Range(1, initial.Depth - 1).Sum(i => (double)Math.Max(initial.Massive(i), OfTwoLayers))
            * model.SaveTimes.Length * model.Watched.Count * model.Watched.Outputs;
        if (kept * sizeof(double) > MemoryLimit.Bytes)
            return (null, FormattableString.Invariant($"second derivatives of {kept:G2} predictions must fit into memory; ") +
                "use fewer of limit.types, record.saves or record.points");
        try
        {
            return (Run(limit, machine, other: other), null);
        }
        catch (RunFailedException e)
        {
            return (null, $"the limit with moved masses ended early: {e.Result.Reason}");
        }
    }

    /// <summary>That of a limit, from so many draws of noise at this width, without the error of nodes where there is no
    /// other.</summary>
    internal static PredictedBias Run(ParticleLimit limit, Machine machine, int draws = Draws, int width = Width,
        ParticleLimit? other = null)
    {
        var (masses, shares) = (OfMasses(limit, machine, 0), TangentRuns.Of(limit, machine).PointShares);
        double[][] beside = other is null ? masses : OfMasses(other, machine, 1);
        var isMean = limit.Model.Problem.Limit.Types!.All(rule => rule.IsRandom || rule is GaussSpec);
        var difference = PredictedBias.RmsOf([.. masses[^1].Zip(beside[^1], (a, b) => a - b)], shares);
        var bias = new PredictedBias(
            isMean ? [.. masses.Zip(beside, (a, b) => a.Zip(b, (x, y) => (x + y) / 2).ToArray())] : masses,
            [.. masses.Select(b => new double[b.Length])], shares)
        {
            NodesError = other is null ? double.NaN : isMean ? difference : 2 * difference,
        };
        if (!HasNoise(limit.Model)) return bias;
        var unit = Unit(limit.Model, width);
        var noise = OfNoise(limit, machine, draws, unit);
        bias = bias with { OfNoise = [.. masses.Select((b, k) => Mean(noise, k, b.Length))] };
        // Half as many nodes err by as much more: their error is inverse to their number.
        var half = other is null ? noise : OfNoise(limit, machine, draws, unit / 2);
        // To first order the length moves by the component along it.
        return bias with
        {
            NodesError = bias.NodesError + PredictedBias.RmsOf(
                [.. bias.OfNoise[^1].Zip(Mean(half, masses.Length - 1, masses[^1].Length), (a, b) => a - b)], shares),
            StandardError = bias.Rms == 0 ? 0 : bias.Rms * Math.Sqrt(noise.Select(of => bias.Share(of[^1])).Variance() / draws),
        };
    }

    private static double[] Mean(double[][][] draws, int k, int count) =>
        [.. Enumerable.Range(0, count).Select(n => draws.Average(of => of[k][n]))];

    /// <summary>
    /// 1/2 sum_i (N / N_i) E D^2 yhat[e_c - p_i, e_c - p_i] at each save time, [point, K]: over the nodes of grids, elsewhere
    /// over other random types, which ride along as tracers.
    /// </summary>
    private static double[][] OfMasses(ParticleLimit limit, Machine machine, int randomisation)
    {
        var (model, host) = (limit.Moved, limit.Initial);
        bool IsDrawn(int layer) => host.Massive(layer) > 1 && model.Problem.Limit.Types![layer - 1].IsRandom;
        var drawn = model.Discretise([.. Enumerable.Range(1, host.Depth - 1).Select(i => IsDrawn(i)
            ? Equal(host.Depth == 2 ? OfTwoLayers : OfMore, model, i, ulong.MaxValue - (ulong)randomisation)
            : (IQuadratureRule)new Smolyak(0))]);
        var both = model.Embedding.WithTracers(host, drawn);
        var runs = TangentRuns.Of(limit, machine) with { Ensemble = both };
        (int Layer, int Type, double Mass)[] types = [.. Enumerable.Range(1, host.Depth - 1)
            .Where(i => host.Massive(i) > 1)
            .SelectMany(i => IsDrawn(i)
                ? Enumerable.Range(host.Size(i), drawn.Size(i)).Select(c => (Layer: i, Type: c, Mass: 1.0 / drawn.Size(i)))
                : host.Masses(i)[..host.Massive(i)].ToArray().Select((p, c) => (Layer: i, Type: c, Mass: p)))];
        double[] h = [.. types.Select(of => Math.Sqrt(of.Mass / Far))];
        var curvatures = runs.Curvatures(types.Length, j => MovedMasses.Pair(both,
            Direction(types[j].Layer, types[j].Type), h[j]), h);
        return [.. model.SaveTimes.Select((_, k) =>
        {
            var sum = new double[runs.PointShares.Length];
            foreach (var (of, curvature) in types.Zip(curvatures))
                TensorPrimitives.MultiplyAdd(curvature[k], of.Mass / model.Problem.Couple.RatioOf(of.Layer), sum, sum);
            return sum;
        })];

        double[][] Direction(int layer, int type) => [.. Enumerable.Range(1, both.Depth - 1).Select(i => i != layer ? []
            : both.Masses(i).ToArray().Select((p, c) => (c == type ? 1 : 0) - p).ToArray())];
    }

    private static EqualMasses Equal(int count, Model model, int layer, ulong draw) =>
        new(count, Streams.MatchedTypes(model.Seed, layer).Substream(draw));

    private static bool HasNoise(Model model) => Enumerable.Range(2, model.Embedding.Architecture.Depth - 2)
        .Any(i => Deviation(model, i) > 0);

    private static double Deviation(Model model, int layer) =>
        model.Embedding.Laws[layer - 1].Weights.StandardDeviation;

    /// <summary>Nodes of a layer of ratio 1, the widest having so many at most.</summary>
    private static int Unit(Model model, int width) => Math.Max(1, Math.Min(width, MostWidth / model.Hidden(1).Max()));

    /// <summary>Draws of N/2 sum tau^2 d^2 yhat / d w^2 of middle weights, [draw][save time][point, K].</summary>
    private static double[][][] OfNoise(ParticleLimit limit, Machine machine, int draws, int unit)
    {
        var model = limit.Model;
        var h = Math.Sqrt(unit / Far);
        var alone = machine with { Threads = 1 };
        return TangentRuns.InParallel(draws, machine, d =>
        {
            var equal = limit.Moved.Discretise([.. model.Hidden(unit).Select((n, i) => Equal(n, model, i + 1, (ulong)d))]);
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
