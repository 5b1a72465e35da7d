using System.Text;
using System.Text.RegularExpressions;
using MathNet.Numerics.Distributions;
using MeanFieldLimit.Models;
using MeanFieldLimit.Problems;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace MeanFieldLimit.Tests.Documentation;

/// <summary>What the documentation shows runs as it stands there, and prints what it says.</summary>
public partial class SnippetTests
{
    /// <summary>What scripts print, in place of the console, which all tests share.</summary>
    public sealed record Globals(TextWriter Printed);

    public static IEnumerable<object[]> All =>
        Page.All.SelectMany(p => p.Blocks("csharp").Select((_, k) => new object[] { p.Name, k }));

    [Theory]
    [MemberData(nameof(All))]
    public async Task Lines_of_csharp_compile_and_print_what_they_say(string page, int index)
    {
        var code = new Page(page).Blocks("csharp").ElementAt(index);
        var said = (await Printed(code)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Comments().Matches(code).Select(m => m.Groups[1].Value), said);
    }

    [Fact]
    public async Task A_snippet_that_does_not_compile_is_found() =>
        await Assert.ThrowsAsync<CompilationErrorException>(() => Printed("new Nothing();"));

    [Fact]
    public void Problems_are_problems()
    {
        var problems = Page.All.SelectMany(p => p.Blocks("json")).ToArray();
        Assert.NotEmpty(problems);
        Assert.All(problems, text => ProblemFile.Parse("page", Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void All_examples_are_problems()
    {
        var examples = Directory.GetFiles(Repository.Path("examples"), "*.json")
            .Where(f => !f.EndsWith("schema.json", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(examples);
        Assert.All(examples, file => ProblemFile.Read(file));
    }

    [Fact]
    public void Links_and_figures_are_there() => Assert.All(Page.All.SelectMany(p => p.Links()), link =>
    {
        var (path, anchor) = link.Split('#') is [var file, var part] ? (file, part) : (link, null);
        Assert.True(Path.Exists(Repository.Path(path)), link);
        if (anchor is not null) Assert.Contains(anchor, new Page(path).Anchors());
    });

    [Fact]
    public void Files_that_are_named_are_there() =>
        Assert.All(Page.All.SelectMany(p => p.Paths()), path => Assert.True(Path.Exists(Repository.Path(path)), path));

    private static async Task<string> Printed(string code)
    {
        var printed = new StringWriter(CultureInfo.InvariantCulture);
        var options = ScriptOptions.Default
            .WithReferences(typeof(Model).Assembly, typeof(Density).Assembly, typeof(Normal).Assembly)
            .WithImports("System", "System.Linq", "System.Collections.Generic", "System.IO");
        var script = code.Replace("Console.WriteLine", "Printed.WriteLine", StringComparison.Ordinal)
            .Replace("\"examples/", $"\"{Repository.Path("examples")}/", StringComparison.Ordinal);
        await CSharpScript.RunAsync(script, options, new Globals(printed));
        return printed.ToString();
    }

    // What is printed stands in a comment beside the line that prints, "// risk 0.1".
    [GeneratedRegex(@"WriteLine\([^;]*\);\s*// (.+)$", RegexOptions.Multiline)]
    private static partial Regex Comments();
}
