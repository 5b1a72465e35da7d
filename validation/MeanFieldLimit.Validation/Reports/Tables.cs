using System.Globalization;
using MeanFieldLimit.Experiments;
using MeanFieldLimit.Propagation;
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
        writer.WriteLine("width,seed,t,rms,max,risk,blurred");
        foreach (var run in result.Networks)
            foreach (var gap in run.Gaps)
                writer.WriteLine($"{run.Width},{run.Replicate},{Field(gap.Time)},{Field(gap.Rms)}," +
                    $"{Field(gap.Max)},{Field(gap.Risk)}," +
                    (result.IsBlurred(gap.Rms) ? "true" : "false"));
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

    private static string Field(double value) =>
        double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);
}
