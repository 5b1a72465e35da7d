using MathNet.Numerics.Statistics;
using MeanFieldLimit.Dynamics;
using MeanFieldLimit.Ensembles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Runs;

namespace MeanFieldLimit.Limits.Particles;

/// <summary>
/// The derivatives of the parameters of neurons that ride along with a limit, a tracer on each of its nodes: along noise of
/// the masses of all hidden layers, and along the noise of middle weights. Of the weights w_i = E[w_i] + tau_i xi between
/// the N_(i-1) and N_i neurons of two hidden layers a neuron above has (1/N_(i-1)) sum_j tau_i xi_j s(H_(i-1)(j)) in its
/// pre-activation, one below (1/N_i) sum_j' tau_i xi_j' D_i(j') in its backward signal: at order 1/sqrt(N) sums over the
/// types c with weights tau_i xi_c / sqrt(p(c)) in excess.
/// </summary>
/// <remarks>
/// Neurons have noise of their own: means over neurons are means over it, of all in the directions c at once. Each entry of
/// w_i(j, j') has it by way of one of its neurons, so that squares of directions add. Of at least as many draws of the noise
/// of masses as there are types the covariance is made exact.
/// </remarks>
internal static class ParameterDraws
{
    private const double Tolerance = 1e-4;

    /// <summary>The limit with a tracer on each node.</summary>
    internal static Ensemble Traced(ParticleLimit limit)
    {
        var host = limit.Initial;
        return limit.Model.Embedding.WithTracers(host, host);
    }

    /// <summary>How many types all hidden layers have.</summary>
    internal static int Types(Ensemble host) => Enumerable.Range(1, host.Depth - 1).Sum(host.Massive);

    /// <summary>How many directions the noise of weights has at most.</summary>
    internal static int OfWeights(Ensemble host) =>
        Enumerable.Range(2, host.Depth - 2).Sum(i => host.Massive(i - 1) + host.Massive(i));

    /// <summary>Runs so many draws of the noise of masses, and all directions of that of weights.</summary>
    internal static PredictedParameters Run(ParticleLimit limit, Machine machine, int draws)
    {
        var (model, traced) = (limit.Model, Traced(limit));
        var normals = Normals(model.Seed, traced, draws);
        MassDirection[] masses = [.. Enumerable.Range(0, draws).Select(d => OfMasses(model, traced, normals, d))],
            weights = [.. Enumerable.Range(2, traced.Depth - 2).SelectMany(i => OfWeights(model, traced, i))];
        var flow = (GradientFlow)limit.Dynamics;
        if (TimeMethod.Find(flow.Method).EstimatesError) flow = flow with { Tolerance = Math.Max(Tolerance, flow.Tolerance) };
        var squares = new TangentRuns(model, traced, flow, machine)
            .Along([.. masses, .. weights], u => [MeanSquare(traced, u)]);
        double[] own = [.. model.SaveTimes.Select((_, k) => squares.Skip(draws).Sum(of => of[k][0]))];
        double[][] networks = [.. squares.Take(draws).Select(of => of.Select((s, k) => s[0] + own[k]).ToArray())];
        double[] largest = [.. networks.Select(g => g.Max())];
        var (mean, last) = (largest.Average(), networks.Average(g => g[^1]));
        // Where the mean square at the end is exact, its ratio to the other alone is drawn.
        var ratio = IsExact(traced, draws) && last > 0 ? mean / last : 0;
        var variance = draws < 2 ? 0 : largest.Zip(networks, (most, g) => most - ratio * g[^1]).Variance() / draws;
        return new([.. own.Select((_, k) => Math.Sqrt(networks.Average(g => g[k])))])
        {
            Largest = Math.Sqrt(mean),
            StandardError = mean == 0 ? 0 : Math.Sqrt(variance / mean) / 2,
            Directions = squares.Length,
        };
    }

    private static bool IsExact(Ensemble traced, int draws) => Types(traced) <= draws;

    /// <summary>
    /// Normal numbers, [type of any layer, draw]; of no fewer draws than types made orthogonal, with the square draws: means
    /// over draws are then those of the covariance 1.
    /// </summary>
    private static double[][] Normals(ulong seed, Ensemble traced, int draws)
    {
        double[][] z = [.. Enumerable.Range(1, traced.Depth - 1).SelectMany(i =>
        {
            double[][] drawn = [.. Enumerable.Range(0, draws).Select(d =>
                TangentDraws.Normals(seed, i, d, traced.Massive(i)))];
            return Enumerable.Range(0, traced.Massive(i)).Select(c => drawn.Select(x => x[c]).ToArray());
        })];
        if (!IsExact(traced, draws)) return z;
        for (var c = 0; c < z.Length; c++)
        {
            for (var j = 0; j < c; j++)
                TensorPrimitives.MultiplyAdd(z[j], -TensorPrimitives.Dot<double>(z[j], z[c]) / draws, z[c], z[c]);
            TensorPrimitives.Multiply(z[c], Math.Sqrt(draws / TensorPrimitives.Dot<double>(z[c], z[c])), z[c]);
        }
        return z;
    }

    /// <summary>sum over layers of the mean squares of W_i and b_i of tracers, each with the mass of its node.</summary>
    private static double MeanSquare(Ensemble traced, ReadOnlySpan<double> u)
    {
        var sum = 0.0;
        for (var i = 1; i <= traced.Depth; i++)
        {
            ReadOnlyMatrixView w = Tracers(traced, traced.Weights(u, i), i);
            ReadOnlySpan<double> rows = Shares(traced, i - 1), columns = Shares(traced, i);
            for (var c = 0; c < w.Rows; c++) sum += rows[c] * Weighted(w.Row(c), columns);
            if (traced.HasBiases) sum += Weighted(traced.Biases(u, i)[^columns.Length..], columns);
        }
        return sum;

        static double Weighted(ReadOnlySpan<double> values, ReadOnlySpan<double> shares)
        {
            var sum = 0.0;
            for (var j = 0; j < values.Length; j++) sum += shares[j] * values[j] * values[j];
            return sum;
        }
    }

    // Inputs and outputs count alike.
    private static ReadOnlySpan<double> Shares(Ensemble traced, int layer) => layer == 0 || layer == traced.Depth
        ? Enumerable.Repeat(1.0 / traced.Size(layer), traced.Size(layer)).ToArray()
        : traced.Masses(layer)[..traced.Massive(layer)];

    private static ReadOnlyMatrixView Tracers(Ensemble traced, ReadOnlyMatrixView w, int layer)
    {
        var (row, column) = (First(traced, layer - 1), First(traced, layer));
        return w.Block(row, column, w.Rows - row, w.Columns - column);
    }

    private static int First(Ensemble traced, int layer) =>
        layer == 0 || layer == traced.Depth ? 0 : traced.Massive(layer);

    private static MassDirection OfMasses(Model model, Ensemble traced, double[][] normals, int draw)
    {
        var layers = new double[traced.Depth - 1][];
        for (int i = 1, first = 0; i < traced.Depth; first += traced.Massive(i++))
        {
            layers[i - 1] = TangentDraws.White([.. traced.Masses(i)[..traced.Massive(i)]],
                [.. normals.Skip(first).Take(traced.Massive(i)).Select(z => z[draw])]);
            TensorPrimitives.Divide(layers[i - 1], Math.Sqrt(model.Problem.Couple.RatioOf(i)), layers[i - 1]);
        }
        return new(layers);
    }

    /// <summary>What tracers of layers i and i-1 have of the weights between them and each type of the other layer.</summary>
    private static IEnumerable<MassDirection> OfWeights(Model model, Ensemble traced, int i)
    {
        var tau = model.Embedding.Laws[i - 1].Weights.StandardDeviation;
        var (below, above) = (traced.Massive(i - 1), traced.Massive(i));
        if (tau == 0) yield break;
        for (var c = 0; c < below; c++)
        {
            var (type, size) = (c, Size(i - 1, c));
            yield return new([])
            {
                Start = u => traced.Weights(u, i).Row(type)[above..].Fill(size),
            };
        }
        for (var c = 0; c < above; c++)
        {
            var (type, size) = (c, Size(i, c));
            yield return new([])
            {
                Start = u =>
                {
                    var w = traced.Weights(u, i);
                    for (var j = below; j < w.Rows; j++) w.Row(j)[type] = size;
                },
            };
        }

        double Size(int layer, int type) =>
            tau / Math.Sqrt(traced.Masses(layer)[type] * model.Problem.Couple.RatioOf(layer));
    }
}
