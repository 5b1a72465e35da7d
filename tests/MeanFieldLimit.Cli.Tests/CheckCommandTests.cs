using System.Text.Json;

namespace MeanFieldLimit.Cli.Tests;

public sealed class CheckCommandTests : IDisposable
{
    private readonly Mfl mfl = new();

    public void Dispose() => mfl.Dispose();

    [Fact]
    public void Checks_are_run_by_name()
    {
        var (code, output, errors) = mfl.Run("check", "linear-network", "balance", "--small", "--out", "run");
        Assert.Equal((ExitCode.Done, ""), (code, errors));
        Assert.Contains("linear-network: holds", output);
        Assert.Contains("balance: holds", output);
        var checks = JsonDocument.Parse(File.ReadAllText(mfl.Path("run/summary.json")))
            .RootElement.GetProperty("checks");
        Assert.Equal(["linear-network", "balance"], checks.EnumerateArray()
            .Select(c => c.GetProperty("name").GetString()));
        Assert.True(File.Exists(mfl.Path("run/report.html")));
        Assert.Equal(ExitCode.Done, mfl.Run("solve", "run/problems/linear-network.json", "--out", "again", "--quiet")
            .Code);
    }

    [Fact]
    public void The_list_says_what_each_claims_and_computes_nothing()
    {
        var (code, output, _) = mfl.Run("check", "--list");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("symmetry\n  With i.i.d. initialization", output);
        Assert.Empty(Directory.GetFileSystemEntries(mfl.Folder));
    }

    [Theory]
    [InlineData("symetry")]
    [InlineData("--threads", "0")]
    [InlineData("--engine", "abacus")]
    public void What_is_wrong_is_refused(params string[] arguments)
    {
        var (code, _, errors) = mfl.Run(["check", .. arguments]);
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains(arguments[^1], errors);
        Assert.Empty(Directory.GetFileSystemEntries(mfl.Folder));
    }
}
