using System.CommandLine;
using System.Text.Json;
using MeanFieldLimit.Validation;

namespace MeanFieldLimit.Cli;

/// <summary><c>mfl example</c>: the problem files that come with the program.</summary>
internal static class ExampleCommand
{
    internal static Command Create()
    {
        var name = new Argument<string?>("name")
        {
            Description = "The example to write into the current folder; without it all are listed.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("example",
            "List the problem files that come with the program, or write one. Example: mfl example density") { name };
        command.SetAction(parsed => parsed.GetValue(name) is { } one ? Write(one) : List());
        return command;
    }

    private static int List()
    {
        foreach (var name in Examples.Names)
        {
            using var problem = JsonDocument.Parse(Examples.Text($"{name}.json"));
            Console.WriteLine(Columns.Wrap($"{name,-24} {problem.RootElement.GetProperty("description").GetString()}"));
        }
        return ExitCode.Done;
    }

    private static int Write(string name)
    {
        if (Names.Refuse(name, Examples.Names) is { } refusal) throw new UsageException($"the example {refusal}");
        string[] tables = Examples.Read(name).Problem.Data is CsvData { Path: var table } ? [table] : [];
        string[] files = [$"{name}.json", .. tables];
        if (Array.Find(files, File.Exists) is { } there)
            throw new UsageException($"{there}: a file that is written must be new, found one; move it, or go to " +
                "another folder");
        foreach (var file in files)
        {
            File.WriteAllBytes(file, Examples.Text(file));
            Console.WriteLine(file);
        }
        if (File.Exists(ProblemSchema.FileName)) return ExitCode.Done;
        File.WriteAllText(ProblemSchema.FileName, ProblemSchema.Text());
        Console.WriteLine(ProblemSchema.FileName);
        return ExitCode.Done;
    }
}
