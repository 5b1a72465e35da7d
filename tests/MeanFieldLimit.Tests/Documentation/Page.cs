using System.Text.RegularExpressions;

namespace MeanFieldLimit.Tests.Documentation;

/// <summary>A page of the documentation, and what stands in it.</summary>
internal sealed partial record Page(string Name)
{
    internal static IReadOnlyList<Page> All { get; } =
    [
        .. Directory.EnumerateFiles(Repository.Path("docs"), "*.md").Select(f => $"docs/{Path.GetFileName(f)}")
            .Append("README.md").Order(StringComparer.Ordinal).Select(name => new Page(name)),
    ];

    internal string Text { get; } = File.ReadAllText(Repository.Path(Name));

    /// <summary>The blocks between fences of a language.</summary>
    internal IEnumerable<string> Blocks(string language) =>
        Fences().Matches(Text).Where(m => m.Groups[1].Value == language).Select(m => m.Groups[2].Value);

    /// <summary>The targets of links and figures that lie in the repository, as paths from its root.</summary>
    internal IEnumerable<string> Links() => Targets().Matches(Text).Select(m => m.Groups[1].Value)
        .Where(t => !t.Contains("://", StringComparison.Ordinal))
        .Select(t => t[0] == '#' ? Name + t : Path.Combine(Path.GetDirectoryName(Name)!, t));

    /// <summary>The anchors that its headings make.</summary>
    internal IEnumerable<string> Anchors() => Headings().Matches(Text)
        .Select(m => NotInAnchors().Replace(m.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    /// <summary>Paths of files and folders that it names as code.</summary>
    internal IEnumerable<string> Paths() => Named().Matches(Text).Select(m => m.Groups[1].Value);

    [GeneratedRegex(@"^```(\w+)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Targets();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();

    [GeneratedRegex(@"`((?:solvers|src|validation|tests|benchmarks|examples|docs)/[\w./-]*)`")]
    private static partial Regex Named();
}
