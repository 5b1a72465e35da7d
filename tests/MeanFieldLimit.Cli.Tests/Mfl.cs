using System.Diagnostics;
using System.Reflection;

namespace MeanFieldLimit.Cli.Tests;

/// <summary>Runs the program as a user does: another process, arguments, exit code, what it prints.</summary>
internal sealed class Mfl : IDisposable
{
    private static readonly string Root = FindRoot();

    private static readonly string Program = System.IO.Path.Combine(Root, "src", "MeanFieldLimit.Cli", "bin",
        typeof(Mfl).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration, "net10.0", "ready", "mfl.dll");

    /// <summary>For what is not about the predicted gap, which takes longer than the limit.</summary>
    internal static readonly string[] Unpredicted = ["--set", "limit.predict.draws=0"];

    /// <summary>A folder of its own, in which the program runs.</summary>
    internal string Folder { get; } = Directory.CreateTempSubdirectory("mfl-").FullName;

    internal string Path(string name) => System.IO.Path.Combine(Folder, name);

    internal static string Example(string name) => System.IO.Path.Combine(Root, "examples", name);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(folder, "MeanFieldLimit.sln")))
            folder = System.IO.Path.GetDirectoryName(folder)!;
        return folder;
    }

    internal string Write(string name, string text)
    {
        File.WriteAllText(Path(name), text);
        return name;
    }

    internal Process Start(params string[] arguments) => Start(new Dictionary<string, string>(), arguments);

    /// <summary>The same with variables of the environment.</summary>
    internal Process Start(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Start("dotnet", [Program, .. arguments], environment);

    /// <summary>The same, not deaf to INT: what runs in the background of a shell may have to ignore it.</summary>
    internal Process StartInterruptible(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        Start("env", ["--default-signal=INT", "dotnet", Program, .. arguments], environment);

    private Process Start(string program, string[] arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs a line of the shell in which MFL stands for the program.</summary>
    internal (int Code, string Output, string Errors) Shell(string line)
    {
        var start = new ProcessStartInfo("sh", ["-c", line.Replace("MFL", $"dotnet '{Program}'", StringComparison.Ordinal)])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        return Finish(process);
    }

    internal (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        using var process = Start(arguments);
        return Finish(process);
    }

    internal static (int Code, string Output, string Errors) Finish(Process process)
    {
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
