using System.CommandLine;
using MeanFieldLimit.Validation.Densities;

namespace MeanFieldLimit.Cli;

/// <summary><c>mfl density [problem.json]</c>: a two-layer limit as the density of its neurons.</summary>
internal static class DensityCommand
{
    internal static Command Create()
    {
        var command = new Command("density", "Solve the limit of a two-layer network as the density of its neurons: " +
            "by particles, on a grid and by minimizing movements. Example: mfl density examples/density.json");
        Options.AddTo(command, []);
        command.SetAction(parsed =>
            Run(Options.Read(parsed, "density", problem => problem with { Density = problem.Density ?? new() })));
        return command;
    }

    private static int Run(Request request)
    {
        using var session = Session.Open(request, "density");
        DensityStudy.Check(session.Model);
        session.StateMemory(DensityStudy.Bytes(session.Model));
        return StudyRun.Run(session, DensityStudy.Heading, bench => DensityStudy.Run(session.Model, bench));
    }
}
