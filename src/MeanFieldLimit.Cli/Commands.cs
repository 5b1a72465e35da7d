using System.CommandLine;
using System.CommandLine.Help;
using MeanFieldLimit.Validation.Studies;

namespace MeanFieldLimit.Cli;

/// <summary>The commands of the program.</summary>
internal static class Commands
{
    /// <summary>Prints the schema; what it prints is all it does.</summary>
    internal static readonly Command Schema = new("schema",
        "Print the JSON Schema of problem files, for editors. Example: mfl schema > problem.schema.json");

    /// <summary>Tokens are as they are written.</summary>
    internal static readonly ParserConfiguration Literally = new() { ResponseFileTokenReplacer = null };

    /// <summary>What makes them, in the order of the help.</summary>
    internal static readonly List<Func<Command>> All =
    [
        .. Catalogue.All<IStudy>().Select<IStudy, Func<Command>>(study => () => StudyCommand.Create(study)),
        SweepCommand.Create, CheckCommand.Create, ResumeCommand.Create, CompareCommand.Create,
        ExampleCommand.Create, () => Schema,
    ];

    static Commands()
    {
        Option<bool> markdown = new("--markdown") { Description = "as a page of Markdown to read" };
        foreach (var option in new Option[] { markdown, Plugins.Option }) Schema.Options.Add(option);
        Schema.SetAction(p => Console.Out.Write(p.GetValue(markdown) ? SchemaPage.Text() : ProblemSchema.Text()));
    }

    /// <summary>What a command line asks for; @name is a file of that name, not one of arguments.</summary>
    /// <exception cref="UsageException">A plugin of it is refused.</exception>
    internal static ParseResult Parse(IReadOnlyList<string> arguments)
    {
        // What plugins name is to be known to the commands.
        Plugins.Load(arguments);
        return Root().Parse(arguments, Literally);
    }

    /// <summary>Runs what was parsed, or says what is wrong with it.</summary>
    internal static int Run(ParseResult parsed)
    {
        if (UnknownWord.Refuse(parsed) is { } refusal)
        {
            Console.Error.WriteLine($"mfl: {refusal}");
            return ExitCode.Refused;
        }
        foreach (var error in parsed.Errors) Console.Error.WriteLine($"mfl: {error.Message}");
        return parsed.Errors.Count > 0 ? ExitCode.Refused
            : parsed.Invoke(new() { EnableDefaultExceptionHandler = false });
    }

    private static RootCommand Root()
    {
        var root = new RootCommand(
            "mfl solves the infinite-width limits of neural networks, couples finite networks to them and " +
            "measures the gap. Example: mfl couple --widths 50,100,200");
        foreach (var create in All) root.Subcommands.Add(create());
        var help = root.Options.OfType<HelpOption>().Single();
        var ofCommand = (HelpAction)help.Action!;
        ofCommand.MaxWidth = Columns.Width;
        help.Action = new GroupedHelp(ofCommand);
        return root;
    }
}
