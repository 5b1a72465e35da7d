using System.Text.RegularExpressions;

namespace MeanFieldLimit.Tests;

/// <summary>
/// Between the folders of a project there is no cycle: what each of them is made of is known before it. A folder counts
/// as one with those inside it, which see its names without a using; and so does every folder those of the root, which
/// therefore uses none.
/// </summary>
public partial class FolderTests
{
    [Theory]
    [InlineData("solvers/MeanFieldLimit.Solvers")]
    [InlineData("src/MeanFieldLimit")]
    [InlineData("validation/MeanFieldLimit.Validation")]
    public void Folders_depend_on_each_other_without_a_cycle(string project)
    {
        var uses = Uses(project);
        Assert.True(uses.Count > 1);
        var left = InCycles(uses);
        Assert.True(left.Count == 0, "cycles among " + string.Join("; ", left.Order().Select(f =>
            $"{f} -> {string.Join(", ", uses[f].Where(left.Contains).Order())}")));
    }

    [Fact]
    public void A_cycle_would_be_found()
    {
        Assert.Equal(["A", "Above", "B"], InCycles(new()
        {
            ["A"] = ["B", "Leaf"],
            ["B"] = ["A"],
            ["Above"] = ["A"],
            ["Leaf"] = [],
            ["Apart"] = ["Leaf"],
        }).Order());
        var uses = Uses("src/MeanFieldLimit");
        Assert.Contains("Runs", uses["Limits"]);
        Assert.Contains("Networks", uses["Ensembles"]);
        Assert.Contains("", uses["Networks"]);
    }

    /// <summary>What is in a cycle or above one.</summary>
    private static HashSet<string> InCycles(Dictionary<string, HashSet<string>> uses)
    {
        // What uses nothing that is left goes.
        var left = uses.Keys.ToHashSet();
        while (left.RemoveWhere(f => !uses[f].Overlaps(left)) > 0)
        {
        }
        return left;
    }

    /// <summary>Which folders the files of each folder use, by their namespaces; the root is "".</summary>
    private static Dictionary<string, HashSet<string>> Uses(string project)
    {
        var (root, name) = (Repository.Path(project), Path.GetFileName(project));
        return Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(file => (Folder: Path.GetRelativePath(root, file) is var path && path.Contains('/') ? path.Split('/')[0]
                : "", Text: File.ReadAllText(file)))
            .Where(file => file.Folder is not ("obj" or "bin"))
            .GroupBy(file => file.Folder).ToDictionary(g => g.Key, g => g.SelectMany(file => Usings().Matches(file.Text))
                .Select(m => m.Groups[1].Value).Where(used => used.StartsWith($"{name}.", StringComparison.Ordinal))
                .Select(used => used[(name.Length + 1)..].Split('.')[0]).Append("").Where(used => used != g.Key)
                // Of other projects, whose names begin alike, the test is their own.
                .Where(used => used.Length == 0 || Directory.Exists(Path.Combine(root, used))).ToHashSet());
    }

    [GeneratedRegex(@"^using (?:static )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Usings();
}
