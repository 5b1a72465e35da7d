using MeanFieldLimit.Cli;
using MeanFieldLimit.Validation.Cells;

var output = Printing.Begin();
// Numbers are written in one way, whatever the language of the machine.
CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.DefaultThreadCurrentCulture =
    CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;

try
{
    var parsed = Commands.Parse(args is [] ? ["--help"] : args);
    var code = Commands.Run(parsed);
    // Of a run, the folder has everything; help, a list, the schema and a comparison are what is printed.
    var command = parsed.CommandResult.Command;
    var isPrinted = parsed.Errors.Count == 0 &&
        (parsed.Action != command.Action || command == Commands.Schema || command.Name == CompareCommand.Name
            || CheckCommand.IsList(parsed));
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
