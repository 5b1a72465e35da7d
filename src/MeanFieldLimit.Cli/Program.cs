using System.CommandLine;
using MeanFieldLimit.Cli;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Reports;

var schema = new Command("schema",
    "Print the JSON Schema of problem files, for editors. Example: mfl schema > problem.schema.json");
schema.SetAction(_ => Console.Out.Write(ProblemSchema.Text()));

var root = new RootCommand(
    "mfl solves the infinite-width limits of neural networks, couples finite networks to them and " +
    "measures the gap. Example: mfl couple --widths 50,100,200")
{
    SolveCommand.Create(), CoupleCommand.Create(), ChaosCommand.Create(), DensityCommand.Create(),
    CheckCommand.Create(), schema,
};

var parsed = root.Parse(args is [] ? ["--help"] : args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors) Console.Error.WriteLine($"mfl: {error.Message}");
    return ExitCode.Refused;
}
try
{
    return parsed.Invoke(new() { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is ProblemException or RunFolderException or UsageException)
{
    Console.Error.WriteLine($"mfl: {e.Message}");
    return ExitCode.Refused;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"mfl: the run could not be written: {e.Message}");
    return ExitCode.NotWritten;
}
