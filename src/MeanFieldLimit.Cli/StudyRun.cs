using System.Diagnostics;
using MeanFieldLimit.Experiments;
using MeanFieldLimit.Validation.Reports;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Cli;

/// <summary><c>mfl couple --study NAME</c>: a study other than that of the width.</summary>
internal static class StudyRun
{
    internal static int Run(Request request, IStudy study)
    {
        using var session = Session.Open(request, $"couple-{study.Name}");
        var variants = study.Variants(session.Experiment);
        foreach (var variant in variants)
            MemoryPlan.CheckNetworks(variant, session.NetworksAtOnce * study.NetworksAtOnce(variant));
        var clock = Stopwatch.StartNew();
        var result = Phases.Show(request.Quiet, phases => study.Run(variants, session.Bench(phases)));

        var folder = RunFolder.Prepare(session.Output, request.Force);
        StudyReport.Write(folder, session.Experiment, study, result, clock.Elapsed.TotalSeconds, session.Info);
        if (result.Failure is { } failed) return session.Unfinished(folder, failed.What, failed.Run);
        Console.WriteLine(result.Headline);
        Console.WriteLine($"report: {Path.Combine(session.Output, "report.html")}");
        return ExitCode.Done;
    }
}
