namespace MeanFieldLimit.Cli.Tests;

/// <summary>Streams that are closed or full, and files that are none.</summary>
public sealed class StreamTests : IDisposable
{
    private const string Problem = """
        { "data": { "kind": "points", "x": [[1], [-1]], "y": [[1], [0]] },
          "network": { "layers": [
            { "weights": { "law": "gaussian", "std": 1 }, "activation": "tanh" },
            { "weights": { "law": "gaussian", "std": 1 } } ] },
          "training": { "loss": "half-squared", "time": 0.1 }, "limit": { "types": [{ "rule": "gauss", "nodes": 4 }], "predict": { "draws": 0 } },
          "record": { "saves": 2 }, "couple": { "widths": [4, 8], "seeds": 2 } }
        """;

    private readonly Mfl mfl = new();

    public StreamTests() => mfl.Write("p.json", Problem);

    public void Dispose() => mfl.Dispose();

    [Theory]
    [InlineData("solve p.json")]
    [InlineData("couple p.json")]
    [InlineData("time p.json")]
    [InlineData("check energy-identity --small")]
    public void A_run_that_cannot_print_is_done_when_its_files_are_written(string command)
    {
        foreach (var (streams, n) in new[] { ">&- 2>&- <&-", ">/dev/full 2>/dev/full" }.Select((s, n) => (s, n)))
        {
            Assert.Equal(ExitCode.Done, mfl.Shell($"MFL {command} --out {n} {streams}").Code);
            Assert.True(File.Exists(mfl.Path($"{n}/report.html")));
            Assert.EndsWith("}\n", File.ReadAllText(mfl.Path($"{n}/summary.json")));
        }
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("schema")]
    [InlineData("check --list")]
    public void What_is_only_printed_must_be_printed(string command)
    {
        foreach (var stream in new[] { ">&-", ">/dev/full" })
        {
            var (code, _, errors) = mfl.Shell($"MFL {command} {stream}");
            Assert.Equal(ExitCode.NotWritten, code);
            Assert.StartsWith("mfl: the output could not be written: ", errors);
        }
    }

    [Theory]
    [InlineData("solve absent.json")]
    [InlineData("solve --bogus")]
    public void A_refusal_that_cannot_be_said_is_one(string command)
    {
        foreach (var stream in new[] { "2>&-", "2>/dev/full", ">&- 2>&-" })
            Assert.Equal(ExitCode.Refused, mfl.Shell($"MFL {command} {stream}").Code);
    }

    [Fact]
    public void A_name_that_starts_with_an_at_sign_is_a_file()
    {
        mfl.Write("@p.json", Problem);
        foreach (var command in new[] { "solve", "couple" })
            Assert.Equal(ExitCode.Done, mfl.Run(command, "@p.json", "--out", $"@{command}", "--quiet").Code);
        Assert.True(File.Exists(mfl.Path("@solve/report.html")));
        Assert.Contains("@absent", mfl.Run("check", "@absent").Errors);
        Assert.Contains("@absent.json: a problem file must be", mfl.Run("chaos", "@absent.json").Errors);
    }

    [Fact]
    public void A_problem_may_come_from_standard_input()
    {
        Assert.Equal(ExitCode.Done, mfl.Shell("cat p.json | MFL solve - --out run --quiet").Code);
        Assert.StartsWith("mfl: standard input:2: $", mfl.Shell("echo '{' | MFL solve -").Errors);
    }

    [Theory]
    [InlineData("solve /dev/zero", "mfl: /dev/zero: a problem file must be a readable file, found a pipe or a device")]
    [InlineData("solve pipe", "mfl: pipe: a problem file must be a readable file, found a pipe or a device")]
    [InlineData("solve .", "mfl: .: a problem file must be a readable file, found a folder")]
    [InlineData("solve - </dev/zero", "mfl: standard input: a problem must have at most 256 MiB, got more")]
    public void What_may_never_end_is_refused(string command, string message)
    {
        var (code, _, errors) = mfl.Shell($"mkfifo pipe; timeout 60 MFL {command}");
        Assert.Equal(ExitCode.Refused, code);
        Assert.StartsWith(message, errors);
    }
}
