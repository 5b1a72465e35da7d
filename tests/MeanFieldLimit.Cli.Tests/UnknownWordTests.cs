using System.Text.Json;

namespace MeanFieldLimit.Cli.Tests;

/// <summary>Words that the program does not know are told in one line: what is near, or which command has it.</summary>
[Collection(InProcess.Collection)]
public sealed class UnknownWordTests
{
    [Theory]
    [InlineData("cuple", "the command must be one of advise, bias, chaos, couple, ", "; got 'cuple'; did you mean 'couple'?")]
    [InlineData("cuple p.json --widths 10", "the command must be one of advise, bias, chaos, couple, ", "; got 'cuple'; did you mean 'couple'?")]
    [InlineData("xyzzy", "the command must be one of advise, bias, chaos, couple, ", "; got 'xyzzy'; name one of those")]
    [InlineData("couple --widhts 10,20", "an option of couple must be one of ", "; got '--widhts'; did you mean '--widths'?")]
    [InlineData("couple p.json --qiet", "an option of couple must be one of ", "; got '--qiet'; did you mean '--quiet'?")]
    [InlineData("solve --foo", "an option of solve must be one of ", "; got '--foo'; name one of those")]
    [InlineData("solve -q", "an option of solve must be one of ", "; got '-q'; name one of those")]
    [InlineData("compare --jsn a b", "an option of compare must be one of --help, --json, --quiet; ", "did you mean '--json'?")]
    [InlineData("--quite", "an option of mfl itself must be one of --help, --version; got '--quite'", "name one of those")]
    [InlineData("solve --widths 10,20", "--widths must be given to a command that has it, got it with solve; leave it out, ",
        "or use advise or bias or chaos or couple or depth or fluctuations or joint or lazy or plane or sharpness or stability or statics or step or time")]
    [InlineData("solve --seeds=3", "--seeds must be given to a command that has it, got it with solve; leave it out, ",
        "or use bias or chaos or couple or depth or fluctuations or joint or lazy or plane or sharpness or stability or statics or step or time")]
    [InlineData("couple --small", "--small must be given to a command that has it, got it with couple; leave it out, or use check", "")]
    [InlineData("check symetry", "the check must be one of balance, ", "; got 'symetry'; did you mean 'symmetry'?")]
    [InlineData("example densty", "the example must be one of accuracy, ", "; got 'densty'; did you mean 'density'?")]
    [InlineData("sweep --study dept", "--study: the study must be one of advise, bias, chaos, ", "; got 'dept'; did you mean 'depth'?")]
    [InlineData("solve --engine opnblas", "--engine: the engine must be one of managed, openblas; got 'opnblas'", "; did you mean 'openblas'?")]
    [InlineData("couple a.json b.json", "couple must be given no more than its --help has, got 'b.json'; leave it out", "")]
    [InlineData("couple a.json --widths 50 100", "couple must be given no more than its --help has, got '100'; ", "50,100,200")]
    public void A_word_that_is_not_known(string line, string begins, string ends)
    {
        var (code, output, errors) = InProcess.Run(line.Split(' '));
        Assert.Equal((ExitCode.Refused, ""), (code, output));
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.StartsWith($"mfl: {begins}", errors, StringComparison.Ordinal);
        Assert.EndsWith(ends, errors.TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("couple --widhts --help"), InlineData("solve --widths 3 -h")]
    public void Help_is_given_whatever_else_is_said(string line)
    {
        var (code, output, errors) = InProcess.Run(line.Split(' '));
        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("--threads", output);
    }

    [Theory]
    [InlineData("solve --set record.saves=2 --set training.time=0.1")]
    [InlineData("check energy-identity --small")]
    public void A_summary_on_standard_output_is_there_by_itself(string line)
    {
        using var mfl = new Mfl();
        var (code, output, errors) = mfl.Run([.. line.Split(' '), "--json", "--out", "run"]);
        Assert.Equal((ExitCode.Done, ""), (code, errors));
        Assert.Equal(File.ReadAllText(mfl.Path("run/summary.json")).TrimEnd(), output.TrimEnd());
        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(output).RootElement.ValueKind);
        // Of a share that leaves the summary to others nothing is printed there.
        (code, output, errors) = mfl.Run([.. line.Split(' '), "--json", "--out", "share", "--share", "2/2"]);
        Assert.Equal((ExitCode.Done, ""), (code, output));
        Assert.StartsWith("share 2/2 is done", errors);
    }
}
