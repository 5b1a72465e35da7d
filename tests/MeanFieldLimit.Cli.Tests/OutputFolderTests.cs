namespace MeanFieldLimit.Cli.Tests;

/// <summary>The folder of a run: refused before computing, gone on with, replaced only by what stands whole.</summary>
public sealed class OutputFolderTests : IDisposable
{
    private readonly Mfl mfl = new();

    public void Dispose() => mfl.Dispose();

    public static TheoryData<string[]> Impossible => new(
        ["--out", new string('n', 300)], ["--out", "new/" + new string('n', 300)], ["--name", new string('n', 300)],
        ["--out", "file"], ["--out", "file/below"], ["--out", "/proc/mfl"]);

    [Theory]
    [MemberData(nameof(Impossible))]
    public void What_cannot_be_made_is_refused_before_computing(string[] arguments)
    {
        mfl.Write("file", "mine");
        var (code, output, errors) = mfl.RunToy(["toy", .. arguments]);
        Assert.Equal((ExitCode.Refused, ""), (code, output));
        Assert.Matches("^mfl: the output (folder )?must be .*; name another one with --out\n$", errors);
        Assert.Equal([mfl.Path("file")], Directory.EnumerateFileSystemEntries(mfl.Folder)
            .Where(e => Path.GetFileName(e) != "runs"));
        Assert.True(!Directory.Exists(mfl.Path("runs")) || !Directory.EnumerateFileSystemEntries(mfl.Path("runs")).Any());
    }

    [Fact]
    public void A_folder_without_a_name_is_refused_before_computing()
    {
        var (code, output, errors) = mfl.RunToy("toy", "--out", "");
        Assert.Equal((ExitCode.Refused, ""), (code, output));
        Assert.StartsWith("mfl: --out: the folder must have a name, got ''; ", errors);
    }

    [Theory]
    [InlineData("--share", "0/3")]
    [InlineData("--share", "4/3")]
    [InlineData("--share", "3")]
    [InlineData("--share", "-1/3")]
    [InlineData("--checkpoint", "60")]
    [InlineData("--checkpoint", "1d")]
    [InlineData("--checkpoint", "-1s")]
    public void A_broken_option(string option, string value)
    {
        var (code, _, errors) = mfl.RunToy("toy", option, value, "--out", "run");
        Assert.Equal(ExitCode.Refused, code);
        Assert.StartsWith($"mfl: {option}: ", errors);
        Assert.False(Directory.Exists(mfl.Path("run")));
    }

    [Fact]
    public void The_same_command_does_what_is_missing_and_nothing_else()
    {
        Run();
        var before = mfl.Tree("run");
        var written = File.GetLastWriteTimeUtc(mfl.Path("run/report.html"));
        var (code, output, _) = mfl.RunToy("toy", "--out", "run", "--force");
        Assert.Equal((ExitCode.Done, "the toy is done\nreport: run/report.html, already written\n"), (code, output));
        Assert.Equal(written, File.GetLastWriteTimeUtc(mfl.Path("run/report.html")));
        File.Delete(mfl.Path("run/figures/limit.txt"));
        Run();
        Assert.Equal(before, mfl.Tree("run"));
    }

    [Fact]
    public void Another_run_in_the_folder_is_refused_with_what_differs_and_what_to_do()
    {
        Run();
        var before = mfl.Tree("run");
        var (code, output, errors) = mfl.RunToy("toy", "--rate", "3.5", "--name", "other", "--out", "run");
        Assert.Equal((ExitCode.Refused, ""), (code, output));
        Assert.Equal("mfl: the output folder must be new, empty or of the same run, got run, where options.name is " +
            "\"toy\" there and \"other\" here, $.toy.rate is 3.9 there and 3.5 here; go on with that run by mfl " +
            "resume run, name another folder with --out, or replace that run with --force\n", errors);
        Assert.Equal(before, mfl.Tree("run"));
    }

    [Fact]
    public void Of_two_runs_that_come_to_a_new_folder_at_once_at_most_one_gets_it()
    {
        using var one = mfl.StartToy("toy", "--out", "run", "--quiet");
        using var other = mfl.StartToy("toy", "--out", "run", "--rate", "3.5", "--quiet");
        int[] codes = [Mfl.Finish(one).Code, Mfl.Finish(other).Code];
        Assert.Contains(ExitCode.Refused, codes);
        Assert.All(codes, c => Assert.Contains(c, new[] { ExitCode.Done, ExitCode.Refused }));
        Assert.Equal(codes.Contains(ExitCode.Done), File.Exists(mfl.Path("run/report.html")));
    }

    [Fact]
    public void Files_that_are_no_run_are_kept_unless_forced()
    {
        Directory.CreateDirectory(mfl.Path("run"));
        mfl.Write("run/mine.csv", "mine");
        var (code, _, errors) = mfl.RunToy("toy", "--out", "run");
        Assert.Equal(ExitCode.Refused, code);
        Assert.Contains("must be empty or new, got run, which has files", errors);
        Assert.Equal([mfl.Path("run/mine.csv")], Directory.EnumerateFileSystemEntries(mfl.Path("run")));

        Run("--force");
        Run("--force", "--name", "other");
        Assert.Equal("mine", File.ReadAllText(mfl.Path("run/mine.csv")));
        // What the other run wrote and this one does not has gone, its cells too.
        Assert.False(File.Exists(mfl.Path("run/toy.csv")));
        Assert.True(File.Exists(mfl.Path("run/other.csv")));
        Assert.Single(Directory.GetDirectories(mfl.Path("run/cells")));
    }

    [Fact]
    public void On_a_full_disk_force_leaves_the_old_run_as_it_is()
    {
        Run();
        var before = mfl.Tree("run");
        // As on a full disk, the last file cannot be written: it is larger than the user's limit for one.
        var (code, _, errors) = mfl.Shell("trap '' XFSZ; ulimit -f 512; DOTNET_EnableWriteXorExecute=0 " +
            $"DOTNET_STARTUP_HOOKS='{typeof(Toy).Assembly.Location}' MFL toy --name new --out run --force --quiet");
        Assert.Equal(ExitCode.NotWritten, code);
        Assert.StartsWith("mfl: the run could not be written: ", errors);
        var after = mfl.Tree("run");
        foreach (var (name, content) in before) Assert.Equal(content, after[name]);
        Assert.DoesNotContain(after.Keys, k => k.EndsWith(".tmp", StringComparison.Ordinal));

        // The new one is not lost, and takes its place once it can.
        Run("--name", "new");
        Assert.False(File.Exists(mfl.Path("run/toy.csv")));
        Assert.Single(Directory.GetDirectories(mfl.Path("run/cells")));
    }

    [Fact]
    public void A_file_put_there_during_the_run_stays_and_the_result_is_written()
    {
        using var process = mfl.StartToy("wait", ToyCommand.Events - 2, "toy", "--out", "run", "--quiet");
        process.UntilItWaits();
        mfl.Write("run/mine.txt", "mine");
        mfl.Write("go on", "");
        Assert.Equal(ExitCode.Done, Mfl.Finish(process).Code);
        Assert.Equal("mine", File.ReadAllText(mfl.Path("run/mine.txt")));
        Assert.True(File.Exists(mfl.Path("run/report.html")));
    }

    [Fact]
    public void One_diverged_network_does_not_end_a_study()
    {
        var (code, output, errors) = mfl.RunToy("toy", "--diverge", "--out", "run");
        Assert.Equal(ExitCode.Diverged, code);
        Assert.Contains("report: run/report.html", output);
        Assert.StartsWith("mfl: network/width=10/replicate=1 diverged after t = 0.25 (NonFinite); saved: run", errors);
        var table = File.ReadAllLines(mfl.Path("run/toy.csv"));
        Assert.Equal(9, table.Length);
        Assert.Single(table, l => l == "network/width=10/replicate=1,network/width=10/replicate=1");
        // Said again by who asks again.
        Assert.Equal((code, errors), (mfl.RunToy("resume", "run") is var again ? again.Code : 0, again.Errors));
    }

    [Fact]
    public void A_folder_without_a_run_is_not_resumed()
    {
        foreach (var folder in new[] { "absent", "." })
        {
            var (code, _, errors) = mfl.RunToy("resume", folder);
            Assert.Equal(ExitCode.Refused, code);
            Assert.StartsWith($"mfl: a run to go on with is expected, found none in {folder}; ", errors);
        }
    }

    private void Run(params string[] arguments) =>
        Assert.Equal(ExitCode.Done, mfl.RunToy(["toy", "--out", "run", .. arguments]).Code);
}
