namespace MeanFieldLimit.Cli.Tests;

/// <summary>Killed at any moment and gone on with, a run has the files of one that was left alone, bit for bit.</summary>
public sealed class KillTests : IDisposable
{
    private readonly Mfl mfl = new();

    public void Dispose() => mfl.Dispose();

    [Fact]
    public void Runs_killed_at_random_events_and_resumed_have_the_same_files()
    {
        Assert.Equal(ExitCode.Done, mfl.RunToy("toy", "--out", "whole").Code);
        var whole = mfl.Tree("whole");
        var random = new Random(1);
        for (var n = 0; n < 4; n++)
        {
            string[] command = ["toy", "--out", $"{n}"];
            for (var kills = 0; kills < 2; kills++)
            {
                using var process = mfl.StartToy("die", random.Next(1, ToyCommand.Events / 2),
                    [.. command, "--checkpoint", "0", "--threads", "2", "--quiet"]);
                Assert.Contains(Mfl.Finish(process).Code, new[] { 128 + 9, ExitCode.Done });
                command = ["resume", $"{n}"];
            }
            Assert.Equal(ExitCode.Done, mfl.RunToy("resume", $"{n}").Code);
            Assert.Equal(whole, mfl.Tree($"{n}"));
        }
    }

    [Fact]
    public void Runs_killed_at_any_time_and_started_again_have_the_same_files()
    {
        Assert.Equal(ExitCode.Done, mfl.RunToy("toy", "--out", "whole").Code);
        var random = new Random(2);
        for (var n = 0; n < 5; n++)
        {
            using var process = mfl.StartToy("toy", "--out", "run", "--checkpoint", "0", "--quiet");
            if (process.WaitForExit(random.Next(200, 500))) break;
            process.Kill();
            process.WaitForExit();
        }
        Assert.Equal(ExitCode.Done, mfl.RunToy("toy", "--out", "run").Code);
        Assert.Equal(mfl.Tree("whole"), mfl.Tree("run"));
    }

    [Fact]
    public void What_a_killed_run_had_done_is_not_done_again()
    {
        // Event 8 is the last one of the limit, 16 that of a network: what is left has so many events fewer.
        using (var killed = mfl.StartToy("die", 17, "toy", "--out", "run", "--checkpoint", "0", "--threads", "1"))
            Assert.Equal(128 + 9, Mfl.Finish(killed).Code);
        using var gone = mfl.StartToy("die", ToyCommand.Events - 16, "resume", "run", "--threads", "1", "--quiet");
        Assert.Equal(128 + 9, Mfl.Finish(gone).Code);
        using var report = mfl.StartToy("die", 4, "resume", "run", "--quiet");
        Assert.Equal(ExitCode.Done, Mfl.Finish(report).Code);
    }

    [Fact]
    public void A_broken_cell_is_computed_again_and_said()
    {
        Assert.Equal(ExitCode.Done, mfl.RunToy("toy", "--out", "run").Code);
        var whole = mfl.Tree("run");
        var cells = Directory.GetDirectories(mfl.Path("run/cells"))[0];
        var (cut, changed) = (Path.Combine(cells, "limit.cell"),
            Path.Combine(cells, "network~width=10~replicate=2.cell"));
        File.WriteAllBytes(cut, File.ReadAllBytes(cut)[..^5]);
        File.WriteAllText(changed, File.ReadAllText(changed).Replace("Sum", "Sun", StringComparison.Ordinal));
        var (code, _, errors) = mfl.RunToy("toy", "--out", "run");
        Assert.Equal(ExitCode.Done, code);
        foreach (var file in new[] { cut, changed })
            Assert.Single(errors.Split('\n'), l => l == $"mfl: {file} is cut or changed and not taken: it is computed again");
        Assert.Equal(whole, mfl.Tree("run"));
    }
}
