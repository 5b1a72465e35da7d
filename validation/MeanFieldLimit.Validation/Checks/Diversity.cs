using MathNet.Numerics.LinearAlgebra;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>
/// How diverse the neurons of a layer are. Global convergence (Nguyen and Pham 2020) rests on the full support of
/// w_1(C_1) and of the pairs (w_i(., C_i), w_{i+1}(C_i, .)), kept at all finite times; these are what finitely many
/// nodes can show of it. Tracers do not count.
/// </summary>
internal static class Diversity
{
    /// <summary>
    /// The effective rank of the neurons of hidden layer i, exp(-sum_k q_k log q_k), with q the eigenvalues, scaled to
    /// the sum 1, of the covariance of (w_i(., C_i), w_{i+1}(C_i, .)) in L2(P_{i-1}) x L2(P_{i+1}): the number of
    /// directions in which the neurons differ (O. Roy and M. Vetterli, The effective rank, EUSIPCO 2007). 0 where all
    /// neurons are the same.
    /// </summary>
    public static double EffectiveRank(Ensemble ensemble, ReadOnlySpan<double> state, int layer)
    {
        var variances = Variances(Particles(ensemble, state, layer));
        var total = variances.Where(v => v > 0).Sum();
        return total > 0 ? Math.Exp(-variances.Where(v => v > 0).Sum(v => v / total * Math.Log(v / total))) : 0;
    }

    /// <summary>
    /// The smallest standard deviation of a . w_1(C_1) over directions |a| = 1 of the inputs: 0 if w_1 stays on a
    /// hyperplane.
    /// </summary>
    public static double LeastDeviation(Ensemble ensemble, ReadOnlySpan<double> state)
    {
        var w = ensemble.Weights(state, 1);
        var particles = Matrix<double>.Build.Dense(w.Columns, w.Rows);
        for (var c = 0; c < w.Columns; c++)
            for (var j = 0; j < w.Rows; j++) particles[c, j] = w.Data[j * w.Stride + c];
        var centred = Centre(particles, ensemble.Masses(1));
        var covariance = centred.TransposeThisAndMultiply(centred);
        return Math.Sqrt(Math.Max(0, covariance.Evd(Symmetricity.Symmetric).EigenValues.Min(v => v.Real)));
    }

    /// <summary>
    /// The covering radius of w_1: the largest distance of a point of the cube [-size, size]^d from the nearest
    /// w_1(c), over 1024 fixed points of the cube.
    /// </summary>
    public static double CoveringRadius(Ensemble ensemble, ReadOnlySpan<double> state, double size)
    {
        var w = ensemble.Weights(state, 1);
        var probes = new Sobol(1024, new RandomStream(0, 0)).Discretise(
            [.. Enumerable.Repeat(new Uniform(-size, size), w.Rows)]);
        var radius = 0.0;
        for (var n = 0; n < probes.Count; n++)
        {
            var nearest = double.PositiveInfinity;
            for (var c = 0; c < ensemble.Massive(1); c++)
            {
                var squares = 0.0;
                for (var j = 0; j < w.Rows; j++)
                    squares += Math.Pow(w.Data[j * w.Stride + c] - probes.Point(n)[j], 2);
                nearest = Math.Min(nearest, squares);
            }
            radius = Math.Max(radius, nearest);
        }
        return Math.Sqrt(radius);
    }

    /// <summary>
    /// sqrt(p_{i-1}(a)) w_i(a, c) and sqrt(p_{i+1}(b)) w_{i+1}(c, b), one row a neuron c, centred, times
    /// sqrt(p_i(c)).
    /// </summary>
    private static Matrix<double> Particles(Ensemble ensemble, ReadOnlySpan<double> state, int layer)
    {
        ReadOnlyMatrixView before = ensemble.Weights(state, layer), after = ensemble.Weights(state, layer + 1);
        ReadOnlySpan<double> sources = ensemble.Masses(layer - 1), targets = ensemble.Masses(layer + 1);
        var particles = Matrix<double>.Build.Dense(before.Columns, before.Rows + after.Columns);
        for (var c = 0; c < before.Columns; c++)
        {
            for (var a = 0; a < before.Rows; a++)
                particles[c, a] = Math.Sqrt(sources[a]) * before.Data[a * before.Stride + c];
            for (var b = 0; b < after.Columns; b++)
                particles[c, before.Rows + b] = Math.Sqrt(targets[b]) * after.Data[c * after.Stride + b];
        }
        return Centre(particles, ensemble.Masses(layer));
    }

    private static Matrix<double> Centre(Matrix<double> particles, ReadOnlySpan<double> masses)
    {
        var p = Vector<double>.Build.Dense(masses.ToArray());
        var mean = particles.LeftMultiply(p);
        return particles.MapIndexed((c, j, v) => Math.Sqrt(p[c]) * (v - mean[j]));
    }

    /// <summary>The eigenvalues of the covariance, through the smaller of the two Gram matrices.</summary>
    private static double[] Variances(Matrix<double> centred)
    {
        var gram = centred.RowCount < centred.ColumnCount
            ? centred.TransposeAndMultiply(centred)
            : centred.TransposeThisAndMultiply(centred);
        var values = gram.Evd(Symmetricity.Symmetric).EigenValues.Select(v => v.Real).ToArray();
        // What rounding leaves of an eigenvalue 0 is no direction.
        var floor = 1e-14 * values.Max() * values.Length;
        return [.. values.Select(v => v > floor ? v : 0)];
    }
}
