using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MeanFieldLimit.Cli;

/// <summary>The help of the program, its commands in groups; that of a command is System.CommandLine's.</summary>
/// <param name="ofCommand">That.</param>
internal sealed class GroupedHelp(HelpAction ofCommand) : SynchronousCommandLineAction
{
    private const string Example = "Example: ", Others = "finite against infinite";
    private static readonly (string Title, string[] Names)[] Groups =
    [
        ("limits", ["solve", "kernel"]), (Others, []), ("laws of neurons", ["chaos", "density"]), ("theory", ["check"]),
        ("runs and files", ["sweep", "resume", "compare", "example", "schema"]),
    ];

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        ArgumentNullException.ThrowIfNull(parseResult);
        if (parseResult.CommandResult.Command is not RootCommand root) return ofCommand.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(Columns.Wrap(root.Description!, hanging: 0));
        foreach (var group in root.Subcommands
            .ToLookup(c => Array.Find(Groups, g => g.Names.Contains(c.Name)).Title ?? Others)
            .OrderBy(g => Array.FindIndex(Groups, group => group.Title == g.Key)))
        {
            output.WriteLine($"\n{group.Key}");
            foreach (var command in group)
            {
                var line = $"  {command.Name,-13} {command.Description!.Split(Example)[0].TrimEnd()}";
                output.WriteLine(Columns.Wrap(line, hanging: 16));
            }
        }
        output.WriteLine(Columns.Wrap("\nmfl COMMAND --help has its options and an example; mfl --version the version.",
            hanging: 0));
        return 0;
    }
}
