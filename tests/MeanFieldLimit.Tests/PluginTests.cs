using System.Reflection;
using System.Runtime.CompilerServices;
using MeanFieldLimit.Data;
using MeanFieldLimit.Networks.Activations;
using MeanFieldLimit.Networks.Interactions;
using MeanFieldLimit.Networks.Losses;
using MeanFieldLimit.Problems;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace MeanFieldLimit.Tests;

/// <summary>
/// Assemblies of others: what they add, which all generic tests of this project then test, and why they are refused.
/// </summary>
public class PluginTests
{
    private const string Usings = """
        using System; using MeanFieldLimit; using MeanFieldLimit.Networks.Activations; using MeanFieldLimit.Problems;
        using MeanFieldLimit.Solvers.Laws;

        """;

    private const string Methods = """
        public void Apply(ReadOnlySpan<double> h, Span<double> s) => h.CopyTo(s);
        public void Derivative(ReadOnlySpan<double> h, ReadOnlySpan<double> s, Span<double> d) => d.Fill(1);
        """;

    private static readonly string File = AppContext.BaseDirectory
        .Replace("MeanFieldLimit.Tests", "Plugins/Softsign", StringComparison.Ordinal) + "Softsign.dll";

    // Before any test asks for members of families.
    [ModuleInitializer]
    internal static void Register() => Catalogue.Register(Assembly.LoadFrom(File));

    [Fact]
    public void A_project_of_its_own_adds_to_all_families()
    {
        Assert.Contains("softsign", Catalogue.All<IActivation>().Select(a => a.Name));
        Assert.Contains("log-cosh", Catalogue.All<ILoss>().Select(a => a.Name));
        Assert.Contains("same-sum", Catalogue.All<IInteraction>().Select(a => a.Name));
        Assert.Equal("Fold", Catalogue.Find<ITarget>("fold").GetType().Name);
        var schema = ProblemSchema.Text();
        foreach (var name in new[] { "softsign", "log-cosh", "fold", "triangle", "midpoints", "exponential", "parabola" })
            Assert.Contains($"\"{name}\"", schema);
        // A rule's size is written under a name of its own.
        Assert.DoesNotMatch("\"size\":\\s*\\{[^{}]*\"type\":\\s*\"integer\"", schema);
    }

    [Fact]
    public void The_documentation_shows_it() => Assert.Contains(
        System.IO.File.ReadAllText(Repository.Path("tests/Plugins/Softsign/Softsign.cs")),
        System.IO.File.ReadAllText(Repository.Path("docs/adding.md")));

    [Fact]
    public void What_is_registered_again_stays_as_it_is()
    {
        var before = Catalogue.Contracts;
        Register();
        Assert.Same(before, Catalogue.Contracts);
        Assert.Single(Catalogue.All<IActivation>(), a => a.Name == "softsign");
    }

    [Fact]
    public void A_kind_is_read_checked_and_written_as_ours_are()
    {
        var read = (Model: Parse(2), Again: Parse(2));
        Assert.Equal(ProblemFile.Write(read.Model.Problem), ProblemFile.Write(read.Again.Problem));
        Assert.Contains("\"schedule\": \"exponential\"", ProblemFile.Write(read.Model.Problem));
        Assert.Contains("time must be positive, got -2; use a number above 0",
            Assert.Throws<ProblemException>(() => Parse(-2)).Message);

        static LoadedProblem Parse(double time) => ProblemFile.Parse("p", System.Text.Encoding.UTF8.GetBytes($$"""
            { "data": { "kind": "parabola", "points": 6 },
              "network": { "layers": [
                { "weights": { "law": "triangle" }, "activation": "softsign",
                  "rate": { "schedule": "exponential", "time": {{time}} } },
                { "weights": { "law": "gaussian", "std": 1 } } ] },
              "training": { "loss": "log-cosh", "time": 1 }, "limit": { "types": [{ "rule": "midpoints", "nodes": 8 }] } }
            """));
    }

    [Theory]
    [InlineData("public class Nothing;", "an assembly must have a member of a family, theirs has none; write a type of")]
    [InlineData("class A(int n) : IActivation { public string Name => $\"a{n}\"; METHODS }",
        "a member of a family must have a public constructor without parameters, A has none; write one")]
    [InlineData("class A<T> : IActivation { public string Name => \"a\"; METHODS }",
        "a member of a family must have a public constructor without parameters, A`1 has none; write one")]
    [InlineData("class A : IActivation { public A() => throw new Exception(\"no\"); public string Name => \"a\"; METHODS }",
        "a member of a family must be made without an exception, A throws Exception: no; mend its constructor")]
    [InlineData("class A : IActivation { public string Name => \"My A\"; METHODS }",
        "a name must be of lower case letters, digits and hyphens, got 'My A' of A; rename it")]
    [InlineData("class A : IActivation { public string Name => \"tanh\"; METHODS }",
        "names of a family must differ, the IActivation 'tanh' is in theirs and in MeanFieldLimit (")]
    [InlineData("class A : IActivation { public string Name => \"softsign\"; METHODS }",
        "names of a family must differ, the IActivation 'softsign' is in theirs and in Softsign (")]
    [InlineData("class A : IActivation { public string Name => \"a\"; METHODS } class B : IActivation { public string Name => \"a\"; METHODS }",
        "names of a family must differ, the IActivation 'a' is in theirs and in theirs; rename one")]
    [InlineData("[Kind(\"uniform\")] record A : LawSpec { public override ILaw Build() => new Constant(1); }",
        "names of a family must differ, the LawSpec 'uniform' is in theirs and in MeanFieldLimit (")]
    [InlineData("[Kind(\"a\")] record A(int N) : LawSpec { public override ILaw Build() => new Constant(N); }",
        "a type with a Kind must be a record that derives from LawSpec, RuleSpec, ScheduleSpec or DataSpec and has a " +
        "constructor without parameters, A is not; derive it")]
    [InlineData("[Kind(\"a\")] class A;", "a type with a Kind must be a record that derives from LawSpec")]
    public void An_assembly_is_refused_and_nothing_of_it_is_added(string code, string message)
    {
        var before = Catalogue.All<IActivation>().Select(a => a.Name).ToArray();
        var assembly = Compiled("theirs", Usings + code.Replace("METHODS", Methods, StringComparison.Ordinal),
            [.. Ours.Select(a => MetadataReference.CreateFromFile(a.Location))]);
        Assert.StartsWith(message,
            Assert.Throws<PluginException>(() => Catalogue.Register(Assembly.Load(assembly))).Message);
        Assert.Equal(before, Catalogue.All<IActivation>().Select(a => a.Name));
    }

    [Fact]
    public void One_that_was_built_against_another_version_is_refused()
    {
        var other = Compiled("MeanFieldLimit", """
            [assembly: System.Reflection.AssemblyVersion("9.8.7.6")]
            namespace MeanFieldLimit { public interface INamed { string Name { get; } } }
            """, []);
        var theirs = Compiled("theirs", "class A : MeanFieldLimit.INamed { public string Name => \"a\"; }",
            [MetadataReference.CreateFromImage(other)]);
        var ours = typeof(Catalogue).Assembly.GetName().Version;
        Assert.Equal($"an assembly must be built against MeanFieldLimit {ours}, which runs, theirs was built against " +
            $"9.8.7.6; build it against {ours}",
            Assert.Throws<PluginException>(() => Catalogue.Register(Assembly.Load(theirs))).Message);
    }

    private static Assembly[] Ours => [typeof(Catalogue).Assembly, typeof(Solvers.Laws.ILaw).Assembly];

    private static byte[] Compiled(string name, string code, IReadOnlyList<MetadataReference> references)
    {
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(f => Path.GetFileName(f).StartsWith("System.", StringComparison.Ordinal))
            .Select(f => MetadataReference.CreateFromFile(f));
        var made = new MemoryStream();
        var result = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(code)], [.. platform, .. references],
            new(OutputKind.DynamicallyLinkedLibrary)).Emit(made);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return made.ToArray();
    }
}
