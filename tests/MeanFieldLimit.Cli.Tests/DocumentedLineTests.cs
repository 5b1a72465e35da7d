using System.Text.RegularExpressions;

namespace MeanFieldLimit.Cli.Tests;

/// <summary>The command lines of the documentation: each is one of the program's, and runs, at small size.</summary>
public sealed partial class DocumentedLineTests : IDisposable
{
    private static readonly string Root = Path.GetDirectoryName(Path.GetDirectoryName(Mfl.Example("chaos.json")))!;

    private readonly Mfl mfl = new();

    public void Dispose() => mfl.Dispose();

    public static TheoryData<string> Lines() => [.. Pages().SelectMany(text => Indented().Matches(text))
        .Select(m => m.Groups[1].Value.TrimEnd()).Distinct().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Lines))]
    public void A_line_to_type_does_what_it_says(string line)
    {
        Directory.CreateSymbolicLink(mfl.Path("examples"), Path.Combine(Root, "examples"));
        if (line.Contains("DIR_OF_THE_IDX_FILES", StringComparison.Ordinal))
        {
            // Real data is read where it lies; without it the file is at least asked for.
            var (code, _, errors) = mfl.Shell("MFL" + line["mfl".Length..]);
            Assert.Equal(ExitCode.Refused, code);
            Assert.Contains("DIR_OF_THE_IDX_FILES", errors, StringComparison.Ordinal);
            return;
        }
        // What docs/adding.md builds.
        Directory.CreateSymbolicLink(mfl.Path("bin"), Path.Combine(Root, "tests", "Plugins", "Softsign", "bin"));
        var small = line.StartsWith("mfl sweep", StringComparison.Ordinal)
            ? "--set couple.seeds=2"
            : new[] { "mfl solve", "mfl kernel", "mfl widths" }.Any(line.StartsWith) ? ""
            : line.StartsWith("mfl advise", StringComparison.Ordinal) ? "--widths 10,20"
            : line.StartsWith("mfl proxy", StringComparison.Ordinal) ? "--set proxy.networks=40 --set proxy.draws=40"
            : line.StartsWith("mfl chaos", StringComparison.Ordinal) ? "--widths 10,20 --seeds 2 --set chaos.draws=100"
            : line.StartsWith("mfl bias", StringComparison.Ordinal)
            ? "--widths 10,20 --seeds 2 --set bias.scaledTime=2 --set bias.wide=8,16"
            : "--widths 10,20 --seeds 2";
        // Gradient descent takes steps of length 1.
        var time = new[] { "scaling", "mfl plane", "proxy", "mfl sharpness" }.Any(s => line.Contains(s, StringComparison.Ordinal)) ? "2"
            : line.StartsWith("mfl bias", StringComparison.Ordinal) ? "30" : "0.05";
        // A gap that is asked for is predicted at any price, which of large problems is high; of others few draws will do.
        var draws = line.Contains("mfl couple examples", StringComparison.Ordinal) ? 0 : 8;
        small += $" --set limit.predict.draws={draws}";
        var result = mfl.Shell($"MFL{line["mfl".Length..]} {small} --set training.time={time} --quiet");
        Assert.Equal((ExitCode.Done, ""), (result.Code, result.Errors));
        Assert.Contains("report: runs/", result.Output, StringComparison.Ordinal);
    }

    // In a process of its own, in which no plugin is registered.
    [Fact]
    public void The_page_of_keys_is_that_of_the_schema() => Assert.Equal(mfl.Run("schema", "--markdown").Output,
        File.ReadAllText(Path.Combine(Root, "docs", "keys.md")));

    [Fact]
    public void What_is_named_in_a_sentence_is_there()
    {
        var named = Pages().SelectMany(text => Spans().Matches(text)).Select(m => m.Groups[1].Value).ToHashSet();
        Assert.True(named.Count > 10);
        string[] names = [.. Commands.All.Select(create => create().Name), "--help"];
        // [name...] and the like stand for what may follow.
        Assert.All(named.Select(span => span.Split(' ').Where(w => !w.StartsWith('[')).ToArray()).GroupBy(words => words[0]), all =>
        {
            Assert.Contains(all.Key, names);
            var known = Commands.Parse([all.Key, "--help"]).CommandResult.Command.Options.Select(o => o.Name)
                .Append("--help");
            Assert.Subset(known.ToHashSet(), all.SelectMany(words => words.Where(w => w.StartsWith("--"))).ToHashSet());
        });
    }

    private static IEnumerable<string> Pages() => Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md")
        .Append(Path.Combine(Root, "README.md")).Append(Path.Combine(Root, "notebooks", "README.md"))
        .Select(File.ReadAllText);

    [GeneratedRegex("^    (mfl [^#\n]*)", RegexOptions.Multiline)]
    private static partial Regex Indented();

    [GeneratedRegex("`mfl ([^`]+)`")]
    private static partial Regex Spans();
}
