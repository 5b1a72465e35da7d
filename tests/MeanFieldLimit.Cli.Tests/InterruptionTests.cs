using System.Diagnostics;

namespace MeanFieldLimit.Cli.Tests;

/// <summary>Asked to stop, a run keeps what it has, says how to go on, and its code says by what.</summary>
public sealed class InterruptionTests : IDisposable
{
    private const int FirstOfReport = ToyCommand.Events - 2;
    private readonly Mfl mfl = new();

    public void Dispose() => mfl.Dispose();

    [Theory]
    [InlineData("INT", ExitCode.Interrupted)]
    [InlineData("TERM", ExitCode.Terminated)]
    public void While_it_computes(string signal, int expected)
    {
        Assert.Equal(ExitCode.Done, mfl.RunToy("toy", "--out", "whole").Code);
        using var process = Start("wait", 12);
        process.UntilItWaits();
        process.Signal(signal);
        var (code, _, errors) = Mfl.Finish(process);
        Assert.Equal((expected, "mfl: interrupted: 1 of 10 cells of the run are done; saved: run; go on with mfl resume run\n"),
            (code, errors));
        Assert.False(File.Exists(mfl.Path("run/report.html")));
        Assert.Equal(ExitCode.Done, mfl.RunToy("resume", "run").Code);
        Assert.Equal(mfl.Tree("whole"), mfl.Tree("run"));
    }

    [Theory]
    [InlineData("INT", ExitCode.Interrupted)]
    [InlineData("TERM", ExitCode.Terminated)]
    public void While_it_writes_it_finishes_the_report(string signal, int expected)
    {
        using var process = Start("wait", FirstOfReport + 1);
        process.UntilItWaits();
        process.Signal(signal);
        var (code, output, errors) = Mfl.Finish(process);
        Assert.Equal((expected, "mfl: interrupted: 10 of 10 cells of the run are done; the report is written\n"), (code, errors));
        Assert.Contains("report: ", output);
        Assert.True(File.Exists(mfl.Path("run/report.html")));
        Assert.Contains("already written", mfl.RunToy("resume", "run").Output);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(FirstOfReport + 1)]
    public void A_second_signal_ends_it_at_once_however_soon_it_comes(int at)
    {
        using var process = Start("deaf", at);
        process.UntilItWaits();
        // Two of one signal could be one, where the first was not yet delivered.
        process.Signal("INT", "TERM");
        var (code, _, errors) = Mfl.Finish(process);
        Assert.Contains(code, new[] { ExitCode.Interrupted, ExitCode.Terminated });
        Assert.Equal("", errors);
    }

    private Process Start(string what, int at) => mfl.StartInterruptible(Toy.At(what, at),
        "toy", "--out", "run", "--checkpoint", "0", "--threads", "1", "--quiet");
}
