using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MeanFieldLimit.Validation.Figures;

namespace MeanFieldLimit.Validation.Checks;

/// <summary>Steps of SGD that are stable in mean square at a minimum of all points, and the conditions around
/// them.</summary>
internal sealed class SgdStability : ITheoryCheck
{
    private const double Z = 4, Side = 0.05, Rounding = 1e-10;
    private const int Steps = 16, Problems = 40;

    public string Name => "sgd-stability";

    public string Claim => "At a minimum of all points E |e|^2 of SGD goes to 0 exactly below a step, 2 a / (a^2 + c " +
        "s^2) in one dimension (a the sharpness, s the non-uniformity, c = (n - B) / (B (n - 1))), that is no less " +
        "than the step up to which every step lowers it, and no more than that of any one direction. That c^(1/2) s " +
        "eta <= 1 for s^2 = lambda_max(Sigma) is not necessary.";

    public string Source => "Wu, Ma and E, NeurIPS 2018, whose condition of one step is made exact";

    /// <summary>What the largest step is multiplied by; 1 in theory.</summary>
    internal double Factor { get; init; } = 1;

    public CheckResult Run(CheckSetting setting)
    {
        var model = Models.Model.Build(Examples.Read("sgd-stability"), null);
        var data = model.Data.Train;
        var given = SampledQuadratic.OfRows(data.X, data.Count, data.Inputs);
        int[] batches = [1, 2, 4, 8];
        BatchStability[] at = [.. batches.Select(b => new BatchStability(given, b))];
        var paths = setting.Small ? 10_000 : 100_000;
        SampleMean Beside(int b, double factor) => new BatchPaths(given, batches[b],
            Streams.Stability(setting.Seed, batches[b])).MeanSquare(at[b], factor * Factor * at[b].LargestStep, Steps,
                paths);
        var sides = setting.Each([.. batches.Index().Select(b => b.Index)], 2,
            (b, side) => Beside(b, side == 0 ? 1 - Side : 1 + Side));
        var random = setting.Each([.. Enumerable.Range(0, Problems)], 1,
            (problem, _) => Ordered(setting.Seed, problem));
        const string simulated = "z = 4 standard errors on the other side";
        return new(
        [
            .. batches.Select((b, i) => Measurement.Zero("spectral radius of the second moments over all batches at " +
                $"the largest step, less 1, B = {b}", Math.Abs(Enumerated(data, b, Factor * at[i].LargestStep) - 1),
                Rounding, "rounding")),
            .. batches.Select((b, i) => Measurement.AtMost($"growth of the mean square over {Steps} steps, {paths} " +
                $"paths, at {1 - Side} of the step, B = {b}", sides.ByWidth[i][0].Value,
                1 - Z * sides.ByWidth[i][0].Error, "below 1", simulated)),
            .. batches.Select((b, i) => Measurement.AtLeast($"the same at {1 + Side} of it, B = {b}",
                sides.ByWidth[i][1].Value, 1 + Z * sides.ByWidth[i][1].Error, "above 1", simulated)),
            Measurement.Zero("relative distance of the step in one dimension to 2 a / (a^2 + c s^2), largest of " +
                $"{Problems} random problems", random.All.Max(r => r.Closed), Rounding, "rounding"),
            Measurement.AtMost("step of one step over the largest stable one, random problems, all batches",
                random.All.Max(r => r.OneStep), 1 + Rounding, "1 or less", "rounding"),
            Measurement.AtMost("largest stable step over that of the best direction, the same",
                random.All.Max(r => r.Along), 1 + Rounding, "1 or less", "rounding"),
            Measurement.AtLeast("largest stable step over that of sharpness and non-uniformity, B = 4",
                Factor * at[2].LargestStep / at[2].TwoConditions, 1, "above 1: not necessary", "by the example"),
        ],
        [
            SeriesFigure.Draw(Name, "Steps of SGD over the largest one that is stable in mean square, against the " +
                "batch.",
                new("batch B", true) { Labelled = batches }, new("step over the largest stable one", false),
                [
                    new("one step, sufficient", batches, [.. at.Select(s => s.OneStep / s.LargestStep)]),
                    new("one direction, necessary", batches, [.. at.Select(s => s.AlongDirections / s.LargestStep)]),
                    new("sharpness and non-uniformity", batches, [.. at.Select(s => s.TwoConditions / s.LargestStep)]),
                ]),
        ], [model]);
    }

    /// <summary>The largest eigenvalue of the mean over all batches of (1 - eta H_S) (x) (1 - eta H_S), on the
    /// span.</summary>
    private static double Enumerated(Data.Dataset data, int batch, double step)
    {
        var (n, rows) = (data.Count, new DenseMatrix(data.Inputs, data.Count, data.X));
        var a = rows.TransposeThisAndMultiply(rows.QR(MathNet.Numerics.LinearAlgebra.Factorization.QRMethod.Thin).Q);
        Matrix<double> mean = new DenseMatrix(n * n, n * n);
        int[] sets = [.. Enumerable.Range(0, 1 << n).Where(s => int.PopCount(s) == batch)];
        foreach (var set in sets)
        {
            Matrix<double> j = DenseMatrix.CreateIdentity(n);
            for (var i = 0; i < n; i++)
                if ((set >> i & 1) == 1) j -= step / batch * a.Row(i).OuterProduct(a.Row(i));
            mean += j.KroneckerProduct(j) / sets.Length;
        }
        return mean.Evd().EigenValues.Max(v => v.Magnitude);
    }

    /// <summary>Largest ratios over the batches of a random problem, and its distance from the closed form.</summary>
    private (double OneStep, double Along, double Closed) Ordered(ulong seed, int problem)
    {
        var draws = Streams.Stability(seed, -1).Substream((ulong)problem);
        var (n, d) = (2 + problem % 7, 1 + problem % 5);
        double[] rows = [.. Enumerable.Range(0, n * d).Select(i => (1 + i / d) * draws.Normal((ulong)i))];
        var (of, line) = (SampledQuadratic.OfRows(rows, n, d), SampledQuadratic.OfRows(rows.AsSpan(0, n), n, 1));
        double[] curvatures = [.. rows[..n].Select(r => r * r)];
        var (a, square) = (curvatures.Average(), curvatures.Average(c => c * c));
        return Enumerable.Range(1, n).Select(batch =>
        {
            var (s, c) = (new BatchStability(of, batch), (n - batch) / (batch * (n - 1.0)));
            var (largest, closed) = (Factor * s.LargestStep, 2 * a / (a * a + c * (square - a * a)));
            return (s.OneStep / largest, largest / s.AlongDirections,
                Math.Abs(Factor * new BatchStability(line, batch).LargestStep / closed - 1));
        }).Aggregate((x, y) => (Math.Max(x.Item1, y.Item1), Math.Max(x.Item2, y.Item2), Math.Max(x.Item3, y.Item3)));
    }
}
