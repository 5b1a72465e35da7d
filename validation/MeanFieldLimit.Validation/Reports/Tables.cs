using System.Globalization;
using MeanFieldLimit.Propagation;
using MeanFieldLimit.Runs;
using MeanFieldLimit.Validation.Coupling;

namespace MeanFieldLimit.Validation.Reports;

/// <summary>The CSV files of a run. Numbers read back to the same bits; a field without a number is empty.</summary>
internal static class Tables
{
    internal static void WriteTrajectory(TextWriter writer, Trajectory trajectory)
    {
        writer.WriteLine("t,risk,testRisk,errorRate,testErrorRate");
        for (var k = 0; k < trajectory.Times.Count; k++)
        {
            var (train, test) = (trajectory.Train[k], At(trajectory.Test, k));
            Line(writer, trajectory.Times[k], train.Risk, test.Risk, train.ErrorRate, test.ErrorRate);
        }
    }

    internal static void WritePredictions(TextWriter writer, Trajectory trajectory, int outputs)
    {
        writer.WriteLine("t,point,output,value");
        for (var k = 0; k < trajectory.Times.Count; k++)
            for (var n = 0; n < trajectory.Predictions[k].Length; n++)
                Line(writer, trajectory.Times[k], n / outputs, n % outputs, trajectory.Predictions[k][n]);
    }

    internal static void WriteGaps(TextWriter writer, CouplingResult result)
    {
        var layers = result.Networks.Count > 0 && result.Networks[0].Pathwise is [var first, ..] ? first.Layers.Count
            : 0;
        writer.WriteLine("width,seed,t,rms,max,risk,blurred" + string.Concat(
            Enumerable.Range(1, layers).Select(i => $",w{i}Max,w{i}L2,b{i}Max,b{i}L2,h{i}Max,h{i}L2")));
        foreach (var run in result.Networks)
            for (var k = 0; k < run.Gaps.Count; k++)
            {
                var gap = run.Gaps[k];
                writer.Write($"{run.Width},{run.Replicate},{Field(gap.Time)},{Field(gap.Rms)},{Field(gap.Max)}," +
                    $"{Field(gap.Risk)}," +
                    (result.IsBlurred(gap.Rms) ? "true" : "false"));
                if (layers > 0)
                    foreach (var norms in run.Pathwise[k].Layers.SelectMany(l =>
                        new[] { l.Weights, l.Biases, l.Preactivations }))
                        writer.Write($",{Field(norms.Max)},{Field(norms.L2)}");
                writer.WriteLine();
            }
    }

    internal static void WriteNetworks(TextWriter writer, CouplingResult result)
    {
        writer.WriteLine("width,seed,t,risk,testRisk,errorRate,testErrorRate");
        foreach (var run in result.Networks)
            for (var k = 0; k < run.Gaps.Count; k++)
            {
                var (train, test) = (run.Train[k], At(run.Test, k));
                Line(writer, run.Width, run.Replicate, run.Gaps[k].Time, train.Risk, test.Risk, train.ErrorRate,
                    test.ErrorRate);
            }
    }

    internal static Performance At(IReadOnlyList<Performance> performance, int k) =>
        k >= 0 && k < performance.Count ? performance[k] : new(double.NaN, double.NaN);

    private static void Line(TextWriter writer, params ReadOnlySpan<double> fields)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            if (i > 0) writer.Write(',');
            writer.Write(Field(fields[i]));
        }
        writer.WriteLine();
    }

    internal static string Field(double value) => double.IsNaN(value) ? ""
        : value.ToString("R", CultureInfo.InvariantCulture);
}
