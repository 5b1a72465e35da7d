namespace MeanFieldLimit.Cli.Tests;

/// <summary>Several processes on one folder: the files of one.</summary>
public sealed class SharesTests : IDisposable
{
    private readonly Mfl mfl = new();

    public SharesTests() => Assert.Equal(ExitCode.Done, mfl.RunToy("toy", "--out", "whole").Code);

    public void Dispose() => mfl.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Processes_without_shares_divide_by_locks(int processes)
    {
        Together(processes, _ => ["toy", "--out", "run", "--checkpoint", "0", "--quiet", "--threads", "1"]);
        Assert.Equal(mfl.Tree("whole"), mfl.Tree("run"));
    }

    [Fact]
    public void Shares_make_the_whole()
    {
        Together(3, n => ["toy", "--out", "run", "--share", $"{n + 1}/3", "--quiet", "--threads", "1"]);
        Assert.Equal(mfl.Tree("whole"), mfl.Tree("run"));
    }

    [Fact]
    public void Ranks_of_a_launcher_meet_in_one_folder()
    {
        var ranks = Enumerable.Range(0, 3).Select(n => mfl.StartRank(n, 3, "toy", "--quiet", "--threads", "1"))
            .ToList();
        foreach (var rank in ranks) Assert.Equal((ExitCode.Done, ""), Quiet(Mfl.Finish(rank)));
        var folder = Path.GetFileName(Assert.Single(Directory.GetDirectories(mfl.Path("runs"))));
        Assert.Matches("^toy-[0-9a-f]{12}$", folder);
        Assert.Equal(mfl.Tree("whole"), mfl.Tree($"runs/{folder}"));
    }

    [Fact]
    public void A_share_whose_others_are_not_done_says_so_and_resume_does_the_rest()
    {
        var (code, output, errors) = mfl.RunToy("toy", "--out", "run", "--share", "1/2");
        Assert.Equal((ExitCode.Done, ""), (code, errors));
        Assert.Matches("^share 1/2 is done; 5 of 10 cells of the run are done: .* mfl resume run does", output);
        Assert.False(File.Exists(mfl.Path("run/report.html")));
        Assert.Equal(ExitCode.Done, mfl.RunToy("resume", "run").Code);
        Assert.Equal(mfl.Tree("whole"), mfl.Tree("run"));
    }

    [Fact]
    public void A_cell_of_a_killed_process_is_taken_over_by_a_waiting_one()
    {
        using var first = mfl.StartToy("wait", 3, "toy", "--out", "run", "--quiet", "--checkpoint", "0");
        first.UntilItWaits();
        using var second = mfl.StartToy("toy", "--out", "run", "--quiet");
        Assert.Matches($"^mfl: waiting for limit, held by process {first.Id} on .*, for [0-9]+ s",
            second.StandardError.ReadLine()!);
        first.Kill();
        Assert.Equal((ExitCode.Done, ""), Quiet(Mfl.Finish(second)));
        Assert.Equal(mfl.Tree("whole"), mfl.Tree("run"));
    }

    [Fact]
    public void Two_commands_at_once_get_folders_of_their_own()
    {
        Together(3, _ => ["toy", "--quiet", "--threads", "1"]);
        Assert.Equal(["toy", "toy-2", "toy-3"],
            Directory.GetDirectories(mfl.Path("runs")).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFiles(mfl.Path("runs")));
        foreach (var folder in new[] { "toy", "toy-2", "toy-3" })
            Assert.Equal(mfl.Tree("whole"), mfl.Tree($"runs/{folder}"));
    }

    private void Together(int processes, Func<int, string[]> arguments)
    {
        var all = Enumerable.Range(0, processes).Select(n => mfl.StartToy(arguments(n))).ToList();
        foreach (var process in all) Assert.Equal((ExitCode.Done, ""), Quiet(Mfl.Finish(process)));
    }

    private static (int, string) Quiet((int Code, string Output, string Errors) end) => (end.Code, string.Concat(
        end.Errors.Split('\n').Where(l => !l.StartsWith("mfl: waiting for ", StringComparison.Ordinal))));
}
