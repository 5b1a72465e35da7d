using System.CommandLine;
using MeanFieldLimit.Limits;
using MeanFieldLimit.Limits.Particles;
using MeanFieldLimit.Models;
using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Cli.Tests;

/// <summary><c>mfl toy-solve problem.json</c>: a limit as a plan of one cell.</summary>
internal static class ToySolveCommand
{
    internal sealed record Risks(double[] Risk);

    internal static Command Create()
    {
        var command = new Command("toy-solve", "For tests.");
        Options.AddTo(command);
        Options.AddPlannedTo(command);
        command.SetAction(parsed =>
        {
            var model = Model.Build(Options.Read(parsed).Loaded, parsed.GetValue(Options.Data));
            var limit = new Cell<Risks>("limit", 1, [], context =>
            {
                var solution = Certifier.Solve(new ParticleLimit(model), context.Machine);
                solution.Limit.Run.OrThrow();
                return new([.. solution.Trajectory.Train.Select(m => m.Risk)]);
            })
            { WholeMachine = true };
            var plan = new Plan([limit], (done, folder) =>
            {
                folder.WriteText("report.html", w => w.Write(done.Failure(limit) is { } failed
                    ? $"{failed.Run.Status}" : string.Join(',', done.Get(limit).Risk)));
                return new("solved");
            });
            return PlannedCommand.Run(PlannedCommand.RecordOf(parsed, model, "toy-solve"), plan,
                Options.SettingOf(parsed, "toy-solve"), parsed.GetValue(Options.Quiet));
        });
        return command;
    }
}
