using System.Text;
using MeanFieldLimit.Problems;

namespace MeanFieldLimit.Tests.Problems;

/// <summary>A good problem file, numbered by its lines, and ways to break it.</summary>
internal static class Texts
{
    internal const string Points = """
          "data": { "kind": "points",
            "x": [[1, 0.5], [0, -1]],
            "y": [[1], [-1]], "test": 1 },
        """;

    internal const string Good = $$"""
        {
          "name": "gap",
        {{Points}}
          "network": {
            "biases": "none",
            "layers": [
              { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
              { "weights": { "law": "gaussian", "mean": 1, "std": 0.5 }, "activation": "relu" },
              { "weights": { "law": "gaussian", "std": 2 } }
            ]
          },
          "training": { "loss": "half-squared", "time": 3 },
          "limit": { "types": [
            { "rule": "gauss", "nodes": 24 },
            { "rule": "monte-carlo", "nodes": 12 } ] },
          "record": { "saves": 4 },
          "couple": { "widths": [50, 100],
            "seeds": 8 }
        }
        """;

    /// <summary>The good file with the first occurrence of <paramref name="old"/> replaced.</summary>
    internal static string With(string old, string replacement)
    {
        var at = Good.IndexOf(old, StringComparison.Ordinal);
        Assert.True(at >= 0, $"the good file has no {old}");
        return Good[..at] + replacement + Good[(at + old.Length)..];
    }

    internal static LoadedProblem Parse(string text) =>
        ProblemFile.Parse("folder/broken.json", Encoding.UTF8.GetBytes(text));

    /// <summary>The refusal of a text, whose message is one line naming file, line and path.</summary>
    internal static ProblemException Refusal(string text)
    {
        var e = Assert.Throws<ProblemException>(() => Parse(text));
        Assert.Equal($"folder/broken.json:{e.Line}: {e.Path}: {e.Rule}", e.Message);
        Assert.DoesNotContain(e.Message, char.IsControl);
        return e;
    }

    internal static void Refused(string text, int line, string path, string fragments) =>
        Assert.Equal((line, path), Location(text, fragments));

    /// <summary>Where a text is refused by a rule that has all of these fragments.</summary>
    internal static (int Line, string Path) Location(string text, string fragments)
    {
        var e = Refusal(text);
        Assert.All(fragments.Split('|'), fragment => Assert.Contains(fragment, e.Rule, StringComparison.Ordinal));
        return (e.Line, e.Path);
    }
}
