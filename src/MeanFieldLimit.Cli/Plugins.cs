using System.CommandLine;
using System.Runtime.Loader;
using MeanFieldLimit.Validation.Cells;

namespace MeanFieldLimit.Cli;

/// <summary><c>--plugin my.dll</c>: assemblies of the user's, whose activations, checks and so on are known.</summary>
internal static class Plugins
{
    internal static readonly Option<string[]> Option = new("--plugin")
    {
        Description = "An assembly with activations, losses, targets, laws or checks of yours; may be given several " +
            "times.",
        HelpName = "file",
    };

    /// <summary>Registers all that a command line names, before anything else of it is read.</summary>
    /// <exception cref="UsageException">One is no assembly, or is refused.</exception>
    internal static void Load(IReadOnlyList<string> arguments)
    {
        var scan = new RootCommand { Option };
        scan.TreatUnmatchedTokensAsErrors = false;
        foreach (var file in Files(scan.Parse(arguments, Commands.Literally))) Load(file);
    }

    /// <summary>"my.dll 0123456789ab" for each, with a sum (SHA-256) of its file.</summary>
    internal static string[] Texts(ParseResult parsed) =>
        [.. Files(parsed).Select(f => $"{Path.GetFileName(f)} {RunRecord.SumOf(File.ReadAllBytes(f))}")];

    /// <summary>The options that name the same again, from any folder.</summary>
    internal static IEnumerable<string> Arguments(ParseResult parsed) =>
        Files(parsed).SelectMany(f => new[] { "--plugin", f });

    private static string[] Files(ParseResult parsed) => [.. (parsed.GetResult(Option)?.Tokens ?? [])
        .Select(t => Path.GetFullPath(Path.Combine(".", t.Value))).Distinct()];

    private static void Load(string file)
    {
        if (!File.Exists(file))
            throw new UsageException($"--plugin: a plugin must be a file, found none at {file}; build it first");
        try
        {
            // References to us are to what runs, those to others to what lies beside it.
            var beside = new AssemblyDependencyResolver(file);
            AssemblyLoadContext.Default.Resolving += (context, name) =>
                beside.ResolveAssemblyToPath(name) is { } path ? context.LoadFromAssemblyPath(path) : null;
            Catalogue.Register(AssemblyLoadContext.Default.LoadFromAssemblyPath(file));
        }
        catch (BadImageFormatException)
        {
            throw new UsageException($"--plugin: a plugin must be an assembly of .NET, {file} is none; " +
                "name the .dll that dotnet build writes");
        }
        catch (FileLoadException e)
        {
            throw new UsageException($"--plugin: a plugin must have a name of its own, {file} has that of another " +
                $"assembly ({e.Message}); give it another AssemblyName");
        }
        catch (PluginException e)
        {
            throw new UsageException($"--plugin: {e.Message}");
        }
    }
}
