using System.Diagnostics;
using MeanFieldLimit.Models;
using MeanFieldLimit.Solvers.Time;
using MeanFieldLimit.Validation.Cells;
using MeanFieldLimit.Validation.Reports;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Cli;

/// <summary>A study as a run of the program: <c>mfl couple --study NAME</c>, <c>mfl chaos</c>, <c>mfl density</c>.
/// </summary>
internal static class StudyRun
{
    /// <summary>A study of couple other than that of the width.</summary>
    internal static int Run(Request request, IStudy study)
    {
        using var session = Session.Open(request, $"couple-{study.Name}");
        var variants = study.Variants(session.Model);
        foreach (var variant in variants)
            MemoryPlan.CheckNetworks(variant, session.NetworksAtOnce * study.NetworksAtOnce(variant));
        return Run(session, StudyHeading.Of(study), bench => study.Run(variants, bench));
    }

    /// <summary>Runs a study, writes its report and says what it found; returns the exit code.</summary>
    internal static int Run(Session session, StudyHeading heading, Func<Workbench, StudyResult> study)
    {
        if (session.Model.Problem.Training.Until is not null)
            throw session.Model.Loaded.Error("$.training.until",
                $"until must not be given with {heading.Command}, whose runs go to the final time, got one; " +
                "remove it, or shorten time");
        var clock = Stopwatch.StartNew();
        try
        {
            var result = Phases.Show(session.Request.Quiet, phases => study(session.Bench(phases)));
            var folder = RunFolder.Prepare(session.Output, session.Request.Force);
            StudyReport.Write(folder, session.Model, heading, result, clock.Elapsed.TotalSeconds, session.Info);
            if (result.Failure is { } failed) return session.Unfinished(folder, failed.What, failed.Run);
            Console.WriteLine(result.Headline);
            Console.WriteLine($"report: {Path.Combine(session.Output, "report.html")}");
            return ExitCode.Done;
        }
        catch (RunFailedException e)
        {
            return session.Unfinished(RunFolder.Prepare(session.Output, session.Request.Force), e.Result);
        }
    }
}
