using System.CommandLine;
using MeanFieldLimit.Validation.Chaos;

namespace MeanFieldLimit.Cli;

/// <summary><c>mfl chaos [problem.json]</c>: SGD as a diffusion, and the propagation of its chaos.</summary>
internal static class ChaosCommand
{
    internal static Command Create()
    {
        var command = new Command("chaos", "Couple the neurons of two-layer networks under SGD, as a diffusion, to " +
            "independent copies of the limit process. Example: mfl chaos examples/chaos.json");
        Options.AddTo(command, Options.Widths, Options.Seeds);
        command.SetAction(parsed =>
            Run(Options.Read(parsed, "chaos", problem => problem with { Chaos = problem.Chaos ?? new() })));
        return command;
    }

    private static int Run(Request request)
    {
        using var session = Session.Open(request, "chaos");
        ChaosStudy.Check(session.Model, request.Threads);
        session.StateMemory(ChaosStudy.Bytes(session.Model, request.Threads));
        return StudyRun.Run(session, ChaosStudy.Heading, bench => ChaosStudy.Run(session.Model, bench));
    }
}
