using System.Diagnostics;
using System.Text;

namespace MeanFieldLimit.Cli.Tests;

/// <summary>Runs <see cref="ToyCommand"/> in processes of its own, and compares what they leave.</summary>
internal static class Toy
{
    private static readonly Dictionary<string, string> Hook =
        new() { ["DOTNET_STARTUP_HOOKS"] = typeof(Toy).Assembly.Location };

    internal static Process StartToy(this Mfl mfl, params string[] arguments) => mfl.Start(Hook, arguments);

    /// <summary>The same, doing something at the event of a number.</summary>
    internal static Process StartToy(this Mfl mfl, string what, int at, params string[] arguments) =>
        mfl.Start(At(what, at), arguments);

    /// <summary>The environment in which it does so.</summary>
    internal static Dictionary<string, string> At(string what, int at) => new(Hook)
    {
        ["MFL_TOY"] = what,
        ["MFL_TOY_AT"] = at.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The same as a rank of a launcher.</summary>
    internal static Process StartRank(this Mfl mfl, int rank, int size, params string[] arguments) =>
        mfl.Start(new Dictionary<string, string>(Hook)
        {
            ["SLURM_PROCID"] = $"{rank}",
            ["SLURM_NTASKS"] = $"{size}",
        }, arguments);

    internal static (int Code, string Output, string Errors) RunToy(this Mfl mfl, params string[] arguments)
    {
        using var process = mfl.StartToy([.. arguments, "--quiet"]);
        return Mfl.Finish(process);
    }

    /// <summary>Waits until it is at its event.</summary>
    internal static void UntilItWaits(this Process process)
    {
        while (process.StandardOutput.ReadLine() is { } line && line != "at the event") { }
    }

    internal static void Signal(this Process process, params string[] signals)
    {
        using var kill = Process.Start("sh",
            ["-c", string.Join(';', signals.Select(s => $"kill -{s} {process.Id}"))]);
        kill.WaitForExit();
    }

    /// <summary>All files below a folder of a run, the temporary ones too.</summary>
    internal static SortedDictionary<string, string> Tree(this Mfl mfl, string folder) => new(
        Directory.EnumerateFiles(mfl.Path(folder), "*", SearchOption.AllDirectories).ToDictionary(
            file => Path.GetRelativePath(mfl.Path(folder), file),
            file => Encoding.Latin1.GetString(File.ReadAllBytes(file))), StringComparer.Ordinal);
}
