using System.CommandLine;
using System.Globalization;
using MeanFieldLimit.Cli;
using MeanFieldLimit.Problems;
using MeanFieldLimit.Validation.Reports;

var output = Printing.Begin();
// Numbers are written in one way, whatever the language of the machine.
CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.DefaultThreadCurrentCulture =
    CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;

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

// @name is a file of that name, not one of arguments.
var parsed = root.Parse(args is [] ? ["--help"] : args, new() { ResponseFileTokenReplacer = null });
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors) Console.Error.WriteLine($"mfl: {error.Message}");
    return ExitCode.Refused;
}
try
{
    var code = parsed.Invoke(new() { EnableDefaultExceptionHandler = false });
    // Of a run, the folder has everything; help, a list and the schema are what is printed.
    var command = parsed.CommandResult.Command;
    var isPrinted = parsed.Action != command.Action || command == schema || CheckCommand.IsList(parsed);
    if (!isPrinted || output.Lost is not { } reason) return code;
    Console.Error.WriteLine($"mfl: the output could not be written: {reason}");
    return ExitCode.NotWritten;
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
