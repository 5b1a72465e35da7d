namespace MeanFieldLimit.Validation.Reports;

/// <summary>What ran a problem, for its summary and its report.</summary>
/// <param name="EngineName">Name of the matrix engine: bits differ between engines.</param>
/// <param name="Threads">Number of threads: bits do not depend on it.</param>
/// <param name="Version">Version of the program.</param>
public sealed record RunInfo(string EngineName, int Threads, string Version)
{
    /// <summary>What the processor computes with: bits differ between instruction sets.</summary>
    public string Instructions { get; } = InstructionSet.Name;

    /// <summary>Assemblies that have members of families: the name of the file, a blank, a sum of it.</summary>
    public IReadOnlyList<string> Plugins { get; init; } = [];

    /// <summary>All of it, for reports.</summary>
    internal string Text => $"mfl {Version}, matrix engine {EngineName}, {Instructions}, threads {Threads}" +
        string.Concat(Plugins.Select(p => $", plugin {p}"));
}
