using System.Text.RegularExpressions;

namespace MeanFieldLimit.Tests;

/// <summary>Between the folders of a project there is no cycle: what each of them is made of is known before it.</summary>
public partial class FolderTests
{
    [Theory]
    [InlineData("solvers/MeanFieldLimit.Solvers")]
    [InlineData("src/MeanFieldLimit")]
    [InlineData("validation/MeanFieldLimit.Validation")]
    public void Folders_depend_on_each_other_without_a_cycle(string project)
    {
        var folders = Uses(project);
        var left = folders.Keys.ToHashSet();
        // What uses nothing that is left goes; where nothing goes, each of the rest is in a cycle or above one.
        while (left.RemoveWhere(f => !folders[f].Overlaps(left)) > 0)
        {
        }
        Assert.True(left.Count == 0, "cycles among " + string.Join("; ", left.Order().Select(f =>
            $"{f} -> {string.Join(", ", folders[f].Where(left.Contains).Order())}")));
    }

    [Fact]
    public void A_cycle_would_be_found()
    {
        var uses = Uses("src/MeanFieldLimit");
        Assert.Contains("MeanFieldLimit.Runs", uses["MeanFieldLimit.Limits"]);
        Assert.Contains("MeanFieldLimit.Networks.Activations", uses["MeanFieldLimit.Ensembles"]);
    }

    /// <summary>Which folders the files of each folder use, by their namespaces.</summary>
    private static Dictionary<string, HashSet<string>> Uses(string project)
    {
        var (root, name) = (Repository.Path(project), Path.GetFileName(project));
        var folders = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(root, file).StartsWith("obj", StringComparison.Ordinal))
            .GroupBy(file => Path.GetDirectoryName(Path.GetRelativePath(root, file))!)
            .ToDictionary(g => g.Key.Length == 0 ? name : $"{name}.{g.Key.Replace(Path.DirectorySeparatorChar, '.')}");
        return folders.ToDictionary(f => f.Key, f => f.Value
            .SelectMany(file => Usings().Matches(File.ReadAllText(file))).Select(m => m.Groups[1].Value)
            .Where(used => used != f.Key && folders.ContainsKey(used)).ToHashSet());
    }

    [GeneratedRegex(@"^using (?:static )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Usings();
}
